"""`cdp identity import-crosswalk`: taking over another system's ids.

Belongs here: the command. Must not go here: the checks and the store (identity/ids/crosswalk.py).
"""

from pathlib import Path
from typing import Annotated

import typer

from warehouse.home import Home


def import_crosswalk(
    file: Annotated[Path, typer.Argument(help="CSV with the header record_id,customer_id.")],
) -> None:
    """Take over the customer ids of another system; the next run gives them in place of minted ones.

    A record's id goes to the cluster that the record is in. Where one id has records in several clusters, the one with
    most keeps it; where a cluster has several ids, one goes on and the others lead to it. Ids in use here never change.

    Example: cdp identity import-crosswalk former_ids.csv
    """
    from identity.ids.crosswalk import import_crosswalk as keep
    from publishing.read import open_published

    home = Home.from_environment().prepare()
    done = keep(home, file, open_published(home) if home.current.exists() else None)
    print(f"{done.added:,} rows taken over, {done.known:,} known before; {done.ids:,} ids.")
    if done.unknown_records:
        print(f"Records not published yet: {done.unknown_records:,}; their ids wait until they come.")
    if done.added:
        print("`cdp run` gives the ids; `identity_changes` then says which went on and which lead to another.")
