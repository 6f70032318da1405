"""Former ids given back: a merge that is undone returns exactly the ids from before it."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

import pytest

Groups = list[list[str]]
SOURCES = ("crm", "shop", "pos", "help")


def known(world, *names: str) -> None:
    for name in names:
        world.record(name)


def ids(found: dict[str, str], *names: str) -> list[str]:
    return [found[name] for name in names]


def kinds(world) -> list[tuple[str, str, str | None]]:
    return sorted(
        (kind, customer, other) for kind, customer, other, _ in world.changes() if kind not in ("joined", "left")
    )


def test_each_side_of_an_undone_merge_has_its_own_id_again(world):
    known(world, "b:1")
    older = world.run_on([["b:1"]])["b:1"]
    known(world, "a:1", "a:2", "a:3")
    younger = world.run_on([["b:1"], ["a:1", "a:2", "a:3"]])["a:1"]
    assert set(world.run_on([["b:1", "a:1", "a:2", "a:3"]]).values()) == {older}

    # the larger part was not the older one's: it has its own id to go back to
    found = world.run_on([["b:1"], ["a:1", "a:2", "a:3"]])

    assert ids(found, "b:1", "a:1", "a:2", "a:3") == [older, younger, younger, younger]
    assert kinds(world) == [("restored", younger, older), ("split", younger, older)]


def test_splits_that_are_undone_leave_every_id_as_it_was_though_all_runs_speak_of_one_day(world):
    world.as_of = datetime(2026, 1, 1)
    whole = [[f"crm:{number}", f"shop:{number}"] for number in range(50)]
    known(world, *chain.from_iterable(whole))
    before = world.run_on(whole)
    world.run_on([[name] for pair in whole for name in pair])

    assert world.run_on(whole) == before


def test_a_customer_that_anothers_merge_tore_apart_is_itself_again(world):
    """Two of its records went with a merge; the third stayed alone, under an id of its own for as long as it lasted."""
    known(world, "m:1", "m:2", "m:3")
    world.run_on([["m:1", "m:2", "m:3"]])
    known(world, "c:1", "c:2", "c:3")
    whole = [["m:1", "m:2", "m:3"], ["c:1", "c:2", "c:3"]]
    before = world.run_on(whole)
    torn = [["m:1", "m:2", "m:3", "c:2", "c:3"], ["c:1"]]
    alone = world.run_on(torn)["c:1"]
    assert alone not in before.values()
    assert world.run_on(torn)["c:1"] == alone

    assert world.run_on(whole) == before
    assert resolved(world, alone) == before["c:1"]


def test_a_customer_whose_newcomers_go_back_to_one_that_stayed_keeps_its_id(world):
    """Of a thousand judged merges, the one that did not come back: two of crm's four records were drawn to app:1."""
    four, pair = ["crm:1", "crm:2", "shop:1", "shop:2"], ["pos:1", "pos:2"]
    known(world, *four)
    world.run_on([four])
    known(world, *pair, "app:1")
    whole = [four, pair, ["app:1"]]
    before = world.run_on(whole)
    world.run_on([["crm:1", "crm:2", *pair], ["shop:1", "shop:2", "app:1"]])

    assert world.run_on(whole) == before


def test_a_visitor_that_a_record_was_taken_for_stays_that_visitor_without_it(world):
    known(world, "crm:1", "crm:2", "crm:3")
    world.device("d1")
    whole = [["crm:1", "crm:2", "crm:3"], ["segment:anonymous:d1"]]
    before = world.run_on(whole)
    world.run_on([["crm:2", "crm:3"], ["crm:1", "segment:anonymous:d1"]])

    assert world.run_on(whole) == before


def test_a_merge_that_is_undone_twice_is_undone_as_the_first_time(world):
    known(world, "a:1")
    world.run_on([["a:1"]])
    known(world, "b:1", "b:2")
    whole = [["a:1"], ["b:1", "b:2"]]
    before = world.run_on(whole)
    for _ in range(2):
        world.run_on([["a:1", "b:1", "b:2"]])
        assert world.run_on(whole) == before


def test_a_part_that_lives_on_alone_keeps_the_id_it_was_given(world):
    """Whoever shared its former id is elsewhere, or gone; it has a newcomer, but none of those."""
    known(world, "m:1", "m:2", "m:3", "c:1", "c:2", "c:3")
    world.run_on([["m:1", "m:2", "m:3"], ["c:1", "c:2", "c:3"]])
    alone = world.run_on([["m:1", "m:2", "m:3", "c:2", "c:3"], ["c:1"]])["c:1"]
    world.forget("c:2")
    world.forget("c:3")
    assert world.run_on([["m:1", "m:2", "m:3"], ["c:1"]])["c:1"] == alone
    known(world, "n:1")

    assert world.run_on([["m:1", "m:2", "m:3"], ["c:1", "n:1"]])["c:1"] == alone


def test_an_id_whose_holders_part_one_to_one_stays_with_whoever_held_it_longer(world):
    known(world, "z:1")
    kept = world.run_on([["z:1"]])["z:1"]
    known(world, "a:1", "a:2")
    world.run_on([["z:1", "a:1"], ["a:2"]])

    found = world.run_on([["z:1"], ["a:1", "a:2"]])

    assert found["z:1"] == kept


def test_records_that_came_during_a_merge_go_with_those_they_stay_with(world):
    known(world, "a:1", "b:1")
    before = world.run_on([["a:1"], ["b:1"]])
    world.run_on([["a:1", "b:1"]])
    known(world, "c:1", "c:2", "c:3")
    world.run_on([["a:1", "b:1", "c:1", "c:2", "c:3"]])

    found = world.run_on([["a:1", "c:1", "c:2", "c:3"], ["b:1"]])

    assert ids(found, "a:1", "c:3", "b:1") == [before["a:1"], before["a:1"], before["b:1"]]


def test_a_chain_of_merges_is_undone_link_by_link(world):
    known(world, "x:1", "y:1", "z:1")
    before = world.run_on([["x:1"], ["y:1"], ["z:1"]])
    world.run_on([["x:1", "y:1"], ["z:1"]])
    world.run_on([["x:1", "y:1", "z:1"]])

    assert world.run_on([["x:1"], ["y:1"], ["z:1"]]) == before


def test_a_record_that_was_wrong_before_the_merge_does_not_take_the_id_along(world):
    held = [f"b:{number}" for number in range(10)]
    known(world, *held, "a:1")
    before = world.run_on([held, ["a:1"]])
    world.run_on([[*held, "a:1"]])

    found = world.run_on([[*held[:9], "a:1"], ["b:9"]])

    assert found["b:0"] == found["a:1"] == before["b:0"]
    assert found["b:9"] not in before.values()


def test_most_of_those_who_held_an_id_before_a_merge_keep_it(world):
    known(world, "a:1", "a:2", "a:3", "b:1", "b:2", "b:3")
    before = world.run_on([["b:1", "b:2", "b:3"], ["a:1", "a:2", "a:3"]])
    merged = world.run_on([["b:1", "b:2", "b:3", "a:1", "a:2", "a:3"]])["b:1"]
    side, other = ("b", "a") if before["b:1"] == merged else ("a", "b")

    found = world.run_on([[f"{side}:1", f"{side}:2", f"{other}:1", f"{other}:2", f"{other}:3"], [f"{side}:3"]])

    assert found[f"{side}:1"] == merged != found[f"{side}:3"]


def test_a_merge_that_lasts_does_not_turn_a_split_round(world):
    known(world, "b:1")
    kept = world.run_on([["b:1"]])["b:1"]
    known(world, "a:1")
    world.run_on([["b:1"], ["a:1"]])
    newcomers = [f"n:{number}" for number in range(9)]
    known(world, *newcomers)
    world.run_on([["b:1", "a:1", *newcomers]])

    found = world.run_on([["b:1", "a:1"], newcomers])

    assert found["n:0"] == kept


def test_only_those_who_held_an_id_at_its_end_can_have_it_back(world):
    known(world, "y:1", "a:1", "a:2", "a:3", "b:1", "b:2")
    before = world.run_on([["y:1"], ["a:1", "a:2", "a:3", "b:1", "b:2"]])
    known(world, "y:2")
    world.run_on([["y:1", "y:2"], ["a:1", "a:2", "a:3"], ["b:1", "b:2"]])
    world.forget("a:2")
    world.forget("a:3")
    world.run_on([["y:1", "y:2", "a:1"], ["b:1", "b:2"]])

    found = world.run_on([["y:1", "y:2"], ["a:1"], ["b:1", "b:2"]])

    assert ids(found, "y:1", "a:1") == ids(before, "y:1", "a:1")


def test_a_retired_id_whose_people_stay_merged_is_given_to_nobody(world):
    known(world, "a:1", "a:2", "a:3", "b:1")
    before = world.run_on([["a:1", "a:2", "a:3"], ["b:1"]])
    merged = world.run_on([["a:1", "a:2", "a:3", "b:1"]])["a:1"]
    (gone,) = set(before.values()) - {merged}

    found = world.run_on([["a:1", "b:1"], ["a:2"], ["a:3"]])

    assert gone not in found.values() or gone == found["b:1"]
    assert len(set(found.values())) == 3


def test_of_two_retired_ids_that_come_back_together_the_older_is_given(world):
    known(world, "b:1")
    older = world.run_on([["b:1"]])["b:1"]
    known(world, "c:1")
    younger = world.run_on([["b:1"], ["c:1"]])["c:1"]
    known(world, "a:1")
    # a third customer, known to the first two only later; it is the youngest, and ends up with the id of the oldest
    youngest = world.run_on([["b:1"], ["c:1"], ["a:1"]])["a:1"]
    world.run_on([["b:1", "c:1", "a:1"]])

    found = world.run_on([["b:1"], ["c:1", "a:1"]])

    assert ids(found, "b:1", "c:1", "a:1") == [older, younger, younger]
    assert resolved(world, youngest) in (older, younger)


def resolved(world, customer_id: str) -> str | None:
    rows = world.con.execute(
        "select current_customer_id from identity.retired_customers where customer_id = ?", [customer_id]
    ).fetchall()
    return rows[0][0] if rows else None


def test_a_retired_id_leads_to_its_successor_through_every_merge(world):
    known(world, "z:1")
    last = world.run_on([["z:1"]])["z:1"]
    known(world, "y:1")
    second = world.run_on([["z:1"], ["y:1"]])["y:1"]
    known(world, "x:1")
    first = world.run_on([["z:1"], ["y:1"], ["x:1"]])["x:1"]

    world.run_on([["z:1"], ["y:1", "x:1"]])
    assert resolved(world, first) == second
    world.run_on([["z:1", "y:1", "x:1"]])
    assert (resolved(world, first), resolved(world, second)) == (last, last)

    world.run_on([["z:1"], ["y:1", "x:1"]])
    assert (resolved(world, first), resolved(world, second)) == (second, None)


def test_an_id_whose_records_are_gone_leads_nowhere(world):
    known(world, "a:1", "b:1")
    gone = world.run_on([["a:1"], ["b:1"]])["a:1"]
    world.forget("a:1")
    world.run_on([["b:1"]])
    assert world.con.execute("select customer_id, current_customer_id from identity.retired_customers").fetchall() == [
        (gone, None)
    ]


class Cases:
    """A thousand disjoint stories: two to four groups of records and devices, some older than others."""

    def __init__(self, world, seed: int, count: int) -> None:
        self.world, self.dice = world, random.Random(seed)
        self.cases = [list(self._groups(number)) for number in range(count)]

    def _groups(self, case: int) -> Iterator[list[str]]:
        for group in range(self.dice.randint(2, 4)):
            size = self.dice.randint(1, 3)
            if self.dice.random() < 0.2:
                yield [f"segment:anonymous:{case}.{group}.{each}" for each in range(size)]
            else:
                yield [f"{self.dice.choice(SOURCES)}:{case}.{group}.{each}" for each in range(size)]

    def add(self, names: Iterable[str]) -> None:
        for name in names:
            if name.startswith("segment:anonymous:"):
                self.world.device(name.removeprefix("segment:anonymous:"))
            else:
                self.world.record(name)

    def older(self) -> list[Groups]:
        """Some groups of each case, for a first run; the rest comes with the second."""
        return [[group for group in case if self.dice.random() < 0.5] for case in self.cases]

    def merged(self) -> tuple[list[Groups], list[Groups]]:
        """In each case two groups made one; then, in some, a third and a fourth with them."""
        first, second = [], []
        for case in self.cases:
            shuffled = self.dice.sample(case, len(case))
            for merged, count in ((first, 2), (second, self.dice.randint(2, len(case)))):
                merged.append([list(chain.from_iterable(shuffled[:count])), *shuffled[count:]])
        return first, second

    def torn(self) -> list[Groups]:
        """In most cases two groups made one; and some records of any wander to another group, or off alone."""
        torn = []
        for case in self.cases:
            place = list(range(len(case)))
            if self.dice.random() < 0.7:
                one, other = self.dice.sample(place, 2)
                place[one] = other
            found: dict[int, list[str]] = {}
            for at, group in enumerate(case):
                for name in group:
                    wanders = self.dice.random() < 0.3
                    found.setdefault(self.dice.randrange(len(case) + 1) if wanders else place[at], []).append(name)
            torn.append(list(found.values()))
        return torn


def flat(cases: list[Groups]) -> Groups:
    return [group for case in cases for group in case]


@pytest.fixture(scope="module", params=[1, pytest.param(2, marks=pytest.mark.long)])
def seed(request) -> int:
    return request.param


def test_a_thousand_merges_that_are_split_back_leave_every_id_as_it_was(world, seed):
    cases = Cases(world, seed, 1000)
    older = cases.older()
    cases.add(name for group in flat(older) for name in group)
    world.run_on(flat(older))
    early = {name for group in flat(older) for name in group}
    cases.add(name for group in flat(cases.cases) for name in group if name not in early)
    before = world.run_on(flat(cases.cases))

    whole = [set(group) for case in cases.cases for group in case]
    for merged in cases.merged():
        during = world.run_on(flat(merged))
        untouched = [group for group in flat(merged) if set(group) in whole]
        assert all(during[name] == before[name] for group in untouched for name in group)
        assert len(set(during.values())) == len(flat(merged))

    newcomers = [f"late:{number}" for number in range(len(cases.cases))]
    cases.add(newcomers)
    grown = [[[*case[0], late], *case[1:]] for case, late in zip(merged, newcomers, strict=True)]
    world.run_on(flat(grown))

    # each late record stays with any one of the groups that were merged, or with none
    again = []
    for case, late in zip(cases.cases, newcomers, strict=True):
        place = cases.dice.randrange(len(case) + 1)
        again += [[*group, late] if at == place else group for at, group in enumerate(case)]
        again += [[late]] if place == len(case) else []
    after = world.run_on(again)

    assert {name: after[name] for name in before} == before


def test_a_thousand_customers_torn_and_put_together_again_have_the_ids_they_had(world, seed):
    cases = Cases(world, seed, 1000)
    older = flat(cases.older())
    early = set(chain.from_iterable(older))
    cases.add(sorted(early))
    world.run_on(older)
    cases.add(name for name in chain.from_iterable(flat(cases.cases)) if name not in early)
    before = world.run_on(flat(cases.cases))
    world.run_on(flat(cases.torn()))

    assert world.run_on(flat(cases.cases)) == before


def test_nobody_who_stays_whole_changes_id_whatever_is_torn_beside_them(world, seed):
    cases = Cases(world, seed, 400)
    cases.add(name for group in flat(cases.cases) for name in group)
    groups, found = flat(cases.cases), world.run_on(flat(cases.cases))
    for _ in range(3):
        ids_of = {frozenset(group): found[group[0]] for group in groups}
        groups = flat(cases.torn())
        found = world.run_on(groups)
        assert len(set(found.values())) == len(groups)
        stayed = [group for group in groups if frozenset(group) in ids_of]
        assert len(stayed) > 100
        assert all(found[group[0]] == ids_of[frozenset(group)] for group in stayed)


@pytest.mark.parametrize("threads", [1, 2])
def test_ids_hang_on_the_generation_and_the_records_not_on_their_order_or_the_threads(world, threads):
    dice = random.Random(7)
    names = [f"{dice.choice(SOURCES)}:{number}" for number in range(300)]
    known(world, *names)
    world.run_on([[*names[:200:2]], *([name] for name in [*names[1:200:2], *names[200:]])])
    world.run_on([[one, other] for one, other in zip(names[::2], names[1::2], strict=True)])
    world.publishes = False
    again = [[names[at] for at in range(start, 300, 75)] for start in range(75)]
    world.con.execute(f"set threads = {threads}")
    tables = []
    for _ in range(10):
        shuffled = dict(dice.sample(list(world.records.items()), len(world.records)))
        world.records = shuffled
        world.runs = 2
        world.run_on(dice.sample(again, len(again)))
        tables.append(
            [
                world.con.execute(f"from identity.{table} order by all").fetchall()
                for table in ("identity_map", "run_changes")
            ]
        )
    assert all(table == tables[0] for table in tables)
