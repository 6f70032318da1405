"""Landing → raw.

Belongs here: which tables and files, and the transaction. Must not go here: what happens inside it (delivery.py).
Concept: all new files of a table go in together, in one transaction that holds their rows, their quarantine and their
record; so a kill at any moment leaves them wholly in or wholly out. received = loaded + quarantined + duplicate +
suppressed, per file, always.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion import ledger
from ingestion.arriving import META_COLUMNS
from ingestion.contract import ContractBroken
from ingestion.declared import Source, Table, chosen, declared_sources
from ingestion.delivery import Delivery, Surroundings, raw_columns
from ingestion.landing import LandedFile, Progress, forget, landed_files, sources_in_use
from ingestion.straight import NotStraight, number_lines
from ingestion.summary import LoadSummary, TableCounts
from ingestion.suppression import Tombstones
from warehouse.builds import current_build, stamp
from warehouse.crash import crash_point
from warehouse.errors import CdpError, sanitised
from warehouse.home import Home
from warehouse.quoting import quoted
from warehouse.run import RunContext
from warehouse.state import open_state

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
    """Load what landing has and raw lacks, for these sources and tables ((source, table) or "source.table"), all for
    None.

    Every declared table exists afterwards, if only empty; a source that never had any file is taken for unused, and
    named in the summary: it is nothing to warn of. Raises CdpError that names every table whose delivery breaks its
    contract: nothing of those tables is loaded, the others are.
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
        around = Surroundings(home, con, run, state, Tombstones(home, state), accept_volume, _workspace(home))
        job = _Job(around, retry_quarantined, folders, sources_in_use(home, state), summary)
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
    _raise_all(faults, home)
    return summary


class NeverLanded(ContractBroken):
    """A table that is owed has no file."""


@dataclass
class _Job:
    """One load: what every table of it shares."""

    around: Surroundings
    retry_quarantined: bool
    folders: dict[str, Path]
    in_use: set[str]
    summary: LoadSummary

    def load(self, table: Table) -> TableCounts:
        """Load one table's new files. Raises CdpError with nothing of it loaded."""
        _create(self.around.con, table)
        number_lines(self.around.con, table)
        landed = landed_files(self.around.state, table.source, table.name)
        if not landed and not table.optional:
            self._without_files(table)
        files, undone = ledger.to_load(self.around.con, table, landed, self.retry_quarantined)
        counts = self._load_files(table, files, undone) if files else TableCounts(table.source, table.name)
        counts.rows_in_table = self.around.con.execute(f"select count(*) from {table.raw}").fetchall()[0][0]
        return counts

    def _without_files(self, table: Table) -> None:
        """A source that never delivered is not used here; one that did owes all its tables, and somebody must deliver
        something."""
        if self.in_use and table.source not in self.in_use:
            self.summary.unused.extend([] if table.source in self.summary.unused else [table.source])
            return
        raise NeverLanded(
            f"{table.label}: no file has ever landed",
            remedy="Look at the source's location (`cdp doctor` names it), or declare `optional: true` for the table.",
        )

    def _load_files(self, table: Table, files: list[LandedFile], undone: list[str]) -> TableCounts:
        try:
            delivery = self._delivered(table, files, undone, straight=True)
        except NotStraight:
            delivery = self._delivered(table, files, undone, straight=False)
        self.summary.warnings += list(dict.fromkeys(delivery.warnings))
        crash_point("load.after_commit")
        number_lines(self.around.con, table)
        ledger.mirror(self.around.con, self.around.state, [table])
        crash_point("load.after_ledger")
        return delivery.counts

    def _delivered(self, table: Table, files: list[LandedFile], undone: list[str], *, straight: bool) -> Delivery:
        """The transaction. Raises NotStraight, CdpError with nothing of the files loaded."""
        delivery = Delivery(self.around, table, undone, straight)
        self.around.con.execute("begin")
        try:
            delivery.load(files)
            crash_point("load.before_commit")
            self.around.con.execute("commit")
        except duckdb.Error as error:
            self.around.con.execute("rollback")
            raise CdpError(
                f"{table.label}: loading failed: {sanitised(error).splitlines()[0]}",
                remedy="Nothing of it was loaded; run again.",
            ) from None
        except BaseException as error:
            self.around.con.execute("rollback")
            if isinstance(error, CdpError):
                self._forget_refused(table, files)
            raise
        return delivery

    def _forget_refused(self, table: Table, files: list[LandedFile]) -> None:
        """New files that are still where the source dropped them leave landing again: a corrected delivery replaces
        them."""
        known = ledger.delivered_before(self.around.state, table)
        folder = self.folders.get(table.source)
        for file in files:
            original = folder / file.original_name if folder else None
            if file.sha256 not in known and original and original.is_file() and original.stat().st_size == file.bytes:
                forget(self.around.home, self.around.state, file)


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
    known = raw_columns(con, table)
    if not known:
        types = [(quoted(name), "varchar") for name in table.raw_columns] + list(META_TYPES.items())
        columns = ", ".join(f"{name} {kind}{ZSTD if kind == 'varchar' else ''}" for name, kind in types)
        con.execute(f"create table {table.raw} ({columns})")
    for name in table.raw_columns if known else ():
        if name not in known:
            con.execute(f"alter table {table.raw} add column {quoted(name)} varchar")
    _stamp_new(con, f"raw.{table.identifier}")


def _stamp_new(con: duckdb.DuckDBPyConnection, table: str) -> None:
    if current_build(con, table) is None:
        stamp(con, table)


def _workspace(home: Home) -> Path:
    folder = home.tmp / "load"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _raise_all(faults: list[CdpError], home: Home) -> None:
    if len(faults) == 1:
        raise faults[0]
    if faults and all(isinstance(fault, NeverLanded) for fault in faults) and not any(home.landing.iterdir()):
        raise CdpError(
            f"No source has ever delivered a file; {len(faults)} tables wait for theirs",
            remedy=f"Put files into {home.inbox}/SOURCE/TABLE/ as docs/add-a-source.md says, or set CDP_SOURCES to "
            "where they are. `cdp demo` brings a company along.",
        )
    if faults:
        lines = "\n  ".join(str(fault) for fault in faults)
        raise CdpError(
            f"{len(faults)} tables cannot be loaded:\n  {lines}", remedy="Mend each as said, then run again."
        )
