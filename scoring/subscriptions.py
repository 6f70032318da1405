"""The hazard of subscriptions: which share of those that reach a month ends in it, by how long they have run.

Belongs here: counting the hazard and what follows from it. Must not go here: where the facts come from (facts.py).
Concept: a life table (Kaplan and Meier 1958) in bands of months, each drawn towards the hazard of all by a few months
of it, so that a band which hardly anybody reached says no more than it knows. Every number can be checked by hand.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
DAYS_PER_MONTH = 365.25 / 12
# Months at which a band begins: a subscription is left soon or late, seldom between, and few run for years.
BANDS = (0, 2, 4, 7, 13, 25)
# How many subscription-months of the common hazard each band is given beside its own; 12 are one year of one customer.
PRIOR_MONTHS = 12.0


@dataclass(frozen=True)
class HazardModel:
    """hazards: the probability, per band of BANDS, that one running at a month's start ends in that month."""

    hazards: tuple[float, ...]

    def ends_within(self, days: float, age_days: Numbers) -> Numbers:
        """The probability, 0 to 1, that a subscription of this age ends in so many days."""
        return -np.expm1(-(self._integrated(age_days + days) - self._integrated(age_days)))

    def _integrated(self, age_days: Numbers) -> Numbers:
        """The cumulative hazard at an age: that of the bands left behind, and of the part of the present one."""
        months = np.maximum(age_days, 0) / DAYS_PER_MONTH
        rates = -np.log1p(-np.asarray(self.hazards))
        ends = np.append(BANDS[1:], np.inf)
        within = [np.clip(months, start, end) - start for start, end in zip(BANDS, ends, strict=True)]
        return np.sum([rate * part for rate, part in zip(rates, within, strict=True)], axis=0)


def fit_hazards(age_days: Numbers, ended: NDArray[np.bool_]) -> HazardModel | None:
    """age_days: how long each subscription ran, to its end or to the facts' moment; ended: whether it was its end.

    None where no subscription was observed.
    """
    months = np.maximum(age_days, 0) / DAYS_PER_MONTH
    if not months.sum() > 0:
        return None
    bands = zip(BANDS, np.append(BANDS[1:], np.inf), strict=True)
    counts = [
        (float((ended & (months >= start) & (months < end)).sum()), float((np.clip(months, start, end) - start).sum()))
        for start, end in bands
    ]
    common = float(ended.sum()) / float(months.sum())
    rates = [(ends + common * PRIOR_MONTHS) / (exposed + PRIOR_MONTHS) for ends, exposed in counts]
    return HazardModel(tuple(float(-np.expm1(-rate)) for rate in rates))
