"""What people decide, in the runs that follow: splits, merges, expiry, undo, contradictions."""

import random
from datetime import datetime, timedelta

import pytest

from governance.judgements import Decision, counting, record, standing_under, withdraw
from tests.unit.identity.conftest import World

WHY = {"author": "ann", "reason": "called them"}


def judge(world: World, left: str, right: str, verdict: str, expires_at: datetime | None = None) -> str:
    decision = Decision((((min(left, right)), max(left, right)),), verdict, expires_at=expires_at, **WHY)
    return record(world.home, [decision])[0]


def outcomes(world: World) -> dict[str, str]:
    return dict(world.con.execute("select judgement_id, outcome from identity.judgements").fetchall())


@pytest.fixture
def namesakes(world: World) -> World:
    """Two records that one mailbox makes one person."""
    world.record("a:1", given="robert", family="gray", email="gray@x.org")
    world.record("b:1", given="robert", family="gray", email="gray@x.org")
    return world


TOGETHER, APART = {frozenset({"a:1", "b:1"})}, {frozenset({"a:1"}), frozenset({"b:1"})}


def test_different_splits_a_cluster_in_every_later_run(namesakes):
    namesakes.run()
    assert namesakes.groups() == TOGETHER

    judge(namesakes, "b:1", "a:1", "different")

    for _ in range(2):
        namesakes.run()
        assert namesakes.groups() == APART


def test_different_holds_through_records_that_lie_between(namesakes):
    for number in range(5):
        namesakes.record(f"c:{number}", given="robert", family="gray", email="gray@x.org")
    judge(namesakes, "a:1", "b:1", "different")

    found = namesakes.run()

    assert found["a:1"] != found["b:1"]


def test_different_beats_even_one_account(world):
    world.record("a:1", user_id="u1", given="ann").record("a:2", user_id="u1", given="ann")
    judge(world, "a:1", "a:2", "different")
    world.run()
    assert world.groups() == {frozenset({"a:1"}), frozenset({"a:2"})}


def test_same_joins_two_records_that_share_no_value(world):
    world.record("a:1", given="ann", email="ann@x.org").record("b:1", given="bea", email="bea@y.org")
    judge(world, "a:1", "b:1", "same")
    world.run()
    assert world.groups() == TOGETHER


def test_same_beats_two_accounts_and_brings_their_devices_along(world):
    world.record("a:1", user_id="u1", given="ann").record("b:1", user_id="u2", given="bea")
    world.device("d1", "u1").device("d2", "u2")
    judge(world, "a:1", "b:1", "same")
    world.run()
    assert world.groups() == {frozenset({"a:1", "b:1", "segment:anonymous:d1", "segment:anonymous:d2"})}


def test_a_device_may_be_judged_too(world):
    world.record("a:1", given="ann").device("d1")
    judge(world, "a:1", "segment:anonymous:d1", "same")
    world.run()
    assert world.groups() == {frozenset({"a:1", "segment:anonymous:d1"})}


def test_unsure_changes_nothing_and_is_a_row(namesakes):
    unsure = judge(namesakes, "a:1", "b:1", "unsure")
    namesakes.run()
    assert namesakes.groups() == TOGETHER
    assert outcomes(namesakes) == {unsure: "unsure"}


def test_a_judgement_lapses_when_it_expires(namesakes):
    # World's runs speak of 1, 2, 3 January 2026
    judge(namesakes, "a:1", "b:1", "different", expires_at=datetime(2026, 1, 1, 12))
    namesakes.run()
    assert namesakes.groups() == APART
    namesakes.run()
    assert namesakes.groups() == TOGETHER
    assert outcomes(namesakes) == {}


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_undo_gives_the_former_clusters_back(namesakes, verdict):
    namesakes.record("c:1", given="carl", email="carl@x.org")
    namesakes.run()
    before = namesakes.groups()
    judgement = judge(namesakes, "a:1", "c:1" if verdict == "same" else "b:1", verdict)
    namesakes.run()
    assert namesakes.groups() != before

    withdraw(namesakes.home, standing_under(namesakes.home, judgement), **WHY)

    namesakes.run()
    assert namesakes.groups() == before


def test_the_newest_verdict_on_a_pair_counts_and_undoing_it_restores_the_one_before(namesakes):
    judge(namesakes, "a:1", "b:1", "different")
    newer = judge(namesakes, "a:1", "b:1", "same")
    namesakes.run()
    assert namesakes.groups() == TOGETHER

    withdraw(namesakes.home, standing_under(namesakes.home, newer), **WHY)

    namesakes.run()
    assert namesakes.groups() == APART


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_of_verdicts_that_cannot_all_hold_the_oldest_is_overruled_and_said(world, order):
    for source in "abc":
        world.record(f"{source}:1", given=source * 3)
    wanted = [("a:1", "b:1", "same"), ("b:1", "c:1", "same"), ("a:1", "c:1", "different")]

    made = [judge(world, *wanted[position]) for position in order]
    found = world.run()

    assert outcomes(world) == {made[0]: "overruled", made[1]: "honoured", made[2]: "honoured"}
    for position in order[1:]:
        left, right, verdict = wanted[position]
        assert (found[left] == found[right]) == (verdict == "same")


def test_a_judgement_about_a_record_that_is_gone_is_counted_and_ignored(namesakes):
    gone = judge(namesakes, "a:1", "z:9", "same")
    namesakes.run()
    assert namesakes.groups() == TOGETHER
    assert outcomes(namesakes) == {gone: "record unknown"}


@pytest.mark.parametrize(
    ("verdict", "edge"),
    [
        ("same", ("judged_same", 60.0, 1.0, False, None)),
        ("different", ("judged_different", -60.0, 0.0, True, "judged different")),
    ],
)
def test_verdicts_are_edges_beside_the_models_own(namesakes, verdict, edge):
    judge(namesakes, "a:1", "b:1", verdict)
    namesakes.run()
    rows = namesakes.con.execute(
        "select kind, rule, match_weight, match_probability, is_cut, cut_reason from identity.edges order by kind"
    ).fetchall()
    assert [row[0] for row in rows] == ["deterministic", "judgement"]
    assert rows[1][1:] == edge
    assert namesakes.summary.judged_edges == 1


def test_the_reason_never_leaves_the_store(namesakes):
    record(namesakes.home, [Decision((("a:1", "b:1"),), "same", "ann", "Zyxquorine said so")])
    namesakes.run()
    namesakes.con.execute("checkpoint")
    assert b"Zyxquorine" not in namesakes.home.warehouse.read_bytes()
    assert list(namesakes.home.tmp.glob("*.jsonl")) == []


def test_the_snapshot_does_not_hang_on_the_order_of_rows_or_threads(namesakes):
    judge(namesakes, "a:1", "b:1", "different")
    found = set()
    for threads in (1, 2, 4):
        namesakes.con.execute(f"set threads = {threads}")
        namesakes.run()
        found.add(frozenset(namesakes.groups()))
    assert len(found) == 1


CASES = 1000


def many_graphs(world: World, choice: random.Random, cases: int) -> list[tuple[str, str, str]]:
    """Disjoint graphs of 2 to 5 records with random links, and one to four random verdicts on each."""
    verdicts = []
    for case in range(cases):
        names = [f"s{choice.randrange(3)}:{case:04}-{n}" for n in range(choice.randrange(2, 6))]
        for name in names:
            world.record(
                name,
                user_id=f"u{case}-{choice.randrange(2)}" if choice.random() < 0.3 else None,
                given=f"g{case}" if choice.random() < 0.8 else f"h{case}",
                email=f"m{case}-{choice.randrange(2)}@x.org",
                phone=f"+44{case:06}{choice.randrange(2)}",
            )
        for _ in range(choice.randrange(1, 5)):
            left, right = sorted(choice.sample(names, 2))
            verdicts.append((left, right, choice.choice(["same", "different"])))
    return verdicts


def test_no_verdict_is_violated_in_a_thousand_disjoint_cases(world):
    verdicts = many_graphs(world, random.Random(7), CASES)
    record(world.home, [Decision(((left, right),), verdict, **WHY) for left, right, verdict in verdicts])

    found = world.run()

    honoured = world.con.execute(
        "select record_id_l, record_id_r, verdict from identity.judgements where outcome = 'honoured'"
    ).fetchall()
    violated = [row for row in honoured if (found[row[0]] == found[row[1]]) != (row[2] == "same")]
    assert violated == []
    assert len({left.split(":")[1].split("-")[0] for left, _, _ in honoured}) == CASES
    assert {"honoured", "overruled"} == set(outcomes(world).values())
    assert len(honoured) > len(counting(world.home)) * 0.9


def test_undoing_every_verdict_restores_every_cluster(world):
    verdicts = many_graphs(world, random.Random(8), 100)
    world.run()
    before = world.groups()
    record(world.home, [Decision(((left, right),), verdict, **WHY) for left, right, verdict in verdicts])
    world.run()
    assert world.groups() != before

    while judged := counting(world.home):
        withdraw(world.home, judged, **WHY)
    world.run()

    assert world.groups() == before
    assert counting(world.home, datetime.now() + timedelta(days=9)) == []
