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
from math import exp, log

# Before any label: bits by which weights are off, and share by which they say too much or too little.
SHIFT_SD, SLOPE_SD = 2.0, 0.3
# More evidence must stay more evidence.
SMALLEST_SLOPE = 0.1
# Beyond this, a wrong label would outweigh a hundred right ones.
CLIPPED_AT_BITS = 20.0
LABELS_AT_LEAST = 20
ROUNDS = 50


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
    shift, slope = 0.0, 1.0
    for _ in range(ROUNDS):
        step_shift, step_slope = _step(pairs, shift, slope)
        shift, slope = shift + step_shift, max(slope + step_slope, SMALLEST_SLOPE)
    return Calibration(float(f"{shift:.4g}"), float(f"{slope:.4g}"), len(labelled))


def _step(pairs: Sequence[tuple[float, bool, float]], shift: float, slope: float) -> tuple[float, float]:
    """One step of Newton's method towards the largest posterior."""
    nats = log(2)
    toward_shift, toward_slope = -shift / SHIFT_SD**2, -(slope - 1) / SLOPE_SD**2
    shift_shift, shift_slope, slope_slope = 1 / SHIFT_SD**2, 0.0, 1 / SLOPE_SD**2
    for weight, match, counts in pairs:
        likely = 1 / (1 + exp(-nats * (shift + slope * weight)))
        missed, sure = counts * nats * (match - likely), counts * nats * nats * likely * (1 - likely)
        toward_shift, toward_slope = toward_shift + missed, toward_slope + missed * weight
        shift_shift += sure
        shift_slope += sure * weight
        slope_slope += sure * weight * weight
    determinant = shift_shift * slope_slope - shift_slope**2
    return (
        (toward_shift * slope_slope - toward_slope * shift_slope) / determinant,
        (toward_slope * shift_shift - toward_shift * shift_slope) / determinant,
    )


def calibrated_sql(weight: str, found: Calibration) -> str:
    return weight if found == NONE else f"({found.shift!r} + {found.slope!r} * ({weight}))"
