"""The scores: each foretells from the facts of a moment, and is tested on what followed an earlier one.

Belongs here: which scores there are; fitting, foretelling and testing each. Must not go here: writing them (tables.py).
Concept: a score foretells something that can be seen to happen or not, within a time that the data reach back, so that
it can be tested; "alive" cannot be seen, and is told only where the purchases that follow from it were foretold well.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property

import duckdb
import numpy as np
from numpy.typing import NDArray

from scoring.backtest import Verdict, judge_amount, judge_probability
from scoring.facts import OrderFacts, order_facts, order_facts_and_outcome, subscription_facts
from scoring.purchasing import PurchasingModel, fit_purchasing
from scoring.spending import SpendingModel, fit_spending
from scoring.subscriptions import HazardModel, fit_hazards

Numbers = NDArray[np.float64]
SOON_DAYS, YEAR_DAYS = 90, 365


@dataclass(frozen=True)
class Score:
    """One score as of a moment: values per customer, the model behind it, and how it did on the past.

    values: what is foretold, whether it may be published or not; companions: columns that stand or fall with it.
    """

    name: str
    model: str
    horizon_days: int
    customer_ids: NDArray[np.object_]
    values: Numbers
    parameters: dict[str, float | list[float]]
    fitted_rows: int
    verdict: Verdict
    companions: dict[str, Numbers]


@dataclass(frozen=True)
class Buying:
    """Both models of buying, fitted to the facts of one moment; either may be missing."""

    facts: OrderFacts
    purchasing: PurchasingModel | None
    spending: SpendingModel | None
    value_correlation: float

    @classmethod
    def of(cls, facts: OrderFacts) -> "Buying":
        few = facts.sample()
        known = few.purchase_usd > 0
        correlation = np.nan
        if known.sum() > 2 and np.ptp(few.purchases[known]) > 0 and np.ptp(few.purchase_usd[known]) > 0:
            correlation = np.corrcoef(few.purchases[known], few.purchase_usd[known])[0, 1]
        return cls(
            facts, fit_purchasing(few.purchasing), fit_spending(few.purchases, few.purchase_usd), float(correlation)
        )

    def soon(self) -> Numbers:
        return self._foretold(lambda model: model.buys_within(SOON_DAYS / 7, self.facts.purchasing))

    def gone(self) -> Numbers:
        return self._foretold(lambda model: 1 - model.buys_within(YEAR_DAYS / 7, self.facts.purchasing))

    @cached_property
    def orders(self) -> Numbers:
        return self._foretold(lambda model: model.purchases_within(YEAR_DAYS / 7, self.facts.purchasing))

    def worth(self) -> Numbers:
        """The expected worth of a day with a purchase."""
        if self.spending is None:
            return np.full(len(self.facts.customer_ids), np.nan)
        return self.spending.expected_value(self.facts.purchases, self.facts.purchase_usd)

    def value(self) -> Numbers:
        return self.orders * self.worth()

    def parameters(self, with_spending: bool = False) -> dict[str, float | list[float]]:
        found = asdict(self.purchasing) if self.purchasing else {}
        if with_spending and self.spending:
            found |= asdict(self.spending) | {"value_correlation": self.value_correlation}
        return found

    def _foretold(self, read: Callable[[PurchasingModel], Numbers]) -> Numbers:
        return read(self.purchasing) if self.purchasing else np.full(len(self.facts.customer_ids), np.nan)


def make_scores(con: duckdb.DuckDBPyConnection, as_of: datetime) -> list[Score]:
    """Every score as of this moment, with its back-test on the same data. Needs what facts.py reads."""
    soon, year = as_of - timedelta(days=SOON_DAYS), as_of - timedelta(days=YEAR_DAYS)
    (soon_facts, of_soon), (year_facts, of_year) = (
        order_facts_and_outcome(con, moment, as_of) for moment in (soon, year)
    )
    now, then, long_ago = Buying.of(order_facts(con, as_of)), Buying.of(soon_facts), Buying.of(year_facts)
    alive = now._foretold(lambda model: model.alive(now.facts.purchasing))
    return [
        _of_buying(
            "repeat_purchase_probability_90_days", SOON_DAYS, now, now.soon(),
            _judged(then.soon(), lambda foretold: judge_probability(foretold, of_soon.purchases > 0)),
            {"alive_probability": alive},
        ),
        _of_buying(
            "order_churn_probability_12_months", YEAR_DAYS, now, now.gone(),
            _judged(long_ago.gone(), lambda foretold: judge_probability(foretold, of_year.purchases == 0)),
        ),
        _of_buying(
            "expected_orders_12_months", YEAR_DAYS, now, now.orders,
            _judged(long_ago.orders, lambda foretold: judge_amount(foretold, of_year.purchases)),
        ),
        _of_buying(
            "expected_value_12_months_usd", YEAR_DAYS, now, now.value(),
            _judged(long_ago.value(), lambda foretold: judge_amount(foretold, of_year.spent_usd)),
            {"expected_order_value_usd": now.worth()}, with_spending=True,
        ),
        _of_subscriptions(con, as_of),
    ]  # fmt: skip


def _of_buying(
    name: str, days: int, now: Buying, values: Numbers, verdict: Verdict,
    companions: dict[str, Numbers] | None = None, with_spending: bool = False,
) -> Score:  # fmt: skip
    model = "BG/NBD and Gamma-Gamma" if with_spending else "BG/NBD"
    fitted = len(now.facts.sample().customer_ids)
    return Score(
        name, model, days, now.facts.customer_ids, values, now.parameters(with_spending), fitted, verdict,
        companions or {},
    )  # fmt: skip


def _judged(foretold: Numbers, judge: Callable[[Numbers], Verdict]) -> Verdict:
    """The verdict, or that there was no model to judge: nobody had bought twice by then, or nothing was likeliest."""
    if len(foretold) and np.isfinite(foretold).all():
        return judge(foretold)
    return Verdict("none", len(foretold), None, None, None, None, [], "no model: too few customers had bought twice")


def _of_subscriptions(con: duckdb.DuckDBPyConnection, as_of: datetime) -> Score:
    """Who will have ended a subscription; for a customer with several, any of them."""
    past = as_of - timedelta(days=SOON_DAYS)
    now, then = subscription_facts(con, as_of), subscription_facts(con, past)
    over = dict(zip(now.subscription_ids, now.is_over, strict=True))
    running = ~then.is_over
    model, earlier = fit_hazards(now.age_days, now.is_over), fit_hazards(then.age_days, then.is_over)
    verdict = Verdict("none", 0, None, None, None, None, [], "no model: nobody had subscribed by then")
    if earlier is not None:
        happened = np.array([over.get(key, False) for key in then.subscription_ids[running]], dtype=bool)
        verdict = judge_probability(earlier.ends_within(SOON_DAYS, then.age_days[running]), happened)
    customers, stays = _per_customer(model, now.customer_ids[~now.is_over], now.age_days[~now.is_over])
    return Score(
        "subscription_churn_probability_90_days", "hazard by tenure", SOON_DAYS, customers, 1 - stays,
        {"monthly_hazards": list(model.hazards)} if model else {}, len(now.age_days), verdict, {},
    )  # fmt: skip


def _per_customer(
    model: HazardModel | None, customers: NDArray[np.object_], age_days: Numbers
) -> tuple[NDArray[np.object_], Numbers]:
    """The probability that every running subscription of a customer goes on."""
    if model is None or not len(customers):
        return np.array([], dtype=object), np.array([])
    names, places = np.unique(customers, return_inverse=True)
    logs = np.bincount(places, weights=np.log1p(-model.ends_within(SOON_DAYS, age_days)))
    return names, np.exp(logs)
