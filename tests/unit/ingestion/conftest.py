"""A source with one table, declared by each test, and what arrives for it.

Belongs here: delivering files, loading them, and looking at raw. Must not go here: expectations; each test says its
own.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.declared import Column, Source, Table
from ingestion.landing import LandedFile, land
from ingestion.load import load
from ingestion.replay import Replayed, replay
from ingestion.summary import LoadSummary, TableCounts
from warehouse.connection import connect
from warehouse.home import Home
from warehouse.run import RunContext

RUN = RunContext("run", datetime(2026, 11, 1), datetime(2026, 11, 1))


@dataclass
class Shop:
    """One source, `shop`, with one table, `people`."""

    home: Home
    inbox: Path
    table: Table
    con: duckdb.DuckDBPyConnection = field(init=False)
    runs: int = 0

    def __post_init__(self) -> None:
        self.con = connect(self.home)

    @property
    def source(self) -> Source:
        return Source("shop", "", "files", str(self.inbox), "sales", "selling", "first", (self.table,))

    def declare(self, **changes: Any) -> None:
        self.table = Table(**{**self.table.__dict__, **changes})

    def deliver(self, name: str, content: bytes | str | list[dict[str, Any]]) -> Path:
        """Put a file into the inbox; a list becomes JSON lines, a name that ends in .gz compresses."""
        if isinstance(content, list):
            content = "".join(json.dumps(row) + "\n" for row in content)
        data = content.encode() if isinstance(content, str) else content
        path = self.inbox / "people" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
        return path

    def land(self) -> list[LandedFile]:
        return land(self.home, declared=[self.source])

    def load(self, **options: Any) -> LoadSummary:
        self.runs += 1
        run = RunContext(f"run{self.runs}", datetime(2026, 11, 1, 0, self.runs), RUN.as_of)
        return load(self.home, self.con, run, declared=[self.source], **options)

    def bring(self, **options: Any) -> TableCounts:
        """Land and load; checks the invariant per file and against raw."""
        self.land()
        counts = self.load(**options).of("shop", "people")
        for received, accounted in self.query(
            "select received, loaded + quarantined + duplicate + suppressed from raw.loads"
        ):
            assert received == accounted
        assert self.query("select sum(loaded) from raw.loads") in (
            self.query("select count(*) from raw.shop__people where not _is_deleted"),
            [(None,)],
        )
        assert self.query("select coalesce(sum(quarantined), 0) from raw.loads") == self.query(
            "select count(*) from raw.quarantine"
        )
        return counts

    def replay(self) -> Replayed:
        return replay(self.home, self.con, RUN, declared=[self.source])

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self.con.execute(sql).fetchall()

    def rows(
        self, columns: str = "* exclude (_file, _line, _load_id, _loaded_at, _content_hash)"
    ) -> list[tuple[Any, ...]]:
        return sorted(self.query(f"select {columns} from raw.shop__people"), key=str)

    def digest(self) -> tuple[Any, ...]:
        """Of the content: what was received, not from which file or when."""
        return self.query(
            "select count(*), bit_xor(hash(_content_hash, _is_deleted)), "
            "sum(hash(_content_hash, _is_deleted)::hugeint) "
            "from raw.shop__people"
        )[0]

    def quarantine(self) -> list[tuple[Any, ...]]:
        return self.query("select line, reason, raw_line from raw.quarantine order by file, line")

    def lose_warehouse(self) -> None:
        self.con.close()
        self.home.warehouse.unlink()
        self.con = connect(self.home)


PEOPLE = Table(
    source="shop",
    name="people",
    identifier="shop__people",
    description="",
    format="csv",
    primary_key=("id",),
    delivery="events",
    contract="evolve",
    columns=(Column("id", required=True), Column("name"), Column("town")),
    files="people/**/*",
)


@pytest.fixture
def shop(home: Home, tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(home, tmp_path / "inbox", PEOPLE)
    shop.inbox.mkdir()
    yield shop
    shop.con.close()
