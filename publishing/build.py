"""Building a generation: the public models, masked, and beside them what only some may read.

Belongs here: copying tables into the three files, and the manifest. Must not go here: judging the result (verify.py)
or putting it in place (flip.py).
Concept: DESIGN, section 3. Digests are taken from the warehouse's side here and from the files in verify.py, so that a
fault between them shows.
"""

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from governance.masking import mask_parameters, masked
from publishing.catalogue import CarriedTable, Catalogue, PublicTable
from publishing.files import (
    ACTIVATION,
    BUILDING,
    MANIFEST,
    MASKED,
    MODES,
    RESTRICTED,
    current_generation,
    digest,
    fsync,
    generations,
    shape,
)
from warehouse.crash import crash_point
from warehouse.errors import CdpError, sanitised
from warehouse.home import PROJECT, Home
from warehouse.quoting import literal, quoted
from warehouse.run import RunContext

# Written so that every engine this project supports can open it: 2.0's own default cannot be read by 1.5.
STORAGE_VERSION = "v1.5.0"
STAMP = "%Y%m%dT%H%M%S%fZ"


def build_generation(
    home: Home,
    con: duckdb.DuckDBPyConnection,
    run: RunContext,
    catalogue: Catalogue,
    gates: Sequence[dict[str, Any]],
) -> Path:
    """Write `published/<generation>.building/` from the warehouse; gives that folder, complete and fsynced.

    The folder keeps its ending until it is verified, so that no half-made generation ever has a generation's name.
    Raises CdpError when a relation is missing from the warehouse or lacks a declared column.
    """
    _refuse_missing(con, catalogue)
    generation = new_generation(home, run)
    folder = home.published / (generation + BUILDING)
    folder.mkdir(mode=0o700)
    files = {
        MASKED: _write(home, con, folder / MASKED, map(_masked_copy, catalogue.public)),
        RESTRICTED: _write(home, con, folder / RESTRICTED, map(_restricted_copy, _restricted(catalogue))),
        ACTIVATION: _write(home, con, folder / ACTIVATION, map(_carried_copy, catalogue.carried)),
    }
    manifest = _manifest(home, generation, run, catalogue, gates) | {"files": files}
    _write_manifest(folder, manifest)
    folder.chmod(0o711)
    fsync(folder)
    crash_point("publish.after_build")
    return folder


def new_generation(home: Home, run: RunContext) -> str:
    """A name that sorts after every earlier one, even if the clock went back."""
    now = datetime.now(UTC).replace(tzinfo=None)
    if earlier := generations(home):
        now = max(now, datetime.strptime(earlier[-1].split("-")[0], STAMP) + timedelta(microseconds=1))
    return f"{now.strftime(STAMP)}-{re.sub(r'[^0-9a-z]', '', run.run_id.lower())[:8] or 'run'}"


@dataclass(frozen=True)
class _Copy:
    """One table of one file: its name there, the query that fills it, what it is looked up by and its comments."""

    name: str
    query: str
    lookup: tuple[str, ...]
    comment: str
    columns: dict[str, str]

    @property
    def order(self) -> str:
        return ", ".join(f"{quoted(column)} nulls last" for column in self.lookup) or "1 nulls last"


def _masked_copy(table: PublicTable) -> _Copy:
    kept = [(column, masked(quoted(column.name), column.mask)) for column in table.columns]
    picked = ", ".join(f"{sql} as {quoted(column.name)}" for column, sql in kept if sql)
    comments = {
        column.name: column.description if column.mask == "keep" else f"{column.description} (masked: {column.mask})"
        for column, sql in kept
        if sql
    }
    return _Copy(table.name, f"select {picked} from {_source(table)}", table.ordered_by, table.description, comments)


def _restricted_copy(table: PublicTable) -> _Copy:
    raw = [column for column in table.columns if column.name in table.key or column in table.restricted_columns]
    picked = ", ".join(quoted(column.name) for column in raw)
    comments = {column.name: column.description for column in raw}
    return _Copy(table.name, f"select {picked} from {_source(table)}", table.key, table.description, comments)


def _carried_copy(table: CarriedTable) -> _Copy:
    picked = ", ".join(map(quoted, table.columns)) or "*"
    return _Copy(table.name, f"select {picked} from {_source(table)}", table.key, table.description, {})


def _restricted(catalogue: Catalogue) -> list[PublicTable]:
    return [table for table in catalogue.public if table.restricted_columns]


def _source(table: PublicTable | CarriedTable) -> str:
    return f"{quoted(table.layer)}.{quoted(table.name)}"


def _write(home: Home, con: duckdb.DuckDBPyConnection, file: Path, copies: Iterable[_Copy]) -> dict[str, Any]:
    """Write one file and close it without a write-ahead log; gives {table: rows, digest, columns} of what went in."""
    name = f"building_{file.stem}"
    con.execute(f"attach {literal(file)} as {name} (storage_version '{STORAGE_VERSION}')")
    try:
        written = {copy.name: _copy(home, con, name, copy) for copy in copies}
        con.execute(f"checkpoint {name}")
    finally:
        con.execute(f"detach {name}")
    if file.with_name(file.name + ".wal").exists():
        raise CdpError(f"{file.name} still has a write-ahead log after its checkpoint", remedy="Run `cdp run` again.")
    file.chmod(MODES[file.name])
    fsync(file)
    crash_point(f"publish.after_{file.stem}")
    return written


def _copy(home: Home, con: duckdb.DuckDBPyConnection, database: str, copy: _Copy) -> dict[str, Any]:
    parameters = mask_parameters(home, copy.query)
    target = f"{database}.main.{quoted(copy.name)}"
    try:
        con.execute(f"create table {target} as {copy.query} order by {copy.order}", parameters)
    except duckdb.Error as error:
        raise CdpError(
            f"{copy.name} cannot be written: {sanitised(error)}",
            remedy="Free some space if the disk is full, or mend the model that it names; then run `cdp run` again.",
        ) from None
    con.execute(f"comment on table {target} is {literal(copy.comment)}")
    for column, comment in copy.columns.items():
        con.execute(f"comment on column {target}.{quoted(column)} is {literal(comment)}")
    return digest(con, copy.query, parameters) | {"columns": shape(con, copy.query, parameters)}


def _refuse_missing(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Collect every declared relation and column that the warehouse lacks, and every column nobody declared."""
    problems = []
    tables: tuple[PublicTable | CarriedTable, ...] = (*catalogue.public, *catalogue.carried)
    for table in tables:
        found = _columns(con, table)
        declared = {column if isinstance(column, str) else column.name for column in table.columns}
        if not found:
            problems.append(f"{table.layer}.{table.name} does not exist")
            continue
        problems += [f"{table.layer}.{table.name} lacks {column}" for column in sorted(declared - found)]
        if isinstance(table, PublicTable):
            problems += [f"{table.layer}.{table.name} has {column}, undeclared" for column in sorted(found - declared)]
    if problems:
        raise CdpError(
            "The warehouse does not hold what the models declare: " + "; ".join(problems),
            remedy="Build the models that it names (`cdp run` builds all), or mend their declarations.",
        )


def _columns(con: duckdb.DuckDBPyConnection, table: PublicTable | CarriedTable) -> set[str]:
    rows = con.execute(
        "select column_name from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? and table_name = ?",
        [table.layer, table.name],
    ).fetchall()
    return {row[0] for row in rows}


def _manifest(
    home: Home, generation: str, run: RunContext, catalogue: Catalogue, gates: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Everything about a generation but its files' contents; names and counts only, never a value."""
    return {
        "generation": generation,
        "previous": current_generation(home),
        "run_id": run.run_id,
        "as_of": run.as_of.isoformat(),
        "created_at": datetime.now(UTC).isoformat(),
        "git_revision": _git_revision(),
        "project_hash": catalogue.project_hash,
        "model_hash": _model_hash(home),
        "duckdb_version": duckdb.__version__,
        "storage_version": STORAGE_VERSION,
        "tables": {table.name: asdict(table) for table in catalogue.public},
        "carried": {table.name: asdict(table) for table in catalogue.carried},
        "gates": list(gates),
    }


def _write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    path = folder / MANIFEST
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    path.chmod(0o644)
    fsync(path)
    crash_point("publish.after_manifest")


def _git_revision() -> str | None:
    """The project's commit, with a mark if its files differ from it; None outside a git checkout."""
    with suppress(OSError, subprocess.CalledProcessError):
        return _git("rev-parse", "HEAD") + ("+changed" if _git("status", "--porcelain", "-uno") else "")
    return None


def _git(*args: str) -> str:
    done = subprocess.run(
        ["git", *args],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"GIT_OPTIONAL_LOCKS": "0"},
    )
    return done.stdout.strip()


def _model_hash(home: Home) -> str | None:
    """Of the linkage models' files and names; None where there is none yet."""
    files = sorted(path for path in home.models.rglob("*") if path.is_file()) if home.models.exists() else []
    if not files:
        return None
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(home.models)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
