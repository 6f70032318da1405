"""Dagster's event log as dagster.yaml names it: what it stores is read back, and little is left open."""

import os
from pathlib import Path

import dagster as dg
import pytest

from orchestration.event_log import KEPT_SHARDS, KeptConnectionEventLogStorage
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
    assert isinstance(instance.event_log_storage, KeptConnectionEventLogStorage)


def test_events_are_stored_once_and_read_back(instance: dg.DagsterInstance) -> None:
    result = dg.materialize([counted], instance=instance)

    logged = instance.all_logs(result.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    latest = instance.get_latest_materialization_event(dg.AssetKey("counted"))
    assert len(logged) == 1
    assert latest is not None
    assert latest.run_id == result.run_id
    assert instance.get_run_by_id(result.run_id).status == dg.DagsterRunStatus.SUCCESS


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are listed by Linux alone")
def test_few_databases_stay_open_and_none_when_the_instance_is_done(instance: dg.DagsterInstance) -> None:
    runs = [dg.materialize([counted], instance=instance).run_id for _ in range(KEPT_SHARDS + 2)]
    for run_id in runs:
        assert instance.all_logs(run_id)

    assert 0 < len(opened(instance)) <= KEPT_SHARDS

    instance.dispose()
    assert not opened(instance)


def opened(instance: dg.DagsterInstance) -> set[str]:
    """The event log's databases that this process has open."""
    folder = Path(instance.event_log_storage._base_dir)
    paths = [Path(os.path.realpath(f"/proc/self/fd/{fd}")) for fd in os.listdir("/proc/self/fd")]
    return {path.name for path in paths if path.parent == folder and path.suffix == ".db"}
