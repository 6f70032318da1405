"""Killed inside a stage, a table is as it was or as it shall be; the next call heals."""

import signal
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from identity.resolve import resolve
from tests import processes
from warehouse.connection import connect
from warehouse.home import Home
from warehouse.run import RunContext

TABLES = ("edges", "clusters", "identity_map", "run_changes", "run_effect")


def resolve_records(root: str) -> None:
    home, moment = Home(Path(root)), datetime(2026, 1, 1)
    resolve(home, connect(home), RunContext("run", moment, moment))


def resolve_in_a_process(world, crash_at: str = "") -> int:
    return processes.killed_at(crash_at, resolve_records, str(world.home.root)).returncode


@pytest.mark.parametrize(
    ("point", "finished"),
    [
        ("identity.edges.inside_swap", ()),
        ("identity.clusters.inside_swap", ("edges",)),
        ("identity.ids.inside_swap", ("edges", "clusters")),
        ("identity.ids.after_swap", TABLES),
    ],
)
def test_a_kill_leaves_whole_tables_or_none(world, point, finished):
    world.record("a:1", given="ann", email="ann@x.org").record("b:1", given="ann", email="ann@x.org")
    world.load()
    world.con.close()

    assert resolve_in_a_process(world, point) == -signal.SIGKILL
    assert tables_of(world) == {table: rows for table, rows in WHOLE.items() if table in finished}

    assert resolve_in_a_process(world) == 0
    assert tables_of(world) == WHOLE


WHOLE = {"edges": 1, "clusters": 2, "identity_map": 2, "run_changes": 3, "run_effect": 1}


def tables_of(world) -> dict[str, int]:
    con = duckdb.connect(str(world.home.warehouse))
    names = [
        row[0]
        for row in con.execute("select table_name from duckdb_tables() where schema_name = 'identity'").fetchall()
    ]
    counts = {
        name: con.execute(f"select count(*) from identity.{name}").fetchall()[0][0] for name in names if name in WHOLE
    }
    con.close()
    return counts
