"""Quarantined rows, tried again after the cause is mended.

Belongs here: which files to load again. Must not go here: how (load.py).
Concept: a file that has rows in quarantine is loaded again as a whole, at its old place; so raw becomes what it would
be had the row never been bad.
"""

from dataclasses import dataclass

import duckdb

from ingestion import ledger
from ingestion.declared import Source, chosen, declared_sources
from ingestion.load import load
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.run import RunContext


@dataclass(frozen=True)
class Replayed:
    """loaded: rows that left quarantine for raw; remaining: rows still in it, of the tables asked for."""

    loaded: int
    remaining: int


def replay(
    home: Home,
    con: duckdb.DuckDBPyConnection,
    run: RunContext,
    source: str | None = None,
    table: str | None = None,
    *,
    declared: list[Source] | None = None,
) -> Replayed:
    """Load every file that has rows in quarantine again. Raises CdpError when its delivery now breaks the contract."""
    sources = chosen(declared_sources() if declared is None else declared, [source] if source else None)
    tables = [(one.name, each.name) for one in sources for each in one.tables if table in (None, each.name)]
    if table and not tables:
        listed = ", ".join(sorted(f"{one.name}.{each.name}" for one in sources for each in one.tables))
        raise CdpError(f"No table {table}", remedy=f"Declared are: {listed}.")
    con.execute(ledger.DDL)
    before = {name: rows for name in tables if (rows := _in_quarantine(con, *name))}
    if not before:
        return Replayed(0, 0)
    load(home, con, run, tables=before, declared=sources, retry_quarantined=True)
    remaining = sum(_in_quarantine(con, *name) for name in before)
    return Replayed(sum(before.values()) - remaining, remaining)


def _in_quarantine(con: duckdb.DuckDBPyConnection, source: str, table: str) -> int:
    rows = con.execute(
        "select count(*) from raw.quarantine where source = $s and table_name = $t", {"s": source, "t": table}
    ).fetchall()
    return int(rows[0][0])
