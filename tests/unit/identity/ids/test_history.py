"""identity_history rebuilds every published map exactly, whatever happened between."""

import random
from datetime import datetime, timedelta

import pytest

from identity.ids.history import map_at_sql
from publishing.files import digest

HISTORY = "previous.main.identity_history"


def periods(world) -> list[tuple]:
    """record, customer, first and last generation."""
    return world.con.execute(f"""
        select
            record_id, customer_id, date_diff('day', timestamp '2026-01-01', valid_from) + 1,
            date_diff('day', timestamp '2026-01-01', valid_to)
        from {HISTORY}
        order by record_id, valid_from
    """).fetchall()


def shuffled_world(world, dice: random.Random) -> list[list[str]]:
    """Records come, go and are grouped anew, all at random."""
    for number in range(60):
        name = f"crm:{number}"
        if dice.random() < 0.7:
            world.record(name)
        else:
            world.forget(name)
    groups: dict[int, list[str]] = {}
    for name in world.records:
        groups.setdefault(dice.randrange(30), []).append(name)
    return list(groups.values())


@pytest.mark.parametrize("seed", range(3))
def test_every_generations_map_is_rebuilt_exactly(world, seed):
    dice = random.Random(seed)
    published = []
    for _ in range(5):
        world.run_on(shuffled_world(world, dice))
        published.append(digest(world.con, "from previous_activation.main.identity_map"))

    for number, then in enumerate(published):
        moment = datetime(2026, 1, 1, 12) + timedelta(days=number)
        assert digest(world.con, map_at_sql(HISTORY, moment)) == then
    assert len({str(then["digest"]) for then in published}) == 5


def test_a_period_ends_when_the_record_moves_and_begins_again_when_it_returns(world):
    world.record("a:1").record("b:1")
    apart = world.run_on([["a:1"], ["b:1"]])
    together = world.run_on([["a:1", "b:1"]])
    world.run_on([["a:1", "b:1"]])
    world.run_on([["a:1"], ["b:1"]])

    stays, moves = sorted(apart, key=lambda name: apart[name] != together[name])
    assert periods(world) == sorted(
        [
            (stays, apart[stays], 1, None),
            (moves, apart[moves], 1, 1),
            (moves, apart[stays], 2, 3),
            (moves, apart[moves], 4, None),
        ],
        key=lambda period: (period[0], period[2]),
    )


def test_a_run_that_publishes_nothing_leaves_no_history(world):
    world.record("a:1")
    first = world.run_on([["a:1"]])
    before = periods(world)
    world.record("b:1")
    world.publishes = False
    world.run_on([["a:1", "b:1"]])
    assert periods(world) == before

    world.publishes = True
    world.forget("b:1")
    assert world.run_on([["a:1"]]) == first
    assert periods(world) == before
    assert world.changes() == []


def test_a_clock_that_went_back_does_not_bend_history(world):
    world.record("a:1").record("b:1")
    world.run_on([["a:1"], ["b:1"]])
    world.runs = -5
    world.run_on([["a:1", "b:1"]])
    rows = world.con.execute(f"select valid_from, valid_to from {HISTORY} where valid_to <= valid_from").fetchall()
    assert rows == []
    assert digest(world.con, map_at_sql(HISTORY, datetime(2026, 1, 2))) == digest(
        world.con, "from previous_activation.main.identity_map"
    )


def test_history_is_not_in_the_warehouse(world):
    world.record("a:1").record("b:1")
    apart = world.run_on([["a:1"], ["b:1"]])
    world.run_on([["a:1", "b:1"]])
    world.lose_warehouse()
    assert world.run_on([["a:1"], ["b:1"]]) == apart
    assert len(periods(world)) == 4
