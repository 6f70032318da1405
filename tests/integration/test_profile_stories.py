"""The two stories of the demo, as far as profiles tell them, and the accounts' money against the raw tables.

Belongs here: what a whole run over the sample publishes of them. Must not go here: a model's logic (dbt's unit tests).
Concept: REQUIREMENTS, "Two stories test the whole"; seeds/demo/stories.py plays them, truth/stories.json says who.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import TRUTH

STORIES = json.loads((TRUTH / "stories.json").read_text())

# What was paid, from what the sources sent: the newest version of each invoice, order and line, at the rate of its day.
RAW_REVENUE = """
with rates as (
    select
        currency, usd_rate::double as usd_rate, lead(valid_from::date) over dated as valid_until,
        if(row_number() over dated = 1, date '0001-01-01', valid_from::date) as valid_from
    from reference.currencies
    window dated as (partition by currency order by valid_from)
),
invoices as (
    from raw.stripe__invoices
    qualify row_number() over (partition by id order by _load_id desc, _file desc, _line desc) = 1
),
orders as (
    from raw.shopify__orders
    qualify row_number() over (partition by id order by try_cast(updated_at as timestamptz) desc, _load_id desc) = 1
),
lines as (
    from raw.pos__receipts
    qualify row_number() over (partition by receipt_no, line_no order by _load_id desc, _file desc, _line desc) = 1
),
refunds as (
    select id, sum(paid::decimal(18, 2)) as refunded
    from (select id, unnest(json_extract_string(refunds, '$[*].transactions[*].amount')) as paid from orders)
    group by id
),
receipts as (
    select
        receipt_no, currency, min(sold_at::timestamp)::date as sold_on,
        coalesce(sum(quantity::integer * unit_price::decimal(18, 2) - abs(coalesce(discount::decimal(18, 2), 0)))
            filter (where quantity::integer > 0), 0) as sold,
        coalesce(sum(quantity::integer * unit_price::decimal(18, 2) + abs(coalesce(discount::decimal(18, 2), 0)))
            filter (where quantity::integer < 0), 0) as returned
    from lines
    group by all
)
select sum(usd) from (
    select round(amount_paid::bigint / 100.0 * usd_rate, 2) as usd
    from invoices join rates on rates.currency = upper(invoices.currency)
        and epoch_ms(created::bigint * 1000)::date >= valid_from
        and coalesce(epoch_ms(created::bigint * 1000)::date < valid_until, true)
    where not _is_deleted
    union all
    select round(total_price::decimal(18, 2) * usd_rate, 2) - coalesce(round(refunded * usd_rate, 2), 0)
    from orders join rates on rates.currency = upper(orders.currency)
        and coalesce(processed_at, created_at)::timestamptz::date >= valid_from
        and coalesce(coalesce(processed_at, created_at)::timestamptz::date < valid_until, true)
    left join refunds using (id)
    where not _is_deleted and cancelled_at is null and financial_status <> 'voided'
    union all
    select round(sold * usd_rate, 2) + round(returned * usd_rate, 2)
    from receipts join rates on rates.currency = upper(receipts.currency)
        and sold_on >= valid_from and coalesce(sold_on < valid_until, true)
)
"""


@pytest.fixture
def published(sample_run: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(str(sample_run / "published" / "current" / "customers.duckdb"), read_only=True)
    yield con
    con.close()


def one(con: duckdb.DuckDBPyConnection, query: str, *given: Any) -> dict[str, Any]:
    found = con.execute(query, list(given))
    names = [column[0] for column in found.description]
    rows = found.fetchall()
    assert len(rows) == 1
    return dict(zip(names, rows[0], strict=True))


def at(found: datetime, step: dict[str, Any]) -> bool:
    """Is it the moment of the step? Events are told to the second, and sources add milliseconds."""
    return abs(found - datetime.fromisoformat(step["at"]).replace(tzinfo=None)) < timedelta(seconds=1)


def test_the_agent_sees_what_led_up_to_the_ticket(published: duckdb.DuckDBPyConnection) -> None:
    story = STORIES["support"]
    steps = {step["what"]: step for step in story["timeline"]}

    context = one(published, "from ticket_context where ticket_id = ?", story["ticket"])

    assert at(context["opened_at"], steps["ticket"])
    assert context["changed_feature"] == story["feature"]
    assert at(context["product_changed_at"], steps["product change"])
    assert at(context["last_message_at"], steps["message received"])
    assert story["campaign"] in context["last_message"]
    bill = steps["billing step"]
    billed = one(published, "from customer_timeline where touch_id = ?", f"invoice:{bill['invoice']}")
    paid = one(published, "from customer_timeline where touch_id = ?", f"invoice_paid:{bill['invoice']}")
    assert at(billed["occurred_at"], bill)
    assert (context["last_billing"], context["last_billing_at"]) == ("Invoice paid", paid["occurred_at"])
    assert context["is_usage_drop"]
    assert context["failures_count"] == 2
    assert context["last_failed"] == steps["usage drop"]["event"]
    assert all(part in context["led_up_to"] for part in ("approvals", "failed", "usage drop", story["campaign"]))
    requester = story["people"]["requester"]["records"][0]
    asked = one(published, "from customer_identities where record_id = ? limit 1", requester)
    assert asked["customer_id"] == context["customer_id"]


def test_the_account_whose_use_falls_is_at_risk_and_says_why(published: duckdb.DuckDBPyConnection) -> None:
    story = STORIES["account"]

    account = one(published, "from accounts where name = ?", story["company"]["name"])

    assert account["risk_level"] == "high"
    assert account["usage_change_pct"] < -50
    for reason in (
        "product use fell",
        "users are still active",
        "severe tickets open: 1",
        "tickets rise: 3 in 30 days",
    ):
        assert reason in account["risk_reasons"]
    assert account["tickets_count"] == len(story["tickets"])
    others = published.execute("select count(*) from accounts where risk_level = 'high'").fetchall()[0][0]
    assert others == 1, "a signal that everybody has is none"


def test_the_buying_committee_has_its_parts(published: duckdb.DuckDBPyConnection) -> None:
    people = STORIES["account"]["people"]
    wanted = {
        "buyer": "buyer",
        "administrator": "admin",
        "champion": "evaluator",
        "user": "user",
        "second_user": "user",
    }

    found = {
        role: one(
            published,
            "select distinct buying_role from account_members join customer_identities using (customer_id) "
            "where is_primary and record_id = ?",
            person["records"][0],
        )["buying_role"]
        for role, person in people.items()
    }

    assert found == wanted


def test_revenue_of_accounts_and_of_all_others_is_what_the_sources_sent_to_the_cent(sample_run: Path) -> None:
    con = duckdb.connect(str(sample_run / "warehouse.duckdb"), read_only=True)
    con.execute("set timezone = 'UTC'")

    sent = con.execute(RAW_REVENUE).fetchall()[0][0]
    in_accounts, in_others = con.execute(
        "select (select sum(revenue_usd) from profiles.accounts), "
        "(select sum(lifetime_value_usd) from profiles.customers where account_id is null)"
    ).fetchall()[0]
    of_nobody = con.execute(
        "select coalesce(sum(coalesce(total_usd, 0) - coalesce(refunded_usd, 0)), 0) from conformed.int_orders "
        "where lower(status) not in ('cancelled', 'voided') and (record_id is null or record_id not in "
        "(select record_id from identity.identity_map join profiles.customers using (customer_id)))"
    ).fetchall()[0][0]
    con.close()

    assert float(in_accounts) > 0
    assert round(float(sent) - float(in_accounts) - float(in_others) - float(of_nobody), 2) == 0
