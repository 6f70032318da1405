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
FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}
# In this order; the first that every value of the sample fits.
TYPES = (
    ("boolean", re.compile(r"true|false", re.IGNORECASE)),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("timestamp", re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")),
    ("bigint", re.compile(r"-?(0|[1-9]\d{0,17})")),
    ("decimal(18,2)", re.compile(r"-?\d{1,16}\.\d{1,2}")),
    ("double", re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")),
)
# Digits in these are names, not numbers.
TEXT = re.compile(r"(^|_)(id|key|code|no|number|phone|mobile|zip|postcode|postal_code|sku)$", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """name as sent, and the data_type of the source's declaration."""

    name: str
    data_type: str
    is_always_present: bool
    is_unique: bool


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
        unique = [column.name for column in self.columns if column.is_unique and column.is_always_present]
        if not unique:
            raise CdpError(
                f"No column of {self.path.name} is unique and always present in its first {self.rows:,} rows",
                remedy="Name the key with --key, more than once for a key of several columns.",
            )
        return next((name for name in unique if TEXT.search(name)), unique[0])


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
    with _opened(path) as file:
        delimiter = _delimiter(file) if form == "csv" else ","
        rows = list(islice(_csv_rows(file, path, delimiter) if form == "csv" else _json_rows(file, path), ROWS))
    if not rows:
        raise CdpError(f"{path.name} holds no rows", remedy="Give a file with a few rows, so that types can be seen.")
    names = list(dict.fromkeys(name for row in rows for name in row))
    return Sample(path, form, delimiter, len(rows), tuple(_column(name, rows) for name in names))


def _opened(path: Path) -> TextIO:
    opener: Any = gzip.open if path.suffix == ".gz" else open
    return opener(path, "rt", encoding="utf-8-sig", newline="")


def _delimiter(file: TextIO) -> str:
    header = file.readline()
    file.seek(0)
    return max(",;\t|", key=header.count)


def _csv_rows(file: TextIO, path: Path, delimiter: str) -> Iterator[dict[str, Any]]:
    reader = csv.reader(file, delimiter=delimiter)
    names = next(reader, [])
    if "" in names or len(set(names)) < len(names):
        raise CdpError(
            f"The header of {path.name} has nameless or repeated columns", remedy="Give every column a name of its own."
        )
    for row in reader:
        yield dict(zip(names, row, strict=False))


def _json_rows(file: TextIO, path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file, start=1):
        try:
            row = json.loads(line)
        except ValueError:
            raise CdpError(
                f"Line {number} of {path.name} is not JSON", remedy="Write one JSON object per line."
            ) from None
        if not isinstance(row, dict):
            raise CdpError(f"Line {number} of {path.name} is no object", remedy="Write one JSON object per line.")
        yield row


def _column(name: str, rows: list[dict[str, Any]]) -> Column:
    values = [row.get(name) for row in rows]
    present = [value for value in values if value not in (None, "")]
    nested = any(isinstance(value, dict | list) for value in present)
    texts = [json.dumps(value) if isinstance(value, bool | dict | list) else str(value) for value in present]
    return Column(
        name,
        "json" if nested else _type(name, texts),
        is_always_present=len(present) == len(rows),
        is_unique=len(set(texts)) == len(rows),
    )


def _type(name: str, texts: list[str]) -> str:
    if not texts or TEXT.search(name):
        return "varchar"
    fitting = (data_type for data_type, pattern in TYPES if all(pattern.fullmatch(text) for text in texts))
    found = next(fitting, "varchar")
    dates = {"date", "timestamp"}
    return found if found != "varchar" or not _mixed(texts, dates) else "timestamp"


def _mixed(texts: list[str], kinds: set[str]) -> bool:
    """Dates and timestamps in one column are a timestamp column."""
    patterns = [pattern for data_type, pattern in TYPES if data_type in kinds]
    return all(any(pattern.fullmatch(text) for pattern in patterns) for text in texts)
