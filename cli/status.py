"""`cdp status`: how things stand.

Belongs here: the last run, gates, the published generation, quarantine. Must not go here: mending any of it.
"""

import json
from contextlib import closing
from typing import Any

import typer

from cli.show import say, table
from cli.summary import gate_lines, last_run
from warehouse.home import Home
from warehouse.lock import is_running
from warehouse.state import open_state


def status() -> None:
    """The last run, its gates, what is published, and what waits in quarantine.

    Example: cdp status
    """
    home = Home.from_environment()
    run = last_run(home)
    if run is None:
        print(f"Nothing has run below {home.root}. `cdp run` starts; `cdp demo` brings a company along.")
        raise typer.Exit(0)
    running = is_running(home)
    state = run["status"] if run["status"] != "running" or running else "killed (the next run heals)"
    print(f"last run    {run['run_id'][:8]} {state}, started {run['started_at'][:19]} by {run['trigger']}")
    print(f"published   {_published(home)}")
    _print_gates(home, run)
    _print_quarantine(home)


def _published(home: Home) -> str:
    if not home.current.exists():
        return "nothing yet"
    manifest = json.loads((home.current / "manifest.json").read_text())
    rows = {name: facts["rows"] for name, facts in manifest["files"]["customers.duckdb"].items()}
    return f"{home.current.resolve().name}: {len(rows)} tables, {rows.get('customers', 0):,} customers"


def _print_gates(home: Home, run: dict[str, Any]) -> None:
    lines = gate_lines(home, run["run_id"])
    if lines:
        table(["gate", "suites", "blocked", "with warnings"], lines)
    with closing(open_state(home)) as state:
        failed = state.execute(
            "select suite, details from gate_results where run_id = ? and (passed = 0 or warned_count > 0)",
            (run["run_id"],),
        ).fetchall()
    for row in failed:
        print(f"  {row['suite']}")
        for finding in json.loads(row["details"])["findings"]:
            say(_finding(finding), indent="    ")


def _finding(finding: dict[str, Any]) -> str:
    """Such as: warning: email: expect_column_values_to_not_be_null: 3 of 20 rows: why it matters."""
    found, rows = finding["unexpected_count"], finding["element_count"]
    parts = [
        finding["severity"],
        finding["column"],
        finding["type"],
        f"{rows:,} rows" if found is None else f"{found:,} of {rows:,} rows",
        finding.get("reason"),  # a result that was stored before reasons were has none
    ]
    return ": ".join(part for part in parts if part)


def _print_quarantine(home: Home) -> None:
    with closing(open_state(home)) as state:
        rows = state.execute(
            "select source, table_name, sum(quarantined) from loads group by 1, 2 having sum(quarantined) > 0"
        ).fetchall()
    if not rows:
        print("quarantine  empty")
        return
    table(["quarantine", "table", "rows"], [tuple(row) for row in rows])
    print("After mending the cause: `cdp replay`, then `cdp run`.")
