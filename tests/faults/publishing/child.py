"""One run in a process of its own (tests/processes.py), to be killed.

Belongs here: what the fault tests kill. Must not go here: any check.
Concept: CDP_CRASH_AT names the step at which it dies; otherwise the parent kills it when it likes, once it has begun.
"""

from pathlib import Path

import duckdb

from publishing.flip import janitor
from tests.unit.publishing.world import publish_version
from warehouse.home import Home


def main(root: str, version: str) -> None:
    home = Home(Path(root))
    duckdb.execute("select ?", [1])  # the first parameter imports pandas: not what is to be killed
    print("begun", flush=True)
    janitor(home)
    publish_version(home, int(version))
    print("published", flush=True)
