"""Great Expectations on the open warehouse: a suite in, one outcome per expectation out.

Belongs here: the library's context, data source and validation, and the allow-list of what leaves its results.
Must not go here: what an outcome means (gate.py). The library is imported when a suite first runs: it takes seconds.
Concept: https://docs.greatexpectations.io/docs/core/run_validations/run_a_validation_definition
"""

import logging
import os
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any, Self

import duckdb

from expectations.suites import Suite
from expectations.vocabulary import Kwargs
from warehouse.errors import CdpError, sanitised

# Values of breaking rows are not fetched at all; SUMMARY still gives their count.
RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lending.close()

    def run(self, suite: Suite, resolved: list[Kwargs]) -> list[Outcome]:
        """Outcomes in the order of the suite's expectations, whose arguments are `resolved`."""
        self._open()
        from duckdb import Error as DuckDBError
        from great_expectations.exceptions import GreatExpectationsError
        from sqlalchemy.exc import SQLAlchemyError

        try:
            found = self._validation(suite, resolved).run(result_format=RESULT_FORMAT).results
        except (GreatExpectationsError, SQLAlchemyError, DuckDBError) as error:
            raise CdpError(
                f"The suite {suite.name} could not run: {sanitised(error)}",
                remedy=f"Compare expectations/{suite.name}.yml with the table's columns and types.",
            ) from None
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
        self._context = gx.get_context(mode="ephemeral", project_config=config)
        self._context.variables.progress_bars = {"globally": False}
        address = self._lending.enter_context(lent(self._con))
        self._source = self._context.data_sources.add_sql("warehouse", connection_string=address)

    def _validation(self, suite: Suite, resolved: list[Kwargs]) -> Any:
        import great_expectations as gx

        from expectations.translate import translated

        entries = zip(suite.expectations, resolved, strict=True)
        objects = [translated(expectation, kwargs, place) for place, (expectation, kwargs) in enumerate(entries)]
        schema, table = suite.table.split(".")
        name = f"{suite.name} {next(self._runs)}"
        asset = self._source.add_table_asset(name, table_name=table, schema_name=schema)
        validation = gx.ValidationDefinition(
            name=name,
            data=asset.add_batch_definition_whole_table("all"),
            suite=self._context.suites.add(gx.ExpectationSuite(name, expectations=objects)),
        )
        return self._context.validation_definitions.add(validation)


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
