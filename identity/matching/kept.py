"""Which published edges are kept, and identity.edges written with them.

Belongs here: what of the former edges still counts, and how it comes to lie beside what was found. Must not go here:
which records are touched (touched.py), what an edge says (edges.py).
Concept: the evidence of all edges takes longer to write than to read. So where the warehouse still holds the published
edges, only what changed is exchanged; that they are the published ones is seen from the rows, not from who wrote them.
"""

from collections.abc import Mapping

import duckdb

from identity.matching.touched import FACES
from identity.roles import DEVICE_RULES
from warehouse.tables import amending, columns_of, find_table, has_table, hold_the_same, put_in_place

EDGES, OF_CUSTOMERS = "identity.edges", ("customer_id_l", "customer_id_r")
# Devices and judgements are found anew in every run; the rest hangs on its two records.
KEPT = f"""
    kind <> 'judgement' and rule not in {tuple(DEVICE_RULES)}
    and record_id_l not in (select record_id from stale) and record_id_r not in (select record_id from stale)
"""


def put_edges_in_place(
    con: duckdb.DuckDBPyConnection, found: str, others: Mapping[str, str], *, is_partial: bool
) -> None:
    """Write identity.edges of what was found and, where that is partial, of what is kept; with it the stage's other
    tables."""
    if not is_partial:
        put_in_place(con, {EDGES: found, **others}, "edges")
        return
    _find_stale(con)
    if _are_as_published(con):
        edges = [f"delete from {EDGES} where not ({KEPT})", f"insert into {EDGES} by name from ({found})"]
    else:
        kept = f"select * exclude (customer_id_l, customer_id_r) from {_published_edges(con)} where {KEPT}"
        edges = [f"create or replace table {EDGES} as {kept} union all by name from ({found})"]
    rest = {table: query for table, query in others.items() if table != FACES}
    put_in_place(con, rest, "edges", {EDGES: edges, FACES: amending(con, FACES, others[FACES])})


def _find_stale(con: duckdb.DuckDBPyConnection) -> None:
    """`stale`: the records whose published edges do not count, since they are touched or gone."""
    con.execute("""
        create or replace temp table stale as
        select record_id from changed_face
        union
        select record_id from face semi join touched using (record_no)
    """)


def _are_as_published(con: duckdb.DuckDBPyConnection) -> bool:
    """Does identity.edges hold exactly the published edges?"""
    if not has_table(con, EDGES):
        return False
    published = _published_edges(con)
    columns = columns_of(con, EDGES)
    if columns != {name: kind for name, kind in columns_of(con, published).items() if name not in OF_CUSTOMERS}:
        return False
    return hold_the_same(con, EDGES, published, columns)


def _published_edges(con: duckdb.DuckDBPyConnection) -> str:
    return find_table(con, "previous_activation", "int_customer_edges") or ""
