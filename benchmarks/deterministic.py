"""The deterministic tiers alone, at ten million records: from standardised records to clusters.

Belongs here: seconds and peak memory of hygiene, tiers and linkage. Must not go here: the model (identity_speed.py).
Concept: a person has five or six records, each with one of two mailboxes, one of two phones and a given name; making
them is not timed.
"""

import tempfile
import time
from pathlib import Path

import duckdb
import typer

from benchmarks.crowd import GIVEN
from benchmarks.measure import machine, measured
from identity.clustering.clusters import make_clusters
from identity.matching.edges import score_edges
from identity.roles import read_roles
from warehouse.connection import connect
from warehouse.home import Home

app = typer.Typer(add_completion=False)
ROLES = Path(__file__).parent / "roles" / "tiers_alone.yml"
RECORDS_PER_PERSON = 5.43
AT_MOST_SECONDS, AT_MOST_GIB = 150, 6
# What DuckDB may take of it; the graph is linked beside.
MEMORY_LIMIT = "5GB"


@app.command()
def measure(records: int = 10_000_000) -> None:
    """Print seconds by stage, and the peak memory of the process."""
    print(f"# deterministic tiers, {records:,} records — {machine()}, DuckDB {duckdb.__version__}")
    ran = measured("benchmarks.deterministic", "one", "--records", str(records), CDP_MEMORY_LIMIT=MEMORY_LIMIT)
    print(ran.output.rstrip())
    if ran.exit_code:
        raise typer.Exit(1)
    print(f"peak {ran.peak_mib / 1024:.1f} GiB (at most {AT_MOST_GIB}; at most {AT_MOST_SECONDS} s for ten million)")


@app.command()
def one(records: int = 10_000_000) -> None:
    """Resolve the records once, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).prepare()
        con = connect(home)
        con.execute("create schema conformed")
        con.execute(f"create table conformed.int_records as {_RECORDS}", {"given": GIVEN, "size": records})
        roles = read_roles(ROLES)
        begun = time.monotonic()
        score_edges(home, con, roles)
        scored = time.monotonic()
        make_clusters(con, roles)
        clustered = time.monotonic()
        identifiers, edges, clusters = con.execute("""
            select
                (select count(*) from identifier),
                (select count(*) from identity.edges),
                (select count(distinct cluster_id) from identity.clusters)
        """).fetchall()[0]
        print(f"{identifiers:,} identifiers, {edges:,} edges, {clusters:,} clusters")
        print(f"edges {scored - begun:.1f} s, clusters {clustered - scored:.1f} s, together {clustered - begun:.1f} s")
        con.close()


_RECORDS = f"""
    with written as (
        select n, n % ($size / {RECORDS_PER_PERSON})::bigint as p from range($size::bigint) as numbers (n)
    )
    select
        'crm:' || n as record_id,
        ($given::varchar[])[1 + (hash(p, 'given') % len($given::varchar[]))::bigint] as given_name,
        p || '.' || hash(n) % 2 || '@mail.com' as email,
        '+1' || (2000000000 + 2 * p + (hash(n) >> 20) % 2) as phone
    from written
"""


if __name__ == "__main__":
    app()
