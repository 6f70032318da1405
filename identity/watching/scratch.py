"""A home to try something in: the platform's records, models, judgements and memory, none of which it can change.

Belongs here: making such a home and removing it. Must not go here: what is tried (preview.py).
Concept: the stages of a run work on any home. In a scratch home the conformed tables are views of the warehouse, which
is attached read-only; what the stages write is copied first, or theirs alone, and goes with the folder. What a killed
process leaves lies in home.tmp, which the next run wipes.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb

from publishing.previous import attach_previous
from warehouse.connection import attach_warehouse, connect
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.state import open_state

PLATFORM = "platform"


@contextmanager
def scratch_home(
    home: Home, tables: Iterable[str], *, with_models: bool = True
) -> Iterator[tuple[Home, duckdb.DuckDBPyConnection]]:
    """A scratch home and its open warehouse, in which `tables` ("schema.table") read as they do in the home's own.

    The published generation is attached as `previous`, as in a run. The caller holds the run lock. Without models, what
    is resolved there trains its own.
    Raises CdpError where the warehouse lacks one of the tables, or another program has it open.
    """
    home.prepare()
    folder = Path(tempfile.mkdtemp(prefix="scratch-", dir=home.tmp))
    try:
        scratch = Home(folder).prepare()
        with closing(connect(scratch)) as con:
            _lend_tables(con, home, tables)
            _copy_memory(home, scratch)
            if with_models:
                shutil.copytree(home.models, scratch.models, dirs_exist_ok=True)
            attach_previous(con, home)
            yield scratch, con
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lend_tables(con: duckdb.DuckDBPyConnection, home: Home, tables: Iterable[str]) -> None:
    if not home.warehouse.exists():
        raise CdpError(f"There is no warehouse in {home.root}", remedy="Run `cdp run` first, or set CDP_HOME.")
    attach_warehouse(con, home, PLATFORM)
    present = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = ?", [PLATFORM]
    ).fetchall()
    for table in tables:
        if (table,) not in present:
            raise CdpError(
                f"The warehouse has no table {table}",
                remedy="`cdp run` builds what the roles name: conformed.int_records and conformed.int_identifiers.",
            )
        con.execute(f"create schema if not exists {table.split('.')[0]}")
        con.execute(f"create view {table} as from {PLATFORM}.{table}")


def _copy_memory(home: Home, scratch: Home) -> None:
    """Judgements, imported ids and the key: what a run of identity reads beside the tables and the models."""
    if home.key.exists():
        shutil.copy2(home.key, scratch.key)
    with closing(open_state(home)) as kept, closing(open_state(scratch)) as copy:
        kept.backup(copy)
