"""Is this file whole? Asked before it is put on record.

Belongs here: what tells a cut or damaged file from a whole one. Must not go here: judging single rows (they go to
quarantine).
Concept: a text that was cut in mid-row still parses, with a shorter last value. So a text must end with a line end;
gzip and Parquet know their own end; a cut at a row's end shows only against what the sender promised (sidecars.py).
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingestion.declared import Table
from ingestion.text import BOMS, UTF8, Rejected, as_utf8, contents, unix_lines

__all__ = ["Rejected", "refuse_broken"]

PARQUET_MAGIC = b"PAR1"
PARQUET_CODECS = ("UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4", "LZ4_RAW")
MOST_COLUMNS = 2000
AGAIN = "Deliver it again; write to a name ending in .part and rename it when it is whole."


def refuse_broken(copy: Path, original: Path, table: Table, rows: int | None, *, compressed: bool) -> None:
    """Raise Rejected unless the copy is a whole file of the table's format with the promised number of rows."""
    try:
        if table.format == "parquet":
            found: int | None = _parquet_rows(copy)
        else:
            _refuse_cut_text(copy, table, compressed)
            found = _text_rows(copy, table, compressed) if rows is not None else None
    except Rejected as error:
        raise Rejected(
            f"{table.label}: {original}: {error.message}".replace(copy.name, original.name), remedy=error.remedy
        ) from None
    if rows is not None and found != rows:
        raise Rejected(f"{table.label}: {original} has {found:,} rows, its sidecar says {rows:,}", remedy=AGAIN)


def _refuse_cut_text(copy: Path, table: Table, compressed: bool) -> None:
    if compressed or table.encoding not in UTF8 or _has_wide_mark(copy):
        last = b""
        for chunk in unix_lines(as_utf8(contents(copy, compressed), table.encoding, copy)):
            last = chunk or last
    else:
        last = _last_byte(copy)
    if last and not last.endswith((b"\n", b"\r")):
        raise Rejected("has no line end after its last row, so it was cut", remedy=AGAIN)


def _text_rows(copy: Path, table: Table, compressed: bool) -> int:
    texts = _lines(unix_lines(as_utf8(contents(copy, compressed), table.encoding, copy)))
    if table.format == "jsonl":
        return sum(1 for line in texts if line.strip())
    csv.field_size_limit(1 << 30)
    return max(sum(1 for row in csv.reader(texts, delimiter=table.delimiter) if row) - 1, 0)


def _lines(chunks: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace").replace("\0", "") + "\n"


def _has_wide_mark(path: Path) -> bool:
    with open(path, "rb") as file:
        return file.read(4).startswith(tuple(bom for bom, name in BOMS if name != "utf-8"))


def _last_byte(path: Path) -> bytes:
    with open(path, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(-1, os.SEEK_CUR) if file.tell() else None
        return file.read(1)


def _parquet_rows(copy: Path) -> int:
    """Row count from the footer. Raises Rejected for damage, for a codec that we do not trust, and for too many
    columns."""
    with open(copy, "rb") as file:
        head = file.read(4)
    if head != PARQUET_MAGIC:
        raise Rejected("is not a Parquet file, or was cut", remedy=AGAIN)
    con = duckdb.connect()
    try:
        rows = con.execute("select num_rows from parquet_file_metadata($path)", {"path": str(copy)}).fetchall()[0][0]
        columns = con.execute(
            "select distinct path_in_schema, compression from parquet_metadata($path)", {"path": str(copy)}
        ).fetchall()
    except duckdb.Error:
        raise Rejected("is a Parquet file that was cut or damaged", remedy=AGAIN) from None
    finally:
        con.close()
    if foreign := sorted({codec for _, codec in columns if codec not in PARQUET_CODECS}):
        raise Rejected(
            f"uses the codec {', '.join(foreign)}", remedy=f"Write it with one of {', '.join(PARQUET_CODECS)}."
        )
    if len({path for path, _ in columns}) > MOST_COLUMNS:
        raise Rejected(f"has more than {MOST_COLUMNS:,} columns", remedy="Deliver fewer columns.")
    _verify_pages(copy)
    return int(rows)


def _verify_pages(copy: Path) -> None:
    """Check page checksums where the writer left them: DuckDB's reader ignores them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(copy, page_checksum_verification=True) as file:
            for _ in file.iter_batches():
                pass
    except (OSError, pa.ArrowException):
        raise Rejected("is a Parquet file that was damaged", remedy=AGAIN) from None
