"""CSV → rows of text.

Belongs here: headers, reading by DuckDB with an explicit dialect, and record by record where DuckDB finds something
off. Must not go here: what a table may hold (contract.py).
Concept: DuckDB's strict reader takes a whole file or nothing. A file that it refuses, or whose row count is not its
line count, is read in Python: a record that does not parse costs its own line only, since reading begins again at the
next one. An empty field is null, quoted or not.
"""

import csv
import io
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

import duckdb

from ingestion.arriving import LARGEST_FIELD_BYTES, MOST_COLUMNS, Arriving, path_list
from ingestion.text import Rejected
from warehouse.quoting import literal, quoted

# A record with line ends inside its quotes may span so many lines; past that the quote is taken for unterminated.
LONGEST_RECORD_LINES = 1000
LARGEST_LINE_BYTES = 16 << 20


def examine(
    probe: duckdb.DuckDBPyConnection,
    files: list[Arriving],
    delimiter: str,
    draft: Callable[[Arriving], Path],
    allowed: set[str] | None,
) -> None:
    """Learn each file's header and row count; set bad rows aside. Raises Rejected when a header cannot be one.

    probe: a cursor of its own, since a refused read aborts the transaction that it is part of.
    allowed: where given, a row with a value in any other column is bad (contract discard_row).
    """
    for file in files:
        file.columns = _header(file, delimiter)
    for group in _by_header(files):
        fits = allowed is None or set(group[0].columns) <= allowed
        for file in _suspects(probe, group, delimiter) if fits else group:
            _mend(file, draft(file), delimiter, allowed)


def read(
    con: duckdb.DuckDBPyConnection, files: list[Arriving], columns: list[str], identity: str, delimiter: str
) -> None:
    """Make the temp table `incoming_rows` of examined files: the columns as text, _file_no, _line, _content_hash."""
    names = ", ".join(f"{quoted(name)} varchar" for name in columns)
    con.execute(
        f"create or replace temp table incoming_rows ({names}, _file_no integer, _line bigint, _content_hash varchar)"
    )
    for group in _by_header([file for file in files if file.received]):
        if fast := [file for file in group if not file.mended]:
            _read_fast(con, fast, columns, identity, delimiter)
        for file in group:
            if file.mended:
                source = _source([file], [*file.columns, "_line"], ",", header_row=False)
                _insert(con, source, file.columns, columns, identity, str(file.number), "_line::bigint")


def _header(file: Arriving, delimiter: str) -> list[str]:
    assert file.text
    with open(file.text.path, "rb") as source:
        first = source.readline()
    try:
        header = next(csv.reader([first.decode("utf-8")], delimiter=delimiter, strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        raise Rejected(
            f"{file.file.file}: the header cannot be read",
            remedy="Declare encoding and delimiter as the file has them.",
        ) from None
    names = [name.strip() for name in header]
    if len(names) > MOST_COLUMNS:
        raise Rejected(f"{file.file.file} has {len(names):,} columns", remedy=f"Deliver at most {MOST_COLUMNS:,}.")
    if names and (not all(names) or len(set(names)) < len(names)):
        raise Rejected(
            f"{file.file.file} has a header with an empty or repeated name", remedy="Give every column one name."
        )
    return names


def _by_header(files: list[Arriving]) -> list[list[Arriving]]:
    groups: dict[tuple[str, ...], list[Arriving]] = {}
    for file in files:
        if file.columns:
            groups.setdefault(tuple(file.columns), []).append(file)
    return list(groups.values())


def _suspects(probe: duckdb.DuckDBPyConnection, files: list[Arriving], delimiter: str) -> list[Arriving]:
    """Note the row counts of files that DuckDB reads without a doubt; gives the others."""
    clean = [file for file in files if file.text and not file.text.has_nul and not file.text.has_carriage_return]
    suspects = [file for file in files if file not in clean]
    if not clean:
        return suspects
    header = clean[0].columns
    size = " + ".join(f"coalesce(strlen({quoted(name)}), 0)" for name in header)
    source = _source(clean, header, delimiter)
    try:
        found = probe.execute(f"select file_index, count(*), max({size}) from {source} group by file_index").fetchall()
    except duckdb.Error:
        if len(clean) == 1:
            return files
        return suspects + [suspect for file in clean for suspect in _suspects(probe, [file], delimiter)]
    sound = {index: rows for index, rows, largest in found if largest <= LARGEST_FIELD_BYTES}
    for index, file in enumerate(clean):
        if sound.get(index, 0) == file.text.lines - 1:  # type: ignore[union-attr]
            file.received = sound.get(index, 0)
        else:
            suspects.append(file)
    return suspects


def _read_fast(
    con: duckdb.DuckDBPyConnection, files: list[Arriving], columns: list[str], identity: str, delimiter: str
) -> None:
    """A row's line is its place in the file, since every row of these files is one line."""
    con.execute(
        f"create or replace temp table part as select *, file_index::bigint as _index "
        f"from {_source(files, files[0].columns, delimiter)}"
    )
    numbers = ", ".join(f"({index}, {file.number})" for index, file in enumerate(files))
    source = f"""(
        select part.*, number as _number, part.rowid - start + 2 as _at
        from part join (select _index, min(rowid) as start from part group by _index) as starts using (_index)
            join (values {numbers}) as numbers(_index, number) using (_index)
    )"""
    _insert(con, source, files[0].columns, columns, identity, "_number", "_at")


def _insert(
    con: duckdb.DuckDBPyConnection,
    source: str,
    header: list[str],
    columns: list[str],
    identity: str,
    number: str,
    line: str,
) -> None:
    values = ", ".join(quoted(name) if name in header else f"null::varchar as {quoted(name)}" for name in columns)
    con.execute(
        f"""
        insert into incoming_rows
        select *, {identity} from (
            select {values}, {number} as _file_no, {line} as _line from {source}
        )
        """
    )


def _source(files: list[Arriving], header: list[str], delimiter: str, header_row: bool = True) -> str:
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header)
    return (
        f"read_csv({path_list(file.read_from for file in files)}, auto_detect = false, columns = {{{types}}}, "
        f"header = {str(header_row).lower()}, delim = {literal(delimiter)}, quote = '\"', escape = '\"', nullstr = '', "
        f"strict_mode = true, new_line = '\\n', encoding = 'utf-8', max_line_size = {LARGEST_LINE_BYTES})"
    )


def _mend(file: Arriving, draft: Path, delimiter: str, allowed: set[str] | None) -> None:
    """Write the good records again, every field quoted, the line each began on as the last; set the others aside."""
    assert file.text
    foreign = [position for position, name in enumerate(file.columns) if allowed is not None and name not in allowed]
    with open(draft, "w", encoding="utf-8", newline="", opener=_private) as target:
        writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for line, raw, record in _records(file.text.path, delimiter, len(file.columns)):
            file.received += 1
            if isinstance(record, str):
                file.set_aside(line, record, raw)
            elif unknown := [file.columns[position] for position in foreign if record[position]]:
                file.set_aside(line, f"unknown column: {', '.join(unknown[:5])}", raw)
            else:
                writer.writerow([*record, line])
    file.mended = draft


def _records(path: Path, delimiter: str, width: int) -> Iterator[tuple[int, bytes, list[str] | str]]:
    """Every record after the header: the line it begins on, its bytes, and its fields or the reason that it is bad."""
    with open(path, "rb") as source:
        source.readline()
        ahead: list[bytes] = []
        for line in count(2):
            first = ahead.pop(0) if ahead else source.readline()
            if not first:
                return
            if not first.strip(b"\r\n"):
                continue
            spanned, record = _parsed(first, ahead, source, delimiter, width)
            yield line, first, record
            if spanned:
                del ahead[:spanned]
                ahead[:0] = [b"\n"] * spanned


def _parsed(
    first: bytes, ahead: list[bytes], source: BinaryIO, delimiter: str, width: int
) -> tuple[int, list[str] | str]:
    """The record that begins with `first`: how many further lines it spans, and its fields or a reason.

    A record that stays bad however far it is read spans nothing: the lines after it are read on their own.
    """
    record, spanned, text = first, 0, _fields(first, delimiter, width)
    reason = text
    while text == UNTERMINATED and spanned < LONGEST_RECORD_LINES and len(record) <= 4 * LARGEST_FIELD_BYTES:
        if spanned == len(ahead):
            following = source.readline()
            if not following:
                break
            ahead.append(following)
        record += ahead[spanned]
        spanned += 1
        if ahead[spanned - 1].count(b'"'):
            text = _fields(record, delimiter, width)
    return (spanned, text) if isinstance(text, list) else (0, reason)


UNTERMINATED = "unterminated quote"


def _fields(record: bytes, delimiter: str, width: int) -> list[str] | str:
    """The fields of a record, or the reason that it is bad."""
    if b"\0" in record:
        return "NUL character"
    try:
        text = record.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        return "not UTF-8"
    try:
        csv.field_size_limit(LARGEST_LINE_BYTES)
        rows = list(csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return UNTERMINATED if "unexpected end of data" in str(error) else "quotes in the wrong place"
    fields = [field for row in rows for field in row]
    if len(rows) != 1 or len(fields) != width:
        return f"{len(fields)} columns where the header has {width}"
    if any(len(field) > LARGEST_FIELD_BYTES // 4 and len(field.encode()) > LARGEST_FIELD_BYTES for field in fields):
        return "field larger than 64 KiB"
    return fields


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
