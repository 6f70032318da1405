"""How readers open what is published.

Belongs here: a locked, read-only connection to one generation. Must not go here: what to ask of it (cli/).
Concept: RELIABILITY, B.6 and C.6. DuckDB has no roles, so the boundary is the file: who may not read restricted.duckdb
cannot see a raw value, whatever the query. The link is resolved once, so that a connection stays with one generation.

A read-only attachment alone is no lock: a query may detach a file that was open when external access was switched off
and attach it again for writing. With the local file system disabled, what is open stays readable and nothing can be
opened again; the price is that readers cannot spill, so a query has to fit in CDP_MEMORY_LIMIT.
"""

import os
from pathlib import Path

import duckdb

from publishing.files import ACTIVATION, MASKED, RESTRICTED, attach
from publishing.manifest import read_manifest
from warehouse.errors import CdpError, sanitised
from warehouse.home import Home
from warehouse.quoting import literal, quoted

ATTEMPTS = 3  # a generation can be pruned between resolving the link and opening it, if three flips fall between


def open_published(home: Home, restricted: bool = False, carried: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection that reads the current generation and can neither write it nor reach anything else.

    restricted: the tables' names give the raw values (needs the right to read restricted.duckdb).
    carried: what the generation carries beside what is published is attached as `activation` (same right).
    Raises CdpError when nothing is published yet or the files may not be read.
    """
    con = attach_published(home, restricted, carried)
    con.execute("set temp_directory = ''")
    con.execute("set enable_external_access = false")
    con.execute("set disabled_filesystems = 'LocalFileSystem'")
    con.execute("set python_enable_replacements = false")
    con.execute("set lock_configuration = true")
    return con


def attach_published(home: Home, restricted: bool = False, carried: bool = False) -> duckdb.DuckDBPyConnection:
    """As open_published, but still able to reach files: for the platform's own exports, never for a caller's query."""
    for attempt in range(ATTEMPTS):
        folder = current_folder(home)
        con = _connection(home)
        try:
            attach(con, folder / MASKED, "published")
            if carried:
                attach(con, folder / ACTIVATION, "activation")
            if restricted:
                attach(con, folder / RESTRICTED, "restricted")
                _unmask(con, folder)
            else:
                con.execute("use published")
        except duckdb.Error as error:
            con.close()
            if folder.exists() or attempt == ATTEMPTS - 1:
                raise _refused(folder, restricted, error) from None
        else:
            return con
    raise AssertionError("unreachable: the last attempt returns or raises")


def current_folder(home: Home) -> Path:
    """The folder of the generation that the link names at this moment."""
    if not home.current.exists():
        raise CdpError(f"Nothing is published yet in {home.root}", remedy="Run `cdp run` first, or set CDP_HOME.")
    return home.current.resolve()


def _connection(home: Home) -> duckdb.DuckDBPyConnection:
    """An empty in-memory database that spills nowhere but into the platform's private tmp."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    con.execute(f"set memory_limit = {literal(os.environ.get('CDP_MEMORY_LIMIT', '3GB'))}")
    con.execute(f"set temp_directory = {literal(home.tmp / 'spill')}")
    return con


def _unmask(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """For each table, a view of the same name in memory that gives the raw values."""
    for table in read_manifest(folder)["tables"].values():
        con.execute(f"create view {quoted(table['name'])} as {_raw_query(table)}")


def _raw_query(table: dict) -> str:
    halves = {"keep": "published"}
    picked = ", ".join(
        f"{halves.get(column['mask'], 'restricted')}_half.{quoted(column['name'])}" for column in table["columns"]
    )
    name, key = quoted(table["name"]), ", ".join(map(quoted, table["key"]))
    query = f"select {picked} from published.main.{name} as published_half"
    if all(column["mask"] == "keep" for column in table["columns"]):
        return query
    return f"{query} join restricted.main.{name} as restricted_half using ({key})"


def _refused(folder: Path, restricted: bool, error: duckdb.Error) -> CdpError:
    file = RESTRICTED if restricted and not os.access(folder / RESTRICTED, os.R_OK) else MASKED
    if (folder / file).exists() and not os.access(folder / file, os.R_OK):
        return CdpError(
            f"You may not read {file} of generation {folder.name}",
            remedy="Ask without --restricted for the masked tables, or as the user who owns the platform.",
        )
    return CdpError(
        f"Generation {folder.name} cannot be opened: {sanitised(error)}",
        remedy="Go back with `cdp rollback`, or publish anew with `cdp run`.",
    )
