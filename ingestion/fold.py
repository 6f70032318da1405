"""Effectively once: which rows of a delivery are new.

Belongs here: duplicates, versions, deletions. Must not go here: reading files, counting them (load.py).
Concept: events, and upserts that say which version is newer, are known by key and content, for ever: any order of
delivery and any split into files leave the same rows. Without `ordered_by`, and for snapshots, a row is dropped only
if it equals its key's latest version, so A → B → A keeps three; there the order of delivery is the order of versions.
Each file of a snapshot table is one whole snapshot, and one snapshot is folded at a time.

Tables in: `incoming` (view: the columns, _file_no, _line, _row, _content_hash), `excluded` (_row, why).
"""

import duckdb

from ingestion.arriving import Arriving
from ingestion.declared import Table
from warehouse.quoting import literal, quoted


def exclude_duplicates(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Add the rows of `incoming` that raw has, or that came twice, to `excluded`."""
    if table.folds_in_sequence:
        _exclude_unchanged(con, table)
    else:
        _exclude_known(con, table)


def append_deletions(con: duckdb.DuckDBPyConnection, table: Table, file: Arriving, loaded_at: str) -> int:
    """Append a row with _is_deleted for each key that raw has and this snapshot lacks; gives how many.

    A marker holds the key alone; its _line is negative, since no line of the file is it.
    """
    key, columns = _key(table), ", ".join(quoted(name) for name in table.primary_key)
    appended = con.execute(
        f"""
        insert into {table.raw} ({columns}, _file, _line, _load_id, _loaded_at, _content_hash, _is_deleted)
        select {columns}, {literal(file.file.file)}, -row_number() over (order by {key}), {literal(file.load_id)},
            timestamp {literal(loaded_at)}, md5('deleted'), true
        from (
            select {columns}, _is_deleted from {table.raw}
            qualify row_number() over (partition by {key} order by _load_id desc, _line desc) = 1
        )
        where not _is_deleted and {key} not in (
            select {key} from incoming where _row not in (select _row from excluded where why <> 'duplicate')
        )
        """
    ).fetchall()
    return int(appended[0][0])


def _exclude_known(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    rows, contents = con.execute("select count(*), count(distinct _content_hash) from incoming_rows").fetchall()[0]
    known = con.execute(
        f"select 1 from {table.raw} where _content_hash in (select _content_hash from incoming_rows) limit 1"
    ).fetchall()
    if rows == contents and not known:
        return
    con.execute(
        f"""
        insert into excluded
        select _row, 'duplicate' from incoming
        where _row not in (select _row from excluded)
        qualify row_number() over (partition by _content_hash order by _file_no, _line) > 1
            or _content_hash in (select _content_hash from {table.raw})
        """
    )


def _exclude_unchanged(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    key = _key(table)
    con.execute(
        f"""
        insert into excluded
        with arriving as (
            select _row, _file_no, _line, _content_hash, {key} as _key from incoming
            where _row not in (select _row from excluded)
        ),
        latest as (
            select {key} as _key, if(_is_deleted, null, _content_hash) as _latest from {table.raw}
            where {key} in (select _key from arriving)
            qualify row_number() over (partition by {key} order by _load_id desc, _line desc) = 1
        )
        select _row, 'duplicate' from arriving left join latest using (_key)
        qualify _content_hash = coalesce(lag(_content_hash) over (partition by _key order by _file_no, _line), _latest)
        """
    )


def _key(table: Table) -> str:
    return f"concat_ws(chr(31), {', '.join(quoted(name) for name in table.primary_key)})"
