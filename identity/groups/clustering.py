"""From the edges of one entity to its groups, by the linkage that makes people.

Belongs here: fetching the graph as integers, the guard of size. Must not go here: the linkage
(identity/clustering/linkage.py), evidence (accounts.py, households.py).
Concept: only what has an edge is linked; whatever has none is a group by itself, and costs nothing. There are few
companies and few edges between customers, so everything is linked in every run.
"""

import duckdb

from identity.clustering.clusters import CLIPPED_AT_WEIGHT, CUT_EDGE_WEIGHT, MISSING_WEIGHT
from identity.clustering.linkage import Held, cluster, hundredths
from identity.roles import CUT_WEIGHT


def make_groups(con: duckdb.DuckDBPyConnection, size_cap: int | None = None) -> None:
    """Temporary table `group_cluster` (record_id, cluster_id: its smallest member) of all in `group_node` but those who
    are with nobody and do not stand alone.

    From group_edge and group_exclusive. size_cap: larger groups are taken apart to the last member, and told in
    group_cut and group_value.
    """
    con.execute("""
        create or replace temp table linked as
        select (row_number() over (order by member_id) - 1)::integer as member_no, member_id
        from (select member_l as member_id from group_edge union select member_r from group_edge)
    """)
    groups = _linked(con)
    con.execute(
        """
        create or replace temp table group_cluster as
        with groups as (select unnest($groups) as group_no, unnest($members) as member_no)
        select
            member_id as record_id,
            case
                when group_no is null then member_id else min(member_id) over (partition by group_no)
            end as cluster_id
        from group_node
        left join linked using (member_id)
        left join groups using (member_no)
        """,
        {"groups": groups, "members": list(range(len(groups)))},
    )
    if size_cap:
        _take_apart(con, size_cap)
    con.execute("""
        delete from group_cluster
        where record_id in (select member_id from group_node where not stands_alone)
            and cluster_id in (select cluster_id from group_cluster group by 1 having count(*) = 1)
    """)


def _linked(con: duckdb.DuckDBPyConnection) -> list[int]:
    edges = con.execute(
        """
        select
            l.member_no, r.member_no,
            round(100 * case when is_cut then $cut_weight else least(match_weight, $clip) end)::integer
        from group_edge
        join linked as l on member_l = l.member_id
        join linked as r on member_r = r.member_id
        """,
        {"clip": CLIPPED_AT_WEIGHT, "cut_weight": CUT_EDGE_WEIGHT},
    ).fetchall()
    exclusive: dict[int, Held] = {}
    for member, kind, values in con.execute("""
        select member_no, kind, list(distinct value) from group_exclusive join linked using (member_id) group by all
    """).fetchall():
        exclusive.setdefault(member, {})[kind] = frozenset(values)
    size = con.execute("select count(*) from linked").fetchall()[0][0]
    return cluster(size, edges, cut=hundredths(CUT_WEIGHT), missing=hundredths(MISSING_WEIGHT), exclusive=exclusive)


def _take_apart(con: duckdb.DuckDBPyConnection, size_cap: int) -> None:
    con.execute(f"""
        create or replace temp table oversize as
        select cluster_id, count(*) as members_count from group_cluster group by 1 having count(*) > {size_cap}
    """)
    con.execute(
        f"insert into group_cut select 'group', cluster_id, members_count, {size_cap}, 'too many' from oversize"
    )
    con.execute("""
        insert into group_value
        select 'group', cluster_id, record_id from group_cluster semi join oversize using (cluster_id)
    """)
    con.execute("update group_cluster set cluster_id = record_id where cluster_id in (select cluster_id from oversize)")
