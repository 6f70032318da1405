"""The order of rows and the number of threads decide nothing: the same records come to the same people and ids."""

import random

import pytest

from identity.matching import candidates
from tests.unit.identity.conftest import World
from tests.unit.identity.matching.test_incremental import Town

ANSWER = ("clusters", "identity_map", "run_changes")


def answer(world: World) -> list[list[tuple]]:
    return [world.con.execute(f"from identity.{table} order by all").fetchall() for table in ANSWER]


def shuffle(world: World, dice: random.Random) -> None:
    world.records = dict(dice.sample(list(world.records.items()), len(world.records)))
    dice.shuffle(world.identifiers)


@pytest.mark.parametrize("shuffles", [2, pytest.param(50, marks=pytest.mark.long)])
def test_rows_in_any_order_and_on_any_number_of_threads_give_the_same_people_and_ids(
    world: World, monkeypatch: pytest.MonkeyPatch, shuffles: int
) -> None:
    """Every pair is scored each time, within caps that blocks cross; the ids go on from one published generation."""
    monkeypatch.setattr(candidates, "BUDGET_PAIRS_AT_LEAST", 150)
    monkeypatch.setattr(candidates, "BUDGET_PAIRS_PER_RECORD", 3)
    town, dice = Town(world, seed=3, people=140), random.Random(3)
    world.run()
    for _ in range(5):
        town.change()
    world.publishes = False
    monkeypatch.setattr("identity.matching.touched.code_of", lambda *_: "other code")
    world.run()
    first = answer(world)
    assert world.summary.probabilistic_edges > 50
    assert {"created", "joined", "left"} <= {change for change, *_ in world.changes()}

    for threads in (1, 2):
        world.con.execute(f"set threads = {threads}")
        for _ in range(shuffles):
            shuffle(world, dice)
            world.runs = 1
            world.run()
            assert answer(world) == first
            assert world.con.execute("select count(*) from touched").fetchall() == [(len(world.records),)]


@pytest.mark.parametrize("shuffles", [1, pytest.param(50, marks=pytest.mark.long)])
def test_a_model_learned_from_rows_in_any_order_finds_the_same_people(world: World, shuffles: int) -> None:
    Town(world, seed=4, people=140)
    world.publishes = False
    world.run()
    first, version, dice = world.groups(), world.summary.model_version, random.Random(4)
    for threads in (1, 2):
        world.con.execute(f"set threads = {threads}")
        for _ in range(shuffles):
            for file in world.home.models.iterdir():
                file.unlink()
            shuffle(world, dice)
            world.run()
            assert world.summary.model_version == version
            assert world.groups() == first
