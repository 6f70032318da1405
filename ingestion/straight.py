"""JSON lines into raw in one statement: the fast path.

Belongs here: writing first and checking afterwards. Must not go here: what to do when the check finds something
(delivery.py goes the careful way instead).
Concept: most deliveries are wholly new. Their rows go straight from the reader into raw, in parallel; then raw is asked
whether each has a key and none is there twice. If one is, all are taken out again, inside the same transaction.
"""

from datetime import datetime

import duckdb

from ingestion import jsonlines
from ingestion.arriving import META_COLUMNS, Arriving, content_hash, literal, quoted
from ingestion.declared import Table


UNNUMBERED = 0


def load_straight(
    con: duckdb.DuckDBPyConnection, table: Table, files: list[Arriving], columns: list[str], loaded_at: datetime
) -> bool:
    """Write all rows of clean files into raw, their lines yet to be numbered; False, with raw as it was, if one lacks its key or is there already."""
    names = ", ".join(quoted(name) for name in columns)
    con.execute(
        f"""
        insert into {table.raw} ({names}, {", ".join(META_COLUMNS)})
        select {names}, {_of_file([file.file.file for file in files])}, {UNNUMBERED}, {_of_file([file.load_id for file in files])},
            timestamp {literal(str(loaded_at))}, {content_hash(columns)}, false
        from {jsonlines.rows(files, columns)}
        """
    )
    if not _all_new(con, table, files):
        con.execute(f"delete from {table.raw} where {_ours(files)}")
        return False
    return True


def number_lines(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Give the rows that went straight into raw their lines; after the commit that loaded them, and after a kill.

    A row's line is its place among the rows of its file, since rows are written in the order of their lines. Counting
    them while reading would make the reader go row by row, and an update inside the transaction would write all anew.
    """
    if not con.execute(f"select 1 from {table.raw} where _line = {UNNUMBERED} limit 1").fetchall():
        return
    con.execute(
        f"""
        update {table.raw} as raw_row set _line = raw_row.rowid - first.row + 1
        from (select _load_id, min(rowid) as row from {table.raw} where _line = {UNNUMBERED} group by _load_id) as first
        where raw_row._load_id = first._load_id and raw_row._line = {UNNUMBERED}
        """
    )


def straight_rows(table: Table, files: list[Arriving]) -> str:
    """SQL for the rows that were just written."""
    return f"(select * from {table.raw} where {_ours(files)})"


def _all_new(con: duckdb.DuckDBPyConnection, table: Table, files: list[Arriving]) -> bool:
    lacking = " or ".join(f"coalesce(trim({quoted(name)}), '') = ''" for name in table.primary_key)
    rows, contents, keyless = con.execute(
        f"select count(*), count(distinct _content_hash), count(*) filter ({lacking}) from {table.raw} where {_ours(files)}"
    ).fetchall()[0]
    if rows != contents or keyless or rows != sum(file.received for file in files):
        return False
    known = con.execute(
        f"select 1 from {table.raw} where not ({_ours(files)}) and _content_hash in "
        f"(select _content_hash from {table.raw} where {_ours(files)}) limit 1"
    ).fetchall()
    return not known


def _ours(files: list[Arriving]) -> str:
    return f"_load_id in ({', '.join(literal(file.load_id) for file in files)})"


def _of_file(values: list[str]) -> str:
    return f"([{', '.join(literal(value) for value in values)}])[_file_no + 1]"
