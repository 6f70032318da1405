"""One run's identity and clock.

Belongs here: beginning a run and telling SQL about it. Must not go here: recording how it went (orchestration/).
Concept: models never ask the wall clock. `as_of` is the moment that a run speaks of; a re-run with the same one gives
the same answer.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from warehouse.connection import connect
from warehouse.home import Home
from warehouse.moments import read_moment


@dataclass(frozen=True)
class RunContext:
    """A run: its id, when it started, and the moment it speaks of (both UTC, without a time zone)."""

    run_id: str
    started_at: datetime
    as_of: datetime


def begin_run(home: Home, run_id: str | None = None) -> RunContext:
    """Write the one row of meta.run, which models read for "now"."""
    started_at = datetime.now(UTC).replace(tzinfo=None)
    run = RunContext(run_id or uuid4().hex, started_at, _as_of() or started_at)
    con = connect(home)
    con.execute("begin")
    con.execute("create schema if not exists meta")
    con.execute("create or replace table meta.run (run_id varchar, started_at timestamp, as_of timestamp)")
    con.execute("insert into meta.run values (?, ?, ?)", [run.run_id, run.started_at, run.as_of])
    con.execute("commit")
    con.close()
    return run


def current_run(home: Home) -> RunContext:
    """The run that meta.run speaks of, or a new one where there is none: one layer alone was asked for."""
    con = connect(home)
    known = con.execute("select 1 from duckdb_tables() where schema_name = 'meta' and table_name = 'run'").fetchall()
    rows = con.execute("select run_id, started_at, as_of from meta.run").fetchall() if known else []
    con.close()
    return RunContext(*rows[0]) if rows else begin_run(home)


def _as_of() -> datetime | None:
    given = os.environ.get("CDP_AS_OF")
    return read_moment(given, said_of="CDP_AS_OF") if given else None
