"""`cdp identity preview`: as a person types it, on a small home that has published."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from tests.conftest import cdp
from tests.unit.identity.conftest import World
from tests.unit.identity.generation import publish_generation
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.lock import run_lock


@pytest.fixture
def company(home: Home) -> Home:
    world = World(home)
    world.record("crm:1", given="ada", family="canary", email="canary@x.org").record("shop:1", email="canary@x.org")
    world.record("crm:2", given="bea", family="canary", phone="+441632960001")
    world.record("shop:2", phone="+441632960001")
    world.run()
    publish_generation(world.con, home)
    world.con.close()
    return home


def preview(*args: str) -> Result:
    result = CliRunner().invoke(app, ["identity", "preview", *args])
    if isinstance(result.exception, CdpError):
        raise result.exception
    assert result.exit_code == 0, result.output
    assert "canary" not in result.output
    assert "+44" not in result.output
    return result


def test_a_threshold_is_told_in_counts_and_ids(company: Home) -> None:
    said = preview("--threshold", "5").stdout

    assert "with a cut of 5 bits" in said
    assert "no model: too few records" in said
    assert "\n1 of 4 person records would move to another customer (25.0 %).\n\nchange " in said
    assert "\nsplits\n" in said
    assert "\nmerges\n" not in said
    assert "Within every budget of change" in said


def test_progress_goes_to_stderr_and_json_alone_to_stdout(company: Home, tmp_path: Path) -> None:
    result = preview("--threshold", "8", "--json", "--out", str(tmp_path / "out"))
    found = json.loads(result.stdout)

    assert "clustering …" in result.stderr
    assert (found["cut_weight"], found["effect"]["split_count"], found["broken_budgets"]) == (8.0, 2, [])
    assert [split["sources"] for split in found["splits"]] == [["shop"], ["shop"]]
    assert (tmp_path / "out" / "changes.parquet").exists()


def test_a_budget_that_a_run_would_break_is_said(company: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from identity.watching.preview import Budget

    broken = (Budget("critical", "too many moved"), Budget("warning", "many moved"))
    monkeypatch.setattr("identity.watching.preview._broken_budgets", lambda con, run: broken)

    said = preview("--threshold", "5").stdout

    assert "  blocks: too many moved\n  warns: many moved\n" in said
    assert "cdp run --accept-changes" in said


def test_neither_roles_nor_threshold_is_refused_with_the_remedy(company: Home) -> None:
    with pytest.raises(CdpError, match=r"None of --roles, --threshold and --retrain.*--threshold 3"):
        preview()


def test_during_a_run_it_exits_with_75(company: Home) -> None:
    with run_lock(company):
        result = cdp(company.root, "identity", "preview", "--threshold", "5")

    assert result.returncode == 75
    assert "Another run is writing" in result.stderr
    assert result.stdout == ""
