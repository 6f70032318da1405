"""A reader that never stops: `python -m tests.faults.publishing.reader HOME`, until its standard input closes.

Belongs here: opening what is published over and over, as any tool would. Must not go here: anything that writes.
Concept: prints one JSON line at its end: how many times it read, the versions it saw, and everything that was wrong.
"""

import json
import select
import sys
from pathlib import Path

from publishing.read import open_published
from tests.unit.publishing.world import PEOPLE
from warehouse.home import Home

PAUSE_S = 0.02  # leaves the writer a processor; the reads still fall into every step
VERSIONS = (
    "select version, count(*) from customers where email is not null group by all union all "
    "select version, count(*) from customer_timeline group by all union all "
    "select version, count(*) from segments group by all order by 2"
)


def read_once(home: Home, restricted: bool) -> int:
    """The one version of everything published. Raises AssertionError when generations are mixed or rows are missing."""
    con = open_published(home, restricted)
    try:
        rows = con.execute(VERSIONS).fetchall()
        raw = con.execute("select count(full_name) from customers").fetchall() if restricted else [(PEOPLE,)]
    finally:
        con.close()
    assert [count for _, count in rows] == [2, PEOPLE, 3 * PEOPLE], rows
    assert len({version for version, _ in rows}) == 1, rows
    assert raw == [(PEOPLE,)], raw
    return rows[0][0]


def main(home: Home) -> None:
    reads, versions, wrong = 0, set(), []
    while not select.select([sys.stdin], [], [], PAUSE_S)[0]:
        try:
            versions.add(read_once(home, restricted=bool(reads % 2)))
        except Exception as error:  # noqa: BLE001  whatever it is, the test must hear of it
            wrong.append(f"{type(error).__name__}: {error}")
        reads += 1
    print(json.dumps({"reads": reads, "versions": sorted(versions), "wrong": wrong}))


if __name__ == "__main__":
    main(Home(Path(sys.argv[1])))
