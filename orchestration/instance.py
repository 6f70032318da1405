"""The Dagster instance below CDP_HOME, and a run of the job in this process.

Belongs here: where Dagster keeps its records, and starting it. Must not go here: what it runs.
Concept: no pools: the run lock is the one writer's lock, and the kernel frees it when a run is killed, which Dagster's
own slots would not be.
"""

import os
from collections.abc import Callable
from typing import Any

import dagster as dg

from warehouse.home import Home
from warehouse.lock import is_running

SETTINGS = """\
telemetry: {enabled: false}
nux: {enabled: false}
concurrency: {runs: {max_concurrent_runs: 1}}
run_retries: {enabled: true, max_retries: 2, retry_on_asset_or_op_failure: false}
run_monitoring: {enabled: true}
event_log_storage:
  module: orchestration.event_log
  class: KeptConnectionEventLogStorage
  config: {base_dir: HISTORY}
"""
UNFINISHED = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.CANCELING]


def open_instance(home: Home) -> dg.DagsterInstance:
    """The instance in home.dagster; runs that a killed process left unfinished are ended, lest they block the queue."""
    home.prepare()
    (home.dagster / "dagster.yaml").write_text(SETTINGS.replace("HISTORY", str(home.dagster / "history" / "runs")))
    os.environ |= {"DAGSTER_HOME": str(home.dagster), "DAGSTER_DISABLE_TELEMETRY": "1"}
    instance = dg.DagsterInstance.get()
    if not is_running(home):
        _end_orphans(instance)
    return instance


def _end_orphans(instance: dg.DagsterInstance) -> None:
    for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED)):
        instance.report_run_failed(run, "Its process ended without a word; the next run starts from landing.")


def run_everything(
    home: Home, *, on_event: Callable[[Any], None], accept_volume: bool = False, accept_changes: bool = False
) -> tuple[str, bool]:
    """Run the job in this process; gives the run id and whether it succeeded."""
    instance = open_instance(home)
    from orchestration.definitions import defs
    from orchestration.resources import Platform

    job = defs().resolve_job_def("everything")
    run_id = dg.DagsterRun(job_name=job.name).run_id
    instance.add_event_listener(run_id, on_event)
    result = job.execute_in_process(
        instance=instance,
        run_id=run_id,
        raise_on_error=False,
        tags={"cdp/trigger": "command line"},
        resources={"platform": Platform(accept_volume=accept_volume, accept_changes=accept_changes)},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    return run_id, result.success
