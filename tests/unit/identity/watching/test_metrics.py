"""What a run is measured by: figures worked by hand, drift against the model's first run, history over runs."""

from math import log

import duckdb
import pytest

from identity.roles import platform_roles
from tests.unit.identity.measured import Figures, Runs


@pytest.fixture
def runs() -> Runs:
    return Runs(duckdb.connect())


def of(figures: Figures, metric: str) -> dict[str, float]:
    """A metric's figures by source or, where it is of all sources, by dimension."""
    return {
        source if source != "all" else dimension: value
        for (name, source, dimension), value in figures.items()
        if name == metric
    }


def test_records_and_customers_are_counted_per_source(runs: Runs) -> None:
    figures = runs.run()
    assert of(figures, "records") == {"all": 6, "crm": 3, "shop": 3}
    assert of(figures, "customers") == {"all": 3, "crm": 2, "shop": 3}
    assert of(figures, "duplicate_records") == {"all": 3, "crm": 1, "shop": 0}
    assert of(figures, "records_per_customer") == {"all": 2, "crm": 1.5, "shop": 1}
    assert of(figures, "duplicate_reduction") == pytest.approx({"all": 1 / 2, "crm": 1 / 3, "shop": 0})
    assert (of(figures, "devices"), of(figures, "visitors")) == ({"all": 2}, {"all": 1})


def test_the_match_rate_is_of_records_that_another_source_knows_too(runs: Runs) -> None:
    figures = runs.run()
    assert of(figures, "match_rate") == pytest.approx({"all": 5 / 6, "crm": 1, "shop": 2 / 3})
    assert of(figures, "unmatched_share") == pytest.approx({"all": 1 / 6, "crm": 0, "shop": 1 / 3})


def test_doubles_within_one_source_are_no_match(runs: Runs) -> None:
    runs.con.execute("update identity.identity_map set source = 'crm'")
    assert of(runs.run(), "match_rate") == {"all": 0, "crm": 0}


def test_sizes_of_customers_count_records_and_no_devices(runs: Runs) -> None:
    figures = runs.run()
    assert of(figures, "customer_size") == {"median": 2, "p99": 3, "largest": 3}
    assert of(figures, "customers_by_size") == {"1": 1, "2": 1, "3-5": 1}


def test_edges_verdicts_and_cuts_are_counted_by_kind(runs: Runs) -> None:
    runs.agree({"same": 2})
    runs.con.execute("update identity.edges set is_cut = true")
    runs.con.execute(
        "insert into identity.edges values ('crm:1', 'shop:3', 'judgement', 'judged_different', -60, '{}', null, false)"
    )
    runs.con.execute(
        "insert into identity.cut_identifiers values "
        "('email', 'too many people'), ('phone', 'too many people'), ('phone', 'too many records')"
    )
    figures = runs.run()
    assert of(figures, "edges") == {"all": 3, "judgement": 1, "probabilistic": 2}
    assert of(figures, "cut_edges") == {"all": 2}
    assert of(figures, "judged_pairs") == {"all": 1, "judged_different": 1}
    assert of(figures, "cut_identifiers") == {"all": 3, "too many people": 2, "too many records": 1}


def test_completeness_is_per_source_and_field_and_every_role_is_a_field(runs: Runs) -> None:
    runs.con.execute(
        "update conformed.int_records set email_std = 'a' where record_id in ('crm:1', 'shop:1', 'shop:2')"
    )
    figures = runs.run()
    emails = {
        source: value
        for (metric, source, field), value in figures.items()
        if (metric, field) == ("completeness", "email")
    }
    assert emails == pytest.approx({"all": 1 / 2, "crm": 1 / 3, "shop": 2 / 3})
    assert {field for metric, _, field in figures if metric == "completeness"} == set(platform_roles().roles)


def test_drift_is_the_population_stability_index_against_the_models_first_run(runs: Runs) -> None:
    runs.agree({"same": 200, "different": 200})
    assert of(runs.run(), "population_stability_index") == {"email": 0}

    runs.agree({"same": 300, "different": 100})
    shifted = 0.25 * log(0.75 / 0.5) - 0.25 * log(0.25 / 0.5)
    assert of(runs.run(), "population_stability_index") == pytest.approx({"email": shifted})
    assert of(runs.run(), "population_stability_index") == pytest.approx({"email": shifted}), (
        "the baseline stays the first run"
    )


def test_a_level_that_is_new_counts_against_half_a_pair(runs: Runs) -> None:
    runs.agree({"same": 400})
    runs.run()
    runs.agree({"same": 300, "alike": 100})
    new, same = 0.25, 0.75
    expected = (new - 0.5 / 400) * log(new / (0.5 / 400)) + (same - 1) * log(same)
    assert of(runs.run(), "population_stability_index") == pytest.approx({"email": expected})


def test_a_new_model_begins_anew(runs: Runs) -> None:
    runs.agree({"same": 400})
    runs.run()
    runs.agree({"different": 400}, model="m2")
    assert of(runs.run(), "population_stability_index") == {"email": 0}


def test_too_few_pairs_are_no_drift_and_no_baseline(runs: Runs) -> None:
    runs.agree({"same": 199})
    figures = runs.run()
    assert of(figures, "compared_pairs") == {"email": 199}
    assert of(figures, "population_stability_index") == {}
    runs.agree({"different": 200})
    assert of(runs.run(), "population_stability_index") == {"email": 0}


def test_the_mean_evidence_is_in_bits_per_field(runs: Runs) -> None:
    runs.agree({"same": 3}, bits=7.5)
    assert of(runs.run(), "mean_evidence") == {"email": 7.5}


def test_a_run_knows_the_figure_of_the_run_before(runs: Runs) -> None:
    runs.run()
    runs.con.execute("insert into identity.identity_map values ('shop:4', 'shop', 'eve', false)")
    runs.run()
    rows = runs.con.execute(
        "select run_id, value, previous_value from identity.int_identity_metrics "
        "where metric = 'records' and source = 'shop'"
    ).fetchall()
    assert rows == [("run2", 4, 3)]


def test_a_repeated_run_is_measured_once(runs: Runs) -> None:
    runs.run()
    runs.count = 0
    runs.run()
    rows = runs.con.execute(
        "select value, previous_value from identity.int_identity_metrics where metric = 'devices'"
    ).fetchall()
    assert rows == [(2, None)]


def test_nothing_at_all_is_measured_without_an_error(runs: Runs) -> None:
    for table in ("identity.identity_map", "conformed.int_records"):
        runs.con.execute(f"delete from {table}")
    assert of(runs.run(), "edges") == {"all": 0}
