"""Judging only those whose records changed comes to what judging everybody comes to, row for row."""

import random
from collections.abc import Iterable
from contextlib import closing

import pytest

from identity.ids import settled
from tests.unit.identity.conftest import World
from warehouse.state import open_state

TABLES = ("identity_map", "run_changes", "run_effect")


def answer(world: World, groups: Iterable[Iterable[str]]) -> list[list[tuple]]:
    world.run_on(groups)
    return [world.con.execute(f"from identity.{table} order by all").fetchall() for table in TABLES]


def import_ids(world: World, rows: list[tuple[str, str]]) -> None:
    with closing(open_state(world.home)) as state, state:
        state.executemany("insert or ignore into crosswalk values (?, ?, '2026-01-01')", rows)


def rearranged(world: World, groups: list[list[str]], dice: random.Random) -> list[list[str]]:
    """Some records are gone, some go to another group or found one; most groups stay as they are."""
    for name in dice.sample(sorted(world.records), dice.choice([0, 0, 1])):
        world.forget(name)
    known = {*world.records, *(record_id for record_id, *_ in world.identifiers)}
    groups = [[name for name in group if name in known] for group in groups]
    for _ in range(dice.randint(1, 4)):
        one, other = dice.sample([*filter(None, groups), []], 2)
        moved = set(dice.sample(one, dice.randint(0, len(one))))
        rest = [group for group in groups if group not in (one, other)]
        groups = [*rest, [name for name in one if name not in moved], [*other, *sorted(moved)]]
    return [group for group in groups if group]


@pytest.mark.parametrize("seed", [2, 100, 106])
def test_who_is_settled_is_judged_as_if_all_were_judged(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    dice, visitor = random.Random(seed), "segment:anonymous:d1"
    nobody = f"from ({settled._settled_sql()}) where false"
    groups = [*([f"a:{n}", f"b:{n}"] for n in range(10)), ["c:1", visitor]]
    for name in (record for group in groups for record in group if record != visitor):
        world.record(name)
    world.device("d1")
    settled_counts = []
    for run in range(12):
        if run in (0, 4):
            names = dice.sample(sorted(world.records), 5)
            import_ids(world, [(name, f"theirs{n % 4}") for n, name in enumerate(names)])
        if run == 5:
            world.record(visitor)
        groups = rearranged(world, groups, dice)
        with monkeypatch.context() as patch:
            patch.setattr(settled, "_settled_sql", lambda: nobody)
            patch.setattr(world, "publish", lambda run: {})
            judged = answer(world, groups)
        world.runs -= 1
        assert answer(world, groups) == judged
        settled_counts.append(world.con.execute("select count(*) from settled").fetchall()[0][0])
    assert sum(settled_counts) > 9


def test_who_has_shared_a_record_with_another_is_judged(world: World) -> None:
    for name in ("a", "b", "c", "d", "e", "f"):
        world.record(f"{name}:1")
    world.run_on([["a:1", "b:1", "c:1"], ["d:1", "e:1"], ["f:1"]])
    world.run_on([["a:1", "b:1"], ["c:1", "d:1", "e:1"], ["f:1"]])

    held = world.run_on([["a:1", "b:1"], ["c:1"], ["d:1", "e:1"], ["f:1"]])

    assert world.con.execute("select customer_id from settled").fetchall() == [(held["f:1"],)]
    assert len({held["a:1"], held["c:1"], held["d:1"]}) == 3


def test_a_record_that_another_system_holds_now_is_not_settled(world: World) -> None:
    """Its customer is the same, the row of the map is not."""
    held = world.record("a:1").run_on([["a:1"]])
    world.records["a:1"] |= {"source": "b"}

    assert world.run_on([["a:1"]]) == held
    assert world.con.execute("select source from identity.identity_map").fetchall() == [("b",)]
