"""Explaining on a whole run: every customer of the sample has an answer, and SQL says what the command says."""

from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from identity.explaining.explain import explain_together
from identity.explaining.explain_page import group_page, together_page
from identity.explaining.groups import explain_group
from identity.explaining.targets import Target
from identity.groups.entity import ACCOUNT, HOUSEHOLD
from publishing.read import open_published
from tests.conftest import cdp
from warehouse.home import Home


@pytest.fixture(scope="module")
def published(sample_run: Path) -> duckdb.DuckDBPyConnection:
    return open_published(Home(sample_run), restricted=True, carried=True)


def test_every_customer_of_several_records_is_explained_as_the_table_says(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute(
        "select customer_id, record_id, attached_to_record_id, is_bridge, split_records_count "
        "from identity_explanations where attached_to_record_id is not null"
    ).fetchall()
    told = defaultdict(dict)
    for customer, record, other, is_bridge, count in rows:
        told[customer][tuple(sorted((record, other)))] = count if is_bridge else None

    assert len(told) > 100
    for customer, edges in told.items():
        found = explain_together(published, Target(customer, customer))
        assert {(edge.left, edge.right) for edge in found.edges} == edges.keys()
        # a bridge splits the same records off, whichever side hangs on the other
        sides = {(one.edges[0].left, one.edges[0].right): {len(part) for part in one.parts} for one in found.bridges}
        bridges = {ends: count for ends, count in edges.items() if count}
        assert sides.keys() == bridges.keys()
        assert all(count in sides[ends] for ends, count in bridges.items())


def test_no_page_holds_a_personal_value(published: duckdb.DuckDBPyConnection) -> None:
    people = published.execute(
        "select customer_id, email, phone, family_name from customers "
        "where records_count > 2 and email is not null and family_name is not null order by 1 limit 50"
    ).fetchall()
    assert len(people) == 50
    for customer, *values in people:
        page = together_page(explain_together(published, Target(customer, customer)))
        assert [value for value in values if value and value in page] == []


def test_every_household_and_account_is_explained_and_no_page_of_one_holds_a_personal_value(
    published: duckdb.DuckDBPyConnection,
) -> None:
    people = {
        customer: [value for value in values if value]
        for customer, *values in published.execute(
            "select customer_id, email, phone, family_name, postal_code from customers"
        ).fetchall()
    }
    stays = published.execute("select household_id, customer_id from household_members where is_current").fetchall()
    homes = defaultdict(set)
    for household, customer in stays:
        homes[household].add(customer)
    for household, customers in homes.items():
        found = explain_group(published, HOUSEHOLD, household)
        assert {one.name for one in found.members} == customers
        assert sum(one.tie is not None for one in found.members) == len(customers) - 1
        page = group_page(found)
        assert [value for customer in customers for value in people[customer] if value in page] == []
    companies = published.execute("select account_id, account_records_count, members_count, name, domain from accounts")
    for account, records, members, *values in companies.fetchall():
        found = explain_group(published, ACCOUNT, account)
        assert (len(found.members), len(found.people)) == (records, members)
        assert sum(one.tie is not None for one in found.members) == records - 1
        assert [value for value in values if value and value in group_page(found)] == []


def test_the_command_takes_an_email_and_does_not_repeat_it(sample_run: Path) -> None:
    query = (
        "select email from customers where records_count > 1 group by email having email is not null and count(*) = 1 "
        "order by 1 limit 1"
    )
    email = cdp(sample_run, "sql", "--restricted", query).stdout.split()[1]

    shown = cdp(sample_run, "identity", "explain", email)

    assert (shown.returncode, shown.stderr) == (0, "")
    assert "What would break it" in shown.stdout or "Neither the loss" in shown.stdout
    assert email not in shown.stdout


def test_an_unknown_id_ends_with_a_remedy(sample_run: Path) -> None:
    shown = cdp(sample_run, "identity", "explain", "nobody:1")

    assert shown.returncode == 1
    assert shown.stderr.startswith("error: No record and no customer is published under that id. Name a record id")
