"""Ids of accounts and households that last, by the rules that customers' ids follow.

Belongs here: what is remembered of a group's members, the map. Must not go here: which group keeps which id
(ids/claims.py), minting (identity/ids/assign.py), what changed (changes.py).
Concept: the shared modules speak of records and customers; here a record is a member (an account record, a customer)
and a customer is the group that it belongs to.

Makes temporary table group_mapped: record_id (the member), customer_id (the group), since_at, first_assigned_at,
run_id; and what ids/memory.py makes.
"""

import duckdb

from identity.groups.entity import HOUSEHOLD, Entity
from identity.ids.assign import mint_missing
from identity.ids.claims import kept_ids_sql
from identity.ids.memory import MAP_COLUMNS, PERIOD_COLUMNS, load_holdings, load_known
from warehouse.home import Home
from warehouse.keys import derived_key
from warehouse.run import RunContext
from warehouse.tables import find_table


def assign_group_ids(home: Home, con: duckdb.DuckDBPyConnection, run: RunContext, entity: Entity) -> None:
    """Make the tables named above from `group_cluster` and the previous generation."""
    _load_memory(con, entity)
    con.execute(f"create or replace temp table kept_id as {kept_ids_sql('group_cluster')}")
    mint_missing(con, derived_key(home, f"{entity.name} ledger"), entity.prefix, "group_cluster")
    con.execute(
        """
        create or replace temp table group_mapped as
        with named as (from kept_id union all from new_id)
        select
            record_id,
            named.customer_id,
            least(coalesce(group_node.since_at, $as_of), $as_of)::timestamp as since_at,
            case
                when before.customer_id = named.customer_id then before.first_assigned_at else $as_of
            end::timestamp as first_assigned_at,
            case when before.customer_id = named.customer_id then before.run_id else $run_id end as run_id
        from group_cluster
        join named using (cluster_id)
        join group_node on record_id = member_id
        left join previous_map as before using (record_id)
        """,
        {"as_of": run.as_of, "run_id": run.run_id},
    )


def _load_memory(con: duckdb.DuckDBPyConnection, entity: Entity) -> None:
    """What the published generation knows of the entity.

    A customer that went into another is claimed for by it, and one that came back from another claims what it held.
    """
    con.execute("create or replace temp table node as select record_id, false as is_device from group_cluster")
    load_known(con, "imported_id", None, {"record_id": "varchar", "customer_id": "varchar"})
    history = find_table(con, "previous_activation", "int_group_history")
    periods = f"(select * from {history} where entity = '{entity.name}')" if history else None
    _load(con, "previous_period", periods, PERIOD_COLUMNS, {"record_id": "member_id", "customer_id": "group_id"})
    _load_map(con, entity)
    con.execute("""
        create or replace temp table used_id as
        select customer_id from previous_map union select customer_id from previous_period
    """)
    if entity == HOUSEHOLD:
        con.execute("""
            update previous_map set record_id = changes.other_customer_id
            from identity.run_changes as changes
            where changes.change_type = 'retired' and changes.customer_id = previous_map.record_id
                and changes.other_customer_id is not null
        """)
        con.execute("""
            insert into previous_map (record_id, customer_id, is_device, first_assigned_at)
            select periods.record_id, periods.customer_id, false, periods.first_assigned_at
            from previous_period as periods
            join identity.run_changes as changes on periods.record_id = changes.customer_id
            where changes.change_type = 'restored' and periods.customer_id in (select customer_id from previous_map)
            qualify row_number() over (partition by periods.record_id order by periods.valid_to desc) = 1
        """)
    load_holdings(con)
    _load_map(con, entity)


def _load_map(con: duckdb.DuckDBPyConnection, entity: Entity) -> None:
    found = find_table(con, "previous_activation", f"{entity.name}_map")
    columns = MAP_COLUMNS | {"since_at": "timestamp"}
    _load(con, "previous_map", found, columns, {"record_id": entity.member, "customer_id": entity.id})


def _load(
    con: duckdb.DuckDBPyConnection, name: str, found: str | None, columns: dict[str, str], named: dict[str, str]
) -> None:
    """A published table under the names that the shared modules use; named: theirs → its."""
    named = {"is_device": "false", "source": "null", **named}
    if found:
        picked = ", ".join(f"{named.get(column, column)} as {column}" for column in columns)
        found = f"(select {picked} from {found})"
    load_known(con, name, found, columns)
