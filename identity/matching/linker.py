"""Splink over the linkage's own view of the records.

Belongs here: opening a linker, and clearing up after it. Must not go here: training, scoring.
Concept: Splink works inside the warehouse, and leaves its tables there until they are dropped.
"""

import logging
from typing import Any

import duckdb


def new_linker(con: duckdb.DuckDBPyConnection, settings: dict[str, Any]) -> Any:
    """A linker over `person`, which Splink knows as `comparable`."""
    from splink import Linker
    from splink.internals.duckdb.database_api import DuckDBAPI

    api = DuckDBAPI(connection=con)
    return Linker(api.register(con.table("comparable")), settings, log_level=logging.ERROR)


def drop_splink_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what Splink left in the warehouse, now or in a run that was killed."""
    found = con.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and starts_with(table_name, '__splink__')"
    ).fetchall()
    for schema, table in found:
        con.execute(f'drop table {schema}."{table}"')
