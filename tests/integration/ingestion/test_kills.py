"""Killed at any moment, a load is wholly in or wholly out, and the next one heals.

Each child lands and loads in a process of its own, and dies by SIGKILL at a named point or at a random moment.
"""

import json
import os
import random
import re
import signal
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

import ingestion.delivery
from ingestion.declared import Source
from ingestion.landing import land
from ingestion.load import load
from tests import processes
from tests.unit.ingestion.conftest import PEOPLE, Shop
from warehouse.connection import connect
from warehouse.home import PROJECT, Home
from warehouse.run import RunContext

POINT = re.compile(r'crash_point\("([^"]+)"\)')
POINTS = sorted({name for path in (PROJECT / "ingestion").glob("*.py") for name in POINT.findall(path.read_text())})
EXTRACTION = {name for name in POINTS if name.startswith("extract.")}


def bring(root: str, inbox: str) -> None:
    """Land and load what lies in the inbox: one run, to be killed."""
    ingestion.delivery.STRAIGHT_FROM_BYTES = 0
    home, moment = Home(Path(root)), datetime(2026, 11, 1)
    tables = tuple(
        replace(PEOPLE, name=name, identifier=f"shop__{name}", format="jsonl", files=f"{name}/**/*", delivery=delivery)
        for name, delivery in (("people", "events"), ("clicks", "events"), ("members", "snapshot"))
    )
    source = Source("shop", "", "files", inbox, "sales", "selling", "first", tables)
    print("ready", flush=True)
    land(home, declared=[source])
    con = connect(home)
    load(home, con, RunContext("run", moment, moment), declared=[source])
    con.close()


def started(home: Home, inbox: Path, crash_at: str = "") -> processes.Process:
    environment = os.environ | {"CDP_HOME": str(home.root), "CDP_CRASH_AT": crash_at}
    return processes.Process(bring, (str(home.root), str(inbox)), environment)


def finished(home: Home, inbox: Path) -> None:
    process = started(home, inbox)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("delivered")
    shop = Shop(Home(folder / "home").prepare(), folder / "inbox", PEOPLE)
    shop.con.close()
    deliver(shop, 40)
    return shop.inbox


@pytest.fixture(scope="module")
def undisturbed(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    """What a run brings that nobody kills."""
    home = Home(tmp_path_factory.mktemp("undisturbed")).prepare()
    finished(home, inbox)
    return answer(home)


def deliver(shop: Shop, rows: int) -> None:
    """Overlapping files of events with bad lines, clean and new ones (the fast path), and three snapshots."""
    for number in range(3):
        ids = range(number * rows // 2, number * rows // 2 + rows)
        people = [json.dumps({"id": str(n), "name": f"Ann{n}", "town": "Bern"}) for n in ids]
        shop.deliver(f"{number}.jsonl", "\n".join([*people, "bad line"]) + "\n")
        clicks = [{"id": f"{number}-{n}", "name": "click", "town": None} for n in range(rows)]
        shop.deliver(f"../clicks/{number}.jsonl", clicks)
        members = [{"id": str(n), "name": f"Bob{n}", "town": "Bern"} for n in range(number, rows, 2)]
        shop.deliver(f"../members/members_2026-01-0{number + 1}.jsonl", members)


def answer(home: Home) -> tuple[object, ...]:
    """Everything that must be the same however often the load was killed."""
    con = connect(home)
    content = con.execute(
        """
        select 'people', count(*), sum(hash(_content_hash, _is_deleted, _file, _line, _load_id)::hugeint)
        from raw.shop__people
        union all
        select 'clicks', count(*), sum(hash(_content_hash, _is_deleted, _file, _line, _load_id)::hugeint)
        from raw.shop__clicks
        union all
        select 'members', count(*), sum(hash(_content_hash, _is_deleted, _file, _line, _load_id)::hugeint)
        from raw.shop__members
        union all
        select 'quarantine', count(*), sum(hash(quarantine_id, raw_line)::hugeint) from raw.quarantine
        union all
        select 'ledger', count(*), sum(hash(file, received, loaded, quarantined, duplicate, deleted)::hugeint)
        from raw.loads
        """
    ).fetchall()
    con.close()
    return tuple(content)


@pytest.mark.parametrize("point", [name for name in POINTS if name not in EXTRACTION])
def test_a_kill_at_a_named_point_is_healed_by_the_next_run(
    home: Home, inbox: Path, undisturbed: tuple[object, ...], point: str
) -> None:
    killed = started(home, inbox, crash_at=point)
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL, f"{point} was never reached"

    finished(home, inbox)

    assert answer(home) == undisturbed


def lasting(home: Home, inbox: Path) -> float:
    """Seconds that a run takes from the moment at which it is ready."""
    process = started(home, inbox)
    process.stdout.readline()
    begun = time.monotonic()
    process.communicate(timeout=120)
    assert process.returncode == 0
    return time.monotonic() - begun


def test_kills_at_random_moments_lose_and_duplicate_nothing(
    home: Home, inbox: Path, undisturbed: tuple[object, ...], tmp_path: Path
) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    dice = random.Random(seed)
    seconds = lasting(Home(tmp_path / "measured").prepare(), inbox)
    struck = 0
    for _ in range(int(os.environ.get("CDP_KILLS", "5"))):
        process = started(home, inbox)
        process.stdout.readline()
        time.sleep(dice.uniform(0, seconds))
        process.kill()
        process.communicate()
        struck += process.returncode == -signal.SIGKILL
    assert struck

    finished(home, inbox)

    assert answer(home) == undisturbed
