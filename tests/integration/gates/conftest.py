"""A small warehouse on which every suite after staging passes, and ways to run a gate on it."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest
import yaml

from expectations.engine import Engine
from expectations.gate import run_gate
from warehouse.builds import stamp
from warehouse.connection import connect
from warehouse.home import Home
from warehouse.run import RunContext

WORLD = (Path(__file__).parent / "world.sql").read_text(encoding="utf-8")
RUN = RunContext("run1", datetime(2024, 5, 1), datetime(2024, 5, 1))


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def con(home):
    con = connect(home)
    yield con
    con.close()


@pytest.fixture
def gate(home, con):
    """Runs the gate on one table: its suite as a dict, or the project's own."""

    def run(table: str, suite: dict | None = None, **options):
        if suite is not None:
            options["folder"] = home.tmp
            (home.tmp / f"{table.replace('.', '__', 1)}.yml").write_text(yaml.safe_dump(suite), encoding="utf-8")
        return run_gate(home, con, RUN, [table], **options)[0]

    return run


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The small warehouse, stamped; each test that breaks a table puts it right again."""
    home = Home(tmp_path_factory.mktemp("world")).prepare()
    con = connect(home)
    con.execute(WORLD)
    for schema, table in con.execute("select schema_name, table_name from duckdb_tables()").fetchall():
        stamp(con, f"{schema}.{table}")
    with Engine(con) as engine:
        yield home, con, engine
    con.close()


def people(con: duckdb.DuckDBPyConnection, query: str) -> None:
    """conformed.people as the given query makes it, stamped."""
    con.execute("create schema if not exists conformed")
    con.execute(f"create or replace table conformed.people as {query}")
    stamp(con, "conformed.people")


@pytest.fixture
def make_people(con):
    return lambda query: people(con, query)
