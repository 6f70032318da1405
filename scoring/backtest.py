"""Back-tests: what a score foretold from the facts of an earlier moment, held against what then happened.

Belongs here: errors, calibration, baselines and the verdict. Must not go here: models, or reading facts.
Concept: Brier 1950 for probabilities, the Poisson deviance for amounts. The naive answer is the best that one number
can give, and it is told the outcome's mean beforehand: a score that cannot beat it knows nothing about anybody in
particular. A score must win by more than chance explains, since on few customers either may win.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

Numbers = NDArray[np.float64]

# Fewer customers, or fewer of either outcome, say nothing about a probability: 20 of a kind leave an error of a fifth.
CUSTOMERS_AT_LEAST, OUTCOMES_AT_LEAST = 100, 20
# How many standard errors a score must win by: chance alone does so once in twenty.
ERRORS_AT_LEAST = 1.645
# A well-calibrated probability is right on average within a bin; a tenth off is the most that a decision can live with.
CALIBRATION_ERROR_AT_MOST = 0.10
# A sum of money foretold for all customers may be off by a third of it.
TOTAL_OFF_AT_MOST = 1 / 3
BINS = 10


@dataclass(frozen=True)
class Verdict:
    """What a back-test found. error and baseline_error are of measure; lift is the share of the naive error that the
    score saves, below 0 if it adds to it; calibration_error is a mean distance of probabilities, or for amounts how far
    the foretold sum is from the true one, as a share of it. reason says why the score is not published.
    """

    measure: str
    rows: int
    positives: int | None
    error: float | None
    baseline_error: float | None
    calibration_error: float | None
    calibration: list[dict[str, float]]
    reason: str | None

    @property
    def is_published(self) -> bool:
        return self.reason is None

    @property
    def lift(self) -> float | None:
        if self.error is None or not self.baseline_error:
            return None
        return 1 - self.error / self.baseline_error


def judge_probability(foretold: Numbers, happened: NDArray[np.bool_]) -> Verdict:
    """Judge probabilities (0 to 1) by the Brier score, against the share of those to whom it happened."""
    rows, positives = len(happened), int(happened.sum())
    if rows < CUSTOMERS_AT_LEAST or min(positives, rows - positives) < OUTCOMES_AT_LEAST:
        few = (
            f"too few to test: {rows} customers, {positives} of them with the outcome; "
            f"at least {CUSTOMERS_AT_LEAST}, with {OUTCOMES_AT_LEAST} of either outcome"
        )
        return Verdict("brier", rows, positives, None, None, None, [], few)
    truth = happened.astype(float)
    errors, naive = (foretold - truth) ** 2, (truth.mean() - truth) ** 2
    bins = _bins(foretold, truth)
    off = sum(each["customers"] * abs(each["foretold"] - each["happened"]) for each in bins) / rows
    reason = _lost(errors, naive) or (
        f"badly calibrated: off by {off:.3f} on average, at most {CALIBRATION_ERROR_AT_MOST}"
        if off > CALIBRATION_ERROR_AT_MOST
        else None
    )
    return Verdict("brier", rows, positives, float(errors.mean()), float(naive.mean()), float(off), bins, reason)


def judge_amount(foretold: Numbers, happened: Numbers) -> Verdict:
    """Judge expected amounts by the Poisson deviance, against the mean: like the squared error it is least for the true
    expectation, but one order of ten thousand does not decide alone.
    """
    rows, positives = len(happened), int((happened > 0).sum())
    if rows < CUSTOMERS_AT_LEAST or positives < OUTCOMES_AT_LEAST:
        few = (
            f"too few to test: {rows} customers, {positives} of them with an amount; "
            f"at least {CUSTOMERS_AT_LEAST}, with {OUTCOMES_AT_LEAST} amounts"
        )
        return Verdict("deviance", rows, positives, None, None, None, [], few)
    truth = np.maximum(happened, 0)
    errors, naive = _deviance(foretold, truth), _deviance(np.full(rows, truth.mean()), truth)
    off = abs(float(foretold.sum()) / float(truth.sum()) - 1)
    reason = _lost(errors, naive) or (
        f"the foretold sum is off by {off:.0%}, at most {TOTAL_OFF_AT_MOST:.0%}" if off > TOTAL_OFF_AT_MOST else None
    )
    return Verdict(
        "deviance", rows, positives, float(errors.mean()), float(naive.mean()), off, _bins(foretold, truth), reason
    )


def _deviance(foretold: Numbers, truth: Numbers) -> Numbers:
    mean = np.maximum(foretold, 0.01)  # a cent: nobody is foretold to spend less and then spends
    return 2 * (xlogy(truth, truth / mean) - truth + mean)


def _lost(errors: Numbers, naive: Numbers) -> str | None:
    """Why a score does not beat the naive answer; None if it does, by more than chance."""
    gains = naive - errors
    won_by, noise = float(gains.mean()), float(gains.std(ddof=1)) / len(gains) ** 0.5
    if won_by <= 0:
        return f"no better than the naive answer: error {errors.mean():.4f}, naive {naive.mean():.4f}"
    if won_by < ERRORS_AT_LEAST * noise:
        return f"better than the naive answer by {won_by:.4f}, which chance explains (standard error {noise:.4f})"
    return None


def _bins(foretold: Numbers, happened: Numbers) -> list[dict[str, float]]:
    """Tenths of the customers by what was foretold of them, with what happened on average."""
    order = np.argsort(foretold, kind="stable")
    return [
        {
            "customers": len(part),
            "foretold": round(float(foretold[part].mean()), 4),
            "happened": round(float(happened[part].mean()), 4),
        }
        for part in np.array_split(order, BINS)
        if len(part)
    ]
