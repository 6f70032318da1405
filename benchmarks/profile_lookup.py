"""One customer's page from the published file: profile, timeline, consents and segments, with a million customers.

Belongs here: the made-up tables, the lookups, the percentiles. Must not go here: tests.
Concept: the tables have the columns that the models declare and are written by publishing/ itself, so that rows lie in
the file as they do after a run. A reader keeps its connection, as the UI and `cdp sql -` do; the first lookup after
opening is shown apart.
"""

import random
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path

import duckdb
import typer

from benchmarks.measure import machine
from publishing.build import build_generation
from publishing.catalogue import Catalogue, PublicTable, read_catalogue
from publishing.files import BUILDING
from publishing.read import open_published
from warehouse.connection import connect
from warehouse.dbt import MANIFEST, ensure_parsed
from warehouse.home import Home
from warehouse.run import RunContext

AS_OF = datetime(2026, 11, 1)
SEGMENTS = 20
# Rows per customer of each table that a page shows; a table that the project does not declare is left out.
TABLES = {
    "customers": 1,
    "customer_timeline": 10,
    "consents": 4,
    "segment_members": 5,
    "customer_fields": 32,
    "customer_traits": 1,
}
LOOKUPS = {
    "profile": "from customers where customer_id = $id",
    "traits": "from customer_traits where customer_id = $id",
    "fields": "from customer_fields where customer_id = $id",
    "timeline": "from customer_timeline where customer_id = $id order by occurred_at desc",
    "consents": "from consents where customer_id = $id",
    "segments": "from segment_members where customer_id = $id",
}
PAGE = ("profile", "timeline", "consents", "segments")
ACCOUNT = "from customer_timeline where account_id = $id order by occurred_at desc limit 100"


def main(customers: int = 1_000_000, lookups: int = 300, seed: int = 7) -> None:
    """Print p50 and p95 of each lookup and of the page, in milliseconds."""
    print(f"# {customers:,} customers — {machine()}, DuckDB {duckdb.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).prepare()
        tables = _publish(home, customers)
        begun = time.perf_counter()
        con = open_published(home)
        con.execute(LOOKUPS["profile"], {"id": _customer(0)}).fetchall()
        print(f"open and first lookup {1000 * (time.perf_counter() - begun):6.1f} ms")
        _measure(con, tables, customers, lookups, random.Random(seed))
        con.close()


def _publish(home: Home, customers: int) -> list[str]:
    """A generation with the tables of a page; gives their names."""
    ensure_parsed(home)
    public = [table for table in read_catalogue(MANIFEST).public if table.name in TABLES]
    con = connect(home)
    for table in public:
        _fill(con, table, customers)
    begun = time.perf_counter()
    run = RunContext("benchmark", AS_OF, AS_OF)
    folder = build_generation(home, con, run, Catalogue(tuple(public), ()), [])
    con.close()
    final = folder.with_name(folder.name.removesuffix(BUILDING))
    folder.rename(final)
    home.current.symlink_to(final.name)
    print(f"written by publishing/ in {time.perf_counter() - begun:.0f} s: {', '.join(table.name for table in public)}")
    return [table.name for table in public]


def _fill(con: duckdb.DuckDBPyConnection, table: PublicTable, customers: int) -> None:
    """A table of declared shape, its rows in no order; row i belongs to customer i modulo customers."""
    rows = customers * TABLES[table.name]
    picked = ", ".join(
        f"{_value(column.name, column.data_type, customers)} as {column.name}" for column in table.columns
    )
    con.execute(f"create schema if not exists {table.layer}")
    con.execute(
        f"create table {table.layer}.{table.name} as select {picked} from range({rows}) as numbers (i) order by hash(i)"
    )


def _value(name: str, data_type: str, customers: int) -> str:
    if name == "customer_id":
        return _customer_sql(f"i % {customers}")
    if name == "account_id":
        return f"case when i % {customers} % 10 = 0 then 'acc_' || (i % {customers} % {customers // 50}) end"
    if name == "segment":
        return f"'segment_' || ((i // {customers} * 4 + i) % {SEGMENTS})"
    kind = data_type.lower()
    if kind.startswith(("timestamp", "date")):
        return f"(timestamp '2026-11-01' - to_seconds(hash(i, '{name}')::ubigint % 63072000))::{kind}"
    if kind == "boolean":
        return "i % 2 = 0"
    if kind == "varchar":
        spread = "i" if name.endswith("_id") else "(hash(i) % 5000)::varchar"
        return f"'{name}_' || {spread}"
    return f"(i % 1000)::{kind}"


def _customer(number: int) -> str:
    return str(duckdb.sql(f"select {_customer_sql(str(number))}").fetchall()[0][0])


def _customer_sql(number: str) -> str:
    """Ids are spread as the minted ones are, so that neighbours in number are none in the file."""
    return f"'cus_' || left(md5(({number})::varchar), 16)"


def _measure(
    con: duckdb.DuckDBPyConnection, tables: list[str], customers: int, lookups: int, dice: random.Random
) -> None:
    queries = {name: sql for name, sql in LOOKUPS.items() if sql.split()[1] in tables}
    taken: dict[str, list[float]] = {name: [] for name in [*queries, "page", "account timeline"]}
    for _ in range(lookups):
        number = dice.randrange(customers)
        spent = {name: _timed(con, sql, _customer(number)) for name, sql in queries.items()}
        for name, milliseconds in spent.items():
            taken[name].append(milliseconds)
        taken["page"].append(sum(spent[name] for name in PAGE if name in spent))
        taken["account timeline"].append(_timed(con, ACCOUNT, f"acc_{number % (customers // 50) // 10 * 10}"))
    for name, all_of_it in taken.items():
        p95 = statistics.quantiles(all_of_it, n=20)[-1]
        target = {"page": " (target: p95 under 50)", "timeline": " (target: p95 under 100)"}.get(name, "")
        print(f"{name:17} p50 {statistics.median(all_of_it):6.1f} ms   p95 {p95:6.1f} ms{target}")


def _timed(con: duckdb.DuckDBPyConnection, sql: str, wanted: str) -> float:
    begun = time.perf_counter()
    con.execute(sql, {"id": wanted}).fetchall()
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    typer.run(main)
