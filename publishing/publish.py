"""The publish step, from gated warehouse to readers.

Belongs here: the order of its steps. Must not go here: any step itself.
Concept: write, audit, publish: refuse → build → verify → rename → flip → prune. Until the flip readers notice nothing,
and whatever kills the process leaves litter that the next run's janitor sweeps.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from publishing.build import build_generation
from publishing.catalogue import read_catalogue
from publishing.files import BUILDING, MASKED, REJECTED, current_generation, fsync
from publishing.flip import flip, janitor, prune
from publishing.manifest import read_manifest
from publishing.refusal import refuse_unless_gated
from publishing.verify import verify_generation
from warehouse.crash import crash_point
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.lock import run_lock
from warehouse.run import RunContext
from warehouse.state import open_state

MEBIBYTE = 2**20
# A generation holds less than the warehouse that it is copied from; the rest is for spilled sorts.
SPACE_FACTOR, SPACE_FLOOR_MIB = 1.5, 64

STEPS = (
    "publish.after_gates",
    "publish.after_customers",
    "publish.after_restricted",
    "publish.after_activation",
    "publish.after_manifest",
    "publish.after_build",
    "publish.after_verify",
    "publish.after_rename",
    "flip.before_replace",
    "flip.after_replace",
    "flip.after_mark",
    "publish.after_flip",
    "prune.after_rename",
    "publish.after_prune",
)

__all__ = ["STEPS", "Published", "janitor", "publish", "published", "refuse_without_space"]


@dataclass(frozen=True)
class Published:
    """What readers have now; rows gives the row count of each public table."""

    generation: str
    path: Path
    rows: dict[str, int]


def publish(
    home: Home,
    con: duckdb.DuckDBPyConnection,
    run: RunContext,
    required_tables: Iterable[str | tuple[str, str]] | None = None,
    manifest: Path | None = None,
) -> Published:
    """Publish the warehouse as a new generation, or raise CdpError and leave readers with what they have.

    required_tables: every table whose current build must have passed its gate; all that have a suite unless given.
    manifest: dbt's; home.dbt_target / "manifest.json" unless given.
    """
    with run_lock(home):
        refuse_without_space(home)
        catalogue = read_catalogue(manifest or home.dbt_target / "manifest.json")
        gates = _gate_results(home, con, _suites() if required_tables is None else required_tables)
        crash_point("publish.after_gates")
        _refuse_after_rollback(home, con)
        generation = _verified(home, build_generation(home, con, run, catalogue, gates))
        flip(home, generation)
        crash_point("publish.after_flip")
        prune(home)
        crash_point("publish.after_prune")
    return published(home, generation)


def published(home: Home, generation: str) -> Published:
    """The summary of a generation, from its manifest."""
    tables = read_manifest(home.published / generation)["files"][MASKED]
    return Published(generation, home.published / generation, {name: table["rows"] for name, table in tables.items()})


def refuse_without_space(home: Home) -> None:
    """Raise CdpError when the disk could not hold another generation; better now than half-way."""
    warehouse = home.warehouse.stat().st_size if home.warehouse.exists() else 0
    needed = SPACE_FACTOR * warehouse / MEBIBYTE + SPACE_FLOOR_MIB
    free = shutil.disk_usage(home.published).free / MEBIBYTE
    if free < needed:
        raise CdpError(
            f"{free:,.0f} MiB are free at {home.published}, and a generation may need {needed:,.0f}",
            remedy="Free some space (exports/ and old landing files are the usual places), then run `cdp run` again.",
        )


def _suites() -> Iterable[str]:
    from expectations.suites import required_tables

    return required_tables()


def _gate_results(
    home: Home, con: duckdb.DuckDBPyConnection, required_tables: Iterable[str | tuple[str, str]]
) -> list[dict]:
    state = open_state(home)
    try:
        return refuse_unless_gated(con, state, required_tables)
    finally:
        state.close()


def _refuse_after_rollback(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    """The models' memory is the generation attached as `previous`; publishing onto another would lose history."""
    rows = con.execute("select path from duckdb_databases() where database_name = 'previous'").fetchall()
    if rows and (base := Path(rows[0][0]).parent.name) != current_generation(home):
        raise CdpError(
            f"This run was built upon generation {base}, but {current_generation(home)} is published now",
            remedy="Run `cdp run` again: it builds upon what is published.",
        )


def _verified(home: Home, folder: Path) -> str:
    """Verify a built folder and give it its generation's name; a refused one is kept aside until the next run."""
    try:
        verify_generation(folder)
    except CdpError:
        rejected = folder.rename(folder.with_suffix(REJECTED))
        rejected.chmod(0o700)
        raise
    crash_point("publish.after_verify")
    final = folder.rename(folder.with_name(folder.name.removesuffix(BUILDING)))
    fsync(home.published)
    crash_point("publish.after_rename")
    return final.name
