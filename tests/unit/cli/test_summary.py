"""What a run is said to have done: what happened, and no word of what did not."""

import pytest

from cli.summary import _print_identity


def test_groups_are_told_without_what_did_not_happen(capsys: pytest.CaptureFixture[str]) -> None:
    _print_identity({"groups": {"accounts": 29, "cut": 0, "household_members": 1176, "retired": 0}})

    assert capsys.readouterr().out == "  groups: accounts 29, household members 1,176\n"


def test_nothing_is_said_where_there_is_no_group(capsys: pytest.CaptureFixture[str]) -> None:
    _print_identity({"groups": {"accounts": 0, "households": 0}})

    assert capsys.readouterr().out == ""
