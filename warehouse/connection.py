"""How the warehouse is opened: one configuration for dbt, Splink, Great Expectations and our own code.

Belongs here: connecting, and the settings that every connection gets. Must not go here: reading published files
(publishing/read.py).
Concept: all openers in one process must use the same configuration, so settings are SET after a plain connect.
"""

import logging
import os
import re
from functools import cache

import duckdb

from warehouse.errors import CdpError, sanitised
from warehouse.home import Home

STORAGE_VERSION = "v1.4.0"
# What DuckDB says of a log that a killed writer left and that it cannot read back, its own faults among the causes.
UNREPLAYABLE = "Failure while replaying WAL file"
LOCK_HOLDER = re.compile(r"held in (?P<program>.*?) \(PID (?P<pid>\d+)\)")


def settings(home: Home) -> dict[str, str]:
    """DuckDB settings for a writer; the same that dbt's profile applies."""
    return {
        "TimeZone": "UTC",
        "memory_limit": os.environ.get("CDP_MEMORY_LIMIT", "3GB"),
        "max_temp_directory_size": os.environ.get("CDP_SPILL_LIMIT", "50GB"),
        "temp_directory": str(home.tmp / "spill"),
        "threads": os.environ.get("CDP_THREADS") or str(_processors()),
        "python_enable_replacements": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }


def connect(home: Home, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to warehouse.duckdb. Raises WarehouseLocked when another process holds the file.

    A writer finds an empty one where DuckDB cannot read back what a killed process left: all of it is made again from
    landing, the state and the previous generation.
    """
    home.prepare()
    try:
        con = _opened(home, read_only)
    except duckdb.Error as error:
        if read_only or UNREPLAYABLE not in str(error):
            raise _explained(home, error) from None
        logging.getLogger(__name__).warning("the warehouse did not outlive a crash; it is made again from landing")
        _remove(home)
        con = _opened(home, read_only)
    home.warehouse.chmod(0o600)
    apply_settings(con, home)
    return con


def attach_warehouse(con: duckdb.DuckDBPyConnection, home: Home, name: str) -> None:
    """Attach the home's warehouse.duckdb read-only to another connection. Raises WarehouseLocked as connect does."""
    file = str(home.warehouse).replace("'", "''")
    try:
        con.execute(f"attach '{file}' as {name} (read_only)")
    except duckdb.Error as error:
        raise _explained(home, error) from None


def apply_settings(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Give a connection our settings. Once anything was spilled, DuckDB refuses to be told where to, even the same."""
    wanted = settings(home)
    if con.execute("select current_setting('temp_directory')").fetchall() == [(wanted["temp_directory"],)]:
        del wanted["temp_directory"]
    for name, value in wanted.items():
        con.execute(f"set {name} = '{value}'")


def _opened(home: Home, read_only: bool) -> duckdb.DuckDBPyConnection:
    if not home.warehouse.exists():
        _create(home)
    return duckdb.connect(str(home.warehouse), read_only=read_only)


def _remove(home: Home) -> None:
    """The log first: without it the file is whole, as of its last checkpoint; a log beside a new file is not."""
    home.warehouse.with_name(f"{home.warehouse.name}.wal").unlink(missing_ok=True)
    home.warehouse.unlink(missing_ok=True)


def _create(home: Home) -> None:
    """A new file in a storage version that knows zstd for text: the default would leave text uncompressed."""
    with duckdb.connect() as con:
        file = str(home.warehouse).replace("'", "''")
        con.execute(f"attach '{file}' as warehouse (storage_version '{STORAGE_VERSION}')")


class WarehouseLocked(CdpError):
    """Another process has the warehouse open."""

    exit_code = 75


def _explained(home: Home, error: duckdb.Error) -> CdpError:
    if found := LOCK_HOLDER.search(str(error)):
        return WarehouseLocked(
            f"{home.warehouse} is held by process {found['pid']} ({found['program']})",
            remedy="Wait for it or close it. To query, use `cdp sql`: it reads the published files and never locks.",
        )
    return CdpError(
        f"{home.warehouse} cannot be opened: {sanitised(error)}",
        remedy="Losing it loses nothing: move it aside and run `cdp run`, which rebuilds it from landing.",
    )


@cache
def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
