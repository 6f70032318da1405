"""`cdp sql`: a query on what is published.

Belongs here: running one query and printing it. Must not go here: opening the files (publishing/read.py).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.show import table
from warehouse.errors import CdpError, sanitised
from warehouse.home import Home

if TYPE_CHECKING:
    import duckdb


def sql(
    query: Annotated[str, typer.Argument(help="One SQL statement; - reads it from standard input.")],
    restricted: Annotated[
        bool, typer.Option("--restricted", help="With personal values, for those who may read them (file mode 0600).")
    ] = False,
    limit: Annotated[int, typer.Option(min=0, help="Most rows to print; 0 prints all.")] = 100,
) -> None:
    """Query the published tables: read-only, never locked by a run, personal values masked.

    Examples: cdp sql "select count(*) from customers"

    cdp sql "show tables"

    cdp sql --restricted "select email from customers limit 5"
    """
    import duckdb

    from publishing.read import open_published

    con = open_published(Home.from_environment(), restricted=restricted)
    try:
        found = con.sql(_one_statement(con, sys.stdin.read() if query == "-" else query))
        if found is None:
            raise CdpError("The query gives no rows", remedy='Ask for some: cdp sql "select count(*) from customers".')
        columns, rows = found.columns, found.fetchmany(limit + 1) if limit else found.fetchall()
    except duckdb.Error as error:
        raise _explained(error) from None
    table(columns, rows[: limit or None], as_data=True)
    if limit and len(rows) > limit:
        print(f"… the first {limit} rows; --limit 0 prints all", file=sys.stderr)


def _one_statement(con: duckdb.DuckDBPyConnection, query: str) -> str:
    """The query, if it is one: of several only the last would be seen."""
    if (count := len(con.extract_statements(query))) > 1:
        raise CdpError(f"These are {count} statements, and `cdp sql` takes one", remedy="Ask them one by one.")
    return query


def _explained(error: Exception) -> CdpError:
    """Why the query failed. A person's own query may be quoted back, and a parser knows no more; data may not."""
    first = str(error).splitlines()[0]
    text = first if first.startswith("Parser Error") else sanitised(first)
    if "LocalFileSystem has been disabled" in text:
        return CdpError(
            "The query reaches for a file, and `cdp sql` reads only what is published",
            remedy="`cdp export parquet` writes copies for other tools.",
        )
    if "read-only mode" in text:
        return CdpError(
            "The query writes, and what is published never changes",
            remedy="Change the model or its source, then `cdp run` publishes a new generation.",
        )
    return CdpError(f"The query failed: {text}", remedy='`cdp sql "show tables"` lists what is there.')
