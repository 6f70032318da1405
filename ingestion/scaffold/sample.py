"""What a sample says of its columns: names, types, which one is the key.

Belongs here: looking at the first rows of a file. Must not go here: meaning (mapping.py).
"""

import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from warehouse.errors import CdpError

ROWS = 2000
DEEPEST = 4
FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}
# In this order; the first that every value of the sample fits.
TYPES = (
    ("boolean", re.compile(r"true|false", re.IGNORECASE)),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("timestamp", re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")),
    ("bigint", re.compile(r"-?(0|[1-9]\d{0,17})")),
    ("decimal(18,2)", re.compile(r"-?(0|[1-9]\d{0,15})(\.\d{1,2})?")),
    ("double", re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")),
)
# Digits in these are names, not numbers.
TEXT = re.compile(r"(?i:(^|[_.])(id|key|code|no|number|phone|mobile|zip|postcode|postal_code|sku)$)|[a-z]I[dD]$")
# 'paid' is no id.
ID = re.compile(r"((?i:(^|_)id)|[a-z]I[dD])$")
# A name that these are part of cannot be written into SQL or YAML as it is.
UNWRITABLE = re.compile(r"[\"'{}\x00-\x1f]")


@dataclass(frozen=True)
class Column:
    """name as sent, a dotted one being a path inside a JSON column; and the data_type of the source's declaration."""

    name: str
    data_type: str
    is_always_present: bool
    is_unique: bool
    examples: tuple[str, ...] = ()

    @property
    def is_nested(self) -> bool:
        return "." in self.name


@dataclass(frozen=True)
class Sample:
    """What the first rows of a file show."""

    path: Path
    format: str
    delimiter: str
    rows: int
    columns: tuple[Column, ...]

    @property
    def key(self) -> str:
        """The first column that is unique and always present, preferring one that is called an id."""
        unique = [c.name for c in self.columns if c.is_unique and c.is_always_present and not c.is_nested]
        if not unique:
            raise CdpError(
                f"No column of {self.path.name} is unique and always present in its first {self.rows:,} rows",
                remedy="Name the key with --key, more than once for a key of several columns.",
            )
        return next((name for name in unique if ID.search(name)), unique[0])


def read_sample(path: Path) -> Sample:
    """Look at the first rows of a CSV or JSON-lines file, gzip or not.

    Raises CdpError for another format, an empty file, or a header with nameless or repeated columns.
    """
    suffixes = [suffix for suffix in path.suffixes if suffix != ".gz"]
    form = FORMATS.get(suffixes[-1].lower() if suffixes else "")
    if form is None:
        raise CdpError(f"{path.name} is neither .csv nor .jsonl", remedy="Export it as CSV or JSON lines, gzip or not.")
    if not path.is_file():
        raise CdpError(f"There is no file {path}", remedy="Give the path of a sample file.")
    delimiter, rows = _read(path, form)
    if not rows:
        raise CdpError(f"{path.name} holds no rows", remedy="Give a file with a few rows, so that types can be seen.")
    names = list(dict.fromkeys(name for row in rows for name in row))
    if bad := [name for name in names if UNWRITABLE.search(name)]:
        raise CdpError(
            f"{path.name} has columns with quotes, braces or control characters: {', '.join(map(repr, bad))}",
            remedy="Rename them in the export.",
        )
    return Sample(path, form, delimiter, len(rows), tuple(_column(name, rows) for name in names))


def _read(path: Path, form: str) -> tuple[str, list[dict[str, Any]]]:
    try:
        with _opened(path) as file:
            if form == "jsonl":
                return ",", [dict(_flattened(row)) for row in islice(_json_rows(file, path), ROWS)]
            delimiter = _delimiter(file)
            return delimiter, list(islice(_csv_rows(file, path, delimiter), ROWS))
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError, csv.Error) as error:
        raise CdpError(
            f"{path.name} cannot be read as UTF-8 text ({type(error).__name__})",
            remedy="Save the sample as UTF-8; if deliveries are in another encoding, declare `encoding` afterwards.",
        ) from None


def _opened(path: Path) -> TextIO:
    opener: Any = gzip.open if path.suffix == ".gz" else open
    return opener(path, "rt", encoding="utf-8-sig", newline="")


def _delimiter(file: TextIO) -> str:
    header = file.readline()
    file.seek(0)
    return max(",;\t|", key=header.count)


def _csv_rows(file: TextIO, path: Path, delimiter: str) -> Iterator[dict[str, Any]]:
    reader = csv.reader(file, delimiter=delimiter)
    names = [name.strip() for name in next(reader, [])]
    if "" in names or len({name.lower() for name in names}) < len(names):
        raise CdpError(
            f"The header of {path.name} has nameless or repeated columns", remedy="Give every column a name of its own."
        )
    for row in reader:
        if row:
            yield dict(zip(names, row, strict=False))


def _json_rows(file: TextIO, path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise CdpError(
                f"Line {number} of {path.name} is not JSON", remedy="Write one JSON object per line."
            ) from None
        if not isinstance(row, dict):
            raise CdpError(f"Line {number} of {path.name} is no object", remedy="Write one JSON object per line.")
        yield row


def _flattened(row: dict[str, Any], above: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    """Every column, an object followed by what it holds, under dotted names."""
    for name, value in row.items():
        yield above + name, value
        if isinstance(value, dict) and depth < DEEPEST:
            inside = {key: item for key, item in value.items() if "." not in key and not UNWRITABLE.search(key)}
            yield from _flattened(inside, f"{above}{name}.", depth + 1)


def _column(name: str, rows: list[dict[str, Any]]) -> Column:
    values = [row.get(name) for row in rows]
    present = [value for value in values if value not in (None, "")]
    nested = any(isinstance(value, dict | list) for value in present)
    texts = [json.dumps(value) if isinstance(value, bool | dict | list) else str(value).strip() for value in present]
    return Column(
        name,
        "json" if nested else _type(name, texts),
        is_always_present=len(present) == len(rows),
        is_unique=len(set(texts)) == len(rows),
        examples=tuple(dict.fromkeys(texts))[:50],
    )


def _type(name: str, texts: list[str]) -> str:
    if not texts or TEXT.search(name):
        return "varchar"
    return next((kind for kind, pattern in TYPES if all(pattern.fullmatch(text) for text in texts)), "varchar")
