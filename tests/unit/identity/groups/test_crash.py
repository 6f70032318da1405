"""Killed while it finds accounts and households, a run leaves those of before or those of now; the next heals."""

import re
import signal
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from identity.groups.entity import ENTITIES
from identity.groups.resolve import TOGETHER, resolve_groups
from tests import processes
from tests.unit.identity.groups.conftest import Town
from warehouse.connection import connect
from warehouse.home import PROJECT, Home
from warehouse.run import RunContext

POINTS = {
    "identity.groups.after_accounts": False,
    "identity.groups.after_households": False,
    "identity.groups.before_swap": False,
    "identity.groups.inside_swap": False,
    "identity.groups.after_swap": True,
}
TABLES = ("account_edges", "account_map", "household_edges", "household_map", *TOGETHER)
MAPS = ("account_map", "household_map")


def resolve_groups_of(root: str) -> None:
    home, moment = Home(Path(root)), datetime(2026, 1, 2)
    con = connect(home)
    for name in ("previous_activation", "previous"):
        con.execute(f"attach '{home.root / name}.duckdb' as {name} (read_only)")
    resolve_groups(home, con, RunContext("killed", moment, moment))


def killed(home: Home, point: str) -> bool:
    return processes.killed_at(point, resolve_groups_of, str(home.root)).returncode == -signal.SIGKILL


def groups_in(home: Home, tables: tuple[str, ...] = TABLES, columns: str = "*") -> dict[str, list[tuple]]:
    with duckdb.connect(str(home.warehouse)) as con:
        queries = {table: f"select {columns} from identity.{table} order by all" for table in tables}
        return {table: con.execute(query).fetchall() for table, query in queries.items()}


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town with a generation, in which then somebody moves, a household begins, and a company gets a record more."""
    at = datetime(2025, 1, 1)
    home = Home(tmp_path_factory.mktemp("changed") / "home").prepare()
    town = Town(home, connect(home))
    town.lives("ann", "bauer", at=at).lives("ben", "bauer", at=at).lives("cid", "bauer", at=at)
    town.lives("eve", "hill", "oak rd 7", at=at).company("crm:1", "acme", domain="acme.com")
    town.run()
    town.lives("cid", "bauer", "oak rd 7", at=datetime(2025, 6, 1)).lives("dan", "wood", "pine rd 9")
    town.company("app:1", "acme", domain="acme.com")
    town.load()
    return town


@pytest.fixture(scope="module")
def undisturbed(changed: Town, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The same town after a run that nobody killed."""
    town = changed.copied(tmp_path_factory.mktemp("undisturbed") / "home")
    town.run()
    town.con.close()
    return town.home


@pytest.mark.parametrize(("point", "is_new"), POINTS.items())
def test_a_kill_leaves_the_groups_of_before_or_of_now_and_the_next_run_heals(
    changed, undisturbed, tmp_path: Path, point, is_new
):
    town = changed.copied(tmp_path / "home")
    town.con.close()
    former = groups_in(town.home)

    assert killed(town.home, point)

    if is_new:
        assert groups_in(town.home, MAPS, "* exclude (run_id)") == groups_in(undisturbed, MAPS, "* exclude (run_id)")
    else:
        assert groups_in(town.home) == former
    town.open()
    town.run()
    town.con.close()
    healed = groups_in(town.home)
    assert healed == groups_in(undisturbed)
    assert all(healed[table] != former[table] for table in MAPS)


def test_every_point_of_the_stage_is_tried():
    sources = "\n".join(path.read_text() for path in (PROJECT / "identity" / "groups").glob("*.py"))
    put_in_place = (PROJECT / "warehouse" / "tables.py").read_text()
    swaps = re.findall(r'crash_point\(f"\{schema\}\.\{stage\}\.(\w+)"\)', put_in_place)
    named = {f"identity.groups.after_{entity.name}s" for entity in ENTITIES}

    assert set(POINTS) == named | {f"identity.groups.{swap}" for swap in swaps}
    assert sources.count("crash_point(") == 1, "a new point of the groups needs its kill"
