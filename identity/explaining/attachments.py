"""The attachments stage: by which edge each record hangs in its customer, and whether anything else would hold it.

Belongs here: fetching each customer's graph, writing identity.attachments. Must not go here: the graph's answers
(bridges.py), the words (phrases.py), who belongs together (clustering/clusters.py).
Concept: a customer of n records is held by the n - 1 strongest edges that connect it. They are found customer by
customer, some thousands of customers at a time.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

import duckdb

from identity.explaining.bridges import Hung, hang
from identity.explaining.evidence import Edge
from identity.explaining.phrases import sentence
from warehouse.tables import put_in_place

# Records whose graphs are in Python at one time, so that memory does not grow with the company. A million edges take
# ten seconds of one core in all, half of them in Python.
MEMBERS_AT_ONCE = 200_000


def attach_records(con: duckdb.DuckDBPyConnection) -> None:
    """Write identity.attachments from identity.identity_map and identity.edges.

    One row per record or device of a customer with at least two. The first of a customer hangs on nothing: its smallest
    record id, a person's before a device's.
    """
    con.execute("""
        create or replace temp table member as
        with numbered as (
            select
                (row_number() over (order by customer_id, is_device, record_id) - 1)::integer as member_no,
                count(*) over (partition by customer_id) as records_count,
                customer_id, record_id, is_device
            from identity.identity_map
            qualify records_count > 1
        )
        select *, min(member_no) over (partition by customer_id) as first_no
        from numbered
        order by member_no
    """)
    con.execute("""
        create or replace temp table inside as
        select
            l.first_no, l.records_count, l.member_no as left_no, r.member_no as right_no,
            edges.match_weight, edges.rowid as edge_row
        from identity.edges as edges
        join member as l on edges.record_id_l = l.record_id
        join member as r on edges.record_id_r = r.record_id and l.first_no = r.first_no
        where not edges.is_cut
        -- a pair may have a verdict beside the model's edge
        qualify row_number() over (partition by left_no, right_no order by match_weight desc, kind, rule) = 1
        order by l.first_no
    """)
    _load_hung(con)
    _load_sentences(con)
    put_in_place(con, {"identity.attachments": _ATTACHMENTS}, "attachments")


def _load_hung(con: duckdb.DuckDBPyConnection) -> None:
    """Two records have one edge and no choice; the other customers' graphs are walked one by one."""
    con.execute("""
        create or replace temp table hung as
        select
            greatest(left_no, right_no) as member_no,
            least(left_no, right_no) as parent_no,
            edge_row,
            true as is_bridge,
            1::bigint as leaves_count
        from inside
        where records_count = 2
    """)
    size = con.execute("select count(*) from member").fetchall()[0][0]
    for start in range(0, size, MEMBERS_AT_ONCE):
        rows = con.execute(
            "select first_no, records_count, left_no, right_no, match_weight, edge_row from inside "
            "where records_count > 2 and first_no >= $start and first_no < $end order by first_no",
            {"start": start, "end": start + MEMBERS_AT_ONCE},
        ).fetchall()
        _insert(con, _hung(rows))


def _hung(rows: list[tuple]) -> Iterator[tuple[Hung, int]]:
    """How each record hangs, with the row of its edge. rows: by customer, each as `inside` has it."""
    for (first, size), found in groupby(rows, key=lambda row: row[:2]):
        inside = [row[2:] for row in found]
        for one in hang(range(first, first + size), [(a, b, weight) for a, b, weight, _ in inside]):
            yield one, inside[one.link][3]


def _insert(con: duckdb.DuckDBPyConnection, found: Iterable[tuple[Hung, int]]) -> None:
    """By way of Arrow: lists as parameters take as long as the graphs."""
    import pyarrow as pa

    columns: dict[str, list] = {"member_no": [], "parent_no": [], "edge_row": [], "is_bridge": [], "leaves_count": []}
    for one, edge in found:
        row = (one.node, one.parent, edge, one.is_bridge, one.leaves)
        for values, value in zip(columns.values(), row, strict=True):
            values.append(value)
    if columns["member_no"]:
        con.register("hung_rows", pa.table(columns))
        con.execute("insert into hung from hung_rows")
        con.unregister("hung_rows")


def _load_sentences(con: duckdb.DuckDBPyConnection) -> None:
    """The sentence of each way of agreeing, without its bits: there are few ways and many edges."""
    rows = con.execute(f"""
        select distinct edges.kind, edges.rule, {_WAY} as way
        from hung
        join identity.edges as edges on hung.edge_row = edges.rowid
    """).fetchall()
    con.execute(
        "create or replace temp table saying as "
        "select unnest($kind)::varchar as kind, unnest($rule)::varchar as rule, unnest($way)::varchar as way, "
        "unnest($sentence)::varchar as sentence",
        {
            "kind": [kind for kind, _, _ in rows],
            "rule": [rule for _, rule, _ in rows],
            "way": [way for _, _, way in rows],
            "sentence": [sentence(Edge("", "", kind, rule, 0.0, way)) for kind, rule, way in rows],
        },
    )


_WAY = r"regexp_replace(edges.evidence, ',-?[0-9.]+\]', ',0]', 'g')"
_ATTACHMENTS = f"""
    select
        member.customer_id,
        member.record_id,
        member.is_device,
        member.records_count,
        parent.record_id as attached_to_record_id,
        edges.kind,
        edges.rule,
        edges.match_weight,
        edges.evidence,
        saying.sentence as explanation,
        hung.is_bridge,
        case when hung.is_bridge then hung.leaves_count end as split_records_count
    from member
    left join hung using (member_no)
    left join member as parent on hung.parent_no = parent.member_no
    left join identity.edges as edges on hung.edge_row = edges.rowid
    left join saying
        on edges.kind = saying.kind and edges.rule = saying.rule and {_WAY} is not distinct from saying.way
    order by member.member_no
"""
