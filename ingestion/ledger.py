"""Which files raw holds, and what became of their rows.

Belongs here: raw.loads, its mirror in state.sqlite, and what is still to load. Must not go here: loading.
Concept: raw.loads is written in the transaction that writes the rows, so the warehouse itself tells what it holds:
after a kill a file is wholly in or wholly out, and a lost warehouse finds every landed file still to load.
state.sqlite keeps the same rows for whoever asks when the warehouse is busy, and for the volumes of earlier
deliveries; it is caught up at every load.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

import duckdb

from ingestion.arriving import Arriving
from ingestion.declared import Table
from ingestion.landing import LandedFile
from ingestion.naming import moment_in

DDL = """
create schema if not exists raw;
create table if not exists raw.loads (
    load_id varchar, source varchar, table_name varchar, file varchar, sha256 varchar, bytes bigint, received bigint,
    loaded bigint, quarantined bigint, duplicate bigint, suppressed bigint, deleted bigint,
    started_at timestamp, loaded_at timestamp
);
create table if not exists raw.quarantine (
    quarantine_id varchar, source varchar, table_name varchar, file varchar, line bigint, reason varchar,
    raw_line varchar, load_id varchar, quarantined_at timestamp
);
"""


def load_id(table: Table, file: LandedFile) -> str:
    """A file's place, as text that sorts: the same for ever, so raw made again has the same rows.

    Events and upserts are placed by order of delivery. A snapshot is placed by the moment in its name, else when it
    landed: a late older one takes its place before the newer ones.
    """
    if table.delivery != "snapshot":
        return f"{file.sequence:010d}"
    return f"{moment_in(file.original_name) or file.landed_at:%Y%m%dT%H%M%S}-{file.sequence:010d}"


def to_load(
    con: duckdb.DuckDBPyConnection, table: Table, landed: list[LandedFile], retry_quarantined: bool
) -> tuple[list[LandedFile], list[str]]:
    """Files that raw lacks, in their order, and the ids of loads to undo first.

    retry_quarantined: files with rows in quarantine are loaded again. Where rows are folded in sequence, a file
    before others that raw holds (a late snapshot) has those loaded again after it.
    """
    loads = con.execute(
        "select file || ' ' || sha256, load_id from raw.loads where source = $s and table_name = $t",
        {"s": table.source, "t": table.name},
    ).fetchall()
    held: dict[str, str] = dict(loads)
    retried = _quarantined(con, table) if retry_quarantined else set()
    placed = sorted(((load_id(table, file), file) for file in landed), key=lambda pair: pair[0])
    missing = [place for place, file in placed if _content(file) not in held or place in retried]
    if not missing:
        return [], []
    again = [file for place, file in placed if (place >= missing[0] if table.folds_in_sequence else place in missing)]
    return again, sorted(held[_content(file)] for file in again if _content(file) in held)


def _content(file: LandedFile) -> str:
    return f"{file.file} {file.sha256}"


def _quarantined(con: duckdb.DuckDBPyConnection, table: Table) -> set[str]:
    rows = con.execute(
        "select distinct load_id from raw.quarantine where source = $s and table_name = $t",
        {"s": table.source, "t": table.name},
    ).fetchall()
    return {place for (place,) in rows}


def undo(con: duckdb.DuckDBPyConnection, table: Table, load_ids: Iterable[str]) -> None:
    """Take loads out of raw again, rows, quarantine and record; part of the caller's transaction."""
    for each in load_ids:
        place = {"s": table.source, "t": table.name, "l": each}
        con.execute(f"delete from {table.raw} where _load_id = $l", {"l": each})
        con.execute("delete from raw.quarantine where source = $s and table_name = $t and load_id = $l", place)
        con.execute("delete from raw.loads where source = $s and table_name = $t and load_id = $l", place)


def write(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    file: Arriving,
    counts: dict[str, int],
    started_at: datetime,
    loaded_at: datetime,
) -> None:
    """Record one file as loaded; part of the transaction that loads its rows."""
    con.execute(
        "insert into raw.loads values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            file.load_id, table.source, table.name, file.file.file, file.file.sha256, file.file.bytes, file.received,
            counts["loaded"], counts["quarantined"], counts["duplicate"], counts["suppressed"], counts["deleted"],
            started_at, loaded_at,
        ],
    )  # fmt: skip


def mirror(con: duckdb.DuckDBPyConnection, state: sqlite3.Connection, tables: Iterable[Table]) -> None:
    """Bring state.sqlite's ledger up to raw.loads. A file loaded again keeps the moment of its first delivery."""
    for table in tables:
        rows = con.execute(
            "select load_id, source, table_name, file, sha256, bytes, received, loaded, quarantined, duplicate, "
            "suppressed, started_at::varchar, loaded_at::varchar from raw.loads where source = $s and table_name = $t",
            {"s": table.source, "t": table.name},
        ).fetchall()
        known = {tuple(row) for row in state.execute(_MIRRORED, (table.source, table.name)).fetchall()}
        new = [row for row in rows if (row[0], *row[4:11]) not in known]
        with state:
            state.executemany(_MIRROR, new)


_MIRRORED = """
select load_id, sha256, bytes, received, loaded, quarantined, duplicate, suppressed from loads
where source = ? and table_name = ? and status = 'finished'
"""
_MIRROR = """
insert into loads (load_id, source, table_name, file, sha256, bytes, received, loaded, quarantined, duplicate,
    suppressed, started_at, finished_at, status)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'finished')
on conflict (load_id, source, table_name, file) do update set sha256 = excluded.sha256, bytes = excluded.bytes,
    received = excluded.received, loaded = excluded.loaded, quarantined = excluded.quarantined,
    duplicate = excluded.duplicate, suppressed = excluded.suppressed, finished_at = excluded.finished_at,
    status = 'finished'
"""


def earlier_deliveries(state: sqlite3.Connection, table: Table) -> list[int]:
    """Rows received by each earlier delivery of a table: what one run loaded counts as one."""
    rows = state.execute(
        "select sum(received) as received from loads where source = ? and table_name = ? and status = 'finished' "
        "group by started_at",
        (table.source, table.name),
    ).fetchall()
    return [row["received"] for row in rows]


def delivered_before(state: sqlite3.Connection, table: Table) -> set[str]:
    """sha256 of every file that was once loaded, whether or not the warehouse still holds it."""
    rows = state.execute(
        "select sha256 from loads where source = ? and table_name = ? and status = 'finished'",
        (table.source, table.name),
    ).fetchall()
    return {row["sha256"] for row in rows}
