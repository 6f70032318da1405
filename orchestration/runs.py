"""The record of runs in state.sqlite, and the alerts that follow from it.

Belongs here: that a run began, what it found, how it ended. Must not go here: Dagster's own run records.
Concept: an alert is sent once per change of state, so a gate that stays red for a week is one message.
"""

import json
import os
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from warehouse.errors import sanitised
from warehouse.home import Home
from warehouse.lock import is_running
from warehouse.state import open_state

ALERT_SECONDS = 10


def begin(home: Home, run_id: str, trigger: str) -> None:
    """Record a run. One that is still recorded as running, though nobody holds the lock any more, was killed."""
    with closing(open_state(home)) as state, state:
        state.execute("update runs set status = 'killed', finished_at = ? where status = 'running'", (_now(),))
        state.execute(
            "insert or replace into runs (run_id, started_at, status, trigger, summary) "
            "values (?, ?, 'running', ?, '{}')",
            (run_id, _now(), trigger),
        )


def note(home: Home, run_id: str, **facts: Any) -> None:
    """Add counts to a run's summary; never a personal value."""
    with closing(open_state(home)) as state, state:
        rows = state.execute("select summary from runs where run_id = ?", (run_id,)).fetchall()
        summary = json.loads(rows[0]["summary"]) if rows else {}
        state.execute("update runs set summary = ? where run_id = ?", (json.dumps(summary | facts), run_id))


def end(home: Home, run_id: str, *, succeeded: bool, generation: str | None = None) -> None:
    """Record how a run ended, and alert if that changes the state of runs."""
    status = "succeeded" if succeeded else "failed"
    with closing(open_state(home)) as state, state:
        state.execute(
            "update runs set status = ?, finished_at = ?, generation = coalesce(?, generation) where run_id = ?",
            (status, _now(), generation, run_id),
        )
    alert(home, "run", status, run_id)


def last_runs(home: Home, count: int = 5) -> list[dict[str, Any]]:
    """The newest runs first; one that died without a word shows as killed."""
    with closing(open_state(home)) as state:
        rows = state.execute("select * from runs order by started_at desc limit ?", (count,)).fetchall()
    runs = [dict(row) | {"summary": json.loads(row["summary"] or "{}")} for row in rows]
    if runs and runs[0]["status"] == "running" and not is_running(home):
        runs[0]["status"] = "killed"
    return runs


def alert(home: Home, key: str, status: str, run_id: str) -> bool:
    """Call CDP_ALERT_WEBHOOK when `key` (a run, a gate) changes to another status; tells whether it was called.

    The first good status of a key is no news. What is sent: key, status, run id, time; never a value.
    """
    with closing(open_state(home)) as state, state:
        rows = state.execute("select state from alerts where key = ?", (key,)).fetchall()
        before = rows[0]["state"] if rows else "succeeded"
        if before == status:
            return False
        if (address := os.environ.get("CDP_ALERT_WEBHOOK")) and not _called(address, key, status, run_id):
            return False  # not recorded, so the next run tries again
        state.execute("insert or replace into alerts (key, state, changed_at) values (?, ?, ?)", (key, status, _now()))
    return bool(address)


def _called(address: str, key: str, status: str, run_id: str) -> bool:
    import httpx

    message = {"platform": "composable-cdp", "key": key, "status": status, "run_id": run_id, "at": _now()}
    try:
        httpx.post(address, json=message, timeout=ALERT_SECONDS).raise_for_status()
    except httpx.HTTPError as error:
        print(
            f"warning: the alert webhook did not accept the message ({sanitised(error)}); the next run sends it again"
        )
        return False
    return True


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
