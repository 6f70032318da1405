"""Bytes of a delivered file as plain text: decompressed, decoded, with one kind of line end.

Belongs here: gzip, encodings, byte order marks, line ends. Must not go here: rows (jsonlines.py, delimited.py).
Concept: after this room every text is UTF-8 with \\n, so the readers need one dialect. Bytes that are not UTF-8 stay
as they are where the declaration says UTF-8: the reader sets their line aside, and nothing is ever dropped or
guessed.
"""

import codecs
import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import CdpError

CHUNK_BYTES = 1 << 20
# JSON logs compress 10 to 40 times; a bomb thousands of times. Small files are exempt: a page of zeros is harmless.
LARGEST_GZIP_RATIO = 100
UNSUSPICIOUS_BYTES = 64 << 20
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
UTF8 = ("utf-8", "utf8", "utf_8", "utf-8-sig", "ascii")


class Rejected(CdpError):
    """A file that cannot be taken as it is; nothing of it was loaded."""


@dataclass(frozen=True)
class PlainText:
    """A UTF-8 text with \\n line ends. `lines`: how many line ends it has. `is_copy`: it lies in tmp, to be removed."""

    path: Path
    lines: int
    has_nul: bool
    has_carriage_return: bool
    is_copy: bool


def plain_text(path: Path, draft: Path, encoding: str) -> PlainText:
    """The file itself where it is plain already, else a plain copy written to `draft`. Raises Rejected."""
    if is_plain(path, encoding):
        found = _looked_at(path)
        if found is not None:
            return found
    lines, has_nul, has_cr = 0, False, False
    with open(draft, "wb", opener=_private) as target:
        for chunk in unix_lines(as_utf8(contents(path), encoding, path)):
            lines += chunk.count(b"\n")
            has_nul = has_nul or b"\0" in chunk
            has_cr = has_cr or b"\r" in chunk
            target.write(chunk)
    return PlainText(draft, lines, has_nul, has_cr, is_copy=True)


def is_plain(path: Path, encoding: str) -> bool:
    """Whether the file is, by its name and declaration, the text that the readers need; its bytes may say otherwise."""
    return not path.name.lower().endswith(".gz") and encoding in UTF8


def contents(path: Path, compressed: bool | None = None) -> Iterator[bytes]:
    """The bytes of a file, decompressed where its name ends in .gz. Raises Rejected for damage and for bombs."""
    if not (path.name.lower().endswith(".gz") if compressed is None else compressed):
        with open(path, "rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
        return
    allowed = max(os.path.getsize(path) * LARGEST_GZIP_RATIO, UNSUSPICIOUS_BYTES)
    size = 0
    try:
        with gzip.open(path, "rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                size += len(chunk)
                if size > allowed:
                    raise Rejected(
                        f"{path.name} unpacks to more than {LARGEST_GZIP_RATIO} times its size",
                        remedy="Deliver it uncompressed if it is meant so.",
                    )
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Rejected(f"{path.name} is a gzip file that was cut or damaged", remedy="Deliver it again.") from None


def as_utf8(chunks: Iterable[bytes], encoding: str, path: Path) -> Iterator[bytes]:
    """Decoded by the byte order mark if there is one, else as declared; UTF-8 passes through unexamined."""
    stream = iter(chunks)
    first = next(stream, b"")
    mark, actual = next(((bom, name) for bom, name in BOMS if first.startswith(bom)), (b"", encoding))
    first = first[len(mark) :]
    if actual in UTF8:
        yield first
        yield from stream
        return
    decoder = codecs.getincrementaldecoder(actual)("strict")
    try:
        yield decoder.decode(first).encode("utf-8")
        for chunk in stream:
            yield decoder.decode(chunk).encode("utf-8")
        yield decoder.decode(b"", final=True).encode("utf-8")
    except UnicodeError:
        raise Rejected(
            f"{path.name} is not {actual}", remedy="Declare the encoding that it has (meta.encoding)."
        ) from None


def unix_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """\\r\\n becomes \\n; a text that knows \\r alone (old Mac) becomes \\n too. A \\r inside a mixed text stays."""
    held = b""
    old_mac: bool | None = None
    for chunk in chunks:
        chunk = held + chunk
        held = b""
        if chunk.endswith(b"\r"):
            chunk, held = chunk[:-1], b"\r"
        chunk = chunk.replace(b"\r\n", b"\n")
        if old_mac is None and (b"\r" in chunk or b"\n" in chunk):
            old_mac = b"\n" not in chunk and b"\r" in chunk
        yield chunk.replace(b"\r", b"\n") if old_mac else chunk
    if held:
        yield b"\n"


def _looked_at(path: Path) -> PlainText | None:
    """What a UTF-8 file is like, or None if it has a byte order mark or carriage returns and needs a copy."""
    lines, has_nul = 0, False
    for number, chunk in enumerate(contents(path, compressed=False)):
        if b"\r" in chunk or (number == 0 and chunk.startswith(tuple(bom for bom, _ in BOMS))):
            return None
        lines += chunk.count(b"\n")
        has_nul = has_nul or b"\0" in chunk
    return PlainText(path, lines, has_nul, has_carriage_return=False, is_copy=False)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
