"""BG/NBD: how often customers without a contract buy, and whether they still do.

Belongs here: the likelihood, its maximum, and what follows from it. Must not go here: where the facts come from
(facts.py), or what is published (scores.py).
Concept: Fader, Hardie and Lee, "Counting your customers the easy way", Marketing Science 24 (2005). While alive a
customer buys at a rate that is constant, gamma(r, alpha) among customers; after each purchase it may leave for good,
with a probability that is beta(a, b) among customers. Ours on scipy: the library of this model, lifetimes, is archived,
and its successor needs a sampler.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, betaln, gammaln, hyp2f1

from scoring.likelihood import greatest

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Purchasing:
    """One entry per customer who ever bought. repeats: days with a purchase after the first; last: weeks from the first
    purchase to the last, 0 without a repeat; age: weeks from the first purchase to the moment that the facts speak of.
    """

    repeats: Numbers
    last: Numbers
    age: Numbers


@dataclass(frozen=True)
class PurchasingModel:
    """r and alpha: shape and rate (weeks) of the rates of buying; a and b: of the probabilities of leaving."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, customers: Purchasing) -> Numbers:
        """The probability, 0 to 1, that a customer still buys; 1 after one purchase: there was no occasion to leave."""
        return 1 / (1 + np.exp(self._log_odds_of_having_left(customers)))

    def buys_within(self, weeks: float, customers: Purchasing) -> Numbers:
        """The probability, 0 to 1, of at least one purchase in so many weeks from the facts' moment on."""
        silent = (self.r + customers.repeats) * np.log(self._ratio(weeks, customers))
        return -np.expm1(silent) * self.alive(customers)

    def purchases_within(self, weeks: float, customers: Purchasing) -> Numbers:
        """How many purchases are expected in so many weeks (the paper's equation 10, by Euler's transformation, under
        which the hypergeometric function's arguments do not grow with the customer).
        """
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6  # the limit at 1 is finite; the formula is not
        ratio = self._ratio(weeks, customers)
        size = a + self.b + customers.repeats - 1
        with np.errstate(all="ignore"):
            series = hyp2f1(a + self.b - 1 - self.r, a - 1, size, 1 - ratio)
            found = size / (a - 1) * (1 - ratio ** (a - 1) * series)
        unsure = ~np.isfinite(found) | (found < 0)
        if unsure.any():
            few = Purchasing(customers.repeats[unsure], customers.last[unsure], customers.age[unsure])
            found[unsure] = self._by_quantiles(weeks, few)
        return found * self.alive(customers)

    def _by_quantiles(self, weeks: float, customers: Purchasing) -> Numbers:
        """The same mean over 100 quantiles of the probability of leaving, where the series fails: parameters at their
        bounds. A customer who leaves after each purchase with probability p makes (1 - exp(-rate p t)) / p of them.
        """
        unit = weeks / (self.alpha + customers.age)
        total = np.zeros(len(customers.repeats))
        for share in (np.arange(100) + 0.5) / 100:
            leaving = np.maximum(betaincinv(self.a, self.b + customers.repeats, share), 1e-9)
            total -= np.expm1(-(self.r + customers.repeats) * np.log1p(leaving * unit)) / leaving
        return total / 100

    def _ratio(self, weeks: float, customers: Purchasing) -> Numbers:
        return (self.alpha + customers.age) / (self.alpha + customers.age + weeks)

    def _log_odds_of_having_left(self, customers: Purchasing) -> Numbers:
        x = customers.repeats
        ratio = np.log(self.alpha + customers.age) - np.log(self.alpha + customers.last)
        with np.errstate(divide="ignore"):
            return np.where(
                x > 0, np.log(self.a) - np.log(np.maximum(self.b + x - 1, 1e-300)) + (self.r + x) * ratio, -np.inf
            )


def fit_purchasing(customers: Purchasing) -> PurchasingModel | None:
    """The model under which the facts are likeliest; None where there is none, as where nobody bought twice."""
    if not len(customers.repeats) or not customers.repeats.any():
        return None
    rows, counts = np.unique(
        np.column_stack([customers.repeats, customers.last, customers.age]), axis=0, return_counts=True
    )
    distinct = Purchasing(*rows.T)
    found = greatest(
        lambda parameters: log_likelihood(PurchasingModel(*parameters), distinct), counts, start=(1, 1, 1, 1)
    )
    return PurchasingModel(*found) if found is not None else None


def log_likelihood(model: PurchasingModel, customers: Purchasing) -> Numbers:
    """Per customer, the logarithm of the paper's equation 6."""
    r, alpha, a, b, x = model.r, model.alpha, model.a, model.b, customers.repeats
    buying = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    staying = betaln(a, b + x) - betaln(a, b)
    silence = -(r + x) * np.log(alpha + customers.age)
    return buying + staying + silence + np.logaddexp(0, model._log_odds_of_having_left(customers))
