"""Edges from shared identifiers, in ordered tiers: a pair takes the first tier that holds.

Belongs here: the tiers, and the names that guard them. Must not go here: probabilities (probabilistic.py).
Concept: an identifier shared by two different given names is a household's; it proposes the pair and decides nothing.

Makes temporary tables, of pairs record_no_l < record_no_r:
  sharing      identifiers (types shared), people_count (of the shared value that the fewest people carry)
  shared_pair  the same, and rule, match_weight (bits), names (same, open, different)
"""

import duckdb

from identity.roles import Roles, Tier

# Given names agree when one may stand for the other, is its initial, or differs by a slip; or the names are swapped.
# A junior is not the senior, whatever they are called.
NAMES = """
    case
        when l.generation <> r.generation then 'different'
        when l.given_name is null or r.given_name is null then 'open'
        when list_has_any(l.given_forms, r.given_forms) or l.given_fold = r.given_fold then 'same'
        when is_initial(l.given_name, r.given_name) then 'same'
        when is_slip(l.given_name, r.given_name, l.given_count, r.given_count) then 'same'
        when are_swapped(l.given_name, r.given_name, l.family_name, r.family_name) then 'same'
        else 'different'
    end
"""


def find_sharing(con: duckdb.DuckDBPyConnection) -> None:
    """Make `sharing`: every pair with a touched record that shares an identifier left by the hygiene."""
    con.execute("""
        create or replace temp table sharing as
        with kinds as (
            select identifier_type, 1::bigint << (row_number() over (order by identifier_type) - 1) as flag
            from (select distinct identifier_type from identifier)
        ),
        held as (
            select identifier.*, kinds.flag, touched.record_no is not null as is_touched
            from identifier
            semi join (from identifier semi join touched using (record_no)) as asked using (identifier_type, value)
            join kinds using (identifier_type)
            left join touched using (record_no)
        ),
        flagged as (
            -- flags, since a list for every pair would have to fit into memory at once
            select
                l.record_no as record_no_l,
                r.record_no as record_no_r,
                bit_or(l.flag) as flags,
                min(l.people_count) as people_count
            from held as l
            join held as r
                on l.identifier_type = r.identifier_type and l.value = r.value and l.record_no < r.record_no
                    and (l.is_touched or r.is_touched)
            group by all
        ),
        sets as (
            select flags, list(identifier_type order by identifier_type) as identifiers
            from (select distinct flags from flagged)
            join kinds on flags & flag > 0
            group by flags
        )
        select flagged.* exclude (flags), identifiers from flagged join sets using (flags)
    """)


def find_shared_pairs(con: duckdb.DuckDBPyConnection, roles: Roles) -> None:
    """Make `shared_pair`: what is `sharing`, with its first tier if any. `person` holds both records of each pair."""
    con.execute(f"""
        create or replace temp table shared_pair as
        with named as (
            select
                sharing.*,
                {NAMES} as names
            from sharing
            join person as l on sharing.record_no_l = l.record_no
            join person as r on sharing.record_no_r = r.record_no
        )
        select
            record_no_l, record_no_r, identifiers, names, people_count,
            {_first_tier(roles, "rule")} as rule, {_first_tier(roles, "weight")} as match_weight
        from named
    """)


def _first_tier(roles: Roles, what: str) -> str:
    cases = " ".join(f"when {_holds(tier, roles)} then {_literal(getattr(tier, what))}" for tier in roles.tiers)
    return f"case {cases} end"


def _literal(value: str | float) -> str:
    return f"'{value}'" if isinstance(value, str) else f"{value}::double"


def _holds(tier: Tier, roles: Roles) -> str:
    named = {other.identifier for other in roles.tiers}
    if tier.identifier == "other":
        shares = "len(list_filter(identifiers, lambda t: t not in ({}))) > 0".format(
            ", ".join(f"'{name}'" for name in sorted(named))
        )
    else:
        shares = f"list_contains(identifiers, '{tier.identifier}')"
    # a nameless record on a value of two people may be either's: that is left to the model
    alone = " and people_count <= 1" if tier.names == "open" else ""
    return shares if tier.names == "any" else f"{shares} and names = '{tier.names}'{alone}"
