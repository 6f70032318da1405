"""A trait of a past moment sees nothing later: on data cut off at the moment it is what it is on all data.

The functions are the warehouse's own, read from the sample run's file; the data are copied, once whole and once cut
off: rows of later moments removed, and what a row says of a later moment cleared.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

AS_OF = datetime(2026, 11, 1)
FUNCTIONS = {
    "identity.int_order_facts": "customer_id",
    "identity.int_subscription_facts": "subscription_id",
    "profiles.int_traits_rfm": "customer_id",
    "profiles.int_traits_engagement": "customer_id",
    "profiles.int_traits_support": "customer_id",
    "profiles.int_traits_attribution": "customer_id",
    "profiles.int_traits_lifecycle": "customer_id",
}
# What each table is cut by, and which columns speak of a moment of their own: {column: the columns that it says}.
CUTS = {
    "identity.int_customer_ledger": ("occurred_at", {"cancelled_at": ["cancelled_at"]}),
    "identity.identity_map": (None, {}),
    "profiles.customers": (None, {}),
    "profiles.customer_timeline": ("occurred_at", {}),
    "profiles.int_customer_touches": ("occurred_at", {}),
    "conformed.int_subscriptions": ("started_at", {"ended_at": ["ended_at"], "canceled_at": ["canceled_at"]}),
    "conformed.int_tickets": (
        "created_at",
        {
            "solved_at": ["solved_at"],
            "updated_at": ["updated_at", "reopens_count", "satisfaction"],
        },
    ),
}
MOMENTS = [AS_OF - timedelta(days=random.Random(7).uniform(0, 400) if step else 0) for step in range(2)] + [
    AS_OF - timedelta(seconds=random.Random(seed).randrange(400 * 86_400)) for seed in range(10)
]


@pytest.fixture(scope="module")
def world(sample_run: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample's warehouse to read, with `cut` and `whole` beside it, in which every function stands on a copy."""
    con = duckdb.connect()
    con.execute(f"attach '{sample_run / 'warehouse.duckdb'}' as sample (read_only)")
    functions = con.execute(
        "select schema_name || '.' || function_name, macro_definition from duckdb_functions() "
        "where database_name = 'sample' and function_type = 'table_macro'"
    ).fetchall()
    for world in ("whole", "cut"):
        con.execute(f"attach ':memory:' as {world}")
        for schema in ("identity", "profiles", "conformed", "meta"):
            con.execute(f"create schema {world}.{schema}")
        for table in CUTS:
            con.execute(f"create table {world}.{table} as from sample.{table}")
        for name, text in sorted(functions, key=lambda each: each[0] not in ("identity.int_order_facts",)):
            moved = text.replace("warehouse.", f"{world}.").replace('"warehouse".', f"{world}.")
            con.execute(f"create macro {world}.{name}(moment) as table {moved}")
    assert {name for name, _ in functions} >= set(FUNCTIONS)
    yield con
    con.close()


def cut_off(con: duckdb.DuckDBPyConnection, moment: datetime) -> int:
    """Make `cut` what was known at the moment; gives how many rows that took away."""
    gone = 0
    for table, (at, own) in CUTS.items():
        later = f"where {at} <= $moment" if at else ""
        said = {column: clock for clock, columns in own.items() for column in columns}
        kept = ", ".join(
            f"case when {clock} <= $moment then {column} end as {column}" for column, clock in said.items()
        )
        query = f"select * {f'replace ({kept})' if kept else ''} from sample.{table} {later}"
        con.execute(f"create or replace table cut.{table} as {query}", {"moment": moment} if at else None)
        counted = f"select (select count(*) from sample.{table}) - (select count(*) from cut.{table})"
        gone += con.execute(counted).fetchall()[0][0]
    return gone


def values(con: duckdb.DuckDBPyConnection, world: str, function: str, moment: datetime) -> list[tuple]:
    return con.execute(f"from {world}.{function}(?) order by {FUNCTIONS[function]}", [moment]).fetchall()


def test_a_trait_reads_no_later_row(world):
    probes = 0
    for moment in MOMENTS:
        assert cut_off(world, moment) > 0 or moment == AS_OF
        for function in FUNCTIONS:
            whole, cut = values(world, "whole", function, moment), values(world, "cut", function, moment)
            assert cut == whole, f"{function} as of {moment} reads what came later"
            probes += len(whole) * (len(whole[0]) - 1) if whole else 0
    assert probes > 10_000, "too few values to speak of"


def test_a_function_that_read_a_later_row_would_be_caught(world):
    world.execute(
        "create or replace macro cut.main.leaking(moment) as table "
        "select customer_id, max(occurred_at) from cut.identity.int_customer_ledger group by 1"
    )
    moment = AS_OF - timedelta(days=200)
    cut_off(world, moment)
    whole = world.execute("select customer_id, max(occurred_at) from whole.identity.int_customer_ledger group by 1")
    assert world.execute("from cut.main.leaking(?) order by 1", [moment]).fetchall() != sorted(whole.fetchall())


def test_this_runs_traits_are_those_of_its_moment(world, sample_run):
    """What is published is the same function at the run's own moment."""
    published = world.execute(
        "select customer_id, frequency_count, web_last_90_days_count, support_tickets_12_months_count, "
        "last_touch_channel from sample.profiles.customer_traits order by 1"
    ).fetchall()
    asked = world.execute(
        """
        select customers.customer_id, coalesce(frequency_count, 0), coalesce(web_last_90_days_count, 0),
            coalesce(support_tickets_12_months_count, 0), last_touch_channel
        from sample.profiles.customers as customers
        left join whole.profiles.int_traits_rfm($at) as rfm using (customer_id)
        left join whole.profiles.int_traits_engagement($at) as engagement using (customer_id)
        left join whole.profiles.int_traits_support($at) as support using (customer_id)
        left join whole.profiles.int_traits_attribution($at) as attribution using (customer_id)
        order by 1
        """,
        {"at": AS_OF},
    ).fetchall()
    assert published == asked
    assert sum(row[1] for row in published) > 100


def test_scores_are_fifths_of_those_who_ordered(world):
    """Five customers take one fifth each, equal values share a score; later and cancelled orders are not there."""
    rows = [
        ("cus_1", "2026-06-01", None, 10),
        ("cus_2", "2026-07-01", None, 20),
        ("cus_3", "2026-08-01", None, 30),
        *(("cus_4", day, None, 10) for day in ("2026-08-02", "2026-08-12", "2026-08-22", "2026-09-01")),
        *(("cus_5", day, None, 10) for day in ("2026-10-01", "2026-10-10", "2026-10-20", "2026-10-25", "2026-10-31")),
        ("cus_6", "2026-11-02", None, 900),
        ("cus_7", "2026-09-01", "2026-09-02", 900),
        ("cus_1", "2026-11-02", None, 900),
    ]
    world.execute("delete from cut.identity.int_customer_ledger; delete from cut.profiles.customers")
    world.execute(
        "insert into cut.profiles.customers by name select 'cus_' || i as customer_id from range(1, 8) as n (i)"
    )
    for number, (customer, day, cancelled, usd) in enumerate(rows):
        world.execute(
            "insert into cut.identity.int_customer_ledger by name "
            "select ? as entry_id, ? as customer_id, 'order' as kind, "
            "?::timestamp as occurred_at, ?::timestamp as cancelled_at, ? as amount_usd",
            [str(number), customer, day, cancelled, usd],
        )

    found = world.execute(
        "select customer_id, recency_days, recency_score, frequency_score, monetary_score, days_between_orders, "
        "rfm_segment from cut.profiles.int_traits_rfm(?) order by 1",
        [AS_OF],
    ).fetchall()

    assert found == [
        ("cus_1", 153, 1, 1, 1, None, "lapsed"),
        ("cus_2", 123, 2, 1, 2, None, "lapsed"),
        ("cus_3", 92, 3, 1, 3, None, "occasional"),
        ("cus_4", 61, 4, 4, 4, 10.0, "champion"),
        ("cus_5", 1, 5, 5, 5, 7.5, "champion"),
    ]


def test_a_lifecycle_begins_again_after_a_lapse(world):
    days = ["2024-01-01", "2024-06-01", "2025-09-01", "2026-01-01"]
    world.execute("delete from cut.identity.int_customer_ledger; delete from cut.conformed.int_subscriptions")
    for day in days:
        world.execute(
            "insert into cut.identity.int_customer_ledger by name select ? as entry_id, 'cus_1' as customer_id, "
            "'order' as kind, ?::timestamp as occurred_at, 1 as amount_usd",
            [day, day],
        )

    def stage(at: str) -> list[tuple]:
        return world.execute(
            "select lifecycle_stage, lifecycle_since_at::date::varchar "
            "from cut.profiles.int_traits_lifecycle(?::timestamp)",
            [at],
        ).fetchall()

    assert stage("2023-12-31") == []
    assert stage("2024-12-01") == [("customer", "2024-01-01")]
    assert stage("2025-08-01") == [("former_customer", "2025-06-01")]
    assert stage("2026-06-01") == [("customer", "2025-09-01")]
    assert stage("2027-06-01") == [("former_customer", "2027-01-01")]
