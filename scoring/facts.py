"""What the models are told: facts as of a moment, and what came of them by a later one.

Belongs here: reading the warehouse's functions of a moment. Must not go here: their definitions, which are dbt's
(models/identity/int_order_facts.sql, int_subscription_facts.sql) and serve traits, scores and back-tests alike.
Concept: a fact as of a moment is a function of it alone; nothing that came later can be read through it.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
from numpy.typing import NDArray

from scoring.purchasing import Purchasing

Numbers = NDArray[np.float64]
# Enough for four parameters to their third digit, in a second; ids are hashes, so the first of them are a random draw.
FITTED_AT_MOST = 50_000


@dataclass(frozen=True)
class OrderFacts:
    """Customers who had ordered by a moment, in order of id. purchase_usd: mean of the days with a purchase."""

    customer_ids: NDArray[np.object_]
    purchasing: Purchasing
    purchase_usd: Numbers

    @property
    def purchases(self) -> Numbers:
        return self.purchasing.repeats + 1

    def sample(self) -> "OrderFacts":
        few = slice(FITTED_AT_MOST)
        p = self.purchasing
        return OrderFacts(
            self.customer_ids[few], Purchasing(p.repeats[few], p.last[few], p.age[few]), self.purchase_usd[few]
        )


@dataclass(frozen=True)
class SubscriptionFacts:
    """Subscriptions that had begun by a moment; is_over: whether they had ended too."""

    subscription_ids: NDArray[np.object_]
    customer_ids: NDArray[np.object_]
    age_days: Numbers
    is_over: NDArray[np.bool_]


def order_facts(con: duckdb.DuckDBPyConnection, moment: datetime) -> OrderFacts:
    rows = con.execute(
        """
        select customer_id, purchase_days_count - 1 as repeats, active_days / 7 as last, age_days / 7 as age,
            cast(purchase_usd as double) as purchase_usd
        from identity.int_order_facts(?)
        order by customer_id
        """,
        [moment],
    ).fetchnumpy()
    numbers = {name: _numbers(rows[name]) for name in ("repeats", "last", "age", "purchase_usd")}
    return OrderFacts(
        np.asarray(rows["customer_id"], dtype=object),
        Purchasing(numbers["repeats"], numbers["last"], numbers["age"]),
        numbers["purchase_usd"],
    )


def subscription_facts(con: duckdb.DuckDBPyConnection, moment: datetime) -> SubscriptionFacts:
    rows = con.execute(
        """
        select subscription_id, customer_id, age_days, over_at is not null as is_over
        from identity.int_subscription_facts(?)
        order by subscription_id
        """,
        [moment],
    ).fetchnumpy()
    return SubscriptionFacts(
        np.asarray(rows["subscription_id"], dtype=object),
        np.asarray(rows["customer_id"], dtype=object),
        _numbers(rows["age_days"]),
        np.asarray(rows["is_over"], dtype=bool),
    )


def purchases_after(
    con: duckdb.DuckDBPyConnection, facts: OrderFacts, moment: datetime, until: datetime
) -> tuple[Numbers, Numbers]:
    """Days with a purchase after `moment` and by `until`, and what was ordered on them in dollars, per customer."""
    rows = con.execute(
        """
        select customer_id, count(distinct cast(occurred_at as date)) as days, cast(sum(amount_usd) as double) as usd
        from identity.int_customer_ledger
        where kind = 'order' and occurred_at > ? and occurred_at <= ? and (cancelled_at is null or cancelled_at > ?)
        group by customer_id
        """,
        [moment, until, until],
    ).fetchall()
    found = {customer: (days, usd) for customer, days, usd in rows}
    pairs = [found.get(customer, (0, 0.0)) for customer in facts.customer_ids]
    return np.array([days for days, _ in pairs], dtype=float), np.array([usd for _, usd in pairs], dtype=float)


def _numbers(column: NDArray) -> Numbers:
    return np.ma.filled(np.ma.asarray(column, dtype=float), np.nan)
