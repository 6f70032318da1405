"""docs/add-a-source.md to the letter: five systems that nobody here wrote, from their files to published customers.

Belongs here: the commands of that page, run in a copy of the project, and what must be true of the outcome.
Must not go here: what the scaffold writes for a single table (tests/unit/ingestion/scaffold).
"""

import csv
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from warehouse.home import PROJECT

DATA = Path(os.environ.get("CDP_PUBLIC_DATA", "")) / "b2b_saas"
PAGE = "docs/add-a-source.md"
SECTION = "## A whole company"
RECORDS = {
    "crm": ("crm_contacts", "crm_contact_id"),
    "billing": ("billing_accounts", "billing_account_id"),
    "support": ("support_users", "support_user_id"),
    "app": ("app_signups", "app_user_id"),
    "partner": ("partner_leads", "partner_lead_id"),
}

pytestmark = pytest.mark.skipif(
    not os.environ.get("CDP_PUBLIC_DATA"),
    reason="CDP_PUBLIC_DATA is unset: it names the folder that holds b2b_saas/",
)


@dataclass(frozen=True)
class Company:
    """A copy of the project after the page's commands; `output` is what they printed."""

    project: Path
    home: Path
    output: str

    def published(self, query: str) -> list[tuple]:
        return self._query(self.home / "published" / "current" / "customers.duckdb", query)

    def warehouse(self, query: str) -> list[tuple]:
        return self._query(self.home / "warehouse.duckdb", query)

    def _query(self, database: Path, query: str) -> list[tuple]:
        with duckdb.connect(str(database), read_only=True) as con:
            return con.execute(query).fetchall()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("company")
    project, home = folder / "project", folder / "home"
    copy_project(project)
    commands = commands_of_the_page()
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "CDP_AS_OF"}}
    result = subprocess.run(
        ["bash", "-eu", "-c", f'cdp() {{ "{sys.executable}" -m cli "$@"; }}\n{commands}'],
        cwd=project,
        env=environment | {"CDP_HOME": str(home), "CDP_SOURCES": str(home / "inbox")},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return Company(project, home, result.stdout)


def copy_project(target: Path) -> None:
    """What a clone would hold, without the demo's files and all tests but the house rules."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        wanted = not name.startswith(("tests/", "seeds/demo/")) or name in {"tests/test_house_rules.py"}
        if wanted and (PROJECT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, target / name)


def commands_of_the_page() -> str:
    section = (PROJECT / PAGE).read_text().split(SECTION)[1].split("\n## ")[0]
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    assert commands.count("cdp add source") == 10
    assert commands.count("cdp run") == 1
    return commands


def rows(file: str) -> list[dict[str, str]]:
    with open(DATA / f"{file}.csv", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_copy_was_worked_on_and_the_project_was_not(company):
    staging = Path("dbt_project/models/staging")
    assert {path.name for path in (company.project / staging).iterdir()} >= set(RECORDS)
    assert not set(RECORDS) & {path.name for path in (PROJECT / staging).iterdir()}


def test_customers_are_published_and_the_sources_without_files_are_said(company):
    assert re.search(r"^Run \w+ succeeded, generation \w+", company.output, re.MULTILINE)
    assert "warning:" not in company.output
    unused = re.search(r"unused, since no file of theirs ever came: (.*)", company.output)
    assert unused
    sources = {"ads", "hubspot", "klaviyo", "pos", "preferences", "segment", "shopify", "stripe", "zendesk"}
    assert set(unused[1].split(", ")) == sources


def test_records_are_joined_but_not_into_each_other(company):
    """There are 2,092 addresses in use, and 832 records without any: fewer than 1,900 customers would be over-linked,
    and more than 3,200 would leave people apart who share an address."""
    ((customers,),) = company.published("select count(*) from customers")
    assert 1_900 < customers < 3_200


def test_every_record_is_in_exactly_one_customer(company):
    sent = {f"{source}:{row[key]}" for source, (file, key) in RECORDS.items() for row in rows(file)}
    mapped = company.warehouse("select record_id, count(*) from identity.identity_map group by 1")

    assert len(sent) == 6_539
    assert dict(mapped) == dict.fromkeys(sent, 1)
    assert company.published("select sum(records_count) from customers") == [(len(sent),)]


def test_tickets_reconcile_to_the_file(company):
    tickets = rows("support_tickets")
    still_open = sum(ticket["status"] not in {"solved", "closed"} for ticket in tickets)
    severe = sum(
        ticket["status"] not in {"solved", "closed"} and ticket["priority"] in {"high", "urgent"} for ticket in tickets
    )

    assert company.warehouse("select count(*), count(distinct record_id) from conformed.int_tickets") == [
        (len(tickets), len({ticket["support_user_id"] for ticket in tickets}))
    ]
    assert company.published("select sum(open_tickets_count), sum(open_severe_tickets_count) from customers") == [
        (still_open, severe)
    ]


def test_invoices_reconcile_to_the_file_to_the_cent(company):
    invoices = rows("billing_invoices")
    due = Decimal(sum(int(invoice["amount_cents"]) for invoice in invoices)) / 100
    paid = Decimal(sum(int(invoice["amount_cents"]) for invoice in invoices if invoice["status"] == "paid")) / 100

    assert company.warehouse("select count(*), sum(amount_due), sum(amount_paid) from conformed.int_invoices") == [
        (len(invoices), due, paid)
    ]
    assert company.published("select sum(invoices_revenue_usd) from customers") == [(paid,)]


def test_events_and_referrals_are_all_there_and_nothing_is_in_quarantine(company):
    for table, file in (("int_events", "app_events"), ("int_activities", "partner_referrals")):
        assert company.warehouse(f"select count(*), count(record_id) from conformed.{table}") == [
            (len(rows(file)), len(rows(file)))
        ]
    assert company.published("select count(*) from quarantine") == [(0,)]


def test_people_who_name_their_company_in_words_are_its_members(company):
    """At least everyone whose words are the company's own name, letter for letter, where one company has it."""
    named = Counter(row["company_name"] for row in rows("crm_companies"))
    sure = {
        f"crm:{row['crm_contact_id']}" for row in rows("crm_contacts") if named[row["company_name"]] == 1
    }  # fmt: skip
    members = company.warehouse(
        "select record_id from identity.identity_map join profiles.int_account_customers using (customer_id)"
    )

    assert len(sure) > 500
    assert sure <= {record_id for (record_id,) in members}


def test_the_house_rules_hold_with_the_new_sources(company):
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "tests/test_house_rules.py"],
        cwd=company.project, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout
