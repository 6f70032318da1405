"""A million records, training included: ours, plain Splink on the pairs that ours proposes, and the textbook's own run.

Belongs here: seconds and peak memory of three whole processes on one made crowd. Must not go here: quality
(identity.py), what an increment costs (incremental.py).
Concept: the crowd is standardised already. Each resolver is a process of its own and times itself from the finished
crowd to the clusters. Plain Splink at equal blocking is handed the pairs, so finding them costs it nothing; what they
cost ours is said apart.
"""

import tempfile
import time
from pathlib import Path

import duckdb
import typer

from benchmarks.crowd import load_crowd
from benchmarks.identity import CONFORMED
from benchmarks.measure import machine, measured
from benchmarks.plain_splink import plain_splink
from identity.clustering.clusters import make_clusters
from identity.matching.edges import score_edges
from warehouse.connection import connect
from warehouse.home import Home

app = typer.Typer(add_completion=False)
PAIRS = "pairs.parquet"
WITHIN_EQUAL, WITHIN_TEXTBOOK = 1.2, 2.5
# What the warehouse may use of each process's memory; the rest is Python's and the libraries'.
MEMORY_LIMIT = "2400MB"


@app.command()
def compare(records: int = 1_000_000) -> None:
    """Print what each takes, and the two ratios."""
    print(f"# identity, {records:,} records — {machine()}, DuckDB {duckdb.__version__}")
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        for who in ("ours", "equal", "textbook"):
            arguments = ("one", who, folder, "--records", str(records))
            ran = measured("benchmarks.identity_speed", *arguments, CDP_MEMORY_LIMIT=MEMORY_LIMIT)
            if ran.exit_code:
                print(f"{who:<10} failed:\n{ran.output}")
                raise typer.Exit(1)
            *_, last = ran.output.splitlines()
            seconds[who] = float(last.split()[0])
            print(f"{who:<10}{seconds[who]:8.1f} s{ran.peak_mib:10,.0f} MiB   {last.split(maxsplit=1)[1]}", flush=True)
    print(f"ours / plain Splink at equal blocking: {seconds['ours'] / seconds['equal']:.2f} (at most {WITHIN_EQUAL})")
    print(f"ours / textbook: {seconds['ours'] / seconds['textbook']:.2f} (at most {WITHIN_TEXTBOOK})")


@app.command()
def one(who: str, folder: Path, records: int = 1_000_000) -> None:
    """Resolve the crowd one way; the last line says the seconds and what came out."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Home(Path(scratch)).prepare()
        con = connect(home)
        load_crowd(con, records)
        if who == "ours":
            _ours(home, con, folder / PAIRS)
        else:
            _plain(con, folder / PAIRS if who == "equal" else None)
        con.close()


def _ours(home: Home, con: duckdb.DuckDBPyConnection, kept_pairs: Path) -> None:
    moments: dict[str, float] = {}
    begun = time.monotonic()
    score_edges(home, con, progress=lambda stage: moments.setdefault(stage, time.monotonic()))
    make_clusters(con)
    finished = time.monotonic()
    found, scored = moments["finding candidate pairs"], moments["scoring pairs"]
    pairs = con.execute("select count(*) from candidate").fetchall()[0][0]
    clusters = con.execute("select count(distinct cluster_id) from identity.clusters").fetchall()[0][0]
    con.execute(
        "copy (select rule as match_key, l.record_id as join_key_l, r.record_id as join_key_r from candidate "
        "join person as l on record_no_l = l.record_no join person as r on record_no_r = r.record_no) "
        f"to '{kept_pairs}' (format parquet)"
    )
    print(f"{finished - begun:.1f} {clusters:,} clusters, {pairs:,} pairs, {scored - found:.1f} s of it to find them")


def _plain(con: duckdb.DuckDBPyConnection, given_pairs: Path | None) -> None:
    con.execute(f"create temp table crowd as {CONFORMED}")
    if given_pairs:
        con.execute(f"create temp table proposed as from read_parquet('{given_pairs}')")
    begun = time.monotonic()
    entities = plain_splink(con, "from crowd", "proposed" if given_pairs else None)
    clusters = con.execute(f"select count(distinct entity_id) from ({entities})").fetchall()[0][0]
    print(f"{time.monotonic() - begun:.1f} {clusters:,} clusters")


if __name__ == "__main__":
    app()
