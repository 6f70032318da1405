"""A connection with the treatments, and the golden file.

Belongs here: what the tests of standardise/ share. Must not go here: expectations.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pytest

import standardise

GOLDEN = Path(__file__).parent / "golden.csv"


@pytest.fixture(scope="session")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        standardise.register(connection)
        yield connection


def golden() -> list[dict[str, str]]:
    """Rows of kind, region, raw, std, each value as a person would expect it; an empty std is null."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_sql(
    con: duckdb.DuckDBPyConnection, expression: str, first: Sequence[str | None], second: Sequence[str | None]
) -> list[str | None]:
    """An expression over columns first and second, in the order of the rows."""
    con.execute("create or replace temp table texts (position bigint, first varchar, second varchar)")
    columns = [list(range(len(first))), list(first), list(second)]
    con.execute("insert into texts select unnest(?), unnest(?), unnest(?)", columns)
    return [row[0] for row in con.execute(f"select {expression} from texts order by position").fetchall()]
