"""Each promise of each suite catches a table that breaks it, and none complains about a table that keeps it.

Promises about columns are broken by kind, several columns at once; promises written as queries are broken one by one.
"""

from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from expectations.gate import check
from expectations.suites import Expectation, Suite, load_suites
from expectations.vocabulary import name
from warehouse.builds import stamp
from warehouse.run import RunContext

RUN = RunContext("run1", datetime(2024, 5, 1), datetime(2024, 5, 1))
SUITES = [suite for suite in load_suites() if suite.layer not in ("raw", "staging")]
EACH_SUITE = pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.table)

# Values that no suite's pattern or set allows, but for patterns that forbid: an address where none may be.
NO_SUCH = "'No Such Thing'"
FORBIDDEN = "'ask ada@example.com'"

MUTANTS = yaml.safe_load((Path(__file__).parent / "mutants.yml").read_text(encoding="utf-8"))


@contextmanager
def broken(con, table: str, statements: list[str]):
    """The table with the statements run on it; as it was before, afterwards."""
    con.execute(f"create or replace temp table intact as from {table}")
    for statement in statements:
        con.execute(statement)
    stamp(con, table)
    try:
        yield
    finally:
        con.execute(f"create or replace table {table} as from intact")
        stamp(con, table)


def findings(world, suite: Suite) -> set[tuple[str, str | None, str]]:
    _, con, engine = world
    result = check(con, suite, RUN, engine)
    return {(found.type, found.column, found.reason) for found in [*result.failed, *result.warned]}


def promise(expectation: Expectation) -> tuple[str, str | None, str]:
    return expectation.type, expectation.column, expectation.reason


def nulled(expectation: Expectation, table: str) -> str | None:
    """All but one value becomes null: all-null alone would be caught without the promise."""
    if expectation.type != "expect_column_values_to_not_be_null":
        return None
    column = name(expectation.kwargs["column"])
    return (
        f"update {table} set {column} = null where rowid > (select min(rowid) from {table} where {column} is not null)"
    )


def repeated(expectation: Expectation, table: str) -> str | None:
    unique = "to_be_unique" in expectation.type
    return f"insert into {table} from {table} limit 1" if unique else None


def replaced(expectation: Expectation, table: str) -> str | None:
    """Every value becomes one that the promise forbids."""
    kwargs, column = expectation.kwargs, name(expectation.kwargs.get("column", "none"))
    if expectation.type in ("expect_column_values_to_match_regex", "expect_column_values_to_be_in_set"):
        return f"update {table} set {column} = {NO_SUCH}"
    if expectation.type == "expect_column_values_to_not_match_regex":
        return f"update {table} set {column} = {FORBIDDEN}"
    if expectation.type == "expect_column_pair_values_a_to_be_greater_than_b":
        smaller, greater = name(kwargs["column_B"]), name(kwargs["column_A"])
        return f"update {table} set {smaller} = {greater}, {greater} = {smaller}"
    return None


def above(expectation: Expectation, table: str) -> str | None:
    return _outside(expectation, table, "max_value", 1, "'2999-01-01'")


def below(expectation: Expectation, table: str) -> str | None:
    return _outside(expectation, table, "min_value", -1, "'1899-01-01'")


def _outside(expectation: Expectation, table: str, limit: str, step: int, moment: str) -> str | None:
    if "row_count" in expectation.type or (end := expectation.kwargs.get(limit)) is None:
        return None
    column = name(expectation.kwargs["column"])
    if isinstance(end, int | float):
        return f"alter table {table} alter {column} type double; update {table} set {column} = {end + step}"
    return f"update {table} set {column} = {moment}"


# Ways that do not hide each other are taken together: a run of the library costs a tenth of a second.
WAYS = {"nulls": (nulled,), "others": (repeated, replaced, above), "below": (below,)}


def once_per_column(suite: Suite, breaker) -> list[tuple[Expectation, str]]:
    """The promises that one way of breaking concerns, at most one per column, each with what breaks it."""
    found: dict[str | None, tuple[Expectation, str]] = {}
    for expectation in suite.expectations:
        if (statement := breaker(expectation, suite.table)) and expectation.column not in found:
            found[expectation.column] = (expectation, statement)
    return list(found.values())


def targets(suite: Suite, way: str) -> list[tuple[Expectation, str]]:
    """The promises that are broken together in this way, each with what breaks it."""
    every = [pair for breaker in WAYS[way] for pair in once_per_column(suite, breaker)]
    return list({promise(expectation): (expectation, statement) for expectation, statement in every}.values())


@EACH_SUITE
def test_the_intact_table_passes_without_a_warning(world, suite):
    assert findings(world, suite) == set()


@EACH_SUITE
def test_an_empty_table_is_failed_unless_the_suite_says_why_not(world, suite):
    _, con, engine = world
    with broken(con, suite.table, [f"delete from {suite.table}"]):
        assert check(con, suite, RUN, engine).passed == (suite.may_be_empty is not None)
        assert not check(con, suite, RUN, engine, rows_before=1).passed


@EACH_SUITE
def test_columns_that_are_all_null_are_failed(world, suite):
    _, con, engine = world
    columns = [column for column in suite.columns if column not in suite.may_be_null]
    cleared = ", ".join(f"{name(column)} = null" for column in columns)
    with broken(con, suite.table, [f"update {suite.table} set {cleared}"]):
        result = check(con, suite, RUN, engine)
    assert {found.column for found in result.failed} == set(columns)


BROKEN = [(suite, way) for suite in SUITES for way in WAYS if targets(suite, way)]


@pytest.mark.parametrize(("suite", "way"), BROKEN, ids=[f"{suite.table}: {way}" for suite, way in BROKEN])
def test_promises_about_columns_bite(world, suite, way):
    concerned, statements = zip(*targets(suite, way), strict=True)
    with broken(world[1], suite.table, list(statements)):
        assert set(map(promise, concerned)) <= findings(world, replace(suite, expectations=concerned))


QUERIES = [(suite, e) for suite in SUITES for e in suite.expectations if e.type == "unexpected_rows_expectation"]


@pytest.mark.parametrize(("suite", "expectation"), QUERIES, ids=[f"{s.table}: {e.reason[:40]}" for s, e in QUERIES])
def test_promises_written_as_queries_bite(world, suite, expectation):
    mutants = [sql for start, sql in MUTANTS.get(suite.table, {}).items() if expectation.reason.startswith(start)]
    assert mutants, "write a mutant for it in mutants.yml"
    with broken(world[1], suite.table, [mutants[0].format(t=suite.table)]):
        assert promise(expectation) in findings(world, replace(suite, expectations=(expectation,)))


def test_every_promise_is_broken_by_some_test():
    elsewhere = {"unexpected_rows_expectation", "expect_table_row_count_to_be_between"}
    unbroken = [
        (suite.table, expectation.type)
        for suite in SUITES
        for expectation in suite.expectations
        if expectation.type not in elsewhere
        and not any(breaker(expectation, suite.table) for way in WAYS.values() for breaker in way)
    ]
    assert unbroken == []
