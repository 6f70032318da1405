"""Small things that every step of publishing needs: names of generations, quoting, digests, durable files.

Belongs here: what two or more modules of this room share. Must not go here: any step of its own.
Concept: a table's digest is its row count and the sum of its rows' md5s, so it does not depend on order and duplicates
do not cancel out.
"""

import os
import re
from pathlib import Path

import duckdb

from warehouse.home import Home
from warehouse.quoting import literal, quoted

MASKED, RESTRICTED, ACTIVATION = "customers.duckdb", "restricted.duckdb", "activation.duckdb"
MODES = {MASKED: 0o644, RESTRICTED: 0o600, ACTIVATION: 0o600}
MANIFEST = "manifest.json"
GENERATION = re.compile(r"\d{8}T\d{12}Z-[0-9a-z]{1,8}")  # UTC to the microsecond, then the run: sorts by time
FLIPPED = "flipped_at"  # written once a generation has been current: only such a one is a place to go back to
BUILDING, REJECTED, REMOVING = ".building", ".rejected", ".removing"


def generations(home: Home) -> list[str]:
    """Every complete generation, oldest first, whether or not it has ever been current."""
    if not home.published.exists():
        return []
    return sorted(folder.name for folder in home.published.iterdir() if GENERATION.fullmatch(folder.name))


def current_generation(home: Home) -> str | None:
    """The generation that readers get, or None before the first."""
    return home.current.readlink().name if home.current.is_symlink() else None


def shape(con: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, bytes] | None = None) -> list[list[str]]:
    """[[column, type], …] of a query's result."""
    return [[row[0], row[1]] for row in con.execute(f"describe {query}", parameters or {}).fetchall()]


def digest(con: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, bytes] | None = None) -> dict[str, object]:
    """{"rows": count, "digest": sum of the rows' md5s (their lower halves, so that the sum fits 128 bits)}."""
    rows, total = con.execute(
        f"select count(*), coalesce(sum(md5_number_lower(r::varchar)::hugeint), 0) from ({query}) as r",
        parameters or {},
    ).fetchall()[0]
    return {"rows": rows, "digest": str(total)}


def attach(con: duckdb.DuckDBPyConnection, file: Path, name: str) -> None:
    """Attach read-only. Gives nothing; the caller detaches, or closes the connection."""
    con.execute(f"attach {literal(file)} as {quoted(name)} (read_only)")


def fsync(path: Path) -> None:
    """Make a file's bytes, or a folder's entries, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
