"""The demo company: what its generator promises, on a thousand people. The looks of single errors: test_errors.py."""

import csv
import gzip
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from seeds.demo import renew_sample
from seeds.demo.errors import JUNK_EMAILS, JUNK_PHONES
from seeds.demo.generate import generate_demo
from seeds.demo.rates import ErrorRates

UNTIL = datetime(2026, 6, 10, tzinfo=UTC)
PEOPLE = 1000
STAGING = Path(__file__).parents[3] / "dbt_project" / "models" / "staging"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("company")
    generate_demo(PEOPLE, 11, out, UNTIL)
    return out


def lines_of(out: Path, table: str) -> Iterator[dict]:
    for path in sorted((out / "inbox" / table).rglob("*.*")):
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            yield from csv.DictReader(file) if ".csv" in path.name else map(json.loads, file)


def truth_of(out: Path) -> dict[str, str]:
    with (out / "truth" / "records.csv").open(encoding="utf-8") as file:
        return {row["record_id"]: row["person_id"] for row in csv.DictReader(file)}


def tree(folder: Path) -> dict[str, bytes]:
    """Contents by name, unpacked: another zlib may pack the same lines otherwise."""
    return {
        str(path.relative_to(folder)): gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_committed_sample_is_what_the_generator_makes(tmp_path: Path) -> None:
    renew_sample.make_sample(tmp_path)

    remedy = "run python -m seeds.demo.renew_sample and commit what it writes"
    assert tree(tmp_path / "inbox").keys() == tree(renew_sample.SAMPLE).keys(), remedy
    assert tree(tmp_path / "inbox") == tree(renew_sample.SAMPLE), remedy
    assert tree(tmp_path / "truth") == tree(renew_sample.SAMPLE_TRUTH), remedy


def test_the_same_seed_gives_the_same_bytes_with_one_worker_and_with_two(tmp_path: Path) -> None:
    for workers in (1, 2):
        generate_demo(2_540, 3, tmp_path / str(workers), UNTIL, workers=workers)

    one, two = ({p.relative_to(f): p.read_bytes() for p in f.rglob("*.*")} for f in (tmp_path / "1", tmp_path / "2"))
    assert one == two


def test_counts_do_not_depend_on_the_date(tmp_path: Path) -> None:
    counts = [generate_demo(60, 5, tmp_path / str(year), datetime(year, 3, 1, tzinfo=UTC)) for year in (2024, 2027)]

    assert {**counts[0], "files": 0} == {**counts[1], "files": 0}


def test_a_day_without_a_zone_is_that_day_in_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        for name, until in (("zone", UNTIL), ("none", UNTIL.replace(tzinfo=None))):
            generate_demo(20, 1, tmp_path / name, until)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert tree(tmp_path / "zone") == tree(tmp_path / "none")


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    for seed in (1, 2):
        generate_demo(30, seed, tmp_path / str(seed), UNTIL)

    assert tree(tmp_path / "1" / "inbox") != tree(tmp_path / "2" / "inbox")


def test_nothing_lies_in_the_future(company: Path) -> None:
    late = [event["messageId"] for event in lines_of(company, "segment/events") if event["receivedAt"] >= "2026-06-10"]
    late += [choice["choice_id"] for choice in lines_of(company, "preferences") if choice["changed_at"] >= "2026-06-10"]
    late += [
        str(order["id"]) for order in lines_of(company, "shopify/orders") if order["created_at"] >= "2026-06-10T01"
    ]

    assert late == []


def test_the_truth_names_every_record_and_no_other(company: Path) -> None:
    delivered = {f"hubspot:{row['id']}" for row in lines_of(company, "hubspot/contacts")}
    delivered |= {f"hubspot:{row['conversionId']}" for row in lines_of(company, "hubspot/form_submissions")}
    delivered |= {f"shopify:{row['id']}" for row in lines_of(company, "shopify/customers")}
    delivered |= {f"pos:{row['member_no']}" for row in lines_of(company, "pos/members")}
    delivered |= {f"stripe:{row['id']}" for row in lines_of(company, "stripe/customers")}
    delivered |= {f"zendesk:{row['id']}" for row in lines_of(company, "zendesk/users") if row["role"] == "end-user"}
    delivered |= {f"klaviyo:{row['id']}" for row in lines_of(company, "klaviyo/profiles")}
    delivered |= {f"preferences:{row['subscriber_id']}" for row in lines_of(company, "preferences/choices")}
    for event in lines_of(company, "segment/events"):
        delivered.add(f"segment:anonymous:{event['anonymousId']}")
        delivered |= {f"segment:{event['userId']}"} if event["type"] == "identify" and "userId" in event else set()

    assert truth_of(company).keys() == delivered


def test_the_truth_names_every_account_and_no_other(company: Path) -> None:
    with (company / "truth" / "accounts.csv").open(encoding="utf-8") as file:
        named = {row["account_record_id"] for row in csv.DictReader(file)}

    delivered = {f"hubspot:{row['id']}" for row in lines_of(company, "hubspot/companies")}
    delivered |= {f"zendesk:{row['id']}" for row in lines_of(company, "zendesk/organizations")}
    delivered |= {f"segment:{row['groupId']}" for row in lines_of(company, "segment/events") if row["type"] == "group"}
    assert named == delivered


def test_there_are_two_and_a_half_records_and_fifteen_events_a_person(company: Path) -> None:
    people = Counter(person for record, person in truth_of(company).items() if ":anonymous:" not in record)
    events = sum(1 for _ in lines_of(company, "segment/events"))

    assert 0.97 < len(people) / PEOPLE <= 1.0
    assert 2.3 < sum(people.values()) / PEOPLE < 2.9
    assert 13 < events / PEOPLE < 18


def test_every_table_has_the_columns_that_its_source_declares(company: Path) -> None:
    """No key that staging does not know; each declared column in some row, if not declared optional by the vendor."""
    problems = []
    for sources in sorted(STAGING.glob("*/_*__sources.yml")):
        source = yaml.safe_load(sources.read_text(encoding="utf-8"))["sources"][0]
        for table in source["tables"] if (company / "inbox" / source["name"]).exists() else []:
            declared = {column["name"] for column in table["columns"] if "." not in column["name"]}
            found = {key for row in lines_of(company, f"{source['name']}/{table['name']}") for key in row}
            problems += [f"{source['name']}.{table['name']}: {key} is not declared" for key in sorted(found - declared)]
            problems += [f"{source['name']}.{table['name']}: {key} never comes" for key in sorted(declared - found)]

    assert problems == []


# --- what goes wrong


def test_a_correction_goes_back(company: Path) -> None:
    phones = defaultdict(list)
    for contact in lines_of(company, "hubspot/contacts"):
        phones[contact["id"]].append(contact["properties"]["phone"])

    assert any(len(told) == 3 and told[0] == told[2] != told[1] for told in phones.values())


def test_no_member_changes_before_joining(tmp_path: Path) -> None:
    """Members who joined on the company's last days are corrected too: rare, so many are looked at."""
    generate_demo(4000, 7, tmp_path, UNTIL)

    early = [row for row in lines_of(tmp_path, "pos/members") if row["updated_at"][:10] < row["joined_on"]]
    assert early == []


def test_members_leave_the_snapshot_and_contacts_are_archived(company: Path) -> None:
    first, *_, last = sorted((company / "inbox" / "pos" / "members").iterdir())
    left = set(re.findall(r'^"(M\d+)', first.read_text(), re.M)) - set(re.findall(r'^"(M\d+)', last.read_text(), re.M))

    assert left
    assert any(contact["archived"] for contact in lines_of(company, "hubspot/contacts"))


def test_households_share_a_mailbox_and_companies_have_several_buyers(company: Path) -> None:
    truth = truth_of(company)
    owners, buyers = defaultdict(set), defaultdict(set)
    for customer in lines_of(company, "shopify/customers"):
        owners[customer["email"]].add(truth[f"shopify:{customer['id']}"])
    for contact in lines_of(company, "hubspot/contacts"):
        for link in contact.get("associations", {}).get("companies", {}).get("results", []):
            buyers[link["id"]].add(truth[f"hubspot:{contact['id']}"])

    assert max(len(people) for address, people in owners.items() if address and "familie" in address) >= 2
    assert max(len(people) for people in buyers.values()) >= 3


def test_junk_appears_in_mailboxes_and_phones(company: Path) -> None:
    mailboxes = [row["email"] for row in lines_of(company, "shopify/customers") if row["email"] in JUNK_EMAILS]
    phones = [row["phone"] for row in lines_of(company, "pos/members") if row["phone"] in JUNK_PHONES]

    assert len(set(mailboxes)) > 2
    assert len(set(phones)) > 2


def test_visitors_become_known_devices_are_shared_and_robots_come(company: Path) -> None:
    users, known_before = defaultdict(set), set()
    seen_unknown, robots, events = set(), 0, 0
    for event in sorted(lines_of(company, "segment/events"), key=lambda event: event["timestamp"]):
        device, user = event["anonymousId"], event.get("userId")
        users[device] |= {user} if user else set()
        seen_unknown |= set() if user else {device}
        known_before |= {device} if user and device in seen_unknown else set()
        robots += bool(re.search("bot|Headless|requests", event["context"]["userAgent"]))
        events += 1

    assert len(known_before) > 20
    assert any(len(signed_in) > 1 for signed_in in users.values())
    assert 0.02 < robots / events < 0.08


def test_events_come_by_the_hour_for_a_week_and_by_the_day_before(company: Path) -> None:
    names = [path.relative_to(company / "inbox/segment/events").as_posix() for path in company.rglob("*.jsonl.gz")]
    by_hour = {name for name in names if re.fullmatch(r"\d{4}/\d\d/\d\d/\d\d\.jsonl\.gz", name)}
    by_day = {name for name in names if re.fullmatch(r"\d{4}/\d\d/\d\d\.jsonl\.gz", name)}

    assert len(names) == len(by_hour) + len(by_day)
    assert {name[:10] for name in by_hour} == {f"2026/06/{day:02d}" for day in range(3, 10)}
    assert len(by_day) == 56


def test_without_errors_nobody_shares_a_mailbox_and_nothing_is_junk(tmp_path: Path) -> None:
    none = ErrorRates(**{rate.name: 0.0 for rate in fields(ErrorRates)})
    generate_demo(400, 4, tmp_path, UNTIL, rates=none)

    truth, owners = truth_of(tmp_path), defaultdict(set)
    for customer in lines_of(tmp_path, "shopify/customers"):
        owners[customer["email"]].add(truth[f"shopify:{customer['id']}"])
    assert all(len(people) == 1 for address, people in owners.items() if address)
    assert not any(row["phone"] in ("0000000000", "n/a") for row in lines_of(tmp_path, "pos/members"))
    assert not any(contact["archived"] for contact in lines_of(tmp_path, "hubspot/contacts"))
