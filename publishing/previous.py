"""The previous generation, attached to the warehouse.

Belongs here: attaching and re-attaching it. Must not go here: reading from it; models do, through `cdp.previous`.
Concept: DESIGN, section 3, "The previous generation is the only memory". It is attached by its own folder, not through
the link, so that a run reads one generation from its start to its end.
"""

import duckdb

from publishing.files import ACTIVATION, MASKED, RESTRICTED, attach
from warehouse.home import Home

DATABASES = {MASKED: "previous", RESTRICTED: "previous_restricted", ACTIVATION: "previous_activation"}


def attach_previous(con: duckdb.DuckDBPyConnection, home: Home) -> str | None:
    """Attach the published generation read-only; gives its name, or None where nothing is published yet.

    May be called again on any connection to the same warehouse: what is right stays, what is of another generation is
    replaced.
    """
    folder = home.current.resolve() if home.current.exists() else None
    attached = dict(con.execute("select database_name, path from duckdb_databases()").fetchall())
    for file, name in DATABASES.items():
        wanted = str(folder / file) if folder else None
        if attached.get(name) == wanted:
            continue
        if name in attached:
            con.execute(f"detach {name}")
        if folder:
            attach(con, folder / file, name)
    return folder.name if folder else None
