"""Dagster's event log in SQLite, with a connection kept for each of the shards in use.

Belongs here: the storage class that dagster.yaml names. Must not go here: what is logged.
Concept: Dagster makes an engine, opens a connection, commits to the disk and closes it again for every event that it
stores or reads, three times an event: that is a quarter of a small run. Kept engines remember their statements; kept
connections spare the opening, and the checkpoint at every closing. Commits go to SQLite's write-ahead log without
waiting for the disk, so a power cut may cost the last events of a run, never the log. A page server sees many runs, so
the shards unused for longest are closed. `_connect` is not part of Dagster's public interface:
tests/integration/orchestration/test_event_log.py holds it.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

# The index, the run that is on, and a few that somebody looks at.
KEPT_SHARDS = 4


class KeptConnectionEventLogStorage(SqliteEventLogStorage):
    """As its parent, which makes an engine and a connection per call."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        super().__init__(*args, **kwargs)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> "KeptConnectionEventLogStorage":
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def dispose(self) -> None:
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()
        super().dispose()

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            self._engines[shard] = _new_engine(self.conn_string_for_shard(shard))
        self._engines.move_to_end(shard)
        while len(self._engines) > KEPT_SHARDS:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]


def _new_engine(address: str) -> Engine:
    """One connection at a time uses it, of whichever thread: the storage's lock sees to that."""
    arguments = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
    engine = create_engine(address, poolclass=QueuePool, pool_size=1, connect_args=arguments)
    event.listen(engine, "connect", _without_waiting)
    return engine


def _without_waiting(connection: Any, _record: Any) -> None:
    connection.execute("pragma synchronous = normal")
