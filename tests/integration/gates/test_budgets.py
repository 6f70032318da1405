"""Budgets of change: a first run has none to keep, a handful of people is never too many, an operator may accept."""

import json
from contextlib import closing

import pytest

from expectations.gate import run_gate
from publishing.refusal import refuse_unless_gated
from tests.integration.gates.conftest import RUN
from warehouse.builds import stamp
from warehouse.errors import CdpError
from warehouse.state import open_state

EFFECT = "identity.run_effect"
QUIET = {
    "run_id": "'run1'", "has_previous": True, "compared_records_count": 1000, "moved_records_count": 0,
    "moved_pct": 0.0, "customers_before_count": 500, "merged_customers_count": 0, "merged_pct": 0.0,
    "largest_cluster_records_before_count": 9, "largest_cluster_records_count": 9,
}  # fmt: skip
MANY_MOVED = {"moved_records_count": 60, "moved_pct": 6.0}
MANY_MERGED = {"merged_customers_count": 30, "merged_pct": 6.0}
ONE_GREW = {"largest_cluster_records_count": 51}


@pytest.fixture
def judged(home, con):
    """Runs the project's own suite on one row; gives its result."""

    def run(changed: dict, **options):
        columns = ", ".join(f"{value} as {name}" for name, value in (QUIET | changed).items())
        con.execute("create schema if not exists identity")
        con.execute(f"create or replace table {EFFECT} as select {columns}")
        stamp(con, EFFECT)
        return run_gate(home, con, RUN, [EFFECT], **options)[0]

    return run


def is_refused(home, con) -> bool:
    try:
        with closing(open_state(home)) as state:
            refuse_unless_gated(con, state, [EFFECT])
    except CdpError:
        return True
    return False


@pytest.mark.parametrize("changed", [MANY_MOVED, MANY_MERGED, ONE_GREW], ids=["moved", "merged", "grown"])
def test_a_change_beyond_a_budget_is_not_published(judged, home, con, changed):
    assert len(judged(changed).failed) == 1
    assert is_refused(home, con)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        MANY_MOVED | MANY_MERGED | ONE_GREW | {"has_previous": False},
        {"moved_records_count": 25, "moved_pct": 100.0, "merged_customers_count": 25, "merged_pct": 100.0},
        {"moved_records_count": 9_000, "moved_pct": 5.0, "merged_customers_count": 9_000, "merged_pct": 5.0},
        {"largest_cluster_records_count": 50},
        {"largest_cluster_records_before_count": 60, "largest_cluster_records_count": 120},
    ],
    ids=["nothing", "a first run", "a handful", "one in twenty", "a large customer", "a larger one"],
)
def test_a_change_within_its_budgets_passes(judged, changed):
    assert judged(changed).severity is None


def test_an_accepted_change_is_published_and_the_acceptance_recorded(judged, home, con):
    result = judged(MANY_MOVED | MANY_MERGED, accept_changes=True)

    assert (result.passed, [found.severity for found in result.warned]) == (True, ["accepted", "accepted"])
    assert not is_refused(home, con)
    with closing(open_state(home)) as state:
        details = json.loads(state.execute("select details from gate_results").fetchall()[0]["details"])
    assert [found["severity"] for found in details["findings"]] == ["accepted", "accepted"]


def test_an_acceptance_holds_for_one_run_and_for_no_other_suite(judged, gate, make_people):
    judged(MANY_MOVED, accept_changes=True)
    assert not judged(MANY_MOVED).passed

    make_people("select 1 as id from range(2)")
    unique = {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}, "reason": "the key of a row"}
    assert not gate("conformed.people", {"expectations": [unique]}, accept_changes=True).passed


def test_a_budget_that_could_not_be_measured_cannot_be_accepted(judged, con, home):
    judged(MANY_MOVED)
    con.execute(f"alter table {EFFECT} drop column moved_pct")
    stamp(con, EFFECT)
    assert not run_gate(home, con, RUN, [EFFECT], accept_changes=True)[0].passed
