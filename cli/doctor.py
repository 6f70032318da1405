"""`cdp doctor`: is everything in place?

Belongs here: looking, and saying what to do. Must not go here: mending.
"""

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from warehouse.errors import CdpError, unusable
from warehouse.home import Home

LIBRARIES = ("duckdb", "dbt-core", "dbt-duckdb", "splink", "dagster", "great-expectations", "dlt")
LEAST_FREE_GIB = 2


def doctor() -> None:
    """Check Python, libraries, disk, the home's modes, the warehouse's lock, sources and the published link.

    Example: cdp doctor
    """
    home = Home.from_environment()
    checks: list[Callable[[Home], str]] = [_python, _libraries, _home, _disk, _modes, _warehouse, _sources, _published]
    failed = 0
    for check in checks:
        try:
            print(f"ok    {check(home)}")
        except (CdpError, OSError) as error:
            failed += 1
            print(f"FAIL  {unusable(error) if isinstance(error, OSError) else error}")
    raise typer.Exit(1 if failed else 0)


def _python(home: Home) -> str:
    return f"Python {sys.version.split()[0]}"


def _libraries(home: Home) -> str:
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)


def _home(home: Home) -> str:
    """A folder that may be written, or that may be made."""
    standing = _standing(home)
    if not standing.is_dir() or not os.access(standing, os.W_OK | os.X_OK):
        raise CdpError(
            f"The home {home.root} cannot be used: {standing} is no folder that may be written",
            remedy="Set CDP_HOME to a folder that is yours.",
        )
    return f"home {home.root}"


def _standing(home: Home) -> Path:
    """The home, or the nearest folder above it that is there."""
    return next(path for path in (home.root, *home.root.parents) if path.exists())


def _disk(home: Home) -> str:
    free = shutil.disk_usage(_standing(home)).free / 2**30
    if free < LEAST_FREE_GIB:
        raise CdpError(f"{free:.1f} GiB free; a run needs {LEAST_FREE_GIB}", remedy="Free some space below CDP_HOME.")
    return f"{free:.0f} GiB free"


def _modes(home: Home) -> str:
    open_to_others = [path for path in _private(home) if path.exists() and path.stat().st_mode & 0o077]
    if open_to_others:
        raise CdpError(
            f"Others can read {', '.join(str(path) for path in open_to_others)}",
            remedy="Run `chmod go-rwx` on them; they hold personal data.",
        )
    return "private files are private"


def _private(home: Home) -> list[Path]:
    published = [home.current / name for name in ("restricted.duckdb", "activation.duckdb")]
    ours = [home.landing, home.warehouse, home.state, home.models, home.key, home.dbt_target, home.tmp, home.dagster]
    return [*ours, home.exports, home.reports, *published]


def _warehouse(home: Home) -> str:
    from warehouse.connection import connect

    if not home.warehouse.exists():
        return "no warehouse yet"
    connect(home, read_only=True).close()
    return f"warehouse opens, {home.warehouse.stat().st_size / 2**20:.0f} MiB"


def _sources(home: Home) -> str:
    from ingestion.declared import declared_sources

    sources = declared_sources()
    tables = sum(len(source.tables) for source in sources)
    return f"{len(sources)} sources declared, {tables} tables; files come from {home.inbox}"


def _published(home: Home) -> str:
    from publishing.read import open_published

    if not home.current.exists():
        return "nothing published yet"
    con = open_published(home)
    count = con.execute("select count(*) from customers").fetchall()[0][0]
    return f"published {home.current.resolve().name} opens, {count:,} customers"
