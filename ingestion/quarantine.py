"""Rows that cannot be taken, kept with their text, their place and the reason.

Belongs here: writing quarantine. Must not go here: deciding that a line does not parse (the readers), replay
(replay.py).
Concept: quarantine loses nothing. The file itself stays in landing, so a row is tried again by loading its file
again.
"""

import json
from datetime import datetime
from hashlib import md5
from pathlib import Path

import duckdb

from ingestion.arriving import Arriving
from ingestion.declared import Table
from warehouse.quoting import literal, quoted

COLUMNS = ("quarantine_id", "source", "table_name", "file", "line", "reason", "raw_line", "load_id")


def set_aside_rows_without_key(con: duckdb.DuckDBPyConnection, table: Table, files: list[Arriving]) -> None:
    """Quarantine rows of `incoming` that lack a part of the primary key: nothing could replace or trace them."""
    lacking = " or ".join(f"coalesce(trim({quoted(name)}), '') = ''" for name in table.primary_key)
    if not con.execute(f"select 1 from incoming_rows where {lacking} limit 1").fetchall():
        return
    for name in table.primary_key:
        rows = con.execute(
            f"""
            insert into excluded select _row, {literal("quarantined")} from incoming
            where coalesce(trim({quoted(name)}), '') = '' and _row not in (select _row from excluded)
            returning _row
            """
        ).fetchall()
        if rows:
            _set_aside(con, table, files, name, [row for (row,) in rows])


def write_quarantine(
    con: duckdb.DuckDBPyConnection, table: Table, files: list[Arriving], workspace: Path, quarantined_at: datetime
) -> None:
    """Append what the files' readers set aside to raw.quarantine."""
    if not any(file.bad for file in files):
        return
    draft = workspace / "quarantine.jsonl"
    with open(draft, "w", encoding="utf-8") as target:
        for file in files:
            for bad in file.bad:
                place = f"{table.label}|{file.load_id}|{bad.line}|{bad.reason}"
                values = (
                    md5(place.encode()).hexdigest(),
                    table.source,
                    table.name,
                    file.file.file,
                    bad.line,
                    bad.reason,
                    bad.raw_line,
                    file.load_id,
                )
                target.write(json.dumps(dict(zip(COLUMNS, values, strict=True)), ensure_ascii=False) + "\n")
    types = ", ".join(f"{name}: '{'BIGINT' if name == 'line' else 'VARCHAR'}'" for name in COLUMNS)
    con.execute(
        f"insert into raw.quarantine select *, timestamp {literal(str(quarantined_at))} from "
        f"read_json({literal(str(draft))}, columns = {{{types}}}, format = 'newline_delimited', "
        f"maximum_object_size = {32 << 20})"
    )


def _set_aside(
    con: duckdb.DuckDBPyConnection, table: Table, files: list[Arriving], column: str, rows: list[int]
) -> None:
    wanted = set(rows)
    places = con.execute(
        "select _row, _file_no, _line from incoming where _row in (select _row from excluded where why = 'quarantined')"
    ).fetchall()
    for file in files:
        lines = {line for row, number, line in places if number == file.number and row in wanted}
        if lines:
            texts = _lines_of(file, lines) if file.text else _rows_of(con, table, file)
            for line in sorted(lines):
                file.set_aside(line, f"missing primary key: {column}", texts.get(line, ""))


def _lines_of(file: Arriving, lines: set[int]) -> dict[int, bytes]:
    """The text of some lines of a file, as it came."""
    assert file.text
    last = max(lines)
    found: dict[int, bytes] = {}
    with open(file.text.path, "rb") as source:
        for number, line in enumerate(source, 1):
            if number in lines:
                found[number] = line
            if number == last:
                break
    return found


def _rows_of(con: duckdb.DuckDBPyConnection, table: Table, file: Arriving) -> dict[int, str]:
    values = ", ".join(f"{literal(name)}: {quoted(name)}" for name in table.raw_columns)
    return dict(
        con.execute(
            f"select _line, to_json({{{values}}})::varchar from incoming where _file_no = {file.number}"
        ).fetchall()
    )
