"""`cdp sql`: a query on what is published.

Belongs here: running one query and printing it. Must not go here: opening the files (publishing/read.py).
"""

import sys
from typing import Annotated

import typer

from cli.show import table
from warehouse.errors import CdpError, sanitised
from warehouse.home import Home


def sql(
    query: Annotated[str, typer.Argument(help="One SQL statement; - reads it from standard input.")],
    restricted: Annotated[
        bool, typer.Option("--restricted", help="With personal values, for those who may read them (file mode 0600).")
    ] = False,
    limit: Annotated[int, typer.Option(help="Most rows to print; 0 prints all.")] = 100,
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
        found = con.execute(sys.stdin.read() if query == "-" else query)
        columns = [column[0] for column in found.description or []]
        rows = found.fetchmany(limit + 1) if limit else found.fetchall()
    except duckdb.Error as error:
        raise CdpError(
            f"The query failed: {_shown(error)}", remedy='`cdp sql "show tables"` lists what is there.'
        ) from None
    table(columns, rows[: limit or None])
    if limit and len(rows) > limit:
        print(f"… the first {limit} rows; --limit 0 prints all", file=sys.stderr)


def _shown(error: Exception) -> str:
    """The engine's first line. The person's own query may be quoted back to them; data may not."""
    return sanitised(str(error).splitlines()[0])
