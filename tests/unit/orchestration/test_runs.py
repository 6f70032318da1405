"""The record of runs, and an alert once per change of state."""

import pytest
from pytest_httpserver import HTTPServer

from orchestration import runs
from warehouse.home import Home


def test_a_run_is_recorded_with_its_summary(home: Home) -> None:
    runs.begin(home, "r1", "ui")
    runs.note(home, "r1", load={"loaded": 3})
    runs.end(home, "r1", succeeded=True, generation="g1")

    run = runs.last_runs(home)[0]

    assert (run["status"], run["generation"], run["summary"]) == ("succeeded", "g1", {"load": {"loaded": 3}})


def test_a_run_that_died_shows_as_killed_and_is_closed_by_the_next(home: Home) -> None:
    runs.begin(home, "r1", "ui")
    assert runs.last_runs(home)[0]["status"] == "killed"

    runs.begin(home, "r2", "ui")

    assert [run["status"] for run in runs.last_runs(home)][1] == "killed"


def test_the_webhook_is_called_once_per_change_of_state(
    home: Home, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/alert", method="POST").respond_with_data("ok")
    monkeypatch.setenv("CDP_ALERT_WEBHOOK", httpserver.url_for("/alert"))

    called = [runs.alert(home, "run", status, "r") for status in ("succeeded", "failed", "failed", "succeeded")]

    assert called == [False, True, False, True]
    assert [request.get_json()["status"] for request, _ in httpserver.log] == ["failed", "succeeded"]


def test_a_webhook_that_fails_is_tried_again_by_the_next_run(
    home: Home, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDP_ALERT_WEBHOOK", httpserver.url_for("/alert"))
    httpserver.expect_ordered_request("/alert").respond_with_data("down", status=503)
    httpserver.expect_ordered_request("/alert").respond_with_data("ok")

    assert not runs.alert(home, "run", "failed", "r1")
    assert runs.alert(home, "run", "failed", "r2")
