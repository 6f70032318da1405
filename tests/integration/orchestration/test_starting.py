"""How a run starts: a file that arrives, one run at a time, and after a run that died."""

import hashlib
import time
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from tests.conftest import cdp
from warehouse.home import Home
from warehouse.lock import run_lock

SECONDS_TO_SAY_NO = 30  # it takes two; the machine that tests may be busy


def test_a_new_file_is_one_run_and_none_afterwards(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingestion.landing import land
    from orchestration.sensors import file_drop

    monkeypatch.delenv("CDP_SOURCES", raising=False)
    with dg.instance_for_test() as instance:
        assert "No new file" in str(_asked(file_drop, instance).skip_message)

        contacts = home.inbox / "hubspot" / "contacts"
        contacts.mkdir(parents=True)
        (contacts / "contacts_2026-11-02.jsonl").write_text('{"id": "1", "updatedAt": "2026-11-02T00:00:00Z"}\n')
        first = _asked(file_drop, instance).run_requests
        again = _asked(file_drop, instance).run_requests

        assert len(first) == 1
        assert [request.run_key for request in again] == [first[0].run_key]  # Dagster starts one run per key

        time.sleep(0.2)  # a file counts as landed only once the clock has moved on
        land(home, sources=["hubspot"])
        assert "No new file" in str(_asked(file_drop, instance).skip_message)


def _asked(sensor: dg.SensorDefinition, instance: dg.DagsterInstance) -> Any:
    return sensor.evaluate_tick(dg.build_sensor_context(instance))


def test_a_second_run_is_refused_at_once_and_changes_nothing(sample_run: Path) -> None:
    before = _digests(sample_run)
    with run_lock(Home(sample_run)):
        began = time.monotonic()
        second = cdp(sample_run, "run")
        took = time.monotonic() - began

    assert second.returncode == 75
    assert "Another run is writing" in second.stderr
    assert "Wait for it to end" in second.stderr
    assert took < SECONDS_TO_SAY_NO
    assert _digests(sample_run) == before


def _digests(home: Path) -> dict[str, str]:
    files = (path for path in sorted(home.rglob("*")) if path.is_file() and path.name != "run.lock")
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_run_whose_process_died_is_ended_by_the_next(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.instance import open_instance

    monkeypatch.setenv("DAGSTER_HOME", str(home.dagster))
    with open_instance(home) as instance:
        instance.add_run(dg.DagsterRun(job_name="everything", run_id="dead", status=dg.DagsterRunStatus.STARTED))

    with open_instance(home) as instance:
        assert instance.get_run_by_id("dead").status is dg.DagsterRunStatus.FAILURE


def test_a_run_that_goes_on_is_left_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.instance import open_instance

    monkeypatch.setenv("DAGSTER_HOME", str(home.dagster))
    with run_lock(home), open_instance(home) as instance:
        instance.add_run(dg.DagsterRun(job_name="everything", run_id="alive", status=dg.DagsterRunStatus.STARTED))
        with open_instance(home) as again:
            assert again.get_run_by_id("alive").status is dg.DagsterRunStatus.STARTED
