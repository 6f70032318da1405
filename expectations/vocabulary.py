"""The expectations that a suite may use, with the arguments that each takes.

Belongs here: names and arguments in Great Expectations' own spelling, and the SQL that finds the rows breaking each.
Must not go here: thresholds (suites), or running anything.
Concept: https://greatexpectations.io/expectations

The list is ours so that a suite is checked in milliseconds (importing Great Expectations takes seconds);
tests/integration/gates/test_contract.py compares it with the library.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Kwargs = dict[str, Any]
LIMITS = frozenset({"min_value", "max_value", "strict_min", "strict_max"})
MOSTLY = frozenset({"mostly"})
NONE: frozenset[str] = frozenset()
RESERVED = frozenset(
    {"order", "group", "table", "column", "values", "timestamp", "user", "end", "default", "references"}
)


@dataclass(frozen=True)
class Kind:
    """One expectation: arguments that it needs and may have.

    either: at least one of these must be given.
    breaking: the SQL condition that a breaking row meets, from the arguments and the table; None where the
        expectation speaks of the whole table.
    """

    required: frozenset[str]
    optional: frozenset[str] = NONE
    either: frozenset[str] = NONE
    breaking: Callable[[Kwargs, str], str] | None = None


def literal(value: Any) -> str:
    """A value from a suite as DuckDB writes it."""
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


def _outside(kwargs: Kwargs, expression: str) -> str:
    low = "<=" if kwargs.get("strict_min") else "<"
    high = ">=" if kwargs.get("strict_max") else ">"
    limits = [
        (limit, sign) for limit, sign in (("min_value", low), ("max_value", high)) if kwargs.get(limit) is not None
    ]
    return " or ".join(f"{expression} {sign} {literal(kwargs[limit])}" for limit, sign in limits)


def _listed(values: list[Any]) -> str:
    return "(" + ", ".join(literal(value) for value in values) + ")"


def _repeated(columns: list[str], table: str) -> str:
    names = ", ".join(name(column) for column in columns)
    return f"({names}) in (select ({names}) from {table} group by all having count(*) > 1)"


def _column(*required: str, breaking: Callable[[Kwargs, str], str]) -> Kind:
    return Kind(frozenset({"column", *required}), MOSTLY, breaking=breaking)


AGGREGATE = Kind(frozenset({"column"}), LIMITS, either=frozenset({"min_value", "max_value"}))

KINDS: dict[str, Kind] = {
    "expect_table_row_count_to_be_between": Kind(NONE, LIMITS, either=frozenset({"min_value", "max_value"})),
    "expect_table_columns_to_match_set": Kind(frozenset({"column_set"}), frozenset({"exact_match"})),
    "expect_column_to_exist": Kind(frozenset({"column"})),
    "expect_column_values_to_not_be_null": _column(breaking=lambda k, t: f"{name(k['column'])} is null"),
    "expect_column_values_to_be_unique": _column(breaking=lambda k, t: _repeated([k["column"]], t)),
    "expect_compound_columns_to_be_unique": Kind(
        frozenset({"column_list"}), MOSTLY, breaking=lambda k, t: _repeated(k["column_list"], t)
    ),
    "expect_column_values_to_be_in_set": _column(
        "value_set", breaking=lambda k, t: f"{name(k['column'])} not in {_listed(k['value_set'])}"
    ),
    "expect_column_values_to_not_be_in_set": _column(
        "value_set", breaking=lambda k, t: f"{name(k['column'])} in {_listed(k['value_set'])}"
    ),
    "expect_column_values_to_match_regex": _column(
        "regex", breaking=lambda k, t: f"not regexp_matches({name(k['column'])}, {literal(k['regex'])})"
    ),
    "expect_column_values_to_not_match_regex": _column(
        "regex", breaking=lambda k, t: f"regexp_matches({name(k['column'])}, {literal(k['regex'])})"
    ),
    "expect_column_values_to_be_between": Kind(
        frozenset({"column"}),
        LIMITS | MOSTLY,
        either=frozenset({"min_value", "max_value"}),
        breaking=lambda k, t: _outside(k, name(k["column"])),
    ),
    "expect_column_value_lengths_to_be_between": Kind(
        frozenset({"column"}),
        LIMITS | MOSTLY,
        either=frozenset({"min_value", "max_value"}),
        breaking=lambda k, t: _outside(k, f"length({name(k['column'])})"),
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": Kind(
        frozenset({"column_A", "column_B"}),
        frozenset({"or_equal", "mostly", "ignore_row_if"}),
        breaking=lambda k, t: f"{name(k['column_A'])} {'<' if k.get('or_equal') else '<='} {name(k['column_B'])}",
    ),
    "expect_column_min_to_be_between": AGGREGATE,
    "expect_column_max_to_be_between": AGGREGATE,
    "expect_column_mean_to_be_between": AGGREGATE,
    "expect_column_sum_to_be_between": AGGREGATE,
    "expect_column_unique_value_count_to_be_between": AGGREGATE,
    "expect_column_proportion_of_unique_values_to_be_between": AGGREGATE,
    "expect_column_distinct_values_to_contain_set": Kind(frozenset({"column", "value_set"})),
    "unexpected_rows_expectation": Kind(frozenset({"unexpected_rows_query"})),
}


def query_on(query: str, table: str) -> str:
    """An `unexpected_rows_query` as it runs on a table: {batch} is the table, and doubled braces are single ones."""
    return " ".join(query.format(batch=table).split())


def name(column: str) -> str:
    """A column as SQL writes it: in quotes where it is not a plain word, or is one of SQL's own."""
    return column if re.fullmatch(r"[a-z_][a-z0-9_]*", column) and column not in RESERVED else f'"{column}"'


def snake(type_: str) -> str:
    """`ExpectColumnToExist` and `expect_column_to_exist` are the same expectation."""
    return type_ if type_.islower() else re.sub(r"(?<!^)(?=[A-Z])", "_", type_).lower()


def camel(type_: str) -> str:
    return "".join(word.capitalize() for word in type_.split("_"))


def columns_named(kwargs: Kwargs) -> list[str]:
    """Every column that an expectation's arguments name, in their order."""
    single = [kwargs[role] for role in ("column", "column_A", "column_B") if role in kwargs]
    return [*single, *kwargs.get("column_list", []), *kwargs.get("column_set", [])]
