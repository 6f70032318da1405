"""Parquet → rows of text.

Belongs here: reading it by DuckDB. Must not go here: damage and codecs (arrival.py).
Concept: every value as text, like the other formats; nested values as JSON. The line of a row is its number in the
file.
"""

import duckdb

from ingestion.arriving import Arriving, path_list
from warehouse.quoting import literal, quoted

NESTED = ("STRUCT", "MAP", "UNION")


def examine(con: duckdb.DuckDBPyConnection, file: Arriving) -> None:
    """Learn column names and row count."""
    file.columns = [name for name, *_ in con.execute(f"describe select * from {_source(file)}").fetchall()]
    file.columns.remove("file_row_number")
    file.received = con.execute(f"select count(*) from {_source(file)}").fetchall()[0][0]


def read(con: duckdb.DuckDBPyConnection, files: list[Arriving], columns: list[str], identity: str) -> None:
    """Make the temp table `incoming_rows` of all files; rows with NUL in a text are set aside."""
    names = ", ".join(f"{quoted(name)} varchar" for name in columns)
    con.execute(
        f"create or replace temp table incoming_rows ({names}, _file_no integer, _line bigint, _content_hash varchar)"
    )
    for file in files:
        types = {name: kind for name, kind, *_ in con.execute(f"describe select * from {_source(file)}").fetchall()}
        values = ", ".join(f"{_text(name, types.get(name))} as {quoted(name)}" for name in columns)
        con.execute(
            f"""
            insert into incoming_rows
            select *, {identity}
            from (select {values}, {file.number} as _file_no, file_row_number + 1 as _line from {_source(file)})
            """
        )
        _set_aside_nul(con, file, columns)


def _set_aside_nul(con: duckdb.DuckDBPyConnection, file: Arriving, columns: list[str]) -> None:
    row = ", ".join(f"{literal(name)}: {quoted(name)}" for name in columns)
    hit = " or ".join(f"contains({quoted(name)}, chr(0))" for name in columns)
    bad = con.execute(
        f"delete from incoming_rows where _file_no = {file.number} and ({hit}) "
        f"returning _line, to_json({{{row}}})::varchar"
    ).fetchall()
    for line, raw in bad:
        file.set_aside(line, "NUL character", raw)


def _text(name: str, kind: str | None) -> str:
    if kind is None:
        return "null::varchar"
    if kind.startswith(NESTED) or kind.endswith("]"):
        return f"to_json({quoted(name)})::varchar"
    if kind == "BLOB":
        return f"base64({quoted(name)})"
    return f"{quoted(name)}::varchar"


def _source(file: Arriving) -> str:
    return f"read_parquet({path_list([file.path])}, file_row_number = true)"
