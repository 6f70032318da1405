"""The gate: runs suites on the warehouse and says which tables may be read by the next layer.

Belongs here: measuring a table against its suite. Must not go here: thresholds (the YAML files), keeping and judging
results (results.py), or stopping a run (orchestration/, through results.require_passed).
Concept: DESIGN, section 8.

Great Expectations computes inside DuckDB through the lent connection. What it cannot see by itself fails here: a
missing table or column, no rows, an all-null column, fewer results than expectations.
"""

import re
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from expectations.engine import Engine, Outcome
from expectations.results import FailedExpectation, GateResult, accepted, finding_query, last_counts, record
from expectations.suites import FOLDER, Expectation, Suite, load_suites
from expectations.vocabulary import LIMITS, Kwargs, name
from ingestion.declared import declared_sources
from ingestion.landing import sources_in_use
from warehouse.builds import current_builds
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.run import RunContext
from warehouse.state import open_state

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def run_gate(
    home: Home,
    con: duckdb.DuckDBPyConnection,
    run: RunContext,
    tables: list[str] | None = None,
    layer: str | None = None,
    *,
    accept_volume: bool = False,
    accept_changes: bool = False,
    folder: Path = FOLDER,
) -> list[GateResult]:
    """Run the suites of `tables` ("schema.table"), of `layer`, or all, and keep the results in state.sqlite.

    con: the open warehouse; what it has committed is read, in place.
    accept_volume: let a table that may be empty become empty although it had rows when it last passed.
    accept_changes: let a suite that may be accepted pass although its budgets are broken; kept as "accepted".

    Gives one result per suite, in the order of the layers. Raises CdpError where a table asked for has no suite.
    """
    unused = _tables_of_unused_sources(home)
    suites = [
        _may_be_empty(suite) if suite.table.startswith(unused) else suite
        for suite in _chosen(load_suites(folder), tables, layer)
    ]
    before = {} if accept_volume else last_counts(home)
    # Read before any table is: one that is rebuilt meanwhile has another build, and this result does not count for it.
    builds = current_builds(con, [suite.table for suite in suites])
    with Engine(con) as engine:
        results = [check(con, suite, run, engine, builds[suite.table], before.get(suite.table, 0)) for suite in suites]
    if accept_changes:
        pairs = zip(results, suites, strict=True)
        results = [accepted(result) if suite.may_be_accepted else result for result, suite in pairs]
    record(home, run.run_id, results)
    return results


def _chosen(suites: list[Suite], tables: list[str] | None, layer: str | None) -> list[Suite]:
    if unknown := sorted(set(tables or []) - {suite.table for suite in suites}):
        raise CdpError(
            f"No suite for {', '.join(unknown)}",
            remedy="Write expectations/<layer>__<table>.yml; `cdp add source` does it for a new source.",
        )
    return [suite for suite in suites if (tables is None or suite.table in tables) and layer in (None, suite.layer)]


def _tables_of_unused_sources(home: Home) -> tuple[str, ...]:
    """How the names of raw and staging tables begin whose source never delivered any file."""
    with closing(open_state(home)) as state:
        in_use = sources_in_use(home, state)
    names = [source.name for source in declared_sources() if source.name not in in_use]
    return tuple(f"{prefix}{name}__" for name in names for prefix in ("raw.", "staging.stg_"))


def _may_be_empty(suite: Suite) -> Suite:
    return replace(suite, may_be_empty=suite.may_be_empty or "its source never delivered a file")


def check(
    con: duckdb.DuckDBPyConnection,
    suite: Suite,
    run: RunContext,
    engine: Engine,
    build: str | None = None,
    rows_before: int = 0,
) -> GateResult:
    """One suite on its table; kept nowhere. rows_before: rows of the table when it last passed."""
    rows, findings = None, _absence(con, suite)
    if not findings:
        with engine.readable(suite) as table:
            rows, findings = _presence(con, suite, table, rows_before)
            if rows and not findings:
                findings = _measured(suite, run, table, rows, engine)
    failed = [finding for finding in findings if finding.severity == "critical"]
    warned = [finding for finding in findings if finding.severity != "critical"]
    return GateResult(suite.name, suite.table, suite.layer, build, rows, len(suite.expectations), failed, warned)


def _absence(con: duckdb.DuckDBPyConnection, suite: Suite) -> list[FailedExpectation]:
    """What the catalog lacks: the table, or columns of it."""
    schema, table = suite.table.split(".")
    present = con.execute(
        "select column_name from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    if not present:
        return [_broken("the table is missing", f"build it, or delete expectations/{suite.name}.yml if unused")]
    absent = [column for column in suite.columns if (column,) not in present]
    return [_broken("the column is missing", "the next layer reads it", column) for column in absent]


def _presence(
    con: duckdb.DuckDBPyConnection, suite: Suite, table: str, rows_before: int
) -> tuple[int, list[FailedExpectation]]:
    """Rows of the table, and what is missing from it: all rows, or all values of a column."""
    counts = ", ".join(["count(*)", *(f"count({name(column)})" for column in suite.columns)])
    rows, *filled = con.execute(f"select {counts} from {table}").fetchall()[0]
    if rows == 0:
        return 0, _emptiness(suite, rows_before)
    return rows, [
        FailedExpectation(
            "expect_column_values_to_not_be_null", column, "critical",
            "every value is null, so whatever else is promised of it would hold for nothing", rows, rows,
        )
        for column, count in zip(suite.columns, filled, strict=True)
        if count == 0 and column not in suite.may_be_null
    ]  # fmt: skip


def _emptiness(suite: Suite, rows_before: int) -> list[FailedExpectation]:
    if suite.may_be_empty is None:
        return [_broken("no rows", "an empty table would pass every other promise")]
    if rows_before:
        reason = "it may be empty, but not become so; run with --accept-volume if its source is gone"
        return [_broken(f"no rows, where the last build that passed had {rows_before:,}", reason)]
    return []


def _broken(note: str, reason: str, column: str | None = None) -> FailedExpectation:
    type_ = "expect_column_to_exist" if column else "expect_table_row_count_to_be_between"
    return FailedExpectation(type_, column, "critical", reason, note=note)


def _measured(suite: Suite, run: RunContext, table: str, rows: int, engine: Engine) -> list[FailedExpectation]:
    resolved = [_resolved(expectation.kwargs, run) for expectation in suite.expectations]
    outcomes = engine.run(suite, resolved, table)
    if len(outcomes) != len(suite.expectations):
        note = f"{len(outcomes)} of {len(suite.expectations)} expectations ran"
        return [_broken(note, "a suite that did not run has not passed")]
    return [
        _finding(suite, expectation, kwargs, outcome, rows)
        for expectation, kwargs, outcome in zip(suite.expectations, resolved, outcomes, strict=True)
        if not outcome.success
    ]


def _finding(suite: Suite, expectation: Expectation, kwargs: Kwargs, outcome: Outcome, rows: int) -> FailedExpectation:
    return FailedExpectation(
        type=expectation.type,
        column=expectation.column,
        severity="critical" if outcome.error else expectation.severity,
        reason=expectation.reason,
        unexpected_count=outcome.unexpected,
        element_count=rows,
        query=finding_query(suite, expectation.type, kwargs),
        note=f"did not run: {outcome.error}" if outcome.error else None,
    )


def _resolved(kwargs: Kwargs, run: RunContext) -> Kwargs:
    """Arguments with every moment as one type, which the library needs to compare the two ends of a range.

    `{$PARAMETER: as_of}` is Great Expectations' own way to name a value given at run time: the moment that the run
    speaks of. `tomorrow` is a day after it or after the run's start, whichever is later: nothing is known beyond it.
    """
    moments = {"as_of": run.as_of, "tomorrow": max(run.as_of, run.started_at) + timedelta(days=1)}
    return {role: _moment(value, moments) if role in LIMITS else value for role, value in kwargs.items()}


def _moment(value: Any, moments: dict[str, datetime]) -> Any:
    if isinstance(value, dict):
        return moments[value["$PARAMETER"]]
    return datetime.fromisoformat(value) if isinstance(value, str) and DATE.match(value) else value
