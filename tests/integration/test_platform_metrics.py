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
