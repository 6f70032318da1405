"""Estimates from labels: right in the middle, honest at the edges, and covering the truth as often as they claim."""

import random

import pytest

from identity.judging.quality import Estimate, Stratum, estimate_precision, estimate_recall, matching_pairs, wilson

SIMULATIONS = 1000


def test_wilson_gives_the_textbook_figures():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_strata_are_weighed_by_their_pairs_not_by_their_labels():
    # ten labels where a hundredth of the pairs is: they may not decide
    estimate = estimate_precision([Stratum(9900, 10, 10), Stratum(100, 10, 0)])
    assert estimate.value == pytest.approx(0.99)


def test_one_stratum_is_wilsons_own_interval():
    estimate = estimate_precision([Stratum(1000, 10, 8)])
    assert (estimate.low, estimate.high) == pytest.approx(wilson(8, 10))


def test_a_stratum_without_labels_may_be_anything():
    estimate = estimate_precision([Stratum(500, 50, 50), Stratum(500, 0, 0)])
    assert estimate.value == 1
    assert estimate.low < 0.5
    assert estimate.high == 1


def test_without_labels_there_is_no_estimate():
    assert estimate_precision([]) is None
    assert estimate_precision([Stratum(10, 0, 0)]) is None
    assert estimate_recall([Stratum(10, 5, 5)], [Stratum(10, 0, 0)]) is None
    assert estimate_recall([Stratum(10, 5, 0)], [Stratum(10, 5, 0)]) is None


def test_nothing_apart_is_nothing_missed():
    assert matching_pairs([]) == Estimate(0.0, 0.0, 0.0)
    assert estimate_recall([Stratum(10, 5, 5)], []) == Estimate(1.0, 1.0, 1.0)


def test_all_labels_agreeing_still_leaves_doubt():
    recall = estimate_recall([Stratum(100, 10, 10)], [Stratum(100, 10, 0)])
    assert recall.value == recall.high == 1
    assert 0.6 < recall.low < 0.9


# joined and apart strata as (pairs, share of matches, labels)
WORLDS = {
    "a good model, forty labels": (
        [(20000, 0.999, 8), (800, 0.97, 8), (150, 0.7, 8)],
        [(60, 0.4, 8), (5000, 0.004, 8)],
    ),
    "a poor model": ([(500, 0.9, 15), (300, 0.5, 15)], [(400, 0.3, 15), (2000, 0.02, 15)]),
    "labels everywhere": ([(1000, 0.98, 200), (200, 0.8, 100)], [(300, 0.2, 100), (3000, 0.01, 200)]),
    "few pairs": ([(40, 0.95, 6), (12, 0.5, 6)], [(15, 0.3, 6), (30, 0.0, 6)]),
}


def drawn(shape, choice: random.Random) -> tuple[list[Stratum], int]:
    """A population as it is, and the labels of a simple random sample of each of its strata."""
    strata, matches = [], 0
    for pairs, share, labels in shape:
        truth = round(pairs * share)
        sample = choice.sample(range(pairs), labels)
        strata.append(Stratum(pairs, labels, sum(pair < truth for pair in sample)))
        matches += truth
    return strata, matches


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_the_intervals_cover_the_truth_as_often_as_they_claim(world):
    choice = random.Random(42)
    covered = {"precision": 0, "recall": 0}
    for _ in range(SIMULATIONS):
        joined, found = drawn(world[0], choice)
        apart, missed = drawn(world[1], choice)
        precision = estimate_precision(joined)
        covered["precision"] += precision.low <= found / sum(part.pairs for part in joined) <= precision.high
        recall = estimate_recall(joined, apart)
        covered["recall"] += recall.low <= found / (found + missed) <= recall.high
    assert min(covered.values()) / SIMULATIONS >= 0.92, covered


def test_more_labels_narrow_the_interval():
    few = estimate_precision([Stratum(1000, 10, 9), Stratum(500, 10, 5)])
    many = estimate_precision([Stratum(1000, 100, 90), Stratum(500, 100, 50)])
    assert few.value == many.value
    assert (many.high - many.low) < (few.high - few.low) / 2
