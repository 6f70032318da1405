"""The refusal at the publish step: nothing goes out that the gates have not passed in its present build.

Belongs here: comparing gate results with the builds in the warehouse. Must not go here: running gates (expectations/).
Concept: DESIGN, section 8. An orchestrator's blocking check stops one run; this stops every road to publishing, because
a rebuilt table has a new stamp and its old results no longer count.
"""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

import duckdb

from warehouse.builds import current_builds
from warehouse.errors import CdpError

REPORTED = ("suite", "layer", "table_name", "build", "passed", "expectations_count", "failed_count", "warned_count")


def refuse_unless_gated(
    con: duckdb.DuckDBPyConnection, state: sqlite3.Connection, required_tables: Iterable[str | tuple[str, str]]
) -> list[dict[str, Any]]:
    """The passing results of every required table ("identity.edges" or ("identity", "edges")), for the manifest.

    Raises CdpError that lists every table whose current build has no passing result, with what was found instead.
    """
    required = [table if isinstance(table, str) else ".".join(table) for table in required_tables]
    if not required:
        raise CdpError(
            "No table is gated", remedy="Write a suite under expectations/ for each table that crosses a layer."
        )
    results, found = [], []
    for table, build in current_builds(con, required).items():
        passing, objection = _judged(state, table, build)
        results += passing
        found += [f"{table}: {objection}"] if objection else []
    if found:
        raise CdpError(
            f"Not published: {len(found)} of {len(required)} gated tables have not passed in their current build: "
            + "; ".join(found),
            remedy="Mend what the gates found, then run `cdp run`; readers still have the generation before.",
        )
    return results


def _judged(state: sqlite3.Connection, table: str, build: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """The table's results on its current build, and what speaks against it, if anything."""
    if build is None:
        return [], "it does not exist, or its build left no stamp"
    latest = _latest_results(state, table)
    current = [result for result in latest if result["build"] == build]
    if not current:
        return [], "its gate ran on an older build" if latest else "its gate never ran"
    failed = [result for result in current if not result["passed"]]
    if failed:
        return [], "failed " + ", ".join(_reasons(failed))
    return [{name: result[name] for name in (*REPORTED, "checked_at")} for result in current], None


def _latest_results(state: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    """One row per suite and build of the table: the last one written."""
    rows = state.execute(
        "select * from gate_results where table_name = ? order by checked_at, rowid", (table,)
    ).fetchall()
    return list({(row["suite"], row["build"]): row for row in rows}.values())


def _reasons(failed: Iterable[sqlite3.Row]) -> list[str]:
    """Each failed suite with its expectations; details hold types, columns and counts, never values."""
    return [f"{result['suite']} ({'; '.join(_critical(result)) or 'no details'})" for result in failed]


def _critical(result: sqlite3.Row) -> list[str]:
    findings = json.loads(result["details"] or "{}").get("findings", [])
    critical = [finding for finding in findings if finding["severity"] == "critical"]
    return [f"{finding['type']} {finding['column'] or ''}".rstrip() for finding in critical]
