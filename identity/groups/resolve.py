"""The groups stage: accounts and households in one call, after the customers of this run are known.

Belongs here: the order of its steps, the tables that it writes. Must not go here: how any step works.
Concept: it reads identity.identity_map and the conformed tables, and changes nothing of who is one person.
"""

from collections.abc import Callable

import duckdb

from identity.groups.accounts import find_account_edges
from identity.groups.changes import find_group_changes
from identity.groups.clustering import make_groups
from identity.groups.entity import ACCOUNT, ENTITIES, HOUSEHOLD, Entity
from identity.groups.households import SIZE_CAP, find_household_edges
from identity.groups.ids import assign_group_ids
from warehouse.crash import crash_point
from warehouse.home import Home
from warehouse.run import RunContext
from warehouse.tables import put_in_place

EVIDENCE: dict[Entity, tuple[Callable[[duckdb.DuckDBPyConnection], None], int | None]] = {
    ACCOUNT: (find_account_edges, None),
    HOUSEHOLD: (find_household_edges, SIZE_CAP),
}

# Tables of both entities.
TOGETHER = ("cut_groups", "cut_group_members", "group_run_changes")


def resolve_groups(home: Home, con: duckdb.DuckDBPyConnection, run: RunContext) -> dict[str, int]:
    """Write identity.account_edges, account_map, household_edges, household_map and TOGETHER.

    Gives counts per entity: groups, groups of several members, members, the largest; and how many values were cut.
    """
    made: dict[str, str] = {}
    for entity in ENTITIES:
        _resolve(home, con, run, entity)
        made |= _tables(con, entity)
        crash_point(f"identity.groups.after_{entity.name}s")
    for table in TOGETHER:
        parts = " union all ".join(f"from {table}_of_{entity.name}" for entity in ENTITIES)
        made[f"identity.{table}"] = f"from ({parts}) order by all"
    put_in_place(con, made, "groups")
    return summarise_groups(con)


def _resolve(home: Home, con: duckdb.DuckDBPyConnection, run: RunContext, entity: Entity) -> None:
    """Leave what is found in temporary tables of the entity's own, since the next entity takes the shared ones."""
    find_edges, size_cap = EVIDENCE[entity]
    con.execute("""
        create or replace temp table group_exclusive (member_id varchar, kind varchar, value varchar)
    """)
    find_edges(con)
    make_groups(con, size_cap)
    assign_group_ids(home, con, run, entity)
    find_group_changes(con, run, entity)
    con.execute(f"""
        create or replace temp table edges_of_{entity.name} as
        select
            member_l as {entity.member}_l, member_r as {entity.member}_r, rule, match_weight, is_cut, cut_reason
        from group_edge
    """)
    con.execute(f"""
        create or replace temp table map_of_{entity.name} as
        select record_id as {entity.member}, customer_id as {entity.id}, since_at, first_assigned_at, run_id
        from group_mapped
    """)
    con.execute(f"create or replace temp table group_run_changes_of_{entity.name} as from group_changed")
    con.execute(f"""
        create or replace temp table cut_groups_of_{entity.name} as
        select '{entity.name}' as entity, * from group_cut
    """)
    con.execute(f"""
        create or replace temp table cut_group_members_of_{entity.name} as
        select '{entity.name}' as entity, member_id, kind, members_count, cap, reason
        from group_cut
        join group_value using (kind, value)
    """)


def _tables(con: duckdb.DuckDBPyConnection, entity: Entity) -> dict[str, str]:
    ends = f"{entity.member}_l, {entity.member}_r"
    return {
        entity.edges: f"from edges_of_{entity.name} order by {ends}",
        entity.map: f"from map_of_{entity.name} order by {entity.id}, {entity.member}",
    }


def summarise_groups(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The numbers of what stands in the warehouse now."""
    counts: dict[str, int] = {}
    for entity in ENTITIES:
        groups, members, largest, shared = con.execute(f"""
            select count(*), coalesce(sum(size), 0)::bigint, coalesce(max(size), 0), count(*) filter (where size > 1)
            from (select count(*) as size from {entity.map} group by {entity.id})
        """).fetchall()[0]
        counts |= {
            f"{entity.name}s": groups,
            f"{entity.name}s_of_several": shared,
            f"{entity.name}_members": members,
            f"largest_{entity.name}": largest,
        }
    counts["cut"] = con.execute("select count(*) from identity.cut_groups").fetchall()[0][0]
    return counts
