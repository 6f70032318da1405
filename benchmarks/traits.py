"""`python -m benchmarks.traits [EVENTS]`: traits, scores and attribution over so many events, 10 million by default.

Belongs here: made-up tables of the layers before, and the time of what is measured. Must not go here: quality;
whether a score is right is measured by its own back-test in every run.
Concept: one customer per ten events, one order per five customers and month of the last year, an event in five of a
campaign. The tables are made inside DuckDB in a home of its own; the models are the project's.
"""

import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import duckdb

from benchmarks.measure import machine
from warehouse.connection import connect
from warehouse.dbt import run_dbt
from warehouse.home import Home
from warehouse.run import RunContext

EVENTS = 10_000_000
AS_OF = datetime(2026, 11, 1)
FACTS = "int_customer_ledger int_order_facts int_subscription_facts"
TRAITS = (
    "int_customer_touches attribution campaigns score_models int_traits_rfm int_traits_engagement int_traits_support "
    "int_traits_attribution int_traits_lifecycle int_traits_value int_traits_churn int_next_best_actions "
    "customer_traits"
)
# Beside the models of other families, which customer_traits joins where the project has them.
OTHERS = "int_traits_usage int_traits_purchasing int_traits_reach"

TABLES = {
    "meta.run": "select 'run' as run_id, $as_of::timestamp as started_at, $as_of::timestamp as as_of",
    "identity.identity_map": """
        select 'crm:' || i as record_id, 'cus_' || i as customer_id, false as is_device
        from people
    """,
    "identity.int_internal_records": "select '' as record_id, '' as excluded_by where false",
    "conformed.int_orders": """
        select 'shop:' || i || ':' || m as order_id, 'shop' as source, 'crm:' || i as record_id, 'online' as channel,
            $as_of::timestamp - to_days((30 * m + hash(i, m) % 30)::integer) as ordered_at, ordered_at as updated_at,
            null::timestamp as cancelled_at, 'paid' as status, 'USD' as currency,
            (10 + hash(m, i) % 190)::decimal(18, 2) as total_usd,
            0.00::decimal(18, 2) as discount_amount,
            (case when hash(i, m, 3) % 20 = 0 then 5 else 0 end)::decimal(18, 2) as refunded_usd
        from people, range(12) as months (m)
        where hash(i, m, 1) % 100 < hash(i) % 40
    """,
    "conformed.int_returns": """
        select order_id || ':r' as return_id, order_id, record_id, ordered_at + interval 1 day as returned_at,
            5.00 as amount_usd, source
        from conformed.int_orders where refunded_usd > 0
    """,
    "conformed.int_subscriptions": """
        select 'pay:' || i as subscription_id, 'active' as status,
            $as_of::timestamp + interval 20 day as current_period_end_at, 'crm:' || i as record_id,
            $as_of::timestamp - to_days((hash(i, 4) % 700)::integer) as started_at,
            started_at + to_days(60 + (hash(i, 6) % 300)::integer) as leaves_at,
            case when hash(i, 5) % 5 = 0 and leaves_at < $as_of then leaves_at end as ended_at, ended_at as canceled_at
        from people where i % 10 = 0
    """,
    "conformed.int_tickets": """
        select 'desk:' || i as ticket_id, 'crm:' || i as record_id,
        $as_of::timestamp - to_days((hash(i, 7) % 300)::integer) as created_at,
            created_at + interval 2 day as updated_at, created_at + interval 1 day as solved_at, false as is_open,
            (hash(i, 8) % 3)::bigint as reopens_count,
            ['good', 'bad', null][(1 + hash(i, 9) % 3)::bigint] as satisfaction
        from people where i % 4 = 0
    """,
    "conformed.int_carts": """
        select 'cart:' || i as cart_id, 'crm:' || i as record_id, true as is_abandoned,
            $as_of::timestamp - to_days((hash(i, 10) % 60)::integer) as created_at
        from people where i % 5 = 0
    """,
    "conformed.int_ad_clicks": """
        select 'c' || i as click_id, 'google:' || i % 20 as campaign_id, i % 25 = 0 as is_bot
        from people
    """,
    "conformed.int_campaign_costs": """
        select 'google:' || c as campaign_id, 'google' as platform, 'campaign ' || c as campaign_name, 'cpc' as medium,
            date '2026-10-01' + d::integer as cost_date, 1000::bigint as impressions_count, 50::bigint as clicks_count,
            20.00::decimal(18, 2) as cost_usd
        from range(20) as campaigns (c), range(30) as days (d)
    """,
    "conformed.int_messages": """
        select 'mail:' || i as message_event_id, 'crm:' || i as record_id, 'email' as channel,
        'weekly' as campaign_name,
            'clicked' as message_event, $as_of::timestamp - to_days((hash(i, 11) % 80)::integer) as occurred_at
        from people where i % 3 = 0
    """,
    "profiles.int_customer_events": """
        select 'web:' || n as event_id, 'segment' as source, 'track' as event_type,
            ['Feature Used', 'Product Viewed', 'Page Viewed'][1 + (n // 3 % 3)::bigint] as event_name,
            $as_of::timestamp - to_seconds((hash(n) % (90 * 86400))::bigint) as occurred_at,
            'crm:' || (n % $people)::bigint as record_id,
            case when hash(n, 1) % 4 = 0 then 'app' else 'web' end as channel,
            case when n % 5 = 0 then 'google' end as utm_source, case when n % 5 = 0 then 'cpc' end as utm_medium,
            case when n % 5 = 0 then 'campaign ' || n % 20 end as utm_campaign,
            case when n % 10 = 0 then 'c' || (n % $people)::bigint end as click_id,
            case when n % 7 = 0 then 'www.google.com' end as referrer_host
        from range($events::bigint) as numbers (n)
    """,
    "conformed.int_events": """
        select event_id, event_name, occurred_at, '{"feature":"f' || hash(event_id) % 9 || '"}' as properties
        from profiles.int_customer_events
    """,
    "profiles.int_customer_consents": """
        select 'cus_' || i as customer_id, 'email' as channel, 'marketing' as purpose, true as is_allowed
        from people where i % 2 = 0
    """,
    "profiles.customer_timeline": """
        select 'cus_' || substr(record_id, 5) as customer_id, event_id as touch_id, occurred_at, 'event' as touch_type,
            event_name as title, 'customer' as actor, channel, source, record_id, null::decimal(18, 2) as amount_usd
        from profiles.int_customer_events
    """,
    "profiles.customers": """
        select 'cus_' || i as customer_id, 'a@example.com' as email, null::varchar as phone, null::varchar as street,
            null::varchar as city, $as_of::timestamp - interval 900 day as known_at,
            'customer' as lifecycle_stage, 0 as open_severe_tickets_count, 0 as open_tickets_count,
            0 as active_subscriptions_count,
            true as is_marketing_email_allowed
        from people
    """,
    "profiles.int_customer_orders": """
        select 'cus_' || substr(record_id, 5) as customer_id, count(*) as orders_count,
        sum(total_usd - refunded_usd) as orders_revenue_usd
        from conformed.int_orders group by all
    """,
}  # fmt: skip


def load_world(con: duckdb.DuckDBPyConnection, events: int) -> None:
    """Make the tables of the layers before, of so many events and a tenth as many customers."""
    people = max(100, events // 10)
    for schema in ("meta", "conformed", "identity", "profiles"):
        con.execute(f"create schema if not exists {schema}")
    con.execute(f"create or replace temp table crowd as select i from range({people}) as numbers (i)")
    con.execute("create or replace temp view people as select i from crowd")
    for table, query in TABLES.items():
        given = {"as_of": AS_OF, "events": events, "people": people}
        con.execute(f"create or replace table {table} as {query}", {n: v for n, v in given.items() if f"${n}" in query})


def main(events: int = EVENTS) -> None:
    from scoring.tables import score_customers

    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).prepare()
        con = connect(home)
        load_world(con, events)
        run = RunContext("run", AS_OF, AS_OF)
        times = {}
        for name, work in {
            "facts": lambda: run_dbt(home, ["run", "--select", *FACTS.split()]),
            "scores": lambda: score_customers(con, run),
            "traits and attribution": lambda: run_dbt(home, ["run", "--select", *TRAITS.split(), *OTHERS.split()]),
        }.items():
            begun = time.monotonic()
            work()
            times[name] = time.monotonic() - begun
        columns = len(con.execute("describe profiles.customer_traits").fetchall()) - 1
        customers, orders = con.execute(
            "select (select count(*) from profiles.customer_traits), (select count(*) from conformed.int_orders)"
        ).fetchall()[0]
        con.close()
    print(f"{machine()}\n{events:,} events, {customers:,} customers, {orders:,} orders, {columns} traits")
    for name, seconds in times.items():
        print(f"  {name:24} {seconds:6.1f} s")
    print(f"  {'together':24} {sum(times.values()):6.1f} s (at most 60 s at 10,000,000 events)")


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else EVENTS)
