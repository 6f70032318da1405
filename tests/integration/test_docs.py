"""docs/query-the-marts.md keeps its word: every query runs on what a run publishes, and gives the columns shown."""

import re
from pathlib import Path

import duckdb
import pytest

from publishing.read import open_published
from warehouse.home import PROJECT, Home

DOC = (PROJECT / "docs" / "query-the-marts.md").read_text()
QUESTIONS = re.findall(r"### (\d+)\. .*?```sql\n(.*?)```\n\n```text\n(.*?)\n", DOC, flags=re.DOTALL)
TABLES = re.findall(r"^\| `(\w+)` \|.*\| (`\w+`(?:, `\w+`)*) \|$", DOC, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def published(sample_run: Path) -> duckdb.DuckDBPyConnection:
    return open_published(Home(sample_run))


def test_there_are_ten_questions() -> None:
    assert [number for number, _, _ in QUESTIONS] == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize(("query", "header"), [(query, header) for _, query, header in QUESTIONS])
def test_the_query_gives_the_columns_shown(published: duckdb.DuckDBPyConnection, query: str, header: str) -> None:
    answer = published.sql(query)

    assert answer.columns == header.split()
    assert answer.fetchall()


def test_every_published_table_is_listed(published: duckdb.DuckDBPyConnection) -> None:
    tables = {name for (name,) in published.sql("show tables").fetchall()}

    assert {table for table, _ in TABLES} == tables


@pytest.mark.parametrize(("table", "key"), TABLES)
def test_the_key_is_one_row_each(published: duckdb.DuckDBPyConnection, table: str, key: str) -> None:
    columns = key.replace("`", "")

    assert published.sql(f"select {columns} from {table} group by {columns} having count(*) > 1").fetchall() == []
