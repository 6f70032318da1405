"""The two stories: what the truth says of them is what the systems' files hold."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from seeds.demo.renew_sample import SAMPLE, SAMPLE_TRUTH


@pytest.fixture(scope="module")
def stories() -> dict:
    return json.loads((SAMPLE_TRUTH / "stories.json").read_text(encoding="utf-8"))


def rows(table: str) -> list[dict]:
    """The newest version of each object."""
    newest = {}
    for path in sorted((SAMPLE / table).iterdir()):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            newest[str(row["id"])] = row
    return list(newest.values())


def by_id(table: str, record_id: str) -> dict:
    return next(row for row in rows(table) if str(row["id"]) == record_id.partition(":")[2])


def events_of(user_records: list[str]) -> list[dict]:
    users = {record.partition(":")[2] for record in user_records}
    events = []
    for path in (SAMPLE / "segment").rglob("*.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            events += [event for event in map(json.loads, file) if event.get("userId") in users]
    return sorted(events, key=lambda event: event["timestamp"])


def test_the_support_story_has_an_open_urgent_ticket_of_the_requester(stories: dict) -> None:
    ticket = by_id("zendesk/tickets", stories["support"]["ticket"])

    assert (ticket["status"], ticket["priority"]) == ("open", "urgent")
    assert f"zendesk:{ticket['requester_id']}" in stories["support"]["people"]["requester"]["records"]
    assert f"zendesk:{ticket['organization_id']}" == stories["support"]["company"]["zendesk"]


def test_what_led_up_to_the_ticket_lies_before_it_in_order(stories: dict) -> None:
    timeline = stories["support"]["timeline"]

    whats = [step["what"] for step in sorted(timeline, key=lambda step: step["at"])]
    assert whats == ["billing step", "product change", "usage drop", "message received", "ticket"]
    assert by_id("stripe/invoices", timeline[0]["invoice"])["status"] == "paid"


def test_the_requester_received_the_campaign_and_wants_marketing(stories: dict) -> None:
    profile = next(r for r in stories["support"]["people"]["requester"]["records"] if r.startswith("klaviyo:"))
    received = {
        event["attributes"]["event_properties"]["Campaign Name"]
        for event in rows("klaviyo/events")
        if event["relationships"]["profile"]["data"]["id"] == profile.partition(":")[2]
    }

    assert stories["support"]["campaign"] in received
    consent = by_id("klaviyo/profiles", profile)["attributes"]["subscriptions"]["email"]["marketing"]["consent"]
    assert consent == "SUBSCRIBED"


def test_the_requesters_workflows_ran_daily_and_then_failed(stories: dict) -> None:
    records = stories["support"]["people"]["requester"]["records"]
    runs = [event for event in events_of(records) if event.get("event") == "Workflow Run"]

    assert [run["properties"]["status"] for run in runs[-2:]] == ["failed", "failed"]
    assert {run["properties"]["status"] for run in runs[:-2]} == {"succeeded"}
    assert len(runs) > 100


def test_the_accounts_use_falls_from_healthy_to_nothing(stories: dict) -> None:
    records = [record for part in stories["account"]["people"].values() for record in part["records"]]
    healthy_until = stories["account"]["healthy_until"]
    runs = [event["timestamp"] for event in events_of(records) if event.get("event") == "Workflow Run"]

    before, after = (Counter(run >= healthy_until for run in runs)[late] for late in (False, True))
    assert before > 10 * after > 0
    assert max(runs) < "2026-10-25"


def test_the_account_has_an_owner_users_a_subscription_and_tickets(stories: dict) -> None:
    account = stories["account"]

    company = by_id("hubspot/companies", account["company"]["hubspot"])["properties"]
    assert f"hubspot:{company['hubspot_owner_id']}" == account["owner"]
    assert by_id("hubspot/owners", account["owner"])["archived"] is False
    assert len(account["people"]) == 5
    assert by_id("stripe/subscriptions", account["subscription"])["status"] == "active"
    assert [by_id("zendesk/tickets", ticket)["priority"] for ticket in account["tickets"]] == ["high"] * 3


def test_the_sample_is_small(stories: dict) -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 3_000_000


def test_sample_truth_lies_apart() -> None:
    assert not any(Path(name).name in ("records.csv", "stories.json") for name in SAMPLE.rglob("*"))
