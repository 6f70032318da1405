"""A warehouse of one shop: its ledger, and the project's own functions of a moment over it."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from jinja2 import Environment

from warehouse.home import PROJECT

MODELS = PROJECT / "dbt_project" / "models"
AS_OF = datetime(2026, 11, 1)


@cache
def function_sql(model: str) -> str:
    """The SQL of a model that is a function of a moment, as dbt would compile it."""
    path: Path = next(MODELS.rglob(f"{model}.sql"))
    template = Environment().from_string(path.read_text())
    return template.render(
        config=lambda **_: "",
        ref=lambda name: f"{next(MODELS.rglob(f'{name}.sql')).parent.name}.{name}",
        source=lambda schema, name: f"{schema}.{name}",
    )


class Shop:
    """orders: customer, when, dollars."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute("""
            create schema identity; create schema conformed;
            create table identity.int_customer_ledger (
                entry_id varchar, customer_id varchar, kind varchar, order_id varchar, occurred_at timestamp,
                cancelled_at timestamp, amount_usd decimal(18, 2)
            );
            create table identity.identity_map (record_id varchar, customer_id varchar);
            create table conformed.int_subscriptions (
                subscription_id varchar, record_id varchar,
                started_at timestamp, ended_at timestamp, canceled_at timestamp
            );
        """)
        for name in ("int_order_facts", "int_subscription_facts"):
            self.con.execute(f"create macro identity.{name}(moment) as table {function_sql(name)}")

    def sells(self, orders: list[tuple[str, datetime, float]]) -> "Shop":
        customers, moments, dollars = (list(column) for column in zip(*orders, strict=True))
        self.con.register("sold", pa.table({"customer_id": customers, "occurred_at": moments, "amount_usd": dollars}))
        self.con.execute("""
            insert into identity.int_customer_ledger by name
            select number::varchar as entry_id, number::varchar as order_id, 'order' as kind, * exclude (number)
            from (select row_number() over () as number, * from sold)
        """)
        self.con.unregister("sold")
        return self

    def subscribes(self, runs: list[tuple[datetime, datetime | None]]) -> "Shop":
        begun, ended = (list(column) for column in zip(*runs, strict=True))
        self.con.register("runs", pa.table({"started_at": begun, "ended_at": pa.array(ended, pa.timestamp("us"))}))
        self.con.execute("""
            insert into conformed.int_subscriptions by name
            select number::varchar as subscription_id, 'pay:' || number as record_id, started_at, ended_at
            from (select row_number() over () as number, * from runs);
            insert into identity.identity_map select record_id, 'cus_' || record_id from conformed.int_subscriptions
        """)
        self.con.unregister("runs")
        return self

    def until(self, moment: datetime) -> "Shop":
        """The same shop as it was known at a moment."""
        kept = Shop()
        for table, query in {
            "identity.int_customer_ledger": "from identity.int_customer_ledger where occurred_at <= $at",
            "identity.identity_map": "from identity.identity_map where $at is not null",
            "conformed.int_subscriptions": "select * replace (case when ended_at <= $at then ended_at end as ended_at) "
            "from conformed.int_subscriptions where started_at <= $at",
        }.items():
            kept.con.register("known", self.con.execute(query, {"at": moment}).to_arrow_table())
            kept.con.execute(f"insert into {table} from known")
        return kept


def living(customers: int, spread: float, seed: int = 1) -> list[tuple[str, datetime, float]]:
    """Orders of 900 days. spread: how different customers are, 0 for all alike, who never leave either."""
    dice, orders = np.random.default_rng(seed), []
    for number in range(customers):
        rate = dice.gamma(1 / spread, 0.012 * spread) if spread else 0.012
        worth = 40 * (dice.gamma(2, 0.5) if spread else 1)
        day = dice.uniform(0, 500)
        while day < 900:
            at = AS_OF - timedelta(days=900 - day)
            orders.append((f"cus_{number:05d}", at, round(worth * dice.gamma(4, 0.25), 2)))
            if spread and dice.random() < 0.1:
                break
            day += dice.exponential(1 / max(rate, 1e-9))
    return orders


@pytest.fixture(scope="session")
def lively() -> Shop:
    """A shop of 700 customers who differ, and of 900 subscriptions of which many end in their first months."""
    dice = np.random.default_rng(2)
    begun = [AS_OF - timedelta(days=float(days)) for days in dice.uniform(1, 500, 900)]
    ended = [at + timedelta(days=float(dice.uniform(30, 120))) if dice.random() < 0.6 else None for at in begun]
    return Shop().sells(living(700, spread=1.5)).subscribes(
        [(at, end if end and end < AS_OF else None) for at, end in zip(begun, ended, strict=True)]
    )  # fmt: skip
