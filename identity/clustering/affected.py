"""Which clusters are to be found again: those that a change of a record or of an edge can reach.

Belongs here: how far a change reaches, and the clusters that it does not. Must not go here: the linkage (linkage.py),
which pairs are scored again (matching/touched.py).
Concept: two groups merge only where some edge speaks for it, so a cluster lies within one component of such edges. A
component in which no record, no edge and no verdict is other than before has the clusters that it had.

Makes temporary table affected (record_id), and reduces `node` to it.
"""

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa

from identity.clustering.graph import parts_of
from warehouse.tables import find_table

REMEMBERED = ("record_faces", "int_customer_edges", "identity_map", "blocking_rules")


def keep_affected(con: duckdb.DuckDBPyConnection, must_rules: Sequence[str]) -> bool:
    """Leave in `node` what is to be clustered again; false where that is everything, since the published generation
    was made by another recipe."""
    before = {name: find_table(con, "previous_activation", name) for name in REMEMBERED}
    if not (all(before.values()) and _are_made_alike(con, before["blocking_rules"])):
        return False
    con.execute(f"create or replace temp table affected as {_changed_sql(before)}")
    _spread(con, must_rules)
    con.execute("""
        create or replace temp table node as from node semi join affected using (record_id)
    """)
    return True


def published_clusters_sql(con: duckdb.DuckDBPyConnection) -> str:
    """Record and cluster as published; a cluster is named by its smallest record id."""
    published = find_table(con, "previous_activation", "identity_map")
    return f"""
        with named as (select customer_id, min(record_id) as cluster_id from {published} group by customer_id)
        select record_id, cluster_id from {published} join named using (customer_id)
    """


def _are_made_alike(con: duckdb.DuckDBPyConnection, before: str | None) -> bool:
    recipes = con.execute(
        f"select distinct recipe from identity.blocking_rules union all select distinct recipe from {before}"
    ).fetchall()
    return len(recipes) == 2 and recipes[0] == recipes[1] != (None,)


def _changed_sql(before: dict[str, str | None]) -> str:
    """Records and devices that are new or gone, whose face changed, or with an edge that is not as it was."""
    columns = "record_id_l, record_id_r, hash(record_id_l, record_id_r, kind, rule, match_weight, is_cut) as edge"
    return f"""
        with now as (select {columns} from identity.edges),
        before as (select {columns} from {before["int_customer_edges"]}),
        changed_edge as (
            select
                coalesce(now.record_id_l, before.record_id_l) as record_id_l,
                coalesce(now.record_id_r, before.record_id_r) as record_id_r
            from now
            full join before using (edge)
            where now.edge is null or before.edge is null
        )
        select coalesce(node.record_id, former.record_id) as record_id
        from node
        full join {before["identity_map"]} as former using (record_id)
        where node.record_id is null or former.record_id is null
        union
        select record_id from identity.record_faces anti join {before["record_faces"]} using (face)
        union
        select record_id_l from changed_edge
        union
        select record_id_r from changed_edge
    """


def _spread(con: duckdb.DuckDBPyConnection, must_rules: Sequence[str]) -> None:
    """Add to `affected` all that edges connect to it, but those that speak for nothing. Records stand for their hashes;
    two of one hash would at worst be clustered without need."""
    link = con.execute(
        """
        select hash(record_id_l) as a, hash(record_id_r) as b
        from identity.edges
        where rule = 'judged_same'
            or (kind <> 'judgement' and not is_cut and (match_weight > 0 or list_contains($rules, rule)))
        """,
        {"rules": list(must_rules)},
    ).fetchnumpy()
    changed = con.execute("select hash(record_id) as place from affected").fetchnumpy()["place"]
    places, numbers = np.unique(np.concatenate([link["a"], link["b"]]), return_inverse=True)
    part = parts_of(len(places), *np.split(numbers, 2))
    con.register("reached", pa.table({"place": places[np.isin(part, part[np.isin(places, changed)])]}))
    con.execute("""
        create or replace temp table affected as
        select record_id from affected
        union
        select record_id from node where hash(record_id) in (select place from reached)
    """)
    con.unregister("reached")
