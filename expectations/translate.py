"""Suites in Great Expectations' own objects. Importing this module imports the library, which takes seconds.

Belongs here: turning an Expectation into the library's, and the regular expressions that it refuses on DuckDB.
Must not go here: running them; anything imported at the start of `cdp`.
Concept: https://docs.greatexpectations.io/docs/core/customize_expectations/define_a_custom_expectation_class

The library knows the regex functions of a fixed list of databases. A suite writes `expect_column_values_to_match_regex`
all the same; here it becomes a subclass whose metric uses SQLAlchemy's own `regexp_match`, which DuckDB's dialect
compiles. `mostly`, counts and one query for all expectations of a table work as for the rest.
"""

from functools import cache
from typing import Any

import great_expectations.expectations as library
from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import Expectation as LibraryExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)

from expectations.suites import Expectation
from expectations.vocabulary import Kwargs, camel


class _Matches(ColumnMapMetricProvider):
    condition_metric_name = "column_values.cdp_match_regex"
    condition_value_keys = ("regex",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(cls, column: Any, regex: str, **kwargs: Any) -> Any:
        return column.regexp_match(regex)


class _DoesNotMatch(ColumnMapMetricProvider):
    condition_metric_name = "column_values.cdp_not_match_regex"
    condition_value_keys = ("regex",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(cls, column: Any, regex: str, **kwargs: Any) -> Any:
        return ~column.regexp_match(regex)


METRICS = {
    "expect_column_values_to_match_regex": _Matches.condition_metric_name,
    "expect_column_values_to_not_match_regex": _DoesNotMatch.condition_metric_name,
}

ROWS_COUNT = "unexpected_rows_query.row_count"


def _counted(_: Any, metrics: dict[str, Any], *__: Any, **___: Any) -> dict[str, Any]:
    """By the count of breaking rows alone. The library asks for the rows too, in a second run of the query."""
    return {"success": metrics[ROWS_COUNT] == 0, "result": {"observed_value": metrics[ROWS_COUNT]}}


_LIBRARYS: Any = LibraryExpectation.configuration


def _configuration(expectation: Any) -> ExpectationConfiguration:
    """Built once. The library asks every expectation for it a hundred times: a third of a gate's time."""
    if expectation._remembered is None:
        expectation._remembered = _LIBRARYS.__get__(expectation)
    return expectation._remembered


@cache
def library_class(type_: str) -> type[LibraryExpectation]:
    """The library's class of that name with our changes; in this process it takes the original's place."""
    changes: dict[str, Any] = {"_remembered": PrivateAttr(None), "configuration": property(_configuration)}
    if type_ in METRICS:
        changes["map_metric"] = METRICS[type_]
    if type_ == "unexpected_rows_expectation":
        changes |= {"metric_dependencies": (ROWS_COUNT,), "_validate": _counted}
    return type(camel(type_), (getattr(library, camel(type_)),), changes)


def translated(expectation: Expectation, kwargs: Kwargs, place: int) -> LibraryExpectation:
    """The library's object. `place` is carried through as metadata: results come back in another order."""
    return library_class(expectation.type)(
        **kwargs, severity=FailureSeverity(expectation.severity), meta={"place": place}
    )
