"""JSON lines into raw in one statement: the fast path.

Belongs here: writing first and asking afterwards. Must not go here: what to do when the answer is no (load.py undoes
the transaction and goes the careful way).
Concept: most large deliveries are clean and wholly new. Their rows go straight from the reader into raw, in parallel,
while another thread examines the lines; then raw is asked whether each row has a key and none is there twice.
"""

from datetime import datetime

import duckdb

from ingestion import jsonlines
from ingestion.arriving import META_COLUMNS, Arriving
from ingestion.declared import Table
from warehouse.quoting import literal, quoted

UNNUMBERED = 0


class NotStraight(Exception):
    """The fast path does not fit this delivery after all."""


def write_rows(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    files: list[Arriving],
    columns: list[str],
    identity: str,
    loaded_at: datetime,
) -> None:
    """Write every line of the files into raw, its number yet to come. Raises NotStraight where a line is not JSON."""
    names = ", ".join(quoted(name) for name in columns)
    values = f"{_of_file([f.file.file for f in files])}, {UNNUMBERED}, {_of_file([f.load_id for f in files])}"
    try:
        con.execute(
            f"""
            insert into {table.raw} ({names}, {", ".join(META_COLUMNS)})
            select {names}, {values}, timestamp {literal(str(loaded_at))}, {identity}, false
            from {jsonlines.rows([file for file in files if file.file.bytes], columns)}
            """
        )
    except duckdb.InvalidInputException:
        raise NotStraight from None


def rows_written(table: Table, files: list[Arriving]) -> str:
    """SQL for the rows that were just written."""
    return f"(select * from {table.raw} where {_ours(files)})"


def require_new(con: duckdb.DuckDBPyConnection, table: Table, files: list[Arriving]) -> None:
    """Raise NotStraight if a row that was written lacks its key, is there twice, or was in raw before."""
    lacking = " or ".join(_is_blank(quoted(name)) for name in table.primary_key)
    # Counting numbers costs half of counting texts; two contents that share a number are taken the careful way.
    rows, contents, keyless = con.execute(
        f"select count(*), count(distinct hash(_content_hash)), count(*) filter ({lacking}) "
        f"from {rows_written(table, files)}"
    ).fetchall()[0]
    if rows != contents or keyless or rows != sum(file.received for file in files):
        raise NotStraight
    if not con.execute(f"select 1 from {table.raw} where not ({_ours(files)}) limit 1").fetchall():
        return
    known = con.execute(
        f"select 1 from {table.raw} where not ({_ours(files)}) and _content_hash in "
        f"(select _content_hash from {table.raw} where {_ours(files)}) limit 1"
    ).fetchall()
    if known:
        raise NotStraight


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


def _is_blank(column: str) -> str:
    """As coalesce(trim(column), '') = '', which would copy every value."""
    return f"({column} is null or case when starts_with({column}, ' ') then trim({column}) = '' else {column} = '' end)"


def _ours(files: list[Arriving]) -> str:
    return f"_load_id in ({', '.join(literal(file.load_id) for file in files)})"


def _of_file(values: list[str]) -> str:
    return f"([{', '.join(literal(value) for value in values)}])[_file_no + 1]"
