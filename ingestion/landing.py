"""From where a source drops its files into landing: copied, checked, recorded before anything reads them.

Belongs here: finding and recording files. Must not go here: how a file is copied (copying.py) or named (naming.py);
what is inside it, beyond what tells a whole file from a cut one (arrival.py); loading (load.py).
Concept: landing is the only way into raw. What lies there never changes and is never read without its sha256 on
record, so raw can be made again, and a file that comes twice, under whatever name, is known.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingestion.arrival import Rejected, refuse_broken
from ingestion.copying import copied, private_folders, sync_folder
from ingestion.declared import Source, Table, chosen, declared_sources
from ingestion.naming import identity_of, with_digest
from ingestion.sidecars import SIDECARS, expectation_for
from warehouse.crash import crash_point
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.state import open_state

UNFINISHED = (".part", ".tmp", ".crdownload", ".partial", ".filepart")
# A file counts as unchanged since it landed only if its inode last changed this long before: clocks are coarse.
CLOCK_MARGIN_SECONDS = 0.1

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class LandedFile:
    """One file in landing. `sequence` is its place in the order of delivery; `file` is its path below
    landing/<source>."""

    sequence: int
    source: str
    table: str
    file: str
    sha256: str
    bytes: int
    landed_at: datetime
    original_name: str

    def path(self, home: Home) -> Path:
        return home.landing / self.source / self.file


def land(
    home: Home,
    sources: Iterable[str] | None = None,
    *,
    declared: list[Source] | None = None,
    progress: Progress | None = None,
) -> list[LandedFile]:
    """Copy every new file of these sources (all for None) into landing; gives what is new, in order of delivery.

    New is by content: sha256 per table. A source with another loader than `files` is extracted first. Raises CdpError
    that names every file that cannot be landed, after the others have been.
    """
    home.prepare()
    faults: list[CdpError] = []
    landed: list[LandedFile] = []
    for source in chosen(declared_sources() if declared is None else declared, sources):
        try:
            landed += _extracted(home, source) if source.loader != "files" else _landed(home, source, faults, progress)
        except CdpError as error:
            faults.append(error)
    _raise_all(faults)
    return landed


def waiting_files(home: Home, declared: list[Source] | None = None) -> list[Path]:
    """Files at the sources' locations that may be new: not yet landed under their name, or changed since."""
    with open_state(home) as state:
        known = {(row["source"], row["table_name"], row["original_name"]): row for row in _all_rows(state)}
    state.close()
    waiting = []
    for source in declared_sources() if declared is None else declared:
        if source.loader != "files" or not (folder := source.folder(home)).is_dir():
            continue
        for table in source.tables:
            landed = {
                name: row for (of, name_of, name), row in known.items() if (of, name_of) == (source.name, table.name)
            }
            paths = candidates(folder, table)
            waiting += [path for path in paths if not _unchanged(path, landed.get(_name_below(folder, path)))]
    return waiting


def landed_files(state: sqlite3.Connection, source: str, table: str) -> list[LandedFile]:
    """Every file on record for a table, in order of delivery."""
    rows = state.execute(
        "select rowid as sequence, * from landed_files where source = ? and table_name = ? order by rowid",
        (source, table),
    ).fetchall()
    return [_from_row(row) for row in rows]


def sources_in_use(home: Home, state: sqlite3.Connection) -> set[str]:
    """Sources that ever delivered a file: one on record, or lying in landing where the record was lost."""
    on_record = {row["source"] for row in state.execute("select distinct source from landed_files").fetchall()}
    folders = [folder for folder in home.landing.glob("*") if folder.is_dir()]
    return on_record | {folder.name for folder in folders if any(path.is_file() for path in folder.rglob("*"))}


def forget(home: Home, state: sqlite3.Connection, file: LandedFile) -> None:
    """Take a file that was refused out of landing again, so that its corrected successor need not wait behind it."""
    with state:
        state.execute(
            "delete from landed_files where source = ? and table_name = ? and file = ?",
            (file.source, file.table, file.file),
        )
    file.path(home).unlink(missing_ok=True)


def candidates(folder: Path, table: Table) -> list[Path]:
    """Files that a table's glob finds, by name; sidecars, hidden and unfinished files left out."""
    found = (path for path in folder.glob(table.files) if path.is_symlink() or path.is_file())
    return sorted(path for path in found if _is_data(path, folder))


def landing_record(
    state: sqlite3.Connection, table: Table, files: list[tuple[str, str, int, str]], landed_at: datetime
) -> None:
    """Put files that lie in landing on record, in this order: (file, sha256, bytes, original name).

    Part of the caller's transaction. landed_at: a moment before the first of them was read, UTC without a zone.
    """
    state.executemany(
        "insert into landed_files (source, table_name, file, sha256, bytes, landed_at, original_name) "
        "values (?, ?, ?, ?, ?, ?, ?)",
        [
            (table.source, table.name, file, sha256, size, landed_at.isoformat(timespec="microseconds"), original)
            for file, sha256, size, original in files
        ],
    )


def _extracted(home: Home, source: Source) -> list[LandedFile]:
    from ingestion.extract import extract

    return extract(home, source)


def _landed(home: Home, source: Source, faults: list[CdpError], progress: Progress | None) -> list[LandedFile]:
    folder = source.folder(home)
    _reachable(folder, source)
    landed: list[LandedFile] = []
    state = open_state(home)
    try:
        for table in source.tables:
            landed += _land_table(home, state, folder, table, faults, progress)
    finally:
        state.close()
    return landed


def _land_table(
    home: Home, state: sqlite3.Connection, folder: Path, table: Table, faults: list[CdpError], progress: Progress | None
) -> list[LandedFile]:
    rows = [row for row in _all_rows(state) if (row["source"], row["table_name"]) == (table.source, table.name)]
    known = {row["original_name"]: row for row in rows}
    seen = {identity_of(table, row["sha256"], row["original_name"]) for row in rows}
    taken = {row["file"] for row in rows}
    _refuse_gaps(home, rows)
    began = datetime.now(UTC).replace(tzinfo=None)
    new: list[tuple[str, str, int, str]] = []
    paths = candidates(folder, table)
    for done, path in enumerate(paths, 1):
        name = _name_below(folder, path)
        if not _unchanged(path, known.get(name)):
            try:
                if entry := _copy(home, table, path, name, seen, taken):
                    new.append((*entry, name))
            except Rejected as error:
                faults.append(error)
        if progress:
            progress(f"landing {table.label}", done, len(paths))
    if not new:
        return []
    _sync_folders(home, table, [file for file, *_ in new])
    crash_point("land.before_record")
    with state:
        landing_record(state, table, new, began)
    crash_point("land.after_record")
    names = {file for file, *_ in new}
    return [file for file in landed_files(state, table.source, table.name) if file.file in names]


def _copy(
    home: Home, table: Table, path: Path, name: str, seen: set[str], taken: set[str]
) -> tuple[str, str, int] | None:
    """Copy one file into landing under a free name; None if its content is there already. Raises Rejected."""
    wanted = name if name.startswith(f"{table.name}/") else f"{table.name}/{name}"
    draft = home.landing / table.source / f"{wanted}.part"
    private_folders(home.landing, draft.parent)
    try:
        sha256, size = copied(path, draft, table)
        expectation = expectation_for(path)
        expectation.check_digest(path, sha256, table.label)
        if identity_of(table, sha256, name) in seen:
            return None
        refuse_broken(draft, path, table, expectation.rows, compressed=name.lower().endswith(".gz"))
        seen.add(identity_of(table, sha256, name))
        file = wanted if wanted not in taken else with_digest(wanted, sha256)
        taken.add(file)
        os.replace(draft, home.landing / table.source / file)
        crash_point("land.after_rename")
        return file, sha256, size
    finally:
        draft.unlink(missing_ok=True)


def _reachable(folder: Path, source: Source) -> None:
    try:
        reachable = folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)
    except PermissionError:
        reachable = False
    if not reachable and folder.exists():
        raise CdpError(
            f"{source.name}: {folder} may not be read", remedy=f"Give the user {os.getuid()} leave to list it."
        )


def _refuse_gaps(home: Home, rows: list[sqlite3.Row]) -> None:
    """A file on record that landing lacks is a loss that no run can mend: say so."""
    missing = [row["file"] for row in rows if not (home.landing / row["source"] / row["file"]).exists()]
    if missing:
        raise CdpError(
            f"{rows[0]['source']}: landing lacks {len(missing)} file(s) on record, the first is {missing[0]}",
            remedy=f"Restore {home.landing} from your backup; raw cannot be rebuilt without it.",
        )


def _unchanged(path: Path, row: sqlite3.Row | None) -> bool:
    """True if this file landed under this name and its inode has not changed since."""
    if row is None:
        return False
    try:
        found = path.lstat()
    except OSError:
        return False
    landed_at = datetime.fromisoformat(row["landed_at"]).replace(tzinfo=UTC).timestamp()
    return found.st_size == row["bytes"] and found.st_ctime < landed_at - CLOCK_MARGIN_SECONDS


def _is_data(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
    return not hidden and not path.name.endswith(UNFINISHED) and not path.name.endswith(SIDECARS)


def _name_below(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _sync_folders(home: Home, table: Table, files: list[str]) -> None:
    folders = {(home.landing / table.source / file).parent for file in files}
    for folder in sorted(folders | {home.landing / table.source, home.landing}):
        sync_folder(folder)


def _all_rows(state: sqlite3.Connection) -> Iterator[sqlite3.Row]:
    return iter(state.execute("select rowid as sequence, * from landed_files order by rowid").fetchall())


def _from_row(row: sqlite3.Row) -> LandedFile:
    return LandedFile(
        row["sequence"], row["source"], row["table_name"], row["file"], row["sha256"], row["bytes"],
        datetime.fromisoformat(row["landed_at"]), row["original_name"],
    )  # fmt: skip


def _raise_all(faults: list[CdpError]) -> None:
    if len(faults) == 1:
        raise faults[0]
    if faults:
        lines = "\n  ".join(str(fault) for fault in faults)
        raise CdpError(
            f"{len(faults)} deliveries cannot be landed:\n  {lines}", remedy="Mend each as said, then run again."
        )
