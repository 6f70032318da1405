"""Who makes a household or an account, asked of a published generation of a small town; and all of it has words."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from identity.explaining.explain_page import group_page
from identity.explaining.groups import Cut, Group, Member, Stay, Tie, explain_group, find_group
from identity.explaining.tell_groups import KINDS, RULES, group_answer, group_sections
from identity.groups import accounts, households
from identity.groups.entity import ACCOUNT, HOUSEHOLD
from publishing.read import open_published
from tests.unit.identity.groups.conftest import Town
from warehouse.connection import connect
from warehouse.errors import CdpError
from warehouse.home import Home

STAYS = """
    select {id}, {customer} as customer_id, since_at as joined_at, null::timestamp as left_at, true as is_current
    from identity.{name}_map
"""
TABLES = {
    "customers": {
        "household_members": STAYS.format(id="household_id", customer="customer_id", name="household")
        + " union all select min(household_id), 'gone', timestamp '2024-01-01', timestamp '2024-06-01', false from "
        "identity.household_map where customer_id = 'abe' union all select household_id, name, timestamp '2024-01-01', "
        "timestamp '2024-06-01', false from identity.household_map, (select unnest(['twice', 'erased']) as name) "
        "where customer_id = 'abe'",
        "retired_customers": "select 'twice' as customer_id, 'abe' as current_customer_id, timestamp '2024-06-01' as "
        "retired_at union all select 'erased', null, timestamp '2024-06-01'",
        "account_members": "select *, case when customer_id = 'cus of app:1' then 'app, crm, e-mail domain' else "
        "'company name' end as linked_by from ("
        + STAYS.format(id="account_id", customer="'cus of ' || account_record_id", name="account")
        + ")",
        "retired_groups": "select 'acc_' || repeat('a', 16) as group_id, 'account' as entity, "
        "min(account_id) as current_group_id from identity.account_map",
    },
    "restricted": {"customers": "select 1 as customer_id"},
    "activation": {
        name: f"from identity.{name}"
        for name in ("household_map", "household_edges", "account_map", "account_edges", "cut_group_members")
    },
}
EARLY, LATE = datetime(2025, 1, 1), datetime(2025, 6, 1)


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A family of three and one who left it, a mailbox of six, a company in two systems and one of its name abroad."""
    home = Home(tmp_path / "home").prepare()
    monkeypatch.setenv("CDP_HOME", str(home.root))
    town = Town(home, connect(home))
    town.lives("ann", "bauer", at=EARLY, shares="canary@x.org").lives("ben", "bauer", at=LATE)
    town.person("cid", family="bauer", shares="+49301234567")
    town.identifier(town.rows["conformed.int_records"][0]["record_id"], "phone", "+49301234567")
    town.lives("abe", "bauer", "oak rd 7", at=EARLY, shares="canary@x.org")
    for number in range(5):
        town.person(f"d{number}", shares="info@canary.org")
    town.identifier(town.rows["conformed.int_records"][1]["record_id"], "email", "info@canary.org")
    town.company("crm:1", "acme canary", domain="canary.com", country="DE", at=LATE)
    town.company("app:1", "acme canary", domain="canary.com", country="DE", at=EARLY)
    town.company("crm:2", "acme canary", country="US")
    yield town
    town.con.close()


def published(town: Town):
    town.run()
    return publish(town)


def publish(town: Town):
    folder = town.home.published / "20260101T000000000000Z-run1"
    folder.mkdir(parents=True)
    for file, tables in TABLES.items():
        town.con.execute(f"attach '{folder / file}.duckdb' as out_{file}")
        for name, query in tables.items():
            town.con.execute(f"create table out_{file}.main.{name} as {query}")
        town.con.execute(f"detach out_{file}")
    (folder / "manifest.json").write_text(json.dumps({"tables": {}}))
    town.home.current.symlink_to(folder.name)
    return open_published(town.home, restricted=True, carried=True)


def id_of(town: Town, member: str) -> str:
    found = "select household_id from identity.household_map where customer_id = $member union all "
    found += "select account_id from identity.account_map where account_record_id = $member"
    return town.con.execute(found, {"member": member}).fetchall()[0][0]


NAME = Tie("ann", "ben", "same_address_and_name", 8.0)
LANDLINE = Tie("ann", "cid", "same_contact_and_name", 5.0)
ELSEWHERE = Tie("abe", "ann", "same_contact_other_address", 0.5, "they live elsewhere")
WITHIN = Tie("ben", "cid", "same_contact_other_address", 9.0, "they live elsewhere")
BY_DOMAIN = Tie("app:1", "crm:1", "same_domain_and_name", 20.0)
ABROAD = [Tie(one, "crm:2", "same_name_other_country", 0.5, "countries differ") for one in ("app:1", "crm:1")]


def test_a_household_is_explained_by_its_strongest_tree_and_what_joins_nobody(town):
    town.run()
    town.con.execute("""
        insert into identity.household_edges
        values ('ben', 'cid', 'same_contact_other_address', 9, true, 'they live elsewhere')
    """)
    con = publish(town)
    household = id_of(town, "ann")
    assert find_group(con, f" {household}") == (HOUSEHOLD, household)

    found = explain_group(con, HOUSEHOLD, household)

    since = datetime(2026, 1, 1)
    assert found == Group(
        entity=HOUSEHOLD,
        group_id=household,
        members=(
            Member("ann", EARLY),
            Member("ben", LATE, "ann", NAME),
            Member("cid", since, "ann", LANDLINE),
        ),
        further_edges=0,
        apart=(WITHIN, ELSEWHERE),
        people=(),
        former=(),
        cut=(Cut("email", "too many customers", 6, 5, ("ben",)),),
    )
    assert group_answer(found) == (
        f"{household} is a household of 3 customers, held together by 2 edges, the weakest of 5 bits: "
        "thirty-two to one."
    )
    assert group_sections(found) == [
        (
            "Who is in it",
            [
                ("ann, since 2025-01-01", ""),
                (
                    "ben, since 2025-06-01",
                    "With ann: the same home address and family name (8 bits: two hundred and sixty to one).",
                ),
                (
                    "cid, since 2026-01-01",
                    "With ann: the same family name, and an e-mail address, a phone number or a device in common "
                    "(5 bits: thirty-two to one).",
                ),
            ],
        ),
        (
            "What joins nobody",
            [
                (
                    "ben and cid",
                    "An e-mail address, a phone number or a device in common: kept apart, since they live elsewhere.",
                ),
                (
                    "abe and ann",
                    "An e-mail address, a phone number or a device in common: kept apart, since they live elsewhere.",
                ),
            ],
        ),
        ("What was cut", [("ben", "Of an e-mail address that was cut: too many customers (6, where 5 may).")]),
    ]


def test_an_account_is_its_records_and_the_people_who_belong_to_it(town):
    con = published(town)
    account = id_of(town, "crm:1")

    found = explain_group(con, ACCOUNT, account)

    assert found == Group(
        entity=ACCOUNT,
        group_id=account,
        members=(Member("app:1", EARLY), Member("crm:1", LATE, "app:1", BY_DOMAIN)),
        further_edges=0,
        apart=tuple(ABROAD),
        people=(
            Stay("cus of app:1", EARLY, None, linked_by="app, crm, e-mail domain"),
            Stay("cus of crm:1", LATE, None, linked_by="company name"),
        ),
        former=(),
        cut=(),
    )
    assert group_answer(found).startswith(f"{account} is an account of 2 records, held together by one edge of 20 bits")
    said = dict(group_sections(found))
    assert said["Who belongs to it"] == [
        ("cus of app:1, since 2025-01-01", "By the links of app and crm and an e-mail address at its domain."),
        ("cus of crm:1, since 2025-06-01", "By the company's name on a record."),
    ]
    assert said["What joins nobody"][0] == ("app:1 and crm:2", "The same name: kept apart, since countries differ.")


def test_who_is_alone_and_who_has_left_is_said(town):
    con = published(town)
    alone = explain_group(con, HOUSEHOLD, id_of(town, "abe"))
    assert group_answer(alone).endswith("one customer, alone at a private address: nobody had to be put together.")
    then, until = datetime(2024, 1, 1), datetime(2024, 6, 1)
    assert alone.former == (
        Stay("erased", then, until, until),
        Stay("gone", then, until),
        Stay("twice", then, until, until, "abe"),
    )
    assert dict(group_sections(alone))["Who has left"] == [
        ("erased, from 2024-01-01 to 2024-06-01", "Its records are gone since 2024-06-01."),
        ("gone, from 2024-01-01 to 2024-06-01", ""),
        ("twice, from 2024-01-01 to 2024-06-01", "Merged into abe on 2024-06-01, who belongs to it."),
    ]
    elsewhere = Group(
        HOUSEHOLD, "hh_x", (Member("eve", EARLY),), 0, (), (), (Stay("bob", then, until, until, "ann"),), ()
    )
    assert dict(group_sections(elsewhere))["Who has left"][0][1] == "Merged into ann on 2024-06-01."
    lone_record = explain_group(con, ACCOUNT, id_of(town, "crm:2"))
    assert group_answer(lone_record).endswith("an account of one record: nothing had to be put together.")


@pytest.mark.parametrize(
    ("tie", "said"),
    [
        (Tie("a", "b", "same_contact", 0.5), "0.5 bits, and 1 bit would join."),
        (
            Tie("a", "b", "same_address", 2.0),
            "2 bits, outweighed by what else is known of the two and of those with them.",
        ),
    ],
)
def test_an_edge_that_joins_nobody_says_why(tie, said):
    sections = dict(group_sections(Group(HOUSEHOLD, "hh_x", (Member("a", EARLY),), 0, (tie,), (), (), ())))
    assert sections["What joins nobody"][0][1].endswith(said)


def test_a_crowd_is_cut_short_and_says_where_all_are(town):
    people = tuple(Stay(f"cus_{number:02}", EARLY, None) for number in range(15))
    said = dict(group_sections(Group(ACCOUNT, "acc_x", (Member("crm:1", EARLY),), 0, (), people, (), ())))
    assert len(said["Who belongs to it"]) == 13
    assert said["Who belongs to it"][-1] == ("… and 3 more: account_members has them all.", "")


def test_a_retired_id_finds_its_successor_and_an_unknown_one_a_remedy(town):
    con = published(town)
    assert find_group(con, "acc_" + "a" * 16) == (ACCOUNT, min(id_of(town, "crm:1"), id_of(town, "crm:2")))
    for wanted, entity in (("hh_" + "b" * 16, "household"), ("acc_" + "b" * 16, "account")):
        with pytest.raises(CdpError, match=f"No {entity} is published under that id. `cdp sql` finds those that are"):
            find_group(con, wanted)
    assert find_group(con, "crm:1") is None
    assert find_group(con, "acc_7") is None, "an id of another system may begin as ours do"


def test_every_rule_and_every_kind_that_is_cut_has_a_phrase():
    assert {rule.name for rule in (*accounts.RULES, *households.RULES)} == RULES.keys()
    assert KINDS.keys() == {"email", "phone", "device", "address", "domain", "name"}


def test_the_command_and_its_page_hold_no_value_of_anybody(town):
    con = published(town)
    con.close()
    page = town.home.root / "explain.html"

    done = CliRunner().invoke(app, ["identity", "explain", id_of(town, "ann"), "--html", str(page)])

    assert done.exit_code == 0, done.output
    assert "    ben, since 2025-06-01\n        With ann: the same home address and family name" in done.output
    assert "Why is this one household?" in page.read_text()
    told = re.sub("<[^>]+>", "", page.read_text())
    assert "ben, since 2025-06-01: With ann: the same home address" in told
    for text in (done.output, page.read_text()):
        assert re.findall("canary|bauer|elm st|10115|301234", text) == []
    refused = CliRunner().invoke(app, ["identity", "explain", id_of(town, "ann"), "ben"])
    assert "is no customer. Ask about it alone" in str(refused.exception)


def test_a_page_escapes_whatever_a_member_is_called():
    hostile = '<script>alert("x")</script>'
    tie = Tie(hostile, "b", "same_domain", 10.0)
    cut = Cut("domain", "a provider of mailboxes", 2, 0, (hostile,))
    found = Group(ACCOUNT, "acc_<b>", (Member("b", EARLY), Member(hostile, LATE, "b", tie)), 0, (tie,), (), (), (cut,))

    page = group_page(found)

    assert re.findall(r"<(script|b)\b", page) == []
    assert page.count("&lt;script&gt;") == 3
    assert "Of a domain that was cut: a provider of mailboxes." in page
