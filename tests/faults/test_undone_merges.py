"""A thousand merges that people decided and took back: every profile is what it was, whoever was torn meanwhile.

To judge two the same may tear others apart, since the linkage weighs groups.
"""

from datetime import datetime
from pathlib import Path

import pytest

from governance.judgements import counting, withdraw
from seeds.demo.generate import generate_demo
from tests.conftest import cdp
from tests.integration.orchestration.test_three_generations import (
    MAP,
    WHY,
    merge_many,
    profiles,
)
from warehouse.home import Home

PEOPLE, MERGES = 2_500, 1_000


@pytest.mark.long
def test_a_thousand_merges_that_are_taken_back_leave_every_profile_as_it_was(tmp_path: Path) -> None:
    generate_demo(people=PEOPLE, seed=11, out=tmp_path / "demo", until=datetime(2026, 11, 1))
    home = Home(tmp_path / "home")
    run(home, tmp_path / "demo")
    before = profiles(home)
    pairs = merge_many(home, 2 * MERGES)

    run(home, tmp_path / "demo", "--accept-changes")
    during = profiles(home)
    now = {record_id: customer_id for customer_id, record_id in during[MAP]}
    assert sum(now[left] == now[right] for left, right in pairs) == MERGES
    withdraw(home, counting(home), **WHY)
    run(home, tmp_path / "demo", "--accept-changes")

    assert profiles(home) == before
    torn = len({(one, now[record_id]) for one, record_id in before[MAP]}) - len({one for one, _ in before[MAP]})
    print(f"{MERGES:,} merges undone, {torn:,} parts of customers torn off meanwhile: every profile is what it was")
    assert torn > MERGES / 10


def run(home: Home, company: Path, *options: str) -> None:
    done = cdp(home.root, "run", *options, CDP_SOURCES=str(company / "inbox"), CDP_TRUTH=str(company / "truth"))
    assert done.returncode == 0, done.stderr
