"""What a run is said to have done: what happened, and no word of what did not."""

import pytest

from cli.status import _finding
from cli.summary import _print_identity, _print_load


def test_groups_are_told_without_what_did_not_happen(capsys: pytest.CaptureFixture[str]) -> None:
    _print_identity({"groups": {"accounts": 29, "cut": 0, "household_members": 1176, "retired": 0}})

    assert capsys.readouterr().out == "  groups: accounts 29, household members 1,176\n"


def test_nothing_is_said_where_there_is_no_group(capsys: pytest.CaptureFixture[str]) -> None:
    _print_identity({"groups": {"accounts": 0, "households": 0}})

    assert capsys.readouterr().out == ""


def test_sources_that_nobody_uses_are_a_line_and_no_warning(capsys: pytest.CaptureFixture[str]) -> None:
    none = {"tables": [], "warnings": []}

    _print_load(none | {"unused": ["pos", "ads"]})
    _print_load(none | {"unused": []})
    _print_load(none)

    rows = "  rows: 0 received, 0 loaded, 0 quarantined, 0 duplicate\n"
    assert capsys.readouterr().out == f"{rows}    unused, since no file of theirs ever came: ads, pos\n{rows}{rows}"


def test_a_model_that_was_not_needed_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    _print_identity({"identity": {"records": 2, "customers": 2, "model_version": None}})

    assert capsys.readouterr().out == "  identity: records 2, customers 2\n"


def test_a_broken_promise_is_told_with_its_reason() -> None:
    found = {
        "type": "expect_column_values_to_not_be_null",
        "column": "email",
        "severity": "warning",
        "unexpected_count": 3,
        "element_count": 1200,
    }

    said = "warning: email: expect_column_values_to_not_be_null: 3 of 1,200 rows"
    assert _finding(found) == said
    assert _finding(found | {"reason": "nobody to write to"}) == f"{said}: nobody to write to"
