"""One run in a process of its own, to be killed: `python -m tests.faults.publishing.child HOME VERSION`.

Belongs here: what the fault tests kill. Must not go here: any check.
Concept: CDP_CRASH_AT names the step at which it dies; otherwise the parent kills it when it likes, once it has begun.
"""

import sys
from pathlib import Path

import duckdb

from publishing.flip import janitor
from tests.unit.publishing.world import publish_version
from warehouse.home import Home

if __name__ == "__main__":
    home = Home(Path(sys.argv[1]))
    duckdb.execute("select ?", [1])  # the first parameter imports pandas: not what is to be killed
    print("begun", flush=True)
    janitor(home)
    publish_version(home, int(sys.argv[2]))
    print("published", flush=True)
