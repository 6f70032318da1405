"""The review queue: what comes first, that every pair may be drawn, and that the answers estimate the whole."""

import random

import pytest

from governance.judgements import Decision, counting, record, withdraw
from governance.labels import record_answer
from identity.judging.review import Review, Waiting, allocate
from tests.unit.cli.conftest import publish
from warehouse.home import Home

WHO = {"author": "ann", "reason": "looked"}


def answer(home: Home, question, verdict: str) -> None:
    pair = (question.record_id_l, question.record_id_r)
    record_answer(home, Decision((pair,), verdict, **WHO), question.draw)


def pairs_of(questions) -> list[tuple[str, str]]:
    return [(question.record_id_l, question.record_id_r) for question in questions]


# --- how many of which stratum ---------------------------------------------------------------------------------------


def test_every_stratum_gives_one_and_the_highest_priority_comes_first():
    waiting = {"dull": Waiting(1000, 1.0), "hot": Waiting(10, 9.0), "warm": Waiting(10, 3.0)}
    assert list(allocate(waiting, 6)) == ["hot", "warm", "dull"]
    assert min(allocate(waiting, 6).values()) == 1
    assert allocate(waiting, 2) == {"hot": 1, "warm": 1}


def test_the_rest_goes_where_answers_matter_and_where_the_pairs_are():
    given = allocate({"dull": Waiting(1000, 0.0), "hot": Waiting(1000, 90.0)}, 41)
    assert given == {"hot": 31, "dull": 10}


def test_no_stratum_gives_more_than_it_has():
    assert allocate({"a": Waiting(2, 5.0), "b": Waiting(3, 1.0)}, 100) == {"a": 2, "b": 3}
    assert allocate({}, 5) == {}


# --- the queue on a published generation -----------------------------------------------------------------------------


def test_the_least_certain_pairs_of_the_most_valuable_customers_come_first(home):
    publish(home)
    queue = pairs_of(Review(home).queue(9))
    assert len(queue) == 6
    assert set(queue[:2]) == {("crm:1", "shop:2"), ("shop:1", "shop:2")}
    assert queue[-1] == ("crm:1", "shop:1")


def test_a_draw_says_how_probable_it_was_and_what_the_model_said(home):
    publish(home)
    draw = next(q.draw for q in Review(home).queue(1))
    assert draw.stratum == "joined, unsure, high exposure"
    assert draw.draw_probability == 0.5
    assert 0.5 < draw.match_probability < 0.8
    assert draw.model_version == "model1"


def test_what_is_judged_is_not_asked_again_until_it_is_withdrawn(home):
    publish(home)
    review = Review(home)
    for question in review.queue(9):
        answer(home, question, "unsure")
    assert review.queue(9) == []
    withdraw(home, counting(home), **WHO)
    assert len(review.queue(9)) == 6


def test_pairs_judged_before_this_generation_are_no_part_of_it(home):
    publish(home, edges=[("crm:1", "shop:1", "deterministic", 14.0, False), ("crm:1", "shop:1", "judgement", 0, False)])
    assert Review(home).queue(9) == []


def test_a_label_lapses_with_its_judgement(home):
    publish(home)
    review = Review(home)
    for question in review.queue(9):
        answer(home, question, "same")
    assert review.estimates()["precision"].value == 1
    withdraw(home, counting(home), **WHO)
    assert review.estimates()["precision"] is None


def test_a_plain_judgement_is_no_label(home):
    publish(home)
    record(home, [Decision((("crm:1", "shop:1"),), "same", **WHO)])
    assert Review(home).estimates()["precision"] is None


# --- sessions on a large population whose truth is known -------------------------------------------------------------


def population(choice: random.Random):
    """Records of 600 customers of three records each, edges of every certainty, and which of them are true."""
    records, edges, truth = {}, [], {}
    for number in range(600):
        names = [f"s{side}:{number:04}" for side in range(3)]
        for name in names:
            records[name] = (f"cus_{number}", "ada canary", choice.choice([0, 0, 50, 20_000]))
        other = f"s0:{choice.randrange(600):04}"
        for left, right in [(names[0], names[1]), (names[1], names[2]), tuple(sorted((names[2], other)))]:
            if left != right and (left, right) not in truth:
                is_joined = left[3:] == right[3:]
                weight = choice.uniform(-2, 20) if is_joined else choice.uniform(-4, 3)
                edges.append((left, right, "probabilistic", weight, False))
                truth[left, right] = choice.random() < 1 / (1 + 2**-weight)
    return records, edges, truth


@pytest.mark.parametrize("seed", range(3))
def test_sessions_that_stop_early_still_estimate_the_whole(home, seed):
    records, edges, truth = population(random.Random(seed))
    publish(home, edges, records)
    joined = [is_true for (left, right), is_true in truth.items() if left[3:] == right[3:]]
    precision, recall = sum(joined) / len(joined), sum(joined) / sum(truth.values())

    review = Review(home)
    for stop_after in (60, 45, 60):
        for question in review.queue(60)[:stop_after]:
            answer(home, question, "same" if truth[question.record_id_l, question.record_id_r] else "different")

    found = review.estimates()
    assert found["precision"].low <= precision <= found["precision"].high
    assert found["recall"].low <= recall <= found["recall"].high
    assert found["precision"].high - found["precision"].low < 0.2
    plain = [one.verdict == "same" for one in counting(home) if one.record_id_l[3:] == one.record_id_r[3:]]
    assert abs(sum(plain) / len(plain) - precision) > abs(found["precision"].value - precision)
