"""The ids stage: customer ids that last, against the previous generation.

Belongs here: which cluster keeps which id, and minting. Must not go here: what changed (changes.py).
Concept: an id is minted once and then kept; it is never recomputed from members. A split leaves it with the part of
largest overlap, a merge keeps the known one before the anonymous, then the oldest. An id is never used again.
"""

import base64
import hmac

import duckdb

from identity.changes import changes_sql
from identity.people import prepare_nodes
from identity.roles import Roles, platform_roles
from identity.tables import columns_of, find_table, put_in_place
from warehouse.crash import crash_point
from warehouse.home import Home
from warehouse.keys import derived_key
from warehouse.run import RunContext

PREVIOUS_COLUMNS = {
    "record_id": "varchar",
    "customer_id": "varchar",
    "is_device": "boolean",
    "first_assigned_at": "timestamp",
    "run_id": "varchar",
}


def assign_ids(home: Home, con: duckdb.DuckDBPyConnection, run: RunContext, roles: Roles | None = None) -> None:
    """Write identity.identity_map and identity.run_changes from identity.clusters and the previous generation."""
    roles = roles or platform_roles()
    prepare_nodes(con, roles)
    _load_previous(con)
    con.execute(f"create or replace temp table kept_id as {_kept_ids_sql()}")
    _mint_missing(con, derived_key(home, "ledger"))
    con.execute(f"create or replace temp table mapped as {_map_sql()}", {"as_of": run.as_of, "run_id": run.run_id})
    con.execute(
        f"create or replace temp table changed as {changes_sql()}",
        {"as_of": run.as_of, "recorded_at": run.started_at, "run_id": run.run_id},
    )
    crash_point("identity.ids.after_minting")
    put_in_place(
        con,
        {
            "identity.identity_map": "from mapped order by customer_id, record_id",
            "identity.run_changes": "from changed order by customer_id, change_type, record_id",
        },
        "ids",
    )


def mint(key: bytes, founding_record_id: str, ordinal: int) -> str:
    """`cus_` and sixteen letters: opaque, and the same for ever from the same key, record and ordinal."""
    digest = hmac.digest(key, f"{founding_record_id}|{ordinal}".encode(), "sha256")
    return "cus_" + base64.b32encode(digest[:10]).decode().lower()


def _load_previous(con: duckdb.DuckDBPyConnection) -> None:
    """`previous_map` and `used_id` (every id ever given) from the attached generation; empty where there is none."""
    found = find_table(con, "previous_activation", "identity_map") or find_table(
        con, "previous_restricted", "identity_map"
    )
    known = columns_of(con, found) if found else {}
    typed = ", ".join(
        f"{name if name in known else 'null'}::{kind} as {name}" for name, kind in PREVIOUS_COLUMNS.items()
    )
    con.execute(
        f"create or replace temp table previous_map as select {typed} {f'from {found}' if found else 'where false'}"
    )
    used = ["select customer_id from previous_map"]
    if history := find_table(con, "previous", "identity_changes"):
        used += [
            f"select {column} from {history}"
            for column in ("customer_id", "other_customer_id")
            if column in columns_of(con, history)
        ]
    con.execute(
        f"create or replace temp table used_id as select distinct customer_id from ({' union all '.join(used)})"
    )


def _kept_ids_sql() -> str:
    """cluster_id → customer_id for the clusters that go on under a former id."""
    return """
        with clusters as (
            select cluster_id, count(*) as nodes_count, bool_or(not is_device) as is_known
            from identity.clusters
            join node using (record_id)
            group by cluster_id
        ),
        customers as (
            select customer_id, bool_or(not is_device) as is_known, min(first_assigned_at) as first_assigned_at
            from previous_map
            group by customer_id
        ),
        shares as (
            select cluster_id, customer_id, count(*) as shared_count
            from identity.clusters
            join previous_map using (record_id)
            group by all
        ),
        largest_parts as (  -- a split: the id stays with the part of largest overlap
            select shares.*
            from shares
            join clusters using (cluster_id)
            qualify row_number() over (
                partition by customer_id order by shared_count desc, is_known desc, nodes_count desc, cluster_id
            ) = 1
        ),
        survivors as (  -- a merge: the known before the anonymous, then the oldest
            select cluster_id, customer_id
            from largest_parts
            join customers using (customer_id)
            qualify row_number() over (
                partition by cluster_id
                order by is_known desc, first_assigned_at nulls last, shared_count desc, customer_id
            ) = 1
        )
        select * from survivors
    """


def _mint_missing(con: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """`new_id`: cluster_id → customer_id for the rest, passing over every id that was ever given."""
    con.execute("create or replace temp table new_id (cluster_id varchar, customer_id varchar)")
    waiting = [
        row[0]
        for row in con.execute(
            "select distinct cluster_id from identity.clusters anti join kept_id using (cluster_id) order by cluster_id"
        ).fetchall()
    ]
    ordinal = 0
    while waiting:
        minted = [mint(key, founding, ordinal) for founding in waiting]
        con.execute(
            "insert into new_id select unnest($founding), unnest($minted)", {"founding": waiting, "minted": minted}
        )
        con.execute(
            "create or replace temp table taken as select cluster_id from new_id join used_id using (customer_id)"
        )
        con.execute("delete from new_id where cluster_id in (select cluster_id from taken)")
        waiting = [row[0] for row in con.execute("select cluster_id from taken order by cluster_id").fetchall()]
        ordinal += 1


def _map_sql() -> str:
    """A record that keeps its customer keeps the moment and the run of that assignment."""
    return """
        with named as (from kept_id union all from new_id)
        select
            node.record_id,
            node.source,
            named.customer_id,
            node.is_device,
            case
                when before.customer_id = named.customer_id then before.first_assigned_at else $as_of
            end::timestamp as first_assigned_at,
            case when before.customer_id = named.customer_id then before.run_id else $run_id end as run_id
        from identity.clusters as clusters
        join named using (cluster_id)
        join node using (record_id)
        left join previous_map as before using (record_id)
    """
