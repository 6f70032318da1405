"""All new files of one table into raw, inside the caller's transaction.

Belongs here: the order in which a delivery is read, judged, written and accounted for. Must not go here: formats
(jsonlines.py, delimited.py, parquet.py), what is allowed (contract.py), what is new (fold.py), the transaction
(load.py).
Concept: received = loaded + quarantined + duplicate + suppressed, per file, always; and what is accounted for is
compared with what raw really got before anything is committed.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingestion import delimited, jsonlines, ledger, parquet
from ingestion.arriving import META_COLUMNS, Arriving, content_hash
from ingestion.contract import allowed_columns, check_columns, check_rows, check_types, check_volume
from ingestion.declared import Table
from ingestion.fold import append_deletions, exclude_duplicates
from ingestion.landing import LandedFile
from ingestion.quarantine import set_aside_rows_without_key, write_quarantine
from ingestion.straight import NotStraight, require_new, rows_written, write_rows
from ingestion.summary import TableCounts
from ingestion.suppression import Tombstones
from ingestion.text import Rejected, is_plain, plain_text
from warehouse.builds import stamp
from warehouse.crash import crash_point
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.quoting import literal, quoted
from warehouse.run import RunContext

# So much of a table's text is read into memory at a time; what follows goes into the same transaction.
CHUNK_BYTES = 1 << 30
# Below this the careful path costs nothing worth saving.
STRAIGHT_FROM_BYTES = 16 << 20
# What a gzip file is reckoned to unpack to.
GZIP_RATIO = 10


@dataclass
class Surroundings:
    """What every delivery of a load shares."""

    home: Home
    con: duckdb.DuckDBPyConnection
    run: RunContext
    state: sqlite3.Connection
    tombstones: Tombstones
    accept_volume: bool
    workspace: Path


class Delivery:
    """All new files of one table, inside one transaction."""

    def __init__(self, job: Surroundings, table: Table, undone: list[str], straight: bool) -> None:
        self.job, self.con, self.table, self.undone = job, job.con, table, undone
        self.straight = straight
        self.loaded_at = datetime.now(UTC).replace(tzinfo=None)
        self.counts = TableCounts(table.source, table.name)
        self.warnings: list[str] = []

    def load(self, landed: list[LandedFile]) -> TableCounts:
        known_before = ledger.delivered_before(self.job.state, self.table)
        earlier = ledger.earlier_deliveries(self.job.state, self.table)
        ledger.undo(self.con, self.table, self.undone)
        everything: list[Arriving] = []
        for chunk in _chunks(self.table, landed):
            files = [
                Arriving(number, file, ledger.load_id(self.table, file), file.path(self.job.home))
                for number, file in enumerate(chunk)
            ]
            self._load_chunk(files)
            everything += files
        self.warnings += check_rows(self.table, everything)
        fresh = sum(file.received for file in everything if file.file.sha256 not in known_before)
        if fresh:
            self.warnings += check_volume(self.table, fresh, earlier, self.job.accept_volume)
        self._stamp()
        return self.counts

    def _load_chunk(self, files: list[Arriving]) -> None:
        fast = self.straight and self._fits_fast_path(files)
        excluded = self._load_straight(files) if fast else self._load_by_rows(files)
        write_quarantine(self.con, self.table, files, self.job.workspace, self.loaded_at)
        crash_point("load.after_rows")
        self._account(files, excluded)
        shutil.rmtree(self.job.workspace)
        self.job.workspace.mkdir(mode=0o700)

    def _fits_fast_path(self, files: list[Arriving]) -> bool:
        """Large JSON lines whose order does not matter are likely to be clean and new."""
        large = sum(_plain_bytes(file.file) for file in files) >= STRAIGHT_FROM_BYTES
        fits = self.table.format == "jsonl" and not self.table.folds_in_sequence
        return fits and large and not self.job.tombstones.concern(self.table)

    def _load_straight(self, files: list[Arriving]) -> list[tuple[int, str, int]]:
        """Write the rows and examine the lines at the same time. Raises NotStraight when the lines are not clean."""
        known = raw_columns(self.con, self.table)
        if not all(is_plain(file.path, self.table.encoding) for file in files):
            self._prepare_text(files)
        with self.con.cursor() as probe, ThreadPoolExecutor(1) as helper:
            looking = helper.submit(self._examine, probe, files, allowed_columns(self.table, known))
            write_rows(self.con, self.table, files, known, self._identity(known), self.loaded_at)
            looking.result()
        if any(file.mended for file in files) or self._columns(files, known) != known:
            raise NotStraight
        require_new(self.con, self.table, files)
        self.warnings += check_types(self.con, self.table, known, rows_written(self.table, files))
        return []

    def _examine(self, probe: duckdb.DuckDBPyConnection, files: list[Arriving], allowed: set[str] | None) -> None:
        """Raises NotStraight where what is being read is not the text that it should be."""
        given = [file.read_from for file in files]
        if not all(file.text for file in files):
            self._prepare_text(files)
        texts = [file.text for file in files if file.text]
        odd = any(text.has_nul or text.has_carriage_return for text in texts)
        if odd or [file.read_from for file in files] != given:
            raise NotStraight
        self._look(probe, files, allowed)

    def _load_by_rows(self, files: list[Arriving]) -> list[tuple[int, str, int]]:
        """Load what is new; gives how many rows of each file were left out, and why."""
        self._prepare_text(files)
        known = raw_columns(self.con, self.table)
        with self.con.cursor() as probe:
            self._look(probe, files, allowed_columns(self.table, known))
        columns = self._columns(files, known)
        self._read(files, columns)
        self._view(files)
        set_aside_rows_without_key(self.con, self.table, files)
        self.job.tombstones.exclude(self.con, self.table, columns)
        self.job.tombstones.censor(files)
        self.warnings += check_types(self.con, self.table, columns, "incoming_rows")
        exclude_duplicates(self.con, self.table)
        self._insert(columns)
        return self.con.execute(
            "select _file_no, why, count(*) from incoming join excluded using (_row) group by all"
        ).fetchall()

    def _prepare_text(self, files: list[Arriving]) -> None:
        for file in files if self.table.format != "parquet" else ():
            try:
                file.text = plain_text(file.path, self._draft(file, "plain"), self.table.encoding)
            except FileNotFoundError:
                raise CdpError(
                    f"{self.table.label}: {file.file.file} is on record but not in landing",
                    remedy=f"Restore {self.job.home.landing} from your backup.",
                ) from None
            except Rejected as error:
                raise Rejected(f"{self.table.label}: {error.message}", remedy=error.remedy) from None

    def _look(self, probe: duckdb.DuckDBPyConnection, files: list[Arriving], allowed: set[str] | None) -> None:
        """Learn rows and columns of the files; bad rows are set aside."""
        if self.table.format == "jsonl":
            jsonlines.examine(probe, files, self._mended, allowed)
        elif self.table.format == "csv":
            delimited.examine(probe, files, self.table.delimiter, self._mended, allowed)
        else:
            for file in files:
                parquet.examine(probe, file)

    def _columns(self, files: list[Arriving], known: list[str]) -> list[str]:
        """Check the columns against the contract; gives those to write, those that are new to raw added."""
        columns = check_columns(self.table, known, files)
        self.warnings += columns.warnings
        for name in columns.added:
            self.con.execute(f"alter table {self.table.raw} add column {quoted(name)} varchar")
        return columns.written

    def _read(self, files: list[Arriving], columns: list[str]) -> None:
        identity = self._identity(columns)
        if self.table.format == "jsonl":
            jsonlines.read(self.con, files, columns, identity)
        elif self.table.format == "csv":
            delimited.read(self.con, files, columns, identity, self.table.delimiter)
        else:
            parquet.read(self.con, files, columns, identity)

    def _identity(self, columns: list[str]) -> str:
        """SQL for the hash by which a row is known. Columns added since the table was made lie behind ours."""
        everything = table_columns(self.con, self.table)
        first = everything[: everything.index(META_COLUMNS[0])]
        return content_hash(first, [name for name in columns if name not in first])

    def _view(self, files: list[Arriving]) -> None:
        """The view `incoming` of every row with its place (file, _line, load_id), and the empty table `excluded`.

        A row of JSON lines has no line yet: rows lie in the order of their files' lines, so its place tells.
        """
        self.con.execute("create or replace temp table excluded (_row bigint, why varchar)")
        starts = dict(self.con.execute("select _file_no, min(rowid) from incoming_rows group by _file_no").fetchall())
        names = ", ".join(
            f"({file.number}, {literal(file.file.file)}, {literal(file.load_id)}, {starts.get(file.number, 0)}::bigint)"
            for file in files
        )
        self.con.execute(
            f"""
            create or replace temp view incoming as
            select * replace (coalesce(_line, _row - _start + 1) as _line)
            from (select *, rowid as _row from incoming_rows)
                join (values {names}) as files(_file_no, _file, _load_id, _start) using (_file_no)
            """
        )
        for file in files if self.table.format == "jsonl" else ():
            if file.skipped:
                self._drop_placeholders(file)

    def _drop_placeholders(self, file: Arriving) -> None:
        draft = self._draft(file, "skipped")
        draft.write_text("".join(f"{line}\n" for line in file.skipped))
        lines = f"read_csv({literal(str(draft))}, columns = {{'line': 'BIGINT'}}, header = false, auto_detect = false)"
        self.con.execute(
            f"insert into excluded select _row, 'placeholder' from incoming "
            f"where _file_no = {file.number} and _line in (select line from {lines})"
        )

    def _insert(self, columns: list[str]) -> None:
        names = ", ".join(quoted(name) for name in columns)
        any_excluded = self.con.execute("select count(*) from excluded").fetchall()[0][0]
        self.con.execute(
            f"""
            insert into {self.table.raw} ({names}, {", ".join(META_COLUMNS)})
            select {names}, _file, _line, _load_id, timestamp {literal(str(self.loaded_at))}, _content_hash, false
            from incoming
            {"where _row not in (select _row from excluded)" if any_excluded else ""}
            """
        )

    def _account(self, files: list[Arriving], excluded: list[tuple[int, str, int]]) -> None:
        why = dict.fromkeys(("duplicate", "suppressed"), 0)
        for file in files:
            mine = why | {
                reason: count for number, reason, count in excluded if number == file.number and reason in why
            }
            quarantined = len(file.bad)
            counts = mine | {
                "quarantined": quarantined,
                "loaded": file.received - quarantined - sum(mine.values()),
                "deleted": 0,
            }
            if self.table.delivery == "snapshot":
                counts["deleted"] = self._delete_absent(file)
            ledger.write(self.con, self.table, file, counts, self.job.run.started_at, self.loaded_at)
            self.counts.files += 1
            self.counts.received += file.received
            for name, count in counts.items():
                setattr(self.counts, name, getattr(self.counts, name) + count)
        self._balance(files)

    def _balance(self, files: list[Arriving]) -> None:
        """The invariant, against raw itself rather than against our own arithmetic."""
        ids = ", ".join(literal(file.load_id) for file in files)
        written = self.con.execute(
            f"select count(*) from {self.table.raw} where _load_id in ({ids}) and not _is_deleted"
        ).fetchall()[0][0]
        accounted = self.con.execute(
            f"select sum(loaded) from raw.loads where source = $s and table_name = $t and load_id in ({ids})",
            {"s": self.table.source, "t": self.table.name},
        ).fetchall()[0][0]
        if written != accounted:
            raise CdpError(
                f"{self.table.label}: {written:,} rows were written where {accounted:,} are accounted for",
                remedy="Nothing was loaded. This is a fault of ours: please report it with the file's shape.",
            )

    def _delete_absent(self, file: Arriving) -> int:
        if file.bad:
            said = f"{file.file.file} has rows in quarantine, so who is absent from it is not taken for deleted"
            self.warnings.append(f"{self.table.label}: {said}")
            return 0
        return append_deletions(self.con, self.table, file, str(self.loaded_at))

    def _stamp(self) -> None:
        if self.counts.loaded or self.counts.deleted or self.undone:
            stamp(self.con, f"raw.{self.table.identifier}")
        if self.counts.quarantined or self.undone:
            stamp(self.con, "raw.quarantine")

    def _mended(self, file: Arriving) -> Path:
        return self._draft(file, "mended")

    def _draft(self, file: Arriving, what: str) -> Path:
        return self.job.workspace / f"{file.number:06d}.{what}"


def raw_columns(con: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    """The columns of a raw table that hold what the source sent, in order; none if there is no such table."""
    return [name for name in table_columns(con, table) if name not in META_COLUMNS]


def table_columns(con: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    rows = con.execute(
        "select column_name from duckdb_columns() where database_name = current_database() and schema_name = 'raw' "
        "and table_name = $name order by column_index",
        {"name": table.identifier},
    ).fetchall()
    return [name for (name,) in rows]


def _chunks(table: Table, files: Sequence[LandedFile]) -> Iterable[list[LandedFile]]:
    """Files to read together: up to CHUNK_BYTES; snapshots one at a time, since each is compared with the one
    before."""
    chunk: list[LandedFile] = []
    size = 0
    for file in files:
        plain = _plain_bytes(file)
        if chunk and (table.delivery == "snapshot" or size + plain > CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(file)
        size += plain
    if chunk:
        yield chunk


def _plain_bytes(file: LandedFile) -> int:
    return file.bytes * (GZIP_RATIO if file.file.endswith(".gz") else 1)
