"""The report's words and figures over tables made by hand: every figure is the table's, every word is escaped."""

from datetime import datetime

import duckdb
import pytest

from reporting.figures import read_figures, written
from reporting.report import report_page
from reporting.trend import draw_trend

HOSTILE = '<img src="http://localhost:9/x.png" onerror="document.title=1">'


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("""
        create table customers as select 'cus_a' as customer_id;
        create table visitors as select unnest(['cus_b', 'cus_c']) as customer_id;
        create table platform_metrics as
        select * replace (value::double as value), null::double as previous_value from (values
            ('run1', timestamp '2026-01-01', 'customers', 'all', 'all', 4.0, 'customers'),
            ('run2', timestamp '2026-01-02', 'customers', 'all', 'all', 1.0, 'customers'),
            ('run2', timestamp '2026-01-02', 'churn_rate', 'all', 'orders', 0.256, 'share'),
            ('run2', timestamp '2026-01-02', 'match_rate', 'crm', 'all', 0.5, 'share'),
            ('run2', timestamp '2026-01-02', 'tickets_count', 'all', 'all', 57.0, 'tickets')
        ) as rows (run_id, recorded_at, metric, source, dimension, value, unit);
        create table data_quality as
        select
            date '2026-01-02' as measured_on, 'crm' as source, 'email' as field, 0.5 as completeness, 1.0 as validity,
            null::double as freshness, null::double as consistency, 75.0 as score_pct;
        create table segments (
            segment varchar, members_count bigint, considered_count bigint, entered_count bigint, left_count bigint,
            owner varchar
        );
        create table segment_reach (segment varchar, channel varchar, sendable_count bigint);
        create table segment_accuracy (segment varchar, expected_precision double);
        create table field_report as
        select
            'run2' as run_id, timestamp '2026-01-02' as effective_at, 'customers' as model, 'email' as field,
            'crm' as winning_system, 'sales' as owner, 20 as compared_count, 5 as conflicts_count, 2.5 as stale_pct,
            false as is_ownerless, true as is_used;
        create table score_models as
        select
            'run2' as run_id, timestamp '2026-01-02' as recorded_at, 'churn' as score, 'hazard' as model,
            90 as horizon_days, 500 as tested_rows_count, 0.2 as error, 0.25 as baseline_error, 0.2 as lift,
            0.01 as calibration_error, null::double as drift, true as is_published, null::varchar as reason;
    """)
    con.execute("insert into segments values (?, 12, 100, 3, 1, 'marketing')", [HOSTILE])
    return con


def test_the_page_says_what_the_tables_say(con: duckdb.DuckDBPyConnection) -> None:
    page = report_page(con, "g1")
    assert "1 customer and 2 visitors in generation g1" in page
    assert "<b>25.6 %</b>of buyers did not buy again in 90 days" in page
    assert "<td>crm</td><td>email</td><td class=figure>50.0 %</td>" in page
    assert "<td class=s4>75</td>" in page
    assert (
        "<td class=figure>12</td><td class=figure>12.0 %</td><td class=figure>+3</td><td class=figure>−1</td>" in page
    )
    assert "<td class=figure>20</td><td class=figure>5</td><td class=figure>2.5 %</td>" in page
    assert "<td class=figure>0.200</td><td class=figure>0.250</td><td class=figure>20.0 %</td>" in page


def test_nobody_moved_is_no_sign(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update segments set entered_count = 0, left_count = 0")
    page = report_page(con, "g1")
    assert "<td class=figure>12.0 %</td><td class=figure>0</td><td class=figure>0</td>" in page


def test_every_word_of_the_data_is_escaped(con: duckdb.DuckDBPyConnection) -> None:
    page = report_page(con, HOSTILE)
    assert "<img" not in page
    assert page.count("&lt;img") == 2


def test_a_home_with_nothing_in_it_has_a_page(con: duckdb.DuckDBPyConnection) -> None:
    tables = ("customers", "visitors", "platform_metrics", "data_quality", "segments", "field_report", "score_models")
    for table in tables:
        con.execute(f"delete from {table}")
    assert "0 customers and 0 visitors" in report_page(con, "g1")


@pytest.mark.parametrize(
    ("previous", "change"),
    [(None, "first measured"), (0.2561, "as before"), (0.3, "−4.4 points"), (0.2, "+5.6 points")],
)
def test_a_figure_says_how_it_moved(con: duckdb.DuckDBPyConnection, previous: float | None, change: str) -> None:
    con.execute("update platform_metrics set previous_value = ? where metric = 'churn_rate'", [previous])
    found = read_figures(con).one("churn_rate", dimension="orders")
    assert found is not None
    assert (found.shown, found.change) == ("25.6 %", change)


def test_figures_are_the_last_runs(con: duckdb.DuckDBPyConnection) -> None:
    figures = read_figures(con)
    assert figures.one("customers").value == 1
    assert [value for _, value, _ in figures.history("customers")] == [4, 1]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(1234.5, "usd", "$1,234"), (3.6, "usd", "$3.60"), (5.54, "hours", "5.5 h"), (80.71, "percent", "80.7"),
     (1234, "customers", "1,234"), (0.5, "index", "0.50")],
)  # fmt: skip
def test_a_figure_is_written_with_its_unit(value: float, unit: str, text: str) -> None:
    assert written(value, unit) == text


def test_a_trend_of_one_moment_or_of_zeros_is_drawn() -> None:
    moment = datetime(2026, 1, 1)
    assert "NaN" not in draw_trend("T", [(moment, 0.0, "0")])
    assert 'points="16.0,92.0 340.0,44.0"' in draw_trend("T", [(moment, 0, "0"), (datetime(2026, 1, 2), 5, "5")])
