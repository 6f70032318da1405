"""Build stamps: which build of a table a gate has read.

Belongs here: writing and reading stamps. Must not go here: what a gate makes of them.
Concept: the stamp is the table's catalog comment, so it lives and dies with the table. Rebuilding a table by any road
drops or renews its stamp, and a gate result for an older build no longer counts.
"""

import re
from collections.abc import Iterable, Mapping
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
    return current_builds(con, [table])[table]


def current_builds(con: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> dict[str, str | None]:
    """current_build() of many tables for the price of one: the catalog writes out every view whenever it is asked."""
    stamps = dict(
        con.execute(
            "select schema_name || '.' || table_name, comment from duckdb_tables() "
            "where database_name = current_database() order by all"
        ).fetchall()
    )
    views = {
        name: (comment, sql)
        for name, comment, sql in con.execute(
            "select schema_name || '.' || view_name, comment, sql from duckdb_views() "
            "where database_name = current_database() and not internal"
        ).fetchall()
    }
    texts = {name.split(".")[1]: sql for name, (_, sql) in views.items()}
    builds: dict[str, str | None] = {}
    for table in tables:
        comment, sql = views.get(table) or (stamps.get(table), None)
        stamped = comment if comment and BUILD.fullmatch(comment) else None
        builds[table] = "; ".join([stamped, *_raw_builds(sql, texts, stamps)]) if stamped and sql else stamped
    return builds


def _raw_builds(view_sql: str, texts: Mapping[str, str], stamps: Mapping[str, str | None]) -> list[str]:
    """Stamps of the raw tables that a view's text names, and those below the views that it reads."""
    read = _words_read(view_sql, texts)
    raw = {name.split(".")[1]: comment for name, comment in stamps.items() if name.startswith("raw.")}
    return [comment or f"unstamped {table}" for table, comment in raw.items() if table in read]


def _words_read(view_sql: str, texts: Mapping[str, str]) -> set[str]:
    """Every word in a view's text and, in turn, in the text of the views that these words name."""
    words: set[str] = set()
    pending = [view_sql]
    while pending:
        new = set(WORD.findall(pending.pop())) - words
        words |= new
        pending += [texts[word] for word in new if word in texts]
    return words
