"""The gate fails what it cannot see, stamps what it saw, and tells counts alone."""

import json
import sqlite3

import pytest

from expectations.gate import run_gate
from expectations.results import require_passed
from publishing.refusal import refuse_unless_gated
from warehouse.builds import current_build, stamp
from warehouse.errors import CdpError
from warehouse.state import open_state

REASON = "the reason of this threshold"
MARKER = "zyxmarker"
PEOPLE = f"select 'r' || i as id, '{MARKER}' || i || '@example.com' as email, i as score from range(20) as rows (i)"


def promise(type_: str, severity: str = "critical", **kwargs) -> dict:
    return {"type": type_, "kwargs": kwargs, "severity": severity, "reason": REASON}


LOW = {"expectations": [promise("expect_column_max_to_be_between", column="score", max_value=5)]}
KEYED = {"key": ["id"], "expectations": [promise("expect_column_values_to_be_unique", column="id")]}


def stored(home) -> list[sqlite3.Row]:
    state = sqlite3.connect(home.state)
    state.row_factory = sqlite3.Row
    rows = state.execute("select * from gate_results order by rowid").fetchall()
    state.close()
    return rows


def is_refused(home, con) -> bool:
    state = open_state(home)
    try:
        refuse_unless_gated(con, state, ["conformed.people"])
    except CdpError:
        return True
    finally:
        state.close()
    return False


def test_a_missing_table_is_failed(gate):
    result = gate("conformed.people", KEYED)
    assert not result.passed
    assert "the table is missing" in result.lines()[0]


def test_a_missing_column_is_failed_by_its_name(gate, make_people):
    make_people("select 'r1' as other")
    result = gate("conformed.people", KEYED)
    assert [(found.type, found.column) for found in result.failed] == [("expect_column_to_exist", "id")]


def test_a_table_without_rows_is_failed(gate, make_people):
    make_people(PEOPLE + " where false")
    assert "no rows" in gate("conformed.people", KEYED).lines()[0]


def test_a_table_may_be_empty_where_its_suite_says_why_but_not_become_so(gate, make_people):
    suite = {**KEYED, "may_be_empty": "companies without a shop have none"}
    make_people(PEOPLE + " where false")
    assert gate("conformed.people", suite).passed
    make_people(PEOPLE)
    assert gate("conformed.people", suite).passed
    make_people(PEOPLE + " where false")
    emptied = gate("conformed.people", suite)
    assert not emptied.passed
    assert "had 20" in emptied.lines()[0]
    assert gate("conformed.people", suite, accept_volume=True).passed
    assert gate("conformed.people", suite).passed


def test_an_all_null_column_is_failed_unless_its_suite_says_why_not(con, gate, make_people):
    make_people(PEOPLE)
    con.execute("update conformed.people set email = null")
    suite = {**KEYED, "expectations": [promise("expect_column_values_to_match_regex", column="email", regex="@")]}
    assert not gate("conformed.people", suite).passed
    assert gate("conformed.people", {**suite, "may_be_null": {"email": "nobody is asked for it"}}).passed


def test_a_suite_that_did_not_run_is_failed(gate, make_people, monkeypatch):
    make_people(PEOPLE)
    monkeypatch.setattr("expectations.engine.Engine.run", lambda self, suite, resolved, table: [])
    result = gate("conformed.people", KEYED)
    assert not result.passed
    assert "0 of 1 expectations ran" in result.lines()[0]


def test_an_expectation_that_cannot_be_computed_is_critical_even_as_a_warning(gate, make_people):
    make_people(PEOPLE)
    query = promise("unexpected_rows_expectation", "warning", unexpected_rows_query="select nothing from {batch}")
    result = gate("conformed.people", {"expectations": [query]})
    assert result.severity == "critical"
    assert "did not run" in result.lines()[0]


def test_a_warning_warns_and_passes(gate, make_people):
    make_people(PEOPLE)
    result = gate(
        "conformed.people",
        {"expectations": [promise("expect_column_max_to_be_between", "warning", column="score", max_value=5)]},
    )
    assert result.passed
    assert result.severity == "warning"
    assert result.lines()[0].startswith("warning: conformed.people (score)")


def test_a_result_counts_for_the_build_that_it_read(home, con, gate, make_people):
    make_people(PEOPLE)
    assert is_refused(home, con)
    result = gate("conformed.people", KEYED)
    assert result.build == current_build(con, "conformed.people")
    assert not is_refused(home, con)
    stamp(con, "conformed.people")
    assert is_refused(home, con)


def test_the_newest_result_of_a_build_counts(home, con, gate, make_people):
    make_people(PEOPLE)
    gate("conformed.people", KEYED)
    gate(
        "conformed.people", {"expectations": [promise("expect_column_max_to_be_between", column="score", max_value=5)]}
    )
    assert is_refused(home, con)


def test_a_table_without_a_stamp_never_passes(home, con, gate, make_people):
    make_people(PEOPLE)
    con.execute("comment on table conformed.people is null")
    assert gate("conformed.people", KEYED).build is None
    assert is_refused(home, con)


def test_a_view_is_read_like_a_table(con, gate):
    con.execute("create schema conformed")
    con.execute(f"create view conformed.people as {PEOPLE}")
    con.execute("comment on view conformed.people is 'build 1'")
    assert gate("conformed.people", KEYED).passed


def test_a_view_that_cannot_be_read_is_an_error_without_values(con, gate):
    con.execute("create schema conformed")
    con.execute(f"create view conformed.people as select id, email::int as email from ({PEOPLE})")
    with pytest.raises(CdpError, match="conformed__people could not run") as refusal:
        gate(
            "conformed.people",
            {"expectations": [promise("expect_column_max_to_be_between", column="email", max_value=1)]},
        )
    assert MARKER not in str(refusal.value)


def test_a_view_leaves_nothing_behind(con, gate):
    con.execute("create schema conformed")
    con.execute(f"create view conformed.people as {PEOPLE}")
    gate("conformed.people", LOW)
    databases = con.execute("select database_name from duckdb_databases() where not internal").fetchall()
    assert databases == [("warehouse",)]


def test_the_open_warehouse_is_read_and_not_one_attached_beside_it(con, gate, make_people):
    make_people(PEOPLE)
    con.execute("attach ':memory:' as previous; create schema previous.conformed")
    con.execute("create table previous.conformed.people as select 'r1' as id from range(2)")
    assert gate("conformed.people", KEYED).passed


def test_asking_for_a_table_without_a_suite_is_an_error(home, con):
    with pytest.raises(CdpError, match=r"No suite for raw\.nothing"):
        run_gate(home, con, None, ["raw.nothing"])


def test_a_refusal_lists_every_broken_promise(gate, make_people):
    make_people(PEOPLE)
    result = gate(
        "conformed.people",
        {
            "key": ["id"],
            "expectations": [
                promise("expect_column_values_to_be_between", column="score", max_value=5),
                promise("expect_column_values_to_be_in_set", column="id", value_set=["r1"]),
            ],
        },
    )
    with pytest.raises(CdpError, match="2 promises are broken") as refusal:
        require_passed([result])
    assert "14 of 20 rows break it" in str(refusal.value)
    assert "select id from conformed.people where score > 5" in str(refusal.value)


def test_a_failing_gate_leaves_no_value_anywhere(home, con, gate, make_people, capfd, caplog):
    caplog.set_level("DEBUG")
    make_people(PEOPLE)
    result = gate(
        "conformed.people",
        {
            "key": ["id"],
            "expectations": [
                promise("expect_column_values_to_match_regex", column="email", regex="^nobody$"),
                promise("expect_column_values_to_not_be_in_set", "warning", column="email", value_set=["x"]),
                promise("expect_column_values_to_be_in_set", column="email", value_set=["nobody"]),
                promise("expect_column_distinct_values_to_contain_set", column="email", value_set=["nobody"]),
                promise("expect_column_value_lengths_to_be_between", column="email", max_value=3),
                promise("unexpected_rows_expectation", unexpected_rows_query="select * from {batch}"),
                promise("unexpected_rows_expectation", unexpected_rows_query="select email::int from {batch}"),
            ],
        },
    )
    assert len(result.failed) == 6
    printed = capfd.readouterr()
    assert MARKER not in "\n".join([*result.lines(), repr(result), printed.out, printed.err, caplog.text])
    kept = [path for path in home.root.rglob("*") if path.is_file() and not path.name.startswith("warehouse.duckdb")]
    assert kept
    assert not [path for path in kept if MARKER.encode() in path.read_bytes()]
    assert set(json.loads(stored(home)[-1]["details"])["findings"][0]) == {
        "type", "column", "severity", "unexpected_count", "element_count", "reason",
    }  # fmt: skip


def test_a_stored_result_holds_names_and_counts(home, gate, make_people):
    make_people(PEOPLE)
    gate(
        "conformed.people", {"expectations": [promise("expect_column_max_to_be_between", column="score", max_value=5)]}
    )
    row = stored(home)[-1]
    assert (row["suite"], row["table_name"], row["layer"]) == ("conformed__people", "conformed.people", "conformed")
    assert (row["run_id"], row["passed"], row["severity"], row["failed_count"]) == ("run1", 0, "critical", 1)
    assert json.loads(row["details"])["rows"] == 20
