"""The SQLAlchemy dialect through which Great Expectations reads the warehouse in place.

Belongs here: what makes a SQLAlchemy engine out of a DuckDB connection that is already open.
Must not go here: expectations, suites, results.
Concept: https://docs.sqlalchemy.org/en/20/core/connections.html#registering-new-dialects

A process may open a DuckDB file only once per configuration, so the dialect never opens one: its connections are
cursors of the connection that it was lent. Each is closed after its statement, so no lock outlives a gate.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import duckdb
import duckdb_sqlalchemy
from duckdb_sqlalchemy import ConnectionWrapper, DuckDBExecutionContext
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.pool import NullPool, Pool

_lent: dict[str, duckdb.DuckDBPyConnection] = {}


@contextmanager
def lent(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """A SQLAlchemy address for `con`, valid inside the block; what it reads is what `con` has committed."""
    name = uuid4().hex
    _lent[name] = con
    try:
        yield f"duckdb+lent:///{name}"
    finally:
        del _lent[name]


class _BufferedContext(DuckDBExecutionContext):
    """Fetches every row at once: Great Expectations reads its results after closing the connection."""

    def post_exec(self) -> None:
        super().post_exec()
        if self.cursor is None or not self.cursor.description:
            return
        self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
            self.cursor, alternate_description=self.cursor.description, initial_buffer=self.cursor.fetchall()
        )


class LentDialect(duckdb_sqlalchemy.Dialect):
    """DuckDB over a connection that somebody else has opened."""

    supports_statement_cache = True
    execution_ctx_cls = _BufferedContext

    def connect(self, *args: Any, **params: Any) -> Any:
        name = params.get("database") or args[0]
        cursor = _lent[name].cursor()
        cursor.execute("set TimeZone = 'UTC'")
        return ConnectionWrapper(cursor)

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return NullPool


registry.register("duckdb.lent", __name__, "LentDialect")
