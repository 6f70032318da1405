"""JSON lines → rows of text.

Belongs here: reading them by DuckDB, and line by line where DuckDB finds something off. Must not go here: what a
table may hold (contract.py).
Concept: a first pass asks of every line whether it is JSON and which keys it has; the second reads the declared
top-level keys as text. Only a file in which the first pass found trouble is read in Python, line by line, and its bad
lines go to quarantine. Nested values stay JSON text. Integers stay as sent; a fraction is written in its shortest
form (1.50 becomes 1.5).
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from ingestion.arriving import LARGEST_FIELD_BYTES, Arriving, path_list
from warehouse.quoting import literal, quoted

LARGEST_LINE_BYTES = 16 << 20
DEEPEST_NESTING = 128
# Valid for DuckDB but not JSON, or harmful downstream. Rare in honest data, so a hit in a string only costs time.
SUSPICIOUS = ("NaN", "Infinity", "\\u0000", "}}}}}}}}", "]]]]]]]]", "[[[[[[[[")


def examine(
    probe: duckdb.DuckDBPyConnection, files: list[Arriving], draft: Callable[[Arriving], Path], allowed: set[str] | None
) -> None:
    """Learn each file's row count and keys; set bad lines aside.

    probe: a cursor of its own, since a refused read aborts the transaction that it is part of.
    allowed: where given, a line with any other key is bad (contract discard_row).
    """
    for group in _examined(probe, [file for file in files if file.text and file.text.lines]):
        file, keys, rows, is_odd = group
        is_odd = is_odd or rows != file.text.lines or file.text.has_nul or file.text.has_carriage_return  # type: ignore[union-attr]
        if is_odd or (allowed is not None and not set(keys) <= allowed):
            _mend(file, draft(file), allowed)
        else:
            file.columns, file.received = keys, rows


def read(con: duckdb.DuckDBPyConnection, files: list[Arriving], columns: list[str], identity: str) -> None:
    """Make the temp table `incoming_rows` of all files: the columns as text, _file_no, _line (null: by position),
    _content_hash.
    """
    con.execute(
        f"""
        create or replace temp table incoming_rows as
        select {", ".join(quoted(name) for name in columns)}, _file_no, null::bigint as _line,
            {identity} as _content_hash
        from {rows([file for file in files if file.received], columns)}
        """
    )


def rows(files: list[Arriving], columns: list[str]) -> str:
    """SQL for the rows of clean or mended files in the order of their lines: the columns as text, and _file_no."""
    if not files:
        nulls = ", ".join(f"null::varchar as {quoted(name)}" for name in columns)
        return f"(select {nulls}, 0 as _file_no limit 0)"
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    reader = _reader("read_json", files, f"columns = {{{types}}}, records = true")
    numbers = ", ".join(str(file.number) for file in files)
    return f"(select *, ([{numbers}]::integer[])[file_index::bigint + 1] as _file_no from {reader})"


def _examined(con: duckdb.DuckDBPyConnection, files: list[Arriving]) -> Iterator[tuple[Arriving, list[str], int, bool]]:
    """For each file: its keys, its rows, and whether something is off."""
    if not files:
        return
    odd = " or ".join(
        [f"strlen(json) > {LARGEST_FIELD_BYTES}", *(f"contains(json, {literal(text)})" for text in SUSPICIOUS)]
    )
    try:
        groups = con.execute(
            f"""
            select file_index, keys, count(*), bool_or(is_odd) from (
                select file_index, json_keys(json) as keys, json is null or {odd} as is_odd
                from {_reader("read_ndjson_objects", files, "ignore_errors = true")} as line(json)
            ) group by all
            """
        ).fetchall()
    except duckdb.Error:
        groups = []
    for position, file in enumerate(files):
        mine = [group for group in groups if group[0] == position]
        keysets = [keys for _, keys, _, _ in mine]
        is_odd = (
            not mine or any(off for *_, off in mine) or any(not keys or len(set(keys)) < len(keys) for keys in keysets)
        )
        keys = list(dict.fromkeys(key for keys in keysets for key in keys or []))
        yield file, keys, sum(count for _, _, count, _ in mine), is_odd


def _reader(function: str, files: list[Arriving], options: str) -> str:
    shape = ", format = 'newline_delimited'" if function == "read_json" else ""
    paths = path_list(file.read_from for file in files)
    return f"{function}({paths}, {options}{shape}, maximum_object_size = {LARGEST_LINE_BYTES})"


def _mend(file: Arriving, draft: Path, allowed: set[str] | None) -> None:
    """Write the file again with `{}` in place of every line that holds no good row, so that line numbers stay."""
    assert file.text
    keys: dict[str, None] = {}
    with open(file.text.path, "rb") as source, open(draft, "wb", opener=_private) as target:
        for number, line in enumerate(source, 1):
            row: dict[str, Any] = {}
            if line.strip():
                file.received += 1
                try:
                    row = _parsed(line, allowed)
                    keys.update(dict.fromkeys(row))
                except (ValueError, RecursionError) as error:
                    row = {}
                    file.set_aside(number, _reason(error), line)
            if not row:
                file.skipped.append(number)
            target.write(line.rstrip(b"\r\n") + b"\n" if row else b"{}\n")
    file.columns, file.mended = list(keys), draft


class _Refused(ValueError):
    """A line that parses but is not acceptable; its text names no value."""


def _reason(error: Exception) -> str:
    if isinstance(error, _Refused):
        return str(error)
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return "nested too deeply" if isinstance(error, RecursionError) else "not valid JSON"


def _parsed(line: bytes, allowed: set[str] | None) -> dict[str, Any]:
    """The object in a line. Raises ValueError or RecursionError."""
    if b"\0" in line:
        raise _Refused("NUL character")
    if len(line) > LARGEST_LINE_BYTES:
        raise _Refused("line too long")
    row = json.loads(line.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
    if not isinstance(row, dict):
        raise _Refused("not a JSON object")
    if not row:
        raise _Refused("missing primary key")
    if len(line) > LARGEST_FIELD_BYTES or any(text.encode() in line for text in (*SUSPICIOUS, "\\u")):
        _refuse_harmful(row, 1)
    if allowed is not None and (unknown := sorted(set(row) - allowed)):
        raise _Refused(f"unknown column: {', '.join(unknown[:5])}")
    return row


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Refused("duplicate key in a JSON object")
    return found


def _no_constant(_: str) -> None:
    raise _Refused("NaN or Infinity is not JSON")


def _refuse_harmful(value: Any, depth: int) -> None:
    if depth > DEEPEST_NESTING:
        raise _Refused("nested too deeply")
    if isinstance(value, dict):
        for key, each in value.items():
            _refuse_harmful(key, depth)
            _refuse_harmful(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _refuse_harmful(each, depth + 1)
    elif isinstance(value, str):
        _refuse_harmful_text(value)


def _refuse_harmful_text(text: str) -> None:
    if "\0" in text:
        raise _Refused("NUL character")
    if any(0xD800 <= ord(letter) < 0xE000 for letter in text):
        raise _Refused("lone surrogate")
    if len(text) > LARGEST_FIELD_BYTES // 4 and len(text.encode()) > LARGEST_FIELD_BYTES:
        raise _Refused("field larger than 64 KiB")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
