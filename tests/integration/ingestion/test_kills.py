"""Killed at any moment, a load is wholly in or wholly out, and the next one heals.

Each child lands and loads in a process of its own, and dies by SIGKILL at a named point or at a random moment.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.ingestion.conftest import PEOPLE, Shop
from warehouse.home import PROJECT, Home

POINT = re.compile(r'crash_point\("([^"]+)"\)')
POINTS = sorted({name for path in (PROJECT / "ingestion").glob("*.py") for name in POINT.findall(path.read_text())})
EXTRACTION = {name for name in POINTS if name.startswith("extract.")}

CHILD = """
import sys
from pathlib import Path
from dataclasses import replace
from datetime import datetime
import ingestion.delivery
from ingestion.landing import land
from ingestion.load import load
from tests.unit.ingestion.conftest import PEOPLE
from ingestion.declared import Source
from warehouse.connection import connect
from warehouse.home import Home
from warehouse.run import RunContext

ingestion.delivery.STRAIGHT_FROM_BYTES = 0
home, inbox = Home(Path(sys.argv[1])), sys.argv[2]
tables = tuple(
    replace(PEOPLE, name=name, identifier=f"shop__{name}", format="jsonl", files=f"{name}/**/*", delivery=delivery)
    for name, delivery in (("people", "events"), ("clicks", "events"), ("members", "snapshot"))
)
source = Source("shop", "", "files", inbox, "sales", "selling", "first", tables)
print("ready", flush=True)
land(home, declared=[source])
con = connect(home)
load(home, con, RunContext("run", datetime(2026, 11, 1), datetime(2026, 11, 1)), declared=[source])
con.close()
print("done", flush=True)
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    home = Home(tmp_path / "home").prepare()
    monkeypatch.setenv("CDP_HOME", str(home.root))
    shop = Shop(home, tmp_path / "inbox", PEOPLE)
    shop.con.close()
    return shop


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


def run(shop: Shop, crash_at: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(shop.home.root), str(shop.inbox)],
        cwd=PROJECT,
        env=os.environ | {"CDP_CRASH_AT": crash_at},
        stdout=subprocess.PIPE,
        text=True,
    )


def finished(shop: Shop) -> None:
    process = run(shop)
    process.communicate(timeout=120)
    assert process.returncode == 0


def answer(shop: Shop) -> tuple[object, ...]:
    """Everything that must be the same however often the load was killed."""
    from warehouse.connection import connect

    con = connect(shop.home)
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


@pytest.fixture
def undisturbed(tmp_path: Path) -> tuple[object, ...]:
    twin = Shop(Home(tmp_path / "twin").prepare(), tmp_path / "inbox", PEOPLE)
    twin.con.close()
    deliver(twin, 40)
    finished(twin)
    return answer(twin)


@pytest.mark.parametrize("point", [name for name in POINTS if name not in EXTRACTION])
def test_a_kill_at_a_named_point_is_healed_by_the_next_run(
    shop: Shop, undisturbed: tuple[object, ...], point: str
) -> None:
    deliver(shop, 40)
    process = run(shop, crash_at=point)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL, f"{point} was never reached"

    finished(shop)

    assert answer(shop) == undisturbed


def test_kills_at_random_moments_lose_and_duplicate_nothing(shop: Shop, undisturbed: tuple[object, ...]) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    dice = random.Random(seed)
    deliver(shop, 40)
    killed = 0
    for _ in range(int(os.environ.get("CDP_KILLS", "5"))):
        process = run(shop)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(dice.uniform(0, 0.6))
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
    assert killed

    finished(shop)

    assert answer(shop) == undisturbed
