"""What the ids stage remembers: the published map, who held which id when, and the ids taken over from elsewhere.

Belongs here: reading the previous generation and the imported ids. Must not go here: who goes on under which id
(claims.py).
Concept: DESIGN, section 3, "The previous generation is the only memory".

Makes these temporary tables, empty where nothing is published yet:
  previous_map       the published identity_map
  previous_period    the published identity_history
  imported_id        record_id, customer_id: the crosswalk
  used_id            every id that ever stood for somebody here
  learned            learned_at: when the last run began that learned anything
  holding            one row per id and record that holds it, last held it, or has it from another system
"""

import duckdb

from identity.ids.crosswalk import load_crosswalk
from warehouse.home import Home
from warehouse.tables import columns_of, find_table

MAP_COLUMNS = {
    "record_id": "varchar",
    "source": "varchar",
    "customer_id": "varchar",
    "is_device": "boolean",
    "first_assigned_at": "timestamp",
    "run_id": "varchar",
}
PERIOD_COLUMNS = {
    "record_id": "varchar",
    "customer_id": "varchar",
    "is_device": "boolean",
    "first_assigned_at": "timestamp",
    "valid_from": "timestamp",
    "valid_to": "timestamp",
}
# How an id stands towards the records that claim it; the lower goes first.
IN_USE, RETIRED, IMPORTED = 0, 1, 2


def load_memory(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables named above but `holding`."""
    found = find_table(con, "previous_activation", "identity_map") or find_table(
        con, "previous_restricted", "identity_map"
    )
    load_known(con, "previous_map", found, MAP_COLUMNS)
    load_known(con, "previous_period", find_table(con, "previous", "identity_history"), PERIOD_COLUMNS)
    load_crosswalk(home, con)
    con.execute(f"create or replace temp table used_id as {_used_sql(con)}")
    con.execute("""
        create or replace temp table learned as
        select coalesce(max(valid_from), '-infinity'::timestamp) as learned_at from previous_period
    """)


def load_holdings(con: duckdb.DuckDBPyConnection) -> None:
    """Make `holding` from `previous_map`, `previous_period`, `imported_id` and `node`."""
    con.execute(f"create or replace temp table holding as {_holding_sql()}")


def load_known(con: duckdb.DuckDBPyConnection, name: str, found: str | None, columns: dict[str, str]) -> None:
    """Temporary table `name` of these columns of `found`; one that an older generation lacks is null."""
    known = columns_of(con, found) if found else {}
    typed = ", ".join(
        f"{column if column in known else 'null'}::{kind} as {column}" for column, kind in columns.items()
    )
    con.execute(f"create or replace temp table {name} as select {typed} {f'from {found}' if found else 'where false'}")


def _used_sql(con: duckdb.DuckDBPyConnection) -> str:
    used = ["select customer_id from previous_map", "select customer_id from previous_period"]
    if history := find_table(con, "previous", "identity_changes"):
        used += [f"select {column} as customer_id from {history}" for column in ("customer_id", "other_customer_id")]
    return f"select distinct customer_id from ({' union all '.join(used)}) where customer_id is not null"


def _holding_sql() -> str:
    """ended_at: when the id was retired, infinity while it is in use. held_from: since when the record knows the id."""
    return f"""
        with began as (
            select customer_id, record_id, min(valid_from) as held_from from previous_period group by all
        ),
        in_use as (
            select
                customer_id, record_id, {IN_USE} as standing, is_device, first_assigned_at, held_from,
                'infinity'::timestamp as ended_at
            from previous_map
            left join began using (customer_id, record_id)
        ),
        retired as (  -- whoever held it at its end
            select customer_id, record_id, {RETIRED}, is_device, first_assigned_at, held_from, valid_to
            from previous_period
            join began using (customer_id, record_id)
            where customer_id not in (select customer_id from previous_map)
            qualify valid_to = max(valid_to) over (partition by customer_id)
        ),
        imported as (  -- once a record has held it here, history says more than the crosswalk
            select customer_id, record_id, {IMPORTED}, node.is_device, null::timestamp, null::timestamp, null::timestamp
            from imported_id
            join node using (record_id)
            where customer_id not in (
                select customer_id from previous_period union all select customer_id from previous_map
            )
        )
        from in_use union all from retired union all from imported
    """
