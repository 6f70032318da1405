"""Which customers live together.

Belongs here: the evidence between two customers, and what keeps them apart. Must not go here: where each of them lives
(residents.py), the linkage (clustering.py), who is one person (a household's members stay apart, whatever they share).
Concept: people who live together share a door and a name, or a door and a mailbox or telephone. A door alone says
little: the more names are known behind it, the likelier it is that of many flats.

Makes temporary tables, beside those of residents.py:
  group_node       as in accounts.py: every known customer with a private address or an edge
  group_edge       as in accounts.py
  group_exclusive  member_id, kind, value: the building, and the flat in it, where the customer lives; two customers who
                   live elsewhere are never of one household
"""

import duckdb

from identity.groups.evidence import Rule, make_edges
from identity.groups.residents import RESIDENTS_CAP, load_residents

# Below the cut of the linkage (roles.CUT_WEIGHT): numbers change hands.
WEAK_WEIGHT = 0.5
# A mailbox or a landline at the same door is one household's, whatever its names.
DOOR_AND_CONTACT_WEIGHT = 6.0
# A name is shared by one in hundreds; of that, every doubling of the names behind the door takes a bit.
DOOR_AND_NAME_WEIGHT = f"""
    greatest(8 - log2(names_count), case when has_contact then {DOOR_AND_CONTACT_WEIGHT} else {WEAK_WEIGHT} end)
"""
# A door behind which two names are known, one of them of one person: a couple rather than neighbours, who come in more.
DOOR_NAMES_CAP = 2
ALONE_BEHIND_DOOR = f"""
    is_one_door and case
        when is_nameless then names_count < {DOOR_NAMES_CAP}
        else names_count <= {DOOR_NAMES_CAP} and least_holders = 1
    end
"""
RULES = (
    Rule("same_address_and_name", "is_one_door and is_one_name", DOOR_AND_NAME_WEIGHT),
    Rule("same_address_and_contact", "is_one_door and has_contact", DOOR_AND_CONTACT_WEIGHT),
    Rule("same_address", ALONE_BEHIND_DOOR, 2.0),
    Rule("same_contact_other_address", "is_other_door", WEAK_WEIGHT, "they live elsewhere"),
    # Without an address of one of them: a family shares it, but families also share it when a child has left.
    Rule("same_contact_and_name", "has_contact and is_one_name", 5.0),
    Rule("same_contact", "has_contact", WEAK_WEIGHT),
)
# More people than this are no household, whatever they share; they are left apart, and it is said.
SIZE_CAP = 12


def find_household_edges(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables named above."""
    load_residents(con)
    con.execute(f"create or replace temp table neighbours as {_neighbours_sql()}")
    con.execute(f"create or replace temp table compared_pair as {_compared_sql()}")
    make_edges(con, RULES)
    con.execute("""
        create or replace temp table group_node as
        with linked as (
            select member_l as member_id from group_edge where not is_cut
            union
            select member_r from group_edge where not is_cut
        )
        select member_id, since_at, building is not null as stands_alone
        from resident
        where building is not null or member_id in (select member_id from linked)
    """)
    con.execute("""
        create or replace temp table group_exclusive as
        select member_id, 'building' as kind, building as value from resident where building is not null
        union all
        select member_id, building, unit from resident where unit is not null and building is not null
    """)


def _neighbours_sql() -> str:
    """Pairs behind one door; names_count: the family names known there, least_holders: of the rarest of them."""
    return f"""
        with behind as (
            select building, unit, family_name, count(*) as holders
            from resident
            where building is not null
            group by all
        ),
        units as (
            select
                building, unit, count(family_name) as names_count,
                min(holders) filter (where family_name is not null) as least_holders, sum(holders) as residents_count
            from behind
            group by building, unit
        ),
        named as (select building, family_name, sum(holders) as holders from behind group by all),
        buildings as (
            select
                building, count(family_name) as names_count,
                min(holders) filter (where family_name is not null) as least_holders, sum(holders) as residents_count
            from named
            group by building
        )
        select l.member_id as member_l, r.member_id as member_r, names_count, least_holders
        from resident as l
        join resident as r on l.building = r.building and l.unit = r.unit and l.member_id < r.member_id
        join units on l.building = units.building and l.unit = units.unit
        where residents_count <= {RESIDENTS_CAP}
        union all
        select l.member_id, r.member_id, names_count, least_holders
        from resident as l
        join resident as r
            on l.building = r.building and (l.unit is null or r.unit is null) and l.member_id < r.member_id
        join buildings on l.building = buildings.building
        where residents_count <= {RESIDENTS_CAP}
    """


def _compared_sql() -> str:
    """Family names agree where the two have one in common, now or formerly, or theirs differ by one letter."""
    return """
        with sharing as (
            select l.member_id as member_l, r.member_id as member_r, list(distinct kind order by kind) as contacts
            from shared_contact as l
            join shared_contact as r using (kind, value)
            where l.member_id < r.member_id
            group by all
        )
        select
            member_l,
            member_r,
            contacts is not null as has_contact,
            neighbours.names_count is not null as is_one_door,
            l.building is not null and r.building is not null and not is_one_door as is_other_door,
            names_count,
            least_holders,
            l.family_names is null or r.family_names is null as is_nameless,
            coalesce(
                list_has_any(l.family_names, r.family_names)
                or (length(l.family_name) > 4 and within_edits(l.family_name, r.family_name, 1)),
                false
            ) as is_one_name
        from neighbours
        full join sharing using (member_l, member_r)
        join resident as l on member_l = l.member_id
        join resident as r on member_r = r.member_id
    """
