"""Landing → raw.

Belongs here: the order of a load and its transaction. Must not go here: formats (jsonlines.py, delimited.py, parquet.py), what is
allowed (contract.py), what is new (fold.py).
Concept: all new files of a table go in together, in one transaction that holds their rows, their quarantine and their record; so a
kill at any moment leaves them wholly in or wholly out. received = loaded + quarantined + duplicate + suppressed, per file, always.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingestion import delimited, jsonlines, ledger, parquet
from ingestion.arriving import META_COLUMNS, Arriving, literal, quoted
from ingestion.contract import (
    Columns,
    ContractBroken,
    allowed_columns,
    check_columns,
    check_rows,
    check_types,
    check_volume,
)
from ingestion.declared import Source, Table, chosen, declared_sources
from ingestion.fold import append_deletions, exclude_duplicates
from ingestion.landing import LandedFile, Progress, forget, landed_files, sources_in_use
from ingestion.quarantine import set_aside_rows_without_key, write_quarantine
from ingestion.summary import LoadSummary, TableCounts
from ingestion.suppression import Tombstones
from ingestion.text import Rejected, plain_text
from warehouse.builds import current_build, stamp
from warehouse.crash import crash_point
from warehouse.errors import CdpError, sanitised
from warehouse.home import Home
from warehouse.run import RunContext
from warehouse.state import open_state

# So much of a table's text is read into memory at a time; what follows goes into the same transaction.
CHUNK_BYTES = 1 << 30
META_TYPES = dict(zip(META_COLUMNS, ("varchar", "bigint", "varchar", "timestamp", "varchar", "boolean"), strict=True))

# A third smaller than what DuckDB would choose for text of this kind, and written in half the time.
ZSTD = " using compression zstd"

TableName = str | tuple[str, str]


def load(
    home: Home,
    con: duckdb.DuckDBPyConnection,
    run: RunContext,
    sources: Iterable[str] | None = None,
    tables: Iterable[TableName] | None = None,
    accept_volume: bool = False,
    progress: Progress | None = None,
    *,
    declared: list[Source] | None = None,
    retry_quarantined: bool = False,
) -> LoadSummary:
    """Load what landing has and raw lacks, for these sources and tables ((source, table) or "source.table"), all for None.

    Every declared table exists afterwards, if only empty; a source that never had any file is taken for unused, with a warning.
    Raises CdpError that names every table whose delivery breaks its contract: nothing of those tables is loaded, the others are.
    """
    wanted = chosen(declared_sources() if declared is None else declared, sources)
    chosen_tables = _chosen_tables(wanted, tables)
    con.execute(ledger.DDL)
    _stamp_new(con, "raw.quarantine")
    state = open_state(home)
    summary, faults = LoadSummary(), []
    try:
        ledger.mirror(con, state, chosen_tables)
        folders = {source.name: source.folder(home) for source in wanted if source.loader == "files"}
        job = Job(
            home,
            con,
            run,
            state,
            Tombstones(home, state),
            accept_volume,
            retry_quarantined,
            folders,
            _workspace(home),
            summary.warnings,
            sources_in_use(home, state),
        )
        for done, table in enumerate(chosen_tables, 1):
            try:
                summary.tables.append(job.load(table))
            except CdpError as error:
                faults.append(error)
            if progress:
                progress(f"loading {table.label}", done, len(chosen_tables))
    finally:
        state.close()
        shutil.rmtree(_workspace(home), ignore_errors=True)
    _raise_all(faults)
    return summary


@dataclass
class Job:
    """One load: what every table of it shares."""

    home: Home
    con: duckdb.DuckDBPyConnection
    run: RunContext
    state: sqlite3.Connection
    tombstones: Tombstones
    accept_volume: bool
    retry_quarantined: bool
    folders: dict[str, Path]
    workspace: Path
    warnings: list[str]
    in_use: set[str]

    def load(self, table: Table) -> TableCounts:
        """Load one table's new files. Raises CdpError with nothing of it loaded."""
        _create(self.con, table)
        landed = landed_files(self.state, table.source, table.name)
        if not landed and not table.optional:
            self._without_files(table)
        files, undone = ledger.to_load(self.con, table, landed, self.retry_quarantined)
        counts = self._load_files(table, files, undone) if files else TableCounts(table.source, table.name)
        counts.rows_in_table = self.con.execute(f"select count(*) from {table.raw}").fetchall()[0][0]
        return counts

    def _without_files(self, table: Table) -> None:
        """A source that never delivered is not used here; one that did owes all its tables, and somebody must deliver something."""
        if self.in_use and table.source not in self.in_use:
            warning = f"{table.source}: no file has ever landed, so it is taken for unused"
            self.warnings.extend([] if warning in self.warnings else [warning])
            return
        raise ContractBroken(
            f"{table.label}: no file has ever landed",
            remedy="Look at the source's location (`cdp doctor` names it), or declare `optional: true` for the table.",
        )

    def _load_files(self, table: Table, files: list[LandedFile], undone: list[str]) -> TableCounts:
        self.con.execute("begin")
        try:
            counts = _Delivery(self, table, undone).load(files)
            crash_point("load.before_commit")
            self.con.execute("commit")
        except CdpError as error:
            self.con.execute("rollback")
            self._forget_refused(table, files)
            raise error from None
        except duckdb.Error as error:
            self.con.execute("rollback")
            raise CdpError(
                f"{table.label}: loading failed: {sanitised(error).splitlines()[0]}",
                remedy="Nothing of it was loaded; run again.",
            ) from None
        crash_point("load.after_commit")
        ledger.mirror(self.con, self.state, [table])
        crash_point("load.after_ledger")
        return counts

    def _forget_refused(self, table: Table, files: list[LandedFile]) -> None:
        """New files that are still where the source dropped them leave landing again: a corrected delivery replaces them."""
        known = ledger.delivered_before(self.state, table)
        folder = self.folders.get(table.source)
        for file in files:
            original = folder / file.original_name if folder else None
            if file.sha256 not in known and original and original.is_file() and original.stat().st_size == file.bytes:
                forget(self.home, self.state, file)


class _Delivery:
    """All new files of one table, inside one transaction."""

    def __init__(self, job: Job, table: Table, undone: list[str]) -> None:
        self.job, self.con, self.table, self.undone = job, job.con, table, undone
        self.loaded_at = datetime.now(UTC).replace(tzinfo=None)
        self.counts = TableCounts(table.source, table.name)
        self.new_received = 0
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
        self.job.warnings += list(dict.fromkeys(self.warnings))
        return self.counts

    def _load_chunk(self, files: list[Arriving]) -> None:
        self._prepare_text(files)
        columns = self._read(files)
        self._view(files)
        set_aside_rows_without_key(self.con, self.table, files)
        self.job.tombstones.exclude(self.con, self.table, columns.written)
        self.job.tombstones.censor(files)
        self.warnings += check_types(self.con, self.table, columns.written)
        exclude_duplicates(self.con, self.table)
        self._insert(columns.written)
        write_quarantine(self.con, self.table, files, self.job.workspace, self.loaded_at)
        crash_point("load.after_rows")
        self._account(files)
        shutil.rmtree(self.job.workspace)
        self.job.workspace.mkdir(mode=0o700)

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

    def _read(self, files: list[Arriving]) -> Columns:
        """Examine, check the columns against the contract, and make the table `incoming_rows`."""
        known = _raw_columns(self.con, self.table)
        self._examine(files, allowed_columns(self.table, known))
        columns = check_columns(self.table, known, files)
        self.warnings += columns.warnings
        for name in columns.added:
            self.con.execute(f"alter table {self.table.raw} add column {quoted(name)} varchar")
        if self.table.format == "jsonl":
            jsonlines.read(self.con, files, columns.written)
        elif self.table.format == "csv":
            delimited.read(self.con, files, columns.written, self.table.delimiter)
        else:
            parquet.read(self.con, files, columns.written)
        return columns

    def _examine(self, files: list[Arriving], allowed: set[str] | None) -> None:
        with self.con.cursor() as probe:
            if self.table.format == "jsonl":
                jsonlines.examine(probe, files, self._mended, allowed)
            elif self.table.format == "csv":
                delimited.examine(probe, files, self.table.delimiter, self._mended, allowed)
            else:
                for file in files:
                    parquet.examine(probe, file)

    def _view(self, files: list[Arriving]) -> None:
        """The view `incoming` with every row's line, and the empty table `excluded`.

        A row of JSON lines has no line yet: rows lie in the order of their files' lines, so its place tells.
        """
        self.con.execute("create or replace temp table excluded (_row bigint, why varchar)")
        self.con.execute(
            "create or replace temp table starts as select _file_no, min(rowid) as _start from incoming_rows group by _file_no"
        )
        self.con.execute(
            """
            create or replace temp view incoming as
            select * replace (coalesce(_line, _row - _start + 1) as _line)
            from (select *, rowid as _row from incoming_rows) join starts using (_file_no)
            """
        )
        rows = ", ".join(f"({file.number}, {literal(file.file.file)}, {literal(file.load_id)})" for file in files)
        self.con.execute(
            f"create or replace temp table files_of_chunk as select * from (values {rows}) as each(_file_no, file, load_id)"
        )
        for file in files if self.table.format == "jsonl" else ():
            if file.skipped:
                self._drop_placeholders(file)

    def _drop_placeholders(self, file: Arriving) -> None:
        draft = self._draft(file, "skipped")
        draft.write_text("".join(f"{line}\n" for line in file.skipped))
        self.con.execute(
            f"insert into excluded select _row, 'placeholder' from incoming where _file_no = {file.number} and _line in "
            f"(select line from read_csv({literal(str(draft))}, columns = {{'line': 'BIGINT'}}, header = false, auto_detect = false, delim = ','))"
        )

    def _insert(self, columns: list[str]) -> None:
        names = ", ".join(quoted(name) for name in columns)
        any_excluded = self.con.execute("select count(*) from excluded").fetchall()[0][0]
        self.con.execute(
            f"""
            insert into {self.table.raw} ({names}, {", ".join(META_COLUMNS)})
            select {names}, file, _line, load_id, timestamp {literal(str(self.loaded_at))}, _content_hash, false
            from incoming join files_of_chunk using (_file_no)
            {"where _row not in (select _row from excluded)" if any_excluded else ""}
            """
        )

    def _account(self, files: list[Arriving]) -> None:
        why = dict.fromkeys(("duplicate", "suppressed"), 0)
        rows = self.con.execute(
            "select _file_no, why, count(*) from incoming join excluded using (_row) group by all"
        ).fetchall()
        for file in files:
            mine = why | {reason: count for number, reason, count in rows if number == file.number and reason in why}
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
            self.warnings.append(
                f"{self.table.label}: {file.file.file} has rows in quarantine, so who is absent from it is not taken for deleted"
            )
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


def _chosen_tables(sources: list[Source], names: Iterable[TableName] | None) -> list[Table]:
    tables = [table for source in sources for table in source.tables]
    if names is None:
        return tables
    wanted = {tuple(name.split(".", 1)) if isinstance(name, str) else tuple(name) for name in names}
    if unknown := sorted(".".join(name) for name in wanted - {(table.source, table.name) for table in tables}):
        raise CdpError(f"No table {', '.join(unknown)}", remedy="Name tables as source.table; `cdp status` lists them.")
    return [table for table in tables if (table.source, table.name) in wanted]


def _create(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The raw table, if only empty; columns declared since are added at its end."""
    known = _raw_columns(con, table)
    if not known:
        types = [(quoted(name), "varchar") for name in table.raw_columns] + list(META_TYPES.items())
        columns = ", ".join(f"{name} {kind}{ZSTD if kind == 'varchar' else ''}" for name, kind in types)
        con.execute(f"create table {table.raw} ({columns})")
    for name in table.raw_columns if known else ():
        if name not in known:
            con.execute(f"alter table {table.raw} add column {quoted(name)} varchar")
    _stamp_new(con, f"raw.{table.identifier}")


def _raw_columns(con: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    rows = con.execute(
        "select column_name from duckdb_columns() where database_name = current_database() and schema_name = 'raw' "
        "and table_name = $name order by column_index",
        {"name": table.identifier},
    ).fetchall()
    return [name for (name,) in rows if name not in META_COLUMNS]


def _stamp_new(con: duckdb.DuckDBPyConnection, table: str) -> None:
    if current_build(con, table) is None:
        stamp(con, table)


def _chunks(table: Table, files: Sequence[LandedFile]) -> Iterable[list[LandedFile]]:
    """Files to read together: up to CHUNK_BYTES; snapshots one at a time, since each is compared with the one before."""
    chunk: list[LandedFile] = []
    size = 0
    for file in files:
        if chunk and (table.delivery == "snapshot" or size + file.bytes > CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(file)
        size += file.bytes * (10 if file.file.endswith(".gz") else 1)
    if chunk:
        yield chunk


def _workspace(home: Home) -> Path:
    folder = home.tmp / "load"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _raise_all(faults: list[CdpError]) -> None:
    if len(faults) == 1:
        raise faults[0]
    if faults:
        lines = "\n  ".join(str(fault) for fault in faults)
        raise CdpError(
            f"{len(faults)} tables cannot be loaded:\n  {lines}", remedy="Mend each as said, then run again."
        )
