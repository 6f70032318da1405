"""Parquet copies of what is published, for tools that do not read DuckDB.

Belongs here: writing them and their manifest. Must not go here: any other way out (activation/).
Concept: RELIABILITY, section 0, fact 10: a Parquet reader may miss a flipped bit, so each file's sha256 is listed.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from publishing.files import MANIFEST, fsync
from publishing.manifest import read_manifest
from publishing.read import attach_published
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.quoting import literal, quoted

READ_BYTES = 2**20


def export_parquet(
    home: Home, out: Path | None = None, tables: Sequence[str] | None = None, restricted: bool = False
) -> Path:
    """Write each published table as `<table>.parquet` (zstd) with manifest.json beside them; gives the folder.

    out: a folder that is new or empty; exports/<generation>[-restricted] unless given, replaced if there.
    tables: all unless given. restricted: raw values, in files that only their owner may read.
    """
    con = attach_published(home, restricted)
    try:
        contents = read_manifest(_folder_of(con))
        chosen = _chosen(contents, tables)
        target = out or home.exports / (contents["generation"] + ("-restricted" if restricted else ""))
        draft = _draft(target, may_replace=out is None)
        entries = {name: _write(con, draft / f"{name}.parquet", name, restricted) for name in chosen}
    finally:
        con.close()
    _write_manifest(draft, contents, entries, restricted)
    return _settle(draft, target, restricted)


def _folder_of(con: duckdb.DuckDBPyConnection) -> Path:
    rows = con.execute("select path from duckdb_databases() where database_name = 'published'").fetchall()
    return Path(rows[0][0]).parent


def _chosen(contents: dict[str, Any], tables: Sequence[str] | None) -> list[str]:
    unknown = sorted(set(tables or ()) - contents["tables"].keys())
    if unknown:
        raise CdpError(
            f"There is no published table {', '.join(unknown)}",
            remedy=f"Published are: {', '.join(contents['tables'])}.",
        )
    return list(tables or contents["tables"])


def _draft(target: Path, may_replace: bool) -> Path:
    """An empty folder beside the target, private until it is complete."""
    if not may_replace and target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CdpError(f"{target} is not an empty folder", remedy="Name a new folder with --out.")
    draft = target.with_name(f".{target.name}.writing")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    draft.chmod(0o700)
    return draft


def _write(con: duckdb.DuckDBPyConnection, file: Path, table: str, restricted: bool) -> dict[str, Any]:
    con.execute(f"copy (from {quoted(table)}) to {literal(file)} (format parquet, compression zstd)")
    file.chmod(0o600 if restricted else 0o644)
    fsync(file)
    rows = con.execute(f"select count(*) from read_parquet({literal(file)})").fetchall()[0][0]
    return {"file": file.name, "rows": rows, "bytes": file.stat().st_size, "sha256": _sha256(file)}


def _sha256(file: Path) -> str:
    total = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(READ_BYTES):
            total.update(block)
    return total.hexdigest()


def _write_manifest(draft: Path, contents: dict[str, Any], entries: dict[str, Any], restricted: bool) -> None:
    described = {name: entry | contents["tables"][name] for name, entry in entries.items()}
    manifest = {name: contents[name] for name in ("generation", "run_id", "as_of")}
    text = json.dumps(manifest | {"restricted": restricted, "tables": described}, indent=2, ensure_ascii=False)
    (draft / MANIFEST).write_text(text + "\n", encoding="utf-8")
    fsync(draft / MANIFEST)


def _settle(draft: Path, target: Path, restricted: bool) -> Path:
    if target.exists():
        shutil.rmtree(target)
    draft.chmod(0o700 if restricted else 0o755)
    os.replace(draft, target)
    fsync(target.parent)
    return target
