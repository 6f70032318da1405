"""Dagster's event log as dagster.yaml names it: what it stores is read back, and nothing is left open."""

import os
from pathlib import Path

import dagster as dg
import pytest

from orchestration.event_log import KeptEngineEventLogStorage
from orchestration.instance import open_instance
from warehouse.home import Home


@dg.asset
def counted() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"dagster/row_count": 7})


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    monkeypatch.setenv("DAGSTER_HOME", "")
    return open_instance(Home(tmp_path / "home"))


def test_dagster_yaml_gives_our_storage(instance: dg.DagsterInstance) -> None:
    assert isinstance(instance.event_log_storage, KeptEngineEventLogStorage)


def test_events_are_stored_once_and_read_back(instance: dg.DagsterInstance) -> None:
    result = dg.materialize([counted], instance=instance)

    logged = instance.all_logs(result.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    latest = instance.get_latest_materialization_event(dg.AssetKey("counted"))
    assert len(logged) == 1
    assert latest is not None
    assert latest.run_id == result.run_id
    assert instance.get_run_by_id(result.run_id).status == dg.DagsterRunStatus.SUCCESS


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are listed by Linux alone")
def test_no_database_stays_open_between_calls(instance: dg.DagsterInstance) -> None:
    dg.materialize([counted], instance=instance)

    runs = Path(instance.event_log_storage._base_dir)
    opened = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
    assert [path for path in opened if Path(path).parent == runs] == []
