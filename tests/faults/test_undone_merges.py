"""A thousand merges that people decided and took back: every profile is what it was, whoever was merged meanwhile."""

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
    people,
    profiles,
    rows_of,
    whole,
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

    customers, after = whole(before, during), profiles(home)
    assert rows_of(customers, after) == rows_of(customers, before)
    assert people(after) == people(before)
    print(f"{MERGES:,} merges undone: {len(customers):,} of {len(people(before)):,} ids were of whole people meanwhile")
    assert len(customers) > 0.8 * len(people(before))


def run(home: Home, company: Path, *options: str) -> None:
    done = cdp(home.root, "run", *options, CDP_SOURCES=str(company / "inbox"), CDP_TRUTH=str(company / "truth"))
    assert done.returncode == 0, done.stderr
