"""The one resource of every asset: the home, under the run lock, with the run begun.

Belongs here: what a Dagster run needs before its first step. Must not go here: work.
Concept: with the in-process executor a resource lives as long as the run, so the lock is held from the first step to
the last.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from orchestration import runs
from publishing.flip import janitor
from publishing.previous import attach_previous
from warehouse.connection import connect
from warehouse.home import Home
from warehouse.lock import run_lock
from warehouse.run import RunContext, begin_run


class Platform(dg.ConfigurableResource):
    """Gives `home`, `run` and `con`, the open warehouse with the previous generation attached.

    Runs from the UI queue behind the lock; `cdp run` takes it before Dagster starts.
    """

    accept_volume: bool = False
    accept_changes: bool = False
    _home: Home = PrivateAttr()
    _run: RunContext = PrivateAttr()
    _con: duckdb.DuckDBPyConnection = PrivateAttr()

    @property
    def home(self) -> Home:
        return self._home

    @property
    def run(self) -> RunContext:
        return self._run

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        return self._con

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Platform"]:
        self._home = Home.from_environment().prepare()
        with run_lock(self._home, wait=True):
            janitor(self._home)
            self._con = connect(self._home)
            attach_previous(self._con, self._home)
            self._run = begin_run(self._home, context.run_id)
            runs.begin(self._home, self._run.run_id, _trigger(context))
            yield self
            self._con.close()
            self._settle(_failed(context))

    def _settle(self, failed: bool) -> None:
        """A run of single assets has no hook that ends it: it ends with its process."""
        if runs.last_runs(self._home, 1)[0]["status"] == "running":
            runs.end(self._home, self._run.run_id, succeeded=not failed)


def _failed(context: dg.InitResourceContext) -> bool:
    """Whether a step of the run has failed; Dagster itself says so only after its resources are gone."""
    if context.instance is None or context.run_id is None:
        return False
    return bool(context.instance.all_logs(context.run_id, of_type=dg.DagsterEventType.STEP_FAILURE))


def _trigger(context: dg.InitResourceContext) -> str:
    tags = context.dagster_run.tags if context.dagster_run else {}
    named = (("cdp/trigger", None), ("dagster/schedule_name", "schedule"), ("dagster/sensor_name", "sensor"))
    for tag, trigger in named:
        if tag in tags:
            return trigger or tags[tag]
    return "ui"
