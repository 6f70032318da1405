"""Precision and recall, estimated from labels on a stratified sample of pairs.

Belongs here: pure functions from counts to estimates. Must not go here: which pairs are drawn (review.py), scores
against a whole known truth (watching/score.py).
Concept: labels are few and deliberately drawn where it matters, so the share of right answers among them is no estimate
of anything. Within a stratum they are a simple random sample; strata are weighed by their sizes.

Method: Wilson's interval (1927) per stratum; their weighted sum by MOVER, the method of variance estimates recovery
(Zou, Huang and Zhang 2009, "A note on confidence interval estimation for a linear function of binomial proportions"),
which stays honest where every label of a stratum agrees, as the normal interval does not; the ratio in recall by its
counterpart for ratios (Donner and Zou 2012). A stratum without labels counts as anything from 0 to 1. No finite
population correction: intervals err on the wide side.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, sqrt

Z_95 = 1.959964  # standard normal, two-sided 95 %


@dataclass(frozen=True)
class Stratum:
    """pairs: how many there are. labelled: how many of them were labelled same or different. matches: labelled same."""

    pairs: int
    labelled: int
    matches: int


@dataclass(frozen=True)
class Estimate:
    """A share or a number of pairs with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(matches: int, labelled: int, z: float = Z_95) -> tuple[float, float]:
    """Wilson's interval for a proportion; 0 to 1 where nothing is labelled."""
    if not labelled:
        return 0.0, 1.0
    share, spread = matches / labelled, z * z / labelled
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / labelled + spread / (4 * labelled)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def matching_pairs(strata: Iterable[Stratum]) -> Estimate | None:
    """How many pairs of these strata are matches; None where none is labelled."""
    strata = [stratum for stratum in strata if stratum.pairs]
    if not strata:
        return Estimate(0.0, 0.0, 0.0)
    known = [stratum for stratum in strata if stratum.labelled]
    if not known:
        return None
    total, below, above = 0.0, 0.0, 0.0
    for stratum in known:
        share, (low, high) = stratum.matches / stratum.labelled, wilson(stratum.matches, stratum.labelled)
        total += stratum.pairs * share
        below += (stratum.pairs * (share - low)) ** 2
        above += (stratum.pairs * (high - share)) ** 2
    unknown = sum(stratum.pairs for stratum in strata if not stratum.labelled)
    known_pairs = sum(stratum.pairs for stratum in known)
    # the value takes strata without labels to be like the others; the interval takes them at their worst
    return Estimate(
        value=total * (known_pairs + unknown) / known_pairs,
        low=max(0.0, total - sqrt(below)),
        high=min(known_pairs, total + sqrt(above)) + unknown,
    )


def estimate_precision(joined: Iterable[Stratum]) -> Estimate | None:
    """Of the pairs that are in one customer, the share that are one person; None where there is nothing to go by."""
    joined = list(joined)
    pairs = sum(stratum.pairs for stratum in joined)
    matches = matching_pairs(joined)
    if not matches or not pairs:
        return None
    return Estimate(matches.value / pairs, matches.low / pairs, matches.high / pairs)


def estimate_recall(joined: Iterable[Stratum], apart: Iterable[Stratum]) -> Estimate | None:
    """Of the scored pairs that are one person, the share that are in one customer; None where there is no telling.

    Pairs that no blocking rule proposed are in neither, so this is recall over candidates: an upper bound of recall
    over all pairs.
    """
    found, missed = matching_pairs(joined), matching_pairs(apart)
    if not found or not missed or not found.value + missed.value:
        return None
    low, high = _ratio_interval(missed, found)
    return Estimate(found.value / (found.value + missed.value), 1 / (1 + high), 1 / (1 + low))


def _ratio_interval(above: Estimate, below: Estimate) -> tuple[float, float]:
    """The interval of above / below, two independent estimates that are not negative."""
    product = above.value * below.value

    def bound(of_above: float, of_below: float, sign: int) -> float:
        if of_below <= 0:
            return 0.0 if sign < 0 else inf
        squares = of_above * (2 * above.value - of_above) * of_below * (2 * below.value - of_below)
        divisor = of_below * (2 * below.value - of_below)
        if divisor <= 0:
            return 0.0 if sign < 0 else inf
        return max(0.0, (product + sign * sqrt(max(0.0, product * product - squares))) / divisor)

    return bound(above.low, below.high, -1), bound(above.high, below.low, 1)
