"""Build stamps: which build of a table a gate has read.

Belongs here: writing and reading stamps. Must not go here: what a gate makes of them.
Concept: the stamp is the table's catalog comment, so it lives and dies with the table. Rebuilding a table by any road
drops or renews its stamp, and a gate result for an older build no longer counts.
"""

import re
from uuid import uuid4

import duckdb

BUILD = re.compile(r"build [\w:.+-]+")


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
        "select comment, null from duckdb_tables() where database_name = current_database() and schema_name = ? and table_name = ? "
        "union all "
        "select comment, sql from duckdb_views() where database_name = current_database() and schema_name = ? and view_name = ?",
        [schema, name, schema, name],
    ).fetchall()
    if not rows or not rows[0][0] or not BUILD.fullmatch(rows[0][0]):
        return None
    comment, view_sql = rows[0]
    return comment if view_sql is None else "; ".join([comment, *_raw_builds(con, view_sql)])


def _raw_builds(con: duckdb.DuckDBPyConnection, view_sql: str) -> list[str]:
    """Stamps of the raw tables that a view's text names."""
    named = sorted(set(re.findall(r'\braw\W{1,3}(\w+)', view_sql)))
    stamps = con.execute(
        "select table_name, comment from duckdb_tables() where database_name = current_database() and schema_name = 'raw' order by 1"
    ).fetchall()
    return [comment or f"unstamped {table}" for table, comment in stamps if table in named]
