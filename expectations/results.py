"""What a gate found: counts, never values; how it is kept, and what may be published because of it.

Belongs here: the result's shape, its one line for people, and its row in state.sqlite.
Must not go here: measuring (gate.py), or refusing to publish what has not passed (publishing/refusal.py).
Concept: DESIGN, section 8. A result speaks of one build of one table, whoever ran it and however.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

from expectations.suites import Suite
from expectations.vocabulary import KINDS, Kwargs, name, query_on
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.state import open_state


@dataclass(frozen=True)
class FailedExpectation:
    """One broken promise. `query` lists the breaking rows by their key, for whoever may read the table."""

    type: str
    column: str | None
    severity: str
    reason: str
    unexpected_count: int | None = None
    element_count: int = 0
    query: str | None = None
    note: str | None = None

    def line(self, table: str) -> str:
        place = f"{table} ({self.column})" if self.column else table
        found = self.note or self._counted()
        see = f" Query: {self.query}" if self.query else ""
        return f"{self.severity}: {place}: {self.type}: {found}. {self.reason.rstrip('.')}.{see}"

    def _counted(self) -> str:
        if self.unexpected_count is not None:
            return f"{self.unexpected_count:,} of {self.element_count:,} rows break it"
        return "not met" if self.column else f"{self.element_count:,} rows"


@dataclass(frozen=True)
class GateResult:
    """One suite, run once. `severity` is the worst that failed; only critical ones keep it from passing."""

    suite: str
    table: str
    layer: str
    build: str | None
    rows: int | None
    expectations_count: int
    failed: list[FailedExpectation] = field(default_factory=list)
    warned: list[FailedExpectation] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.failed

    @property
    def severity(self) -> str | None:
        return "critical" if self.failed else "warning" if self.warned else None

    def lines(self) -> list[str]:
        return [finding.line(self.table) for finding in [*self.failed, *self.warned]]


def finding_query(suite: Suite, type_: str, kwargs: Kwargs) -> str:
    """SQL by which a person finds the rows that break an expectation: their keys, or the table's figures."""
    if "unexpected_rows_query" in kwargs:
        return query_on(kwargs["unexpected_rows_query"], suite.table)
    breaking = KINDS[type_].breaking
    shown = ", ".join(name(column) for column in suite.key) or "count(*)"
    if breaking:
        return f"select {shown} from {suite.table} where {breaking(kwargs, suite.table)}"
    if column := kwargs.get("column"):
        return f"summarize select {name(column)} from {suite.table}"
    return f"select count(*) from {suite.table}"


def accepted(result: GateResult) -> GateResult:
    """The result with every budget that was measured and is broken taken as accepted; what could not be measured still
    fails."""
    measured = [finding for finding in result.failed if finding.note is None]
    unmeasured = [finding for finding in result.failed if finding.note is not None]
    taken = [replace(finding, severity="accepted") for finding in measured]
    return replace(result, failed=unmeasured, warned=[*result.warned, *taken])


def record(home: Home, run_id: str, results: Iterable[GateResult]) -> None:
    """Keep results in state.sqlite, all or none: an allow-list of names, counts and the suite's own reasons."""
    now = datetime.now(UTC).isoformat()
    rows = [
        (
            uuid4().hex, run_id, result.suite, result.table, result.layer, result.build, int(result.passed),
            result.severity, result.expectations_count, len(result.failed), len(result.warned), _details(result), now,
        )
        for result in results
    ]  # fmt: skip
    state = open_state(home)
    try:
        with state:
            state.executemany(f"insert into gate_results values ({', '.join('?' * 13)})", rows)
    finally:
        state.close()


def last_counts(home: Home) -> dict[str, int]:
    """Rows that each table had when it last passed."""
    state = open_state(home)
    try:
        found = state.execute(
            "select table_name, details from gate_results where passed = 1 order by checked_at, rowid"
        ).fetchall()
    finally:
        state.close()
    return {row["table_name"]: json.loads(row["details"]).get("rows") or 0 for row in found}


def require_passed(results: Iterable[GateResult]) -> None:
    """Raise CdpError with one line per broken critical promise."""
    failed = [finding.line(result.table) for result in results for finding in result.failed]
    if failed:
        raise CdpError(
            f"{len(failed)} promises are broken:\n" + "\n".join(failed) + "\nNothing was published",
            remedy="Run the query at the end of each line on the warehouse, mend the data or the model, and run again.",
        )


def _details(result: GateResult) -> str:
    findings = [
        {
            "type": finding.type, "column": finding.column, "severity": finding.severity,
            "unexpected_count": finding.unexpected_count, "element_count": finding.element_count,
            "reason": finding.reason,
        }
        for finding in [*result.failed, *result.warned]
    ]  # fmt: skip
    return json.dumps({"rows": result.rows, "findings": findings})
