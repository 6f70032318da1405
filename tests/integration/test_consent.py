"""`cdp consent` as a person types it, on the sample's home; and what the run published, beside the ledger itself."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from governance.consent_algebra import heard, standing
from governance.consents import consents_on
from publishing.read import open_published
from tests.conftest import SAMPLE_UNTIL
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.moments import read_moment
from warehouse.state import open_state

GRANT = ("--legal-basis", "consent", "--policy-version", "2026-03", "--proof", "form 17")


@pytest.fixture
def home(sample_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The sample's published files, and a state of its own."""
    home = Home(tmp_path / "home").prepare()
    home.published.rmdir()
    home.published.symlink_to(sample_run / "published")
    for file in sample_run.glob("state.sqlite*"):
        shutil.copy(file, home.root)
    shutil.copy(sample_run / "key", home.root)
    monkeypatch.setenv("CDP_HOME", str(home.root))
    return home


@pytest.fixture
def address(home: Home) -> str:
    """An e-mail address whose holder every source allows to be written to."""
    query = "select min(contact_point) from consents where channel = 'email' and purpose = 'marketing' and is_allowed"
    return open_published(home, restricted=True).execute(query).fetchall()[0][0]


def consent(*args: str) -> str:
    result = CliRunner().invoke(app, ["consent", *args])
    if isinstance(result.exception, CdpError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def withdrawn(address: str, *more: str) -> str:
    return consent("record", address, "--purpose", "marketing", "--channel", "email", "--status", "withdrawn", *more)


def test_what_is_recorded_holds_at_once_and_the_past_stays(home: Home, address: str):
    assert "withdrawn" not in consent("show", address)
    said = withdrawn(f" {address.upper()} ", "--author", "ada")
    assert said.startswith("cns_")
    assert "What holds is withdrawn" in said
    shown = consent("show", address)
    assert "cdp withdrawn" in shown
    assert "ada" in shown
    assert "withdrawn" not in consent("show", address, "--as-of", SAMPLE_UNTIL)
    assert consent("show", address, "--known-at", "2020-01-01").startswith("Never asked")


def test_a_customer_is_as_free_as_their_strictest_contact_point(home: Home, address: str):
    customer = open_published(home, restricted=True).execute(
        "select min(customer_id) from consents where contact_point = $point", {"point": address}
    )
    customer_id = customer.fetchall()[0][0]
    withdrawn(address)
    first = consent("show", customer_id).split("\n\n")[0]
    assert ["marketing", "email", "withdrawn"] in [line.split() for line in first.splitlines()]


def test_a_grant_lifts_only_the_word_of_the_source_that_it_is_given_for(home: Home, address: str):
    withdrawn(address)
    decision = (address, "--purpose", "marketing", "--channel", "email", "--status", "granted", *GRANT)
    source = open_published(home).execute("select min(source) from consents where source <> 'cdp'").fetchall()[0][0]
    assert "What holds is withdrawn" in consent("record", *decision, "--source", source)
    assert "What holds is granted" in consent("record", *decision, "--expires", "2999-01-01")


@pytest.mark.parametrize(
    ("kind", "query", "typed"),
    [
        (
            "postal_address",
            "select street_std || ' ' || house_number_std, postal_code_std, country_std from activation.int_records "
            "where house_number_std similar to '[0-9]+' and postal_code_std is not null and country_std is not null "
            "order by all limit 1",
            "{0}, {1}, {2}",
        ),
        ("device", "select min(identifier_value) from customer_identities where identifier_type = 'anonymous_id'",
         "{0}"),
        ("phone", "select min(identifier_value) from customer_identities where identifier_type = 'phone' "
                  "and starts_with(identifier_value, '+')", "{0}"),
    ],
)  # fmt: skip
def test_other_contact_points_are_known_too(home: Home, kind: str, query: str, typed: str):
    found = open_published(home, restricted=True, carried=True).execute(query).fetchall()[0]
    of_type = () if kind == "postal_address" else ("--type", kind)  # an address shows by its commas
    said = consent("record", typed.format(*found), *of_type, "--purpose", "marketing", "--channel", "post",
                   "--status", "denied")  # fmt: skip
    assert said.startswith("cns_")
    assert "denied" in consent("show", typed.format(*found), *of_type)
    [stored] = [one for one in _ledger(home) if one["author"] is not None]
    assert stored["contact_point_type"] == kind
    assert stored["record_id"]


def test_an_address_that_orders_alone_carry_is_a_contact_point_of_who_ordered(home: Home):
    con = open_published(home, restricted=True, carried=True)
    [(customer_id, held)] = con.execute("""
        select customer_id, postal_address_std
        from activation.int_postal_addresses as addresses
        inner join activation.identity_map using (record_id)
        where not exists (
            from activation.int_records as records
            where records.street_std = split_part(postal_address_std, '|', 1)
                and records.postal_code_std = split_part(postal_address_std, '|', 3)
        )
        order by all limit 1
    """).fetchall()
    street, number, *place = held.split("|")
    line = ", ".join([f"{street} {number}", *place])
    assert consent("show", line).startswith("Never asked")
    consent("record", line, "--purpose", "marketing", "--channel", "post", "--status", "denied")
    shown = consent("show", customer_id)
    assert ["marketing", "post", "denied"] in [row.split() for row in shown.split("\n\n")[0].splitlines()]


@pytest.mark.parametrize(
    ("typed", "more", "message"),
    [
        ("zyx.canary@example.org", (), "No published record holds that contact point"),
        ("zyx canary", (), "of no type that is known"),
        ("zyx canary@", (), "cannot be read"),
        ("test@test.com", (), "a placeholder and nobody's own"),
        ("zyx canary street", ("--type", "postal_address"), "cannot be read"),
        (None, ("--source", "zyx canary"), "has no decision in the ledger"),
        (None, ("--effective", "zyx canary"), "--effective is not a moment"),
        (None, ("--purpose", "zyx canary"), "The purpose is none that is known"),
    ],
)
def test_a_refusal_names_its_remedy_and_quotes_nothing(home: Home, address: str, typed, more, message):
    before = len(_ledger(home))
    with pytest.raises(CdpError, match=message) as refused:
        withdrawn(typed or address, *more)
    assert refused.value.remedy
    assert refused.value.exit_code == 1
    assert not {word for word in ("zyx", address, "test@test.com") if word in str(refused.value)}
    assert len(_ledger(home)) == before


def test_who_is_still_to_come_may_refuse_already(home: Home):
    assert withdrawn("still.to.come@example.org", "--not-yet-known").startswith("cns_")
    assert "withdrawn" in consent("show", "still.to.come@example.org")


def test_what_the_run_published_is_what_the_algebra_makes_of_the_ledger(sample_run: Path):
    """And every decision of a record that is published shows in a timeline, once."""
    home, at = Home(sample_run), read_moment(SAMPLE_UNTIL, said_of="the sample's end")
    ledger = _ledger(home)
    told = {
        one.decision: one
        for one in consents_on(home, {(row["contact_point_type"], row["contact_point"]) for row in ledger})
    }
    expected = {
        (*question.point, question.purpose, question.channel, found.status, told[found.decision].decision_id)
        for question, by_source in heard(told, at).items()
        for found in [standing(by_source, at)]
    }
    con = open_published(home, restricted=True, carried=True)
    published = con.execute(
        "select distinct contact_point_type, contact_point, purpose, channel, status, decision_id from consents"
    ).fetchall()
    assert len(expected) > 300
    assert set(published) == expected
    known = con.execute("select record_id from activation.identity_map").fetchall()
    touches = con.execute("select touch_id from customer_timeline where touch_type = 'consent' order by 1").fetchall()
    assert touches == sorted((f"consent:{one.decision_id}",) for one in told.values() if (one.record_id,) in known)


def _ledger(home: Home) -> list:
    with open_state(home) as state:
        return state.execute("select * from consents order by sequence").fetchall()
