"""Gamma-Gamma: what a customer's purchase is worth on average, seen through the few purchases that it made.

Belongs here: the likelihood, its maximum, and the expected value. Must not go here: how often somebody buys.
Concept: Fader and Hardie, "The Gamma-Gamma model of monetary value" (2013). Purchases vary around the customer's mean,
gamma(p, .), and means vary among customers; what one does not know of a customer is taken from the others. It assumes
that how often somebody buys says nothing of how much; `score_models` keeps the correlation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from scoring.likelihood import greatest

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class SpendingModel:
    """p: shape of one customer's purchases; q and scale (in the currency's unit): of the means among customers. q is
    above 1, or the mean of the means would be infinite.
    """

    p: float
    q: float
    scale: float

    def expected_value(self, purchases: Numbers, mean: Numbers) -> Numbers:
        """The mean worth of a customer's purchases to come, given how many were seen and their mean; with none seen,
        everybody's.
        """
        seen = np.where(purchases > 0, np.nan_to_num(mean) * purchases, 0)
        return self.p * (self.scale + seen) / (self.p * purchases + self.q - 1)


def fit_spending(purchases: Numbers, mean: Numbers) -> SpendingModel | None:
    """The model under which these means of so many purchases are likeliest; a customer without a mean says nothing.

    None where there is none, or none with a finite mean.
    """
    known = (purchases > 0) & (mean > 0)
    if known.sum() < 2:
        return None
    rows, counts = np.unique(np.column_stack([purchases[known], mean[known]]), axis=0, return_counts=True)
    found = greatest(
        lambda parameters: log_likelihood(SpendingModel(*parameters), *rows.T),
        counts,
        start=(1, 2, float(np.median(mean[known]))),
    )
    return SpendingModel(*found) if found is not None and found[1] > 1 else None


def log_likelihood(model: SpendingModel, purchases: Numbers, mean: Numbers) -> Numbers:
    """Per customer, the logarithm of the note's equation 1."""
    p, q, scale, total = model.p, model.q, model.scale, purchases * mean
    return (
        gammaln(p * purchases + q) - gammaln(p * purchases) - gammaln(q) + q * np.log(scale)
        + (p * purchases - 1) * np.log(mean) + p * purchases * np.log(purchases)
        - (p * purchases + q) * np.log(scale + total)
    )  # fmt: skip
