"""The clusters stage: from edges to groups of records, each one person or one unknown device.

Belongs here: fetching the graph as integers, the choice of the cut, writing identity.clusters. Must not go here: the
linkage itself (graph.py, linkage.py), ids that last (ids/assign.py).
Concept: clusters are internal and unstable; a cluster is named by its smallest record id.
"""

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from identity.clustering.affected import keep_affected, published_clusters_sql
from identity.clustering.graph import Graph, Integers, cluster_graph
from identity.clustering.linkage import hundredths
from identity.clustering.nodes import load_exclusive, load_nodes, number_nodes
from identity.roles import Roles, platform_roles
from warehouse.crash import crash_point
from warehouse.tables import exchanging, put_in_place

CLUSTERS = "identity.clusters"
# A pair that no rule proposed, or that says little, is even odds: sparse records of one person often share no
# field. Against a merge speak contradictions (cut edges), not silence.
MISSING_WEIGHT = 0.0
# What a contradiction says against putting its two groups together.
CUT_EDGE_WEIGHT = -10.0
# No single pair may outvote a group: beyond this, more bits say no more.
CLIPPED_AT_WEIGHT = 20.0


def make_clusters(
    con: duckdb.DuckDBPyConnection,
    roles: Roles | None = None,
    *,
    anew: bool = False,
    cut_weight: float | None = None,
) -> None:
    """Write identity.clusters: every record and device with the cluster that it is in.

    anew: also those that nothing has touched since the published generation.
    cut_weight: another than the declaration's, for a trial: then everything is clustered anew.
    """
    roles = roles or platform_roles()
    cut_weight = roles.cut_weight if cut_weight is None else cut_weight
    load_nodes(con, roles)
    is_partial = not anew and cut_weight == roles.cut_weight and keep_affected(con, roles.must_link_rules)
    number_nodes(con)
    load_exclusive(con, roles)
    groups = _clustered(con, roles, cut_weight)
    crash_point("identity.clusters.after_linkage")
    _load_groups(con, groups)
    if is_partial:
        affected, published = "record_id in (select record_id from affected)", f"({published_clusters_sql(con)})"
        put_in_place(con, {}, "clusters", {CLUSTERS: exchanging(con, CLUSTERS, published, affected, "from grouped")})
    else:
        put_in_place(con, {CLUSTERS: "from grouped order by record_id"}, "clusters")


def _clustered(con: duckdb.DuckDBPyConnection, roles: Roles, cut_weight: float) -> Integers:
    _load_near_edges(con)
    edges = _edges(con, roles.must_link_rules)
    held, judged = _exclusive(con), _judged(con)
    graph = Graph(
        size=con.execute("select count(*) from node").fetchall()[0][0],
        **edges,
        **held,
        judged_same=[(a, b) for a, b, rule in judged if rule == "judged_same"],
        cannot_link=[(a, b) for a, b, rule in judged if rule == "judged_different"],
    )
    return cluster_graph(graph, cut=hundredths(cut_weight), missing=hundredths(MISSING_WEIGHT))


def _load_near_edges(con: duckdb.DuckDBPyConnection) -> None:
    """`near_edge`: the edges between what is in `node`, by its numbers."""
    con.execute("""
        create or replace temp table near_edge as
        select l.node_no as a, r.node_no as b, kind, rule, match_weight, is_cut
        from identity.edges as edges
        join node as l on edges.record_id_l = l.record_id
        join node as r on edges.record_id_r = r.record_id
    """)


def _edges(con: duckdb.DuckDBPyConnection, must_rules: Sequence[str]) -> dict[str, Any]:
    """All edges in hundredths of a bit; `must` are joined before any weight is asked."""
    return con.execute(
        """
        select
            a,
            b,
            round(
                100 * case when is_cut then $cut_weight else greatest(least(match_weight, $clip), $missing) end
            )::integer as weight,
            list_contains($rules, rule) and not is_cut as must
        from near_edge
        where kind <> 'judgement'
        """,
        {
            "clip": CLIPPED_AT_WEIGHT,
            "missing": MISSING_WEIGHT,
            "cut_weight": CUT_EDGE_WEIGHT,
            "rules": list(must_rules),
        },
    ).fetchnumpy()


def _judged(con: duckdb.DuckDBPyConnection) -> list[tuple[int, int, str]]:
    """Pairs that people decided on, and the verdict: it is obeyed, not weighed."""
    return con.execute("select a, b, rule from near_edge where kind = 'judgement'").fetchall()


def _exclusive(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The values that nodes hold of each exclusive kind; for a duplicate-free source, their own record ids."""
    return con.execute("""
        select
            node_no as holder,
            dense_rank() over (order by kind)::integer as kind,
            dense_rank() over (order by kind, value)::integer as value
        from (select node_no, kind, unnest(values) as value from node_exclusive)
    """).fetchnumpy()


def _load_groups(con: duckdb.DuckDBPyConnection, groups: Integers) -> None:
    """The answer as a temporary table."""
    found = pa.table({"node_no": np.arange(len(groups), dtype=np.int32), "group_no": groups.astype(np.int32)})
    con.register("found", found)
    con.execute("""
        create or replace temp table grouped as
        select node.record_id, leader.record_id as cluster_id
        from found
        join node using (node_no)
        join node as leader on found.group_no = leader.node_no
    """)
    con.unregister("found")
