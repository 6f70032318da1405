"""What is known of one landed file while it is being loaded.

Belongs here: the shapes that readers, contract and load share, and quoting for SQL. Must not go here: any reading.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.landing import LandedFile
from ingestion.text import PlainText
from warehouse.quoting import literal, quoted

LARGEST_FIELD_BYTES = 64 << 10
MOST_COLUMNS = 2000
RAW_LINE_KEPT_BYTES = 1 << 20
META_COLUMNS = ("_file", "_line", "_load_id", "_loaded_at", "_content_hash", "_is_deleted")


@dataclass(frozen=True)
class BadLine:
    """A row for quarantine: its place, why, and its text as it came (NUL and undecodable bytes escaped)."""

    line: int
    reason: str
    raw_line: str


@dataclass
class Arriving:
    """A file in loading. `number` is its place in this load; received counts rows, quarantined ones included."""

    number: int
    file: LandedFile
    load_id: str
    path: Path
    text: PlainText | None = None
    columns: list[str] = field(default_factory=list)
    received: int = 0
    bad: list[BadLine] = field(default_factory=list)
    # Lines of `text` that hold no row: blank ones and those in quarantine.
    skipped: list[int] = field(default_factory=list)
    # The text that a reader wrote in place of one with trouble in it; line numbers are those of `text`.
    mended: Path | None = None

    @property
    def read_from(self) -> Path:
        return self.mended or (self.text.path if self.text else self.path)

    def set_aside(self, line: int, reason: str, raw: bytes | str) -> None:
        self.bad.append(BadLine(line, reason, shown(raw)))


def shown(raw: bytes | str) -> str:
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
    text = text.rstrip("\n").replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= RAW_LINE_KEPT_BYTES else text[:LARGEST_FIELD_BYTES] + " … (the rest is in landing)"


def path_list(paths: Iterable[Path]) -> str:
    return "[" + ", ".join(literal(str(path)) for path in paths) + "]"


def content_hash(first: Iterable[str], later: Iterable[str]) -> str:
    """SQL for the md5 of a row's content.

    first: the columns that the raw table was made with, each in its place. later: columns that came since, which count
    only where they hold something; so a row that was known before a column came is still known after. The order of
    columns in a file changes nothing. (Naming every value would be simpler, and costs a tenth of a load.)
    """
    values = [f"ifnull({quoted(name)}, chr(30))" for name in sorted(first)]
    values += [f"{literal(name + '=')} || {quoted(name)}" for name in sorted(later)]
    return f"md5(concat_ws(chr(31), {', '.join(values)}))"
