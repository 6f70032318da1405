"""The ids stage: customer ids that last, against the previous generation.

Belongs here: the order of the stage, minting, the map. Must not go here: which cluster keeps which id (claims.py), what
changed (changes.py), how much (effect.py).
Concept: an id is minted once and then kept; it is never recomputed from members. Before one is minted, a former id of
the same records is given back. An id is never used for anybody else.
"""

import base64
import hmac

import duckdb

from identity.clustering.nodes import load_nodes
from identity.ids.changes import write_changes
from identity.ids.claims import kept_ids_sql
from identity.ids.effect import write_effect
from identity.ids.memory import load_holdings, load_memory
from identity.ids.settled import set_settled_apart
from identity.roles import Roles, platform_roles
from warehouse.crash import crash_point
from warehouse.home import Home
from warehouse.keys import derived_key
from warehouse.run import RunContext
from warehouse.tables import exchanging, put_in_place

MAP = "identity.identity_map"
# Of the published map, what is not settled.
_OF_OTHERS = "customer_id in (select customer_id from previous_map)"


def assign_ids(home: Home, con: duckdb.DuckDBPyConnection, run: RunContext, roles: Roles | None = None) -> None:
    """Write identity.identity_map, run_changes and run_effect from identity.clusters and the previous generation."""
    roles = roles or platform_roles()
    load_nodes(con, roles)
    load_memory(home, con)
    set_settled_apart(con)
    load_holdings(con)
    con.execute(f"create or replace temp table kept_id as {kept_ids_sql('unsettled_cluster')}")
    mint_missing(con, derived_key(home, "ledger"))
    con.execute(f"create or replace temp table mapped as {_map_sql()}", {"as_of": run.as_of, "run_id": run.run_id})
    write_changes(con, run)
    write_effect(con, run.run_id)
    crash_point("identity.ids.after_minting")
    put_in_place(
        con,
        {
            "identity.run_changes": "from changed order by customer_id, change_type, record_id",
            "identity.run_effect": "from effect",
        },
        "ids",
        {MAP: exchanging(con, MAP, "published_map", _OF_OTHERS, "from mapped")},
    )


def mint(key: bytes, founding_record_id: str, ordinal: int, prefix: str = "cus_") -> str:
    """The prefix and sixteen letters: opaque, and the same for ever from the same key, record and ordinal."""
    digest = hmac.digest(key, f"{founding_record_id}|{ordinal}".encode(), "sha256")
    return prefix + base64.b32encode(digest[:10]).decode().lower()


def mint_missing(
    con: duckdb.DuckDBPyConnection, key: bytes, prefix: str = "cus_", clusters: str = "unsettled_cluster"
) -> None:
    """`new_id`: cluster_id → customer_id for the rest, passing over every id that was ever given, here or elsewhere."""
    con.execute("create or replace temp table new_id (cluster_id varchar, customer_id varchar)")
    waiting = [
        row[0]
        for row in con.execute(
            f"select distinct cluster_id from {clusters} anti join kept_id using (cluster_id) order by cluster_id"
        ).fetchall()
    ]
    ordinal = 0
    while waiting:
        minted = [mint(key, founding, ordinal, prefix) for founding in waiting]
        con.execute(
            "insert into new_id select unnest($founding), unnest($minted)", {"founding": waiting, "minted": minted}
        )
        con.execute("""
            create or replace temp table taken as
            select cluster_id
            from new_id
            where customer_id in (select customer_id from used_id union all select customer_id from imported_id)
        """)
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
        from unsettled_cluster
        join named using (cluster_id)
        join node using (record_id)
        left join previous_map as before using (record_id)
    """
