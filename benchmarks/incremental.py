"""One per cent of new records: what is compared again, beside comparing everything, and that both come to the same.

Belongs here: the stages of identity on a made crowd. Must not go here: quality (identity.py), a whole run
(whole_job.py).
Concept: the crowd is standardised already; the first figure includes training.
"""

import tempfile
import time
from datetime import datetime
from pathlib import Path

import duckdb
import typer

from benchmarks.crowd import load_crowd
from benchmarks.measure import machine
from identity.clustering.clusters import make_clusters
from identity.ids.assign import assign_ids
from identity.matching.edges import score_edges
from warehouse.connection import connect
from warehouse.home import Home
from warehouse.run import RunContext

CARRIED = ("identity_map", "record_faces", "cut_blocks", "blocking_rules")
COMPARED = ("edges", "clusters", "identity_map", "run_changes")
EDGES = """
    create table previous_activation.main.int_customer_edges as
    select l.customer_id as customer_id_l, r.customer_id as customer_id_r, edges.*
    from identity.edges as edges
    join identity.identity_map as l on edges.record_id_l = l.record_id
    join identity.identity_map as r on edges.record_id_r = r.record_id
"""


def main(records: int = 200_000) -> None:
    """Print the seconds of edges, clusters and ids by the clock and of the processor, and how many rows differ in the
    end."""
    print(f"# one per cent more — {machine()}, DuckDB {duckdb.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).prepare()
        con = connect(home)
        load_crowd(con, records)
        first = _stages(home, con, "everything, training included", anew=False)
        _publish(con, Path(folder))
        load_crowd(con, records + records // 100)
        partial = _stages(home, con, "what changed", anew=False)
        for table in COMPARED:
            con.execute(f"create table {table}_of_what_changed as from identity.{table}")
        anew = _stages(home, con, "everything anew", anew=True)
        for place, kind in enumerate(("by the clock", "of the processor")):
            of_first, of_anew = partial[place] / first[place], partial[place] / anew[place]
            print(f"what changed, {kind}: {of_first:.0%} of the first, {of_anew:.0%} of everything anew")
        print(f"rows that differ: {sum(_differing(con, table) for table in COMPARED):,}")
        con.close()


def _stages(home: Home, con: duckdb.DuckDBPyConnection, name: str, *, anew: bool) -> tuple[float, float]:
    begun, moment = (time.monotonic(), time.process_time()), datetime(2026, 1, 1)
    score_edges(home, con, anew=anew)
    make_clusters(con, anew=anew)
    assign_ids(home, con, RunContext("run", moment, moment))
    seconds = time.monotonic() - begun[0], time.process_time() - begun[1]
    touched, pairs = con.execute("select (select count(*) from touched), count(*) from candidate").fetchall()[0]
    print(
        f"{name:<30}{seconds[0]:8.1f} s{seconds[1]:8.1f} s of the processor{touched:>12,} records{pairs:>12,} pairs",
        flush=True,
    )
    return seconds


def _publish(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    con.execute(f"attach '{folder / 'previous.duckdb'}' as previous_activation")
    for table in CARRIED:
        con.execute(f"create table previous_activation.main.{table} as from identity.{table}")
    con.execute(EDGES)


def _differing(con: duckdb.DuckDBPyConnection, table: str) -> int:
    one, other = f"{table}_of_what_changed", f"identity.{table}"
    return con.execute(
        f"select (select count(*) from (from {one} except from {other})) "
        f"+ (select count(*) from (from {other} except from {one}))"
    ).fetchall()[0][0]


if __name__ == "__main__":
    typer.run(main)
