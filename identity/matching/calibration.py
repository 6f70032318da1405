"""What labels teach: how far the model's bits are to be believed.

Belongs here: the fit, and its SQL. Must not go here: which pairs are labelled (judging/review.py), the model's own
weights (explanations.py).
Concept: Platt 1999. Whether a labelled pair is a match is a logistic function of its weight; shift and slope in bits
correct weights that promise too much or too little. Pairs are drawn for review where answers matter, so each label
stands for as many pairs as its draw was improbable (Horvitz and Thompson 1952); all together they count as their
effective number (Kish 1965). With few of them what is fitted stays near what the model says by itself (a normal prior
on both).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.floating[Any]]

# Before any label: bits by which weights are off, and by which factor; and how far either may be from that.
EXPECTED, SPREAD = np.array([0.0, 1.0]), np.array([2.0, 0.3])
# More evidence must stay more evidence.
SMALLEST_SLOPE = 0.1
# Beyond this, a wrong label would outweigh a hundred right ones.
CLIPPED_AT_BITS = 20.0
LABELS_AT_LEAST = 20


@dataclass(frozen=True)
class Calibration:
    """weight = shift + slope × the model's own, in bits; labels: how many taught it."""

    shift: float = 0.0
    slope: float = 1.0
    labels: int = 0


NONE = Calibration()


def fit(labelled: Sequence[tuple[float, bool, float]]) -> Calibration:
    """The most likely calibration for labels; NONE for too few.

    labelled: the model's own weight of a pair in bits, whether it is a match, and how many pairs the label stands for.
    """
    if len(labelled) < LABELS_AT_LEAST:
        return NONE
    total, squares = sum(times for *_, times in labelled), sum(times**2 for *_, times in labelled)
    pairs = [
        (max(-CLIPPED_AT_BITS, min(CLIPPED_AT_BITS, weight)), match, times * total / squares)
        for weight, match, times in labelled
    ]
    shift, slope = _most_likely(*np.array(pairs, dtype=float).T)
    return Calibration(float(f"{shift:.4g}"), float(f"{slope:.4g}"), len(labelled))


def _most_likely(weights: Reals, matches: Reals, counts: Reals) -> tuple[float, float]:
    """Shift and slope of the largest posterior: a convex problem, solved within bounds."""
    from scipy.optimize import minimize

    nats = log(2)

    def disbelief(found: Reals) -> tuple[float, Reals]:
        """Minus the log posterior in nats, and its slope towards shift and slope."""
        logit = nats * (found[0] + found[1] * weights)
        surprise = counts * (np.logaddexp(0, logit) - matches * logit)
        off = counts * nats * (1 / (1 + np.exp(-np.clip(logit, -500, 500))) - matches)
        from_prior = (found - EXPECTED) / SPREAD
        return (
            surprise.sum() + (from_prior**2).sum() / 2,
            np.array([off.sum(), (off * weights).sum()]) + from_prior / SPREAD,
        )

    found = minimize(disbelief, EXPECTED, jac=True, method="L-BFGS-B", bounds=[(None, None), (SMALLEST_SLOPE, None)])
    return float(found.x[0]), float(found.x[1])


def calibrated_sql(weight: str, found: Calibration) -> str:
    return weight if found == NONE else f"({found.shift!r} + {found.slope!r} * ({weight}))"
