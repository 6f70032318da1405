"""Build stamps: which build of a table a gate has read.

Belongs here: writing and reading stamps. Must not go here: what a gate makes of them.
Concept: the stamp is the table's catalog comment, so it lives and dies with the table. Rebuilding a table by any road
drops or renews its stamp, and a gate result for an older build no longer counts.
"""

import re
from uuid import uuid4

import duckdb

BUILD = re.compile(r"build [\w:.+-]+")
WORD = re.compile(r"\w+")


def stamp(con: duckdb.DuckDBPyConnection, table: str, build: str | None = None) -> str:
    """Mark `schema.table` as built now; gives the build's name."""
    build = build or uuid4().hex
    con.execute(f"comment on table {table} is 'build {build}'")
    return build


def current_build(con: duckdb.DuckDBPyConnection, table: str) -> str | None:
    """The build of `schema.table`, or None when the table is absent or was built without a stamp.

    A view has no contents of its own: its build is its stamp with those of the raw tables that it reads.
    """
    schema, name = table.split(".")
    rows = con.execute(
        """
        select comment, null from duckdb_tables()
        where database_name = current_database() and schema_name = $schema and table_name = $name
        union all
        select comment, sql from duckdb_views()
        where database_name = current_database() and schema_name = $schema and view_name = $name
        """,
        {"schema": schema, "name": name},
    ).fetchall()
    if not rows or not rows[0][0] or not BUILD.fullmatch(rows[0][0]):
        return None
    comment, view_sql = rows[0]
    return comment if view_sql is None else "; ".join([comment, *_raw_builds(con, view_sql)])


def _raw_builds(con: duckdb.DuckDBPyConnection, view_sql: str) -> list[str]:
    """Stamps of the raw tables that a view's text names, and those below the views that it reads."""
    stamps = con.execute(
        "select table_name, comment from duckdb_tables() "
        "where database_name = current_database() and schema_name = 'raw' order by table_name"
    ).fetchall()
    read = _words_read(con, view_sql)
    return [comment or f"unstamped {table}" for table, comment in stamps if table in read]


def _words_read(con: duckdb.DuckDBPyConnection, view_sql: str) -> set[str]:
    """Every word in a view's text and, in turn, in the text of the views that these words name."""
    views = dict(
        con.execute("select view_name, sql from duckdb_views() where database_name = current_database()").fetchall()
    )
    words: set[str] = set()
    pending = [view_sql]
    while pending:
        new = set(WORD.findall(pending.pop())) - words
        words |= new
        pending += [views[word] for word in new if word in views]
    return words
