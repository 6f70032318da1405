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
# Enough for four parameters to their second digit, in half a second; ids are hashes, so the first are a random draw.
FITTED_AT_MOST = 20_000


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
class Outcome:
    """What followed a moment, per customer of its facts: days with a purchase, and dollars ordered on them."""

    purchases: Numbers
    spent_usd: Numbers


@dataclass(frozen=True)
class SubscriptionFacts:
    """Subscriptions that had begun by a moment; is_over: whether they had ended too."""

    subscription_ids: NDArray[np.object_]
    customer_ids: NDArray[np.object_]
    age_days: Numbers
    is_over: NDArray[np.bool_]


def order_facts(con: duckdb.DuckDBPyConnection, moment: datetime) -> OrderFacts:
    return order_facts_and_outcome(con, moment, moment)[0]


def order_facts_and_outcome(
    con: duckdb.DuckDBPyConnection, moment: datetime, until: datetime
) -> tuple[OrderFacts, Outcome]:
    """The facts of a moment, and apart from them what followed it until the other."""
    rows = con.execute(
        """
        with outcome as (
            select
                customer_id,
                count(distinct cast(occurred_at as date)) as purchases,
                cast(sum(amount_usd) as double) as spent_usd
            from identity.int_customer_ledger
            where kind = 'order' and occurred_at > $moment and occurred_at <= $until
                and (cancelled_at is null or cancelled_at > $until)
            group by customer_id
        )
        select facts.customer_id, facts.purchase_days_count - 1 as repeats, facts.active_days / 7 as last,
            facts.age_days / 7 as age, cast(facts.purchase_usd as double) as purchase_usd,
            coalesce(outcome.purchases, 0) as purchases, coalesce(outcome.spent_usd, 0) as spent_usd
        from identity.int_order_facts($moment) as facts
        left join outcome on outcome.customer_id = facts.customer_id
        order by facts.customer_id
        """,
        {"moment": moment, "until": until},
    ).fetchnumpy()
    numbers = {name: _numbers(column) for name, column in rows.items() if name != "customer_id"}
    facts = OrderFacts(
        np.asarray(rows["customer_id"], dtype=object),
        Purchasing(numbers["repeats"], numbers["last"], numbers["age"]),
        numbers["purchase_usd"],
    )
    return facts, Outcome(numbers["purchases"], numbers["spent_usd"])


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


def _numbers(column: NDArray) -> Numbers:
    return np.ma.filled(np.ma.asarray(column, dtype=float), np.nan)
