"""What may be published: what beats the naive answer by more than chance, on enough customers, and is calibrated."""

import numpy as np
import pytest

from scoring.backtest import judge_amount, judge_probability
from scoring.drift import drift_since, histogram


@pytest.fixture
def chances() -> tuple[np.ndarray, np.ndarray]:
    """A thousand customers' true chances, and what happened."""
    dice = np.random.default_rng(4)
    chance = dice.beta(1, 2, 1000)
    return chance, dice.random(1000) < chance


def test_true_chances_are_published(chances):
    chance, happened = chances
    verdict = judge_probability(chance, happened)
    assert verdict.is_published
    assert verdict.error < verdict.baseline_error
    assert verdict.lift == pytest.approx(1 - verdict.error / verdict.baseline_error)
    assert sum(each["customers"] for each in verdict.calibration) == 1000
    assert verdict.calibration_error < 0.05


def test_a_brier_score_is_the_mean_squared_distance():
    foretold, happened = np.tile([0.9, 0.2], 100), np.tile([True, False], 100)
    verdict = judge_probability(foretold, happened)
    assert verdict.error == pytest.approx((0.1**2 + 0.2**2) / 2)
    assert verdict.baseline_error == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("foretold", "reason"),
    [
        (lambda chance, happened: np.full(1000, happened.mean()), "no better than the naive"),
        (lambda chance, happened: np.random.default_rng(1).permutation(chance), "no better than the naive"),
        (lambda chance, happened: happened.mean() + 0.02 * (chance - chance.mean()), "badly calibrated"),
        (lambda chance, happened: np.clip(chance * 0.55, 0, 1), "badly calibrated"),
    ],
    ids=["the mean itself", "somebody else's chance", "hardly more than the mean", "half as likely as it is"],
)
def test_what_is_published_and_why_not(chances, foretold, reason):
    chance, happened = chances
    verdict = judge_probability(foretold(chance, happened), happened)
    assert verdict.reason.startswith(reason)
    assert not verdict.is_published


def test_a_win_that_chance_explains_is_none():
    happened = np.tile([True, False], 100)
    foretold = np.where(np.arange(200) < 107, 0.45 + 0.1 * happened, 0.55 - 0.1 * happened)
    verdict = judge_probability(foretold, happened)
    assert verdict.error < verdict.baseline_error
    assert "which chance explains" in verdict.reason


@pytest.mark.parametrize(("rows", "positives"), [(99, 50), (1000, 19), (1000, 981)])
def test_too_few_are_not_judged(rows, positives):
    happened = np.arange(rows) < positives
    verdict = judge_probability(happened * 0.98 + 0.01, happened)
    assert verdict.reason.startswith("too few to test")
    assert (verdict.error, verdict.lift) == (None, None)


def test_amounts_are_judged_by_their_expectation():
    dice = np.random.default_rng(6)
    expected = dice.gamma(1, 50, 2000)
    spent = np.where(dice.random(2000) < 0.3, expected / 0.3 * dice.gamma(2, 0.5, 2000), 0)
    assert judge_amount(expected, spent).is_published
    assert judge_amount(dice.permutation(expected), spent).reason.startswith("no better")
    assert "sum is off" in judge_amount(expected * 1.5, spent).reason


def test_drift_is_the_stability_index_of_two_histograms():
    same = histogram(np.linspace(0, 1, 500))
    moved = histogram(np.linspace(0.5, 1, 500))
    assert drift_since(same, same) == 0
    assert drift_since(same, moved) > 0.25
    assert drift_since(None, same) is None
    assert drift_since(histogram(np.linspace(0, 1, 50)), same) is None
    assert sum(histogram(np.array([0.5, np.nan, 1e9]))) == 2
