"""Great Expectations on the open warehouse: a suite in, one outcome per expectation out.

Belongs here: the library's context, data source and validation, and the allow-list of what leaves its results.
Must not go here: what an outcome means (gate.py). The library is imported when a suite first runs: it takes seconds.
Concept: https://docs.greatexpectations.io/docs/core/run_validations/run_a_validation_definition
"""

import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Self

import duckdb

from expectations.suites import Suite
from expectations.vocabulary import Kwargs, name
from warehouse.errors import CdpError, sanitised

# Values of breaking rows are not fetched at all; SUMMARY still gives their count.
RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
SCRATCH = "gate_scratch"


@dataclass(frozen=True)
class Outcome:
    """What may be known of one expectation's result: whether it held, how many rows broke it, why it did not run."""

    success: bool
    unexpected: int | None
    error: str | None


class Engine:
    """One context and one data source for all suites of a gate; opened by the first suite that needs them."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._lending = ExitStack()
        self._context: Any = None
        self._source: Any = None
        self._runs = count()
        self._has_scratch = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lending.close()

    def run(self, suite: Suite, resolved: list[Kwargs], table: str) -> list[Outcome]:
        """Outcomes in the order of the suite's expectations, whose arguments are `resolved`, on what `table` holds."""
        self._open()
        from great_expectations.exceptions import GreatExpectationsError
        from sqlalchemy.exc import SQLAlchemyError

        try:
            found = self._validated(suite, resolved, table)
        except (GreatExpectationsError, SQLAlchemyError, duckdb.Error) as error:
            raise _not_run(suite, error) from None
        found.sort(key=lambda result: result.expectation_config.meta["place"])
        return [_outcome(result) for result in found]

    def _open(self) -> None:
        if self._context is not None:
            return
        os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
        # Its warnings quote queries and values; what matters of them is in the outcomes.
        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
        import great_expectations as gx
        from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

        from expectations.dialect import lent

        in_memory = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
        config = DataContextConfig(store_backend_defaults=in_memory, analytics_enabled=False)
        context: Any = gx.get_context(mode="ephemeral", project_config=config)
        context.variables.progress_bars = {"globally": False}
        # It would write its whole configuration as YAML, into memory, with every table added.
        context._save_project_config = lambda: None
        address = self._lending.enter_context(lent(self._con))
        self._source = context.data_sources.add_sql("warehouse", connection_string=address)
        self._context = context

    @contextmanager
    def readable(self, suite: Suite) -> Iterator[str]:
        """The name under which to read the table: its own, or that of a view's rows, computed once.

        A gate asks about half a dozen questions, and a view would answer each from raw.
        """
        schema, table = suite.table.split(".")
        if not self._is_view(schema, table):
            yield suite.table
            return
        queried = any("unexpected_rows_query" in expectation.kwargs for expectation in suite.expectations)
        columns = "*" if queried else ", ".join(name(column) for column in suite.columns)
        self._scratch()
        try:
            self._con.execute(f"create table {SCRATCH}.main.{table} as select {columns} from {suite.table}")
        except duckdb.Error as error:
            raise _not_run(suite, error) from None
        try:
            yield f"{SCRATCH}.main.{table}"
        finally:
            self._con.execute(f"drop table {SCRATCH}.main.{table}")

    def _is_view(self, schema: str, table: str) -> bool:
        found = self._con.execute(
            "select 1 from duckdb_views() "
            "where database_name = current_database() and schema_name = ? and view_name = ?",
            [schema, table],
        ).fetchall()
        return bool(found)

    def _scratch(self) -> None:
        if not self._has_scratch:
            self._con.execute(f"attach ':memory:' as {SCRATCH}")
            self._lending.callback(self._con.execute, f"detach {SCRATCH}")
            self._has_scratch = True

    def _validated(self, suite: Suite, resolved: list[Kwargs], table: str) -> list[Any]:
        from great_expectations import ExpectationSuite

        from expectations.translate import translated

        entries = zip(suite.expectations, resolved, strict=True)
        objects = [translated(expectation, kwargs, place) for place, (expectation, kwargs) in enumerate(entries)]
        title = f"{suite.name} {next(self._runs)}"
        schema, _, name_ = table.rpartition(".")
        asset = self._source.add_table_asset(title, table_name=name_, schema_name=schema)
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        return batch.validate(ExpectationSuite(title, expectations=objects), result_format=RESULT_FORMAT).results


def _not_run(suite: Suite, error: Exception) -> CdpError:
    return CdpError(
        f"The suite {suite.name} could not run: {sanitised(error)}",
        remedy=f"Compare expectations/{suite.name}.yml with the columns and types of {suite.table}.",
    )


def _outcome(result: Any) -> Outcome:
    """The allow-list: nothing else of the library's result leaves this function."""
    error = _error(result.exception_info)
    is_query = result.expectation_config.type == "unexpected_rows_expectation"
    counted_as = "observed_value" if is_query else "unexpected_count"
    return Outcome(bool(result.success) and not error, result.result.get(counted_as), error)


def _error(info: dict[str, Any] | None) -> str | None:
    """The first exception of an expectation; the library nests them by metric where there are several."""
    for found in [info or {}, *(value for value in (info or {}).values() if isinstance(value, dict))]:
        if found.get("raised_exception"):
            return sanitised(str(found.get("exception_message") or "unknown error").splitlines()[0]).rstrip(".")
    return None
