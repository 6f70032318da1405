"""Who moved, and who changed company, by both clocks: two whole runs over the sample."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from publishing.read import open_published
from tests.conftest import SAMPLE, SAMPLE_UNTIL, cdp
from warehouse.home import Home

# One of a family of four, and somebody who lives alone in another town of their country.
MOVER, NEIGHBOUR = "shopify:6000000001061", "shopify:6000000000582"
# A contact whom one system links to one company, of whom only its colleagues know the other.
CHANGER, OLD_COMPANY, NEW_COMPANY = "hubspot:10000066", "hubspot:7000070", "hubspot:7000146"
SAID_AT, NEXT_DAY = "2026-11-01T09:00:00Z", "2026-11-02"
ADDRESS = ("address1", "address2", "city", "province", "zip", "country_code")


@dataclass(frozen=True)
class Later:
    """A home after a second run, with what two people said in the meantime."""

    home: Path

    def ask(self, query: str, **given: object) -> list[tuple]:
        with open_published(Home(self.home), carried=True) as con:
            return con.execute(query, given).fetchall()

    def began_at(self) -> datetime:
        """When the second run learned what it learned."""
        ((moment,),) = self.ask("select max(recorded_at) from group_changes")
        return moment


@pytest.fixture(scope="module")
def later(sample_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Later:
    folder = tmp_path_factory.mktemp("later")
    home, sources = folder / "home", folder / "sources"
    shutil.copytree(sample_run, home, symlinks=True)
    shutil.copytree(SAMPLE, sources)
    deliver(sources)

    done = cdp(home, "run", CDP_SOURCES=str(sources), CDP_AS_OF=NEXT_DAY)

    assert done.returncode == 0, done.stderr
    return Later(home)


def deliver(sources: Path) -> None:
    """The mover gives a new address to the shop, and the CRM links the changer to another company."""
    mover, neighbour = (
        last_said(sources, "shopify/customers", MOVER),
        last_said(sources, "shopify/customers", NEIGHBOUR),
    )
    for place in (mover["default_address"], *mover["addresses"]):
        place |= {name: neighbour["default_address"][name] for name in ADDRESS}
    send(sources, "shopify/customers", mover | {"updated_at": SAID_AT})
    changer = last_said(sources, "hubspot/contacts", CHANGER)
    (company,) = changer["associations"]["companies"]["results"]
    assert company["id"] == OLD_COMPANY.split(":")[1]
    company["id"] = NEW_COMPANY.split(":")[1]
    send(sources, "hubspot/contacts", changer | {"updatedAt": SAID_AT})


def last_said(sources: Path, table: str, record_id: str) -> dict[str, Any]:
    def rows() -> Iterator[dict[str, Any]]:
        for file in sorted((sources / table).iterdir()):
            yield from map(json.loads, file.read_text().splitlines())

    return [row for row in rows() if str(row["id"]) == record_id.split(":")[1]][-1]


def send(sources: Path, table: str, row: dict[str, Any]) -> None:
    (sources / table / f"{table.split('/')[1]}_{NEXT_DAY}.jsonl").write_text(json.dumps(row) + "\n")


def customer_of(later: Later, record_id: str) -> str:
    ((customer_id,),) = later.ask(
        "select customer_id from activation.main.identity_map where record_id = $id", id=record_id
    )
    return customer_id


STAYS = """
    select {id}, joined_at, left_at, is_current from {table} where customer_id = $customer order by is_current
"""
BEFORE = datetime.fromisoformat(SAMPLE_UNTIL)
SAID, FOUND = datetime.fromisoformat(SAID_AT).replace(tzinfo=None), datetime.fromisoformat(NEXT_DAY)


def test_who_moves_leaves_one_household_and_begins_in_another_when_the_address_was_stated(later):
    mover, neighbour = customer_of(later, MOVER), customer_of(later, NEIGHBOUR)
    former, present = later.ask(STAYS.format(id="household_id", table="household_members"), customer=mover)

    assert former[2:] == (SAID, False)
    assert former[1] < BEFORE
    assert present[1:] == (SAID, None, True)
    family = "select count(*) from household_members where household_id = $id and is_current and left_at is null"
    assert later.ask(family, id=former[0]) == [(3,)]
    others = later.ask(
        "select customer_id, joined_at < $before from household_members where household_id = $id "
        "and customer_id <> $mover",
        id=present[0],
        mover=mover,
        before=BEFORE,
    )
    assert others == [(neighbour, True)]
    told = "select change_type, member_id, group_id, other_group_id, effective_at, recorded_at from group_changes "
    assert later.ask(f"{told} where entity = 'household' and recorded_at = $at order by 1", at=later.began_at()) == [
        ("joined", mover, present[0], former[0], SAID, later.began_at()),
        ("left", mover, former[0], present[0], SAID, later.began_at()),
    ]
    learned = (
        "select group_id, valid_from, valid_to from activation.main.int_group_history where member_id = $id order by 2"
    )
    (old, _, ended), (new, began, until) = later.ask(learned, id=mover)
    assert (old, new, until) == (former[0], present[0], None)
    assert ended == began == later.began_at()


def test_who_changes_company_leaves_the_one_and_begins_at_the_other_in_the_run_that_found_it(later):
    """The CRM's link has no date: that the contact is years old does not make the person years at the new company."""
    changer = customer_of(later, CHANGER)
    companies = "select account_id from activation.main.account_map where account_record_id = $id"
    ((old,),), ((new,),) = later.ask(companies, id=OLD_COMPANY), later.ask(companies, id=NEW_COMPANY)
    former, present = later.ask(STAYS.format(id="account_id", table="account_members"), customer=changer)

    assert (former[0], *former[2:]) == (old, FOUND, False)
    assert former[1] < BEFORE
    assert present == (new, FOUND, None, True)
    assert later.ask("select account_id from customers where customer_id = $id", id=changer) == [(new,)]
    assert later.ask(
        "select count(*) from group_changes where entity = 'account' and recorded_at = $at", at=later.began_at()
    ) == [(0,)]


def test_no_household_or_account_has_another_id_than_before(later):
    """Nothing is told of any group but the household that the mover left, and the one that was joined."""
    kinds = "select distinct change_type from group_changes where recorded_at = $at order by 1"
    assert later.ask(kinds, at=later.began_at()) == [("joined",), ("left",)]
    assert later.ask("select count(*) from retired_groups") == [(0,)]
