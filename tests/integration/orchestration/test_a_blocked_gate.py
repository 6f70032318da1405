"""What a blocked gate does: the next layer does not run, nothing is published, a person hears of it once."""

import hashlib
import shutil
from pathlib import Path

import duckdb
import pytest
from pytest_httpserver import HTTPServer

from tests.conftest import cdp
from tests.integration.orchestration.conftest import run_selections
from warehouse.home import Home

BREAK_RAW = "update raw.hubspot__contacts set id = null where rowid = 0"
BREAK_CUSTOMERS = "update profiles.customers set country = 'Nowhere' where rowid < 3"


def break_warehouse(home: Path, sql: str) -> None:
    with duckdb.connect(str(Home(home).warehouse)) as con:
        con.execute(sql)


def published_bytes(home: Path) -> dict[str, str]:
    """sha256 of every published file, and where the link points."""
    current = Home(home).current
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(current.iterdir())}
    return files | {"link": str(current.readlink())}


def test_a_gate_that_blocks_keeps_the_next_layer_and_publishing_back(sample_copy: Path) -> None:
    break_warehouse(sample_copy, BREAK_CUSTOMERS)
    before = published_bytes(sample_copy)

    blocked, refused = run_selections(
        sample_copy, "gate:profiles+group:segments+asset:published/generation", "asset:published/generation"
    )

    assert list(blocked["failed"]) == ["profiles_gate"], blocked
    assert blocked["steps"] == []
    assert "profiles.customers: failed profiles__customers" in refused["failed"]["published__generation"]
    assert published_bytes(sample_copy) == before


@pytest.fixture
def without_warehouse_changes(sample_copy: Path) -> Path:
    shutil.copy(Home(sample_copy).warehouse, sample_copy.parent / "warehouse.duckdb")
    return sample_copy


def test_two_failing_runs_are_one_alert_and_recovery_is_another(
    without_warehouse_changes: Path, httpserver: HTTPServer
) -> None:
    home = without_warehouse_changes
    httpserver.expect_request("/alert", method="POST").respond_with_data("ok")
    alerts = {"CDP_ALERT_WEBHOOK": httpserver.url_for("/alert")}
    before = published_bytes(home)
    break_warehouse(home, BREAK_RAW)

    failing = [cdp(home, "run", **alerts) for _ in range(2)]

    assert [run.returncode for run in failing] == [1, 1], failing[0].stderr
    assert "The gate after raw blocks: raw.hubspot__contacts" in failing[0].stderr
    assert "staging" not in failing[0].stderr
    assert published_bytes(home) == before
    assert told(httpserver) == [("gate raw__hubspot__contacts", "failed"), ("run", "failed")]

    shutil.copy(home.parent / "warehouse.duckdb", Home(home).warehouse)
    mended = cdp(home, "run", **alerts)

    assert mended.returncode == 0, mended.stderr
    assert told(httpserver)[2:] == [("gate raw__hubspot__contacts", "succeeded"), ("run", "succeeded")]


def told(httpserver: HTTPServer) -> list[tuple[str, str]]:
    messages = [request.get_json() for request, _ in httpserver.log]
    return [(message["key"], message["status"]) for message in messages]
