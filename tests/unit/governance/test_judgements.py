"""The store of judgements: what may go in, what counts, and that nothing is ever changed."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from governance.judgements import Decision, counting, new_decision, overruled, record, standing_under, withdraw
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.state import open_state

WHO = {"author": "ann", "reason": "called them"}
PAIR = [("a:1", "b:1")]


def judge(home: Home, verdict: str, pairs=PAIR, **given) -> str:
    return record(home, [new_decision(pairs, verdict, **(WHO | given))])[0]


def verdicts(home: Home, at: datetime | None = None) -> dict[tuple[str, str], str]:
    return {(one.record_id_l, one.record_id_r): one.verdict for one in counting(home, at)}


def test_a_pair_is_unordered(home: Home) -> None:
    judge(home, "same", [("b:1", "a:1")])
    judge(home, "different", [("a:1", "b:1")])
    assert verdicts(home) == {("a:1", "b:1"): "different"}


def test_the_newest_counts_and_with_it_withdrawn_the_one_before(home: Home) -> None:
    judge(home, "same")
    newer = judge(home, "different")
    assert verdicts(home) == {("a:1", "b:1"): "different"}

    withdraw(home, standing_under(home, newer), **WHO)

    assert verdicts(home) == {("a:1", "b:1"): "same"}


def test_an_expired_judgement_does_not_count_and_the_one_before_does(home: Home) -> None:
    judge(home, "same")
    tomorrow = datetime.now() + timedelta(days=1)
    judge(home, "different", expires_at=tomorrow)
    assert verdicts(home) == {("a:1", "b:1"): "different"}
    assert verdicts(home, at=tomorrow + timedelta(seconds=1)) == {("a:1", "b:1"): "same"}


def test_one_judgement_of_many_pairs_is_withdrawn_whole(home: Home) -> None:
    judgement = judge(home, "different", [("a:1", "b:1"), ("a:2", "b:1")])
    assert len(counting(home)) == 2
    withdraw(home, standing_under(home, judgement), **WHO)
    assert counting(home) == []


def test_a_withdrawal_is_a_row_and_names_who_and_why(home: Home) -> None:
    judgement = judge(home, "same")
    withdraw(home, standing_under(home, judgement), author="bea", reason="was a mistake")
    with closing(open_state(home)) as state:
        rows = state.execute("select verdict, author, reason, withdraws from judgements order by sequence").fetchall()
    assert [tuple(row) for row in rows] == [
        ("same", "ann", "called them", None),
        ("withdrawn", "bea", "was a mistake", judgement),
    ]


def test_no_row_is_ever_changed(home: Home) -> None:
    judge(home, "same")
    with closing(open_state(home)) as state, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        state.execute("update judgements set verdict = 'different'")


def test_decisions_are_stored_all_or_none(home: Home) -> None:
    broken = Decision((("b:1", "a:1"),), "same", "ann", "not ordered")
    with pytest.raises(sqlite3.IntegrityError):
        record(home, [new_decision(PAIR, "same", **WHO), broken])
    assert counting(home) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"verdict": "maybe"}, "same, different, unsure"),
        ({"pairs": [("a:1", "a:1")]}, "against itself"),
        ({"reason": "  "}, "--reason"),
        ({"author": ""}, "--author"),
        ({"expires_at": datetime(2020, 1, 1)}, "2020-01-01 00:00"),
        ({"reason": "ada.canary@example.com says so"}, "e-mail address"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_with_a_remedy_and_no_value(changed, said: str) -> None:
    given = {"pairs": PAIR, "verdict": "same", "expires_at": None} | WHO | changed
    with pytest.raises(CdpError) as refused:
        new_decision(given.pop("pairs"), given.pop("verdict"), **given)
    assert said in str(refused.value)
    assert refused.value.remedy
    assert "canary" not in str(refused.value)


def test_withdrawing_what_is_not_there_says_so(home: Home) -> None:
    with pytest.raises(CdpError, match="does not exist"):
        standing_under(home, "jdg_000000000000")
    judgement = judge(home, "same")
    withdraw(home, standing_under(home, judgement), **WHO)
    with pytest.raises(CdpError, match="withdrawn already"):
        standing_under(home, judgement)


SAME, DIFFERENT = "same", "different"


@pytest.mark.parametrize(
    ("newest_first", "losers"),
    [
        ([("a", "b", SAME), ("b", "c", SAME), ("a", "c", DIFFERENT)], [2]),
        ([("a", "c", DIFFERENT), ("a", "b", SAME), ("b", "c", SAME)], [2]),
        ([("c", "d", DIFFERENT), ("b", "c", SAME), ("a", "b", SAME), ("d", "a", SAME)], [3]),
        ([("a", "c", DIFFERENT), ("a", "b", SAME), ("c", "d", SAME), ("b", "d", SAME)], [3]),
        ([("a", "b", "unsure"), ("a", "b", SAME)], []),
        ([("a", "b", SAME), ("a", "c", SAME), ("b", "c", SAME)], []),
    ],
)
def test_the_oldest_of_what_cannot_all_hold_is_overruled(newest_first, losers: list[int]) -> None:
    assert overruled(newest_first) == losers


def test_a_long_chain_is_settled_in_no_time() -> None:
    chain = [(f"r{n}", f"r{n + 1}", SAME) for n in range(50_000)]
    assert overruled([*chain, ("r0", "r50000", DIFFERENT)]) == [50_000]
