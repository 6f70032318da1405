"""What a whole run says of itself: figures that agree with what it published, no warning, and no value of anybody."""

from contextlib import closing

import duckdb
import pytest

from publishing.read import open_published
from warehouse.home import Home
from warehouse.state import open_state

PERSONAL = ("full_name_std", "given_name_std", "family_name_std", "email_std", "phone_std", "street_std", "city_std")


@pytest.fixture(scope="module")
def published(sample_run):
    return open_published(Home(sample_run))


def test_the_figures_agree_with_what_was_published(published: duckdb.DuckDBPyConnection) -> None:
    customers, visitors, records = published.sql(
        "select (select count(*) from customers), (select count(*) from visitors), "
        "(select count(*) from identity_history where valid_to is null and not is_device)"
    ).fetchall()[0]
    measured = dict(
        published.sql(
            "select metric, value from platform_metrics where (source, dimension) = ('all', 'all')"
        ).fetchall()
    )
    assert (measured["customers"], measured["visitors"], measured["records"]) == (customers, visitors, records)
    assert measured["edges"] > 0


def test_every_source_of_records_is_measured(published: duckdb.DuckDBPyConnection) -> None:
    sources = "select distinct source from identity_history where not is_device"
    measured = "select source from platform_metrics where metric = 'match_rate' and source <> 'all'"
    assert set(published.sql(sources).fetchall()) == set(published.sql(measured).fetchall())


def test_the_first_run_of_the_sample_has_a_canary_and_no_warning(sample_run, published) -> None:
    canary = published.sql("select value from platform_metrics where metric = 'canary' and dimension = 'pair_f1'")
    assert canary.fetchall()[0][0] > 0.9
    with closing(open_state(Home(sample_run))) as state:
        rows = state.execute(
            "select passed, warned_count from gate_results where suite = 'identity__int_identity_metrics'"
        ).fetchall()
    assert [tuple(row) for row in rows] == [(1, 0)]


def test_no_value_of_anybody_is_a_metric(sample_run, published: duckdb.DuckDBPyConnection) -> None:
    texts = published.sql(
        "select distinct unnest([metric, source, dimension, unit, run_id]) from platform_metrics"
    ).fetchall()
    with duckdb.connect(str(Home(sample_run).warehouse), read_only=True) as con:
        held = {
            value
            for column in PERSONAL
            for (value,) in con.execute(f"select distinct {column} from conformed.int_records").fetchall()
        }
    assert {text for (text,) in texts} & held == set()


def test_the_levels_of_agreement_are_carried_to_the_next_run(sample_run) -> None:
    with duckdb.connect(str(Home(sample_run).current / "activation.duckdb"), read_only=True) as con:
        rows = con.execute("select sum(pairs_count), sum(baseline_pairs_count) from int_agreement_levels").fetchall()
    assert rows[0][0] == rows[0][1] > 0


def test_every_visit_and_event_is_in_a_history_or_left_out_by_a_rule(sample_run, published) -> None:
    left_out = dict(
        published.sql(
            "select dimension, value from platform_metrics where metric = 'events_left_out' and source = 'segment'"
        ).fetchall()
    )
    with duckdb.connect(str(Home(sample_run).warehouse), read_only=True) as con:
        all_count, kept_count = con.execute(
            "select (select count(*) from conformed.int_events where event_type in ('page', 'screen', 'track')), "
            "(select count(*) from profiles.int_customer_events)"
        ).fetchall()[0]
    assert left_out["crawlers"] > 0
    assert kept_count + sum(left_out.values()) == all_count
