"""The ledger: what may be recorded, sources' events merged once, and nothing lost with the warehouse."""

from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import duckdb
import pytest

from governance.consent_algebra import heard, standing
from governance.consent_ledger import TABLE, merge_consents
from governance.consents import NewConsent, consents_on, faults_of, record, utc_now
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.state import open_state

NOW = datetime(2026, 11, 1, 12)
CANARY = "zyx.canary@example.org"
REFUSAL = NewConsent("email", CANARY, "marketing", "email", "withdrawn", "ada", NOW)
GRANT = replace(REFUSAL, status="granted", legal_basis="consent", policy_version="2026-03", proof="form 17")
EVENTS = """
    create schema conformed;
    create table conformed.int_consents (consent_id varchar, source varchar, record_id varchar,
        contact_point_type varchar, contact_point_std varchar, channel varchar, purpose varchar, status varchar,
        effective_at timestamp, recorded_at timestamp, expires_at timestamp, legal_basis varchar,
        policy_version varchar, proof varchar, rejected_reason varchar);
"""


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute(EVENTS)
        yield con


def tell(con, consent_id="c1", status="granted", at=NOW, point="a@x.org", record_id="crm:1", source="crm", reason=None,
         proof="/page"):  # fmt: skip
    con.execute(
        "insert into conformed.int_consents "
        "values (?, ?, ?, 'email', ?, 'email', 'marketing', ?, ?, ?, null, 'consent', null, ?, ?)",
        [consent_id, source, record_id, point, status, at, NOW, proof, reason],
    )


def told(con) -> list[tuple]:
    return con.execute(f"select event_id, status, effective_at from {TABLE} order by all").fetchall()


# --- recording


@pytest.mark.parametrize("good", [REFUSAL, GRANT, replace(GRANT, expires_at=NOW + timedelta(days=9))])
def test_a_decision_that_says_all_may_be_recorded(good):
    assert list(faults_of(good, NOW)) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"purpose": ""}, "The decision has no purpose"),
        ({"purpose": CANARY}, "The purpose is none that is known"),
        ({"channel": ""}, "The decision has no channel"),
        ({"channel": CANARY}, "The channel is none that is known"),
        ({"status": "never_asked"}, "The status is none that is known"),
        ({"legal_basis": CANARY}, "The legal basis is none that is known"),
        ({"proof": " "}, "something is missing: --proof"),
        ({"policy_version": None, "legal_basis": None}, "something is missing: --legal-basis, --policy-version"),
        ({"effective_at": NOW + timedelta(hours=1)}, "which is in the future"),
        ({"expires_at": NOW}, "which is past"),
        ({"status": "denied", "expires_at": NOW + timedelta(days=1)}, "Only a permission runs out"),
        ({"author": " "}, "no author"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused_with_its_remedy_and_without_its_values(changed, message):
    faults = list(faults_of(replace(GRANT, **changed), NOW))
    assert [message in str(fault) for fault in faults] == [True]
    assert faults[0].remedy
    assert CANARY not in str(faults[0])


def test_a_refused_decision_leaves_no_row(home: Home):
    with pytest.raises(CdpError):
        record(home, replace(GRANT, purpose=""))
    assert consents_on(home, [("email", CANARY)]) == []


def test_decisions_come_back_as_they_were_recorded_and_are_never_changed(home: Home):
    ids = [record(home, replace(GRANT, effective_at=NOW - timedelta(days=9))), record(home, REFUSAL)]
    found = consents_on(home, [("email", CANARY)])
    assert [one.decision_id for one in found] == ids
    assert [(one.status, one.proof, one.author, one.source) for one in found] == [
        ("granted", "form 17", "ada", "cdp"), ("withdrawn", None, "ada", "cdp"),
    ]  # fmt: skip
    with closing(open_state(home)) as state, pytest.raises(Exception, match="append-only"):
        state.execute("update consents set status = 'granted'")


def test_any_past_moment_is_told_by_both_clocks(home: Home):
    """The paper form was signed on day 1 and typed in now: it held since, but nobody knew it then."""
    record(home, replace(GRANT, effective_at=NOW - timedelta(days=9)))
    record(home, replace(REFUSAL, effective_at=NOW - timedelta(days=2)))
    [grant, refusal] = [one.decision for one in consents_on(home, [("email", CANARY)])]

    def status(at, known_at=None):
        words = heard([grant, refusal], at, known_at)
        return standing(words[grant.question], at).status if words else "never_asked"

    assert status(NOW - timedelta(days=10)) == "never_asked"
    assert status(NOW - timedelta(days=5)) == "granted"
    assert status(NOW) == "withdrawn"
    assert status(NOW, known_at=NOW - timedelta(days=5)) == "never_asked"


# --- merging


def test_a_source_is_heard_once_however_often_it_tells(home: Home, con):
    tell(con)
    assert merge_consents(home, con).new == 1
    tell(con, "c2", "withdrawn", NOW + timedelta(days=1))
    assert merge_consents(home, con).new == 1
    assert merge_consents(home, con).new == 0
    assert told(con) == [("c1", "granted", NOW), ("c2", "withdrawn", NOW + timedelta(days=1))]


def test_what_was_recorded_counts_in_the_next_run_and_outlives_a_lost_warehouse(home: Home, con):
    tell(con)
    merge_consents(home, con)
    decision_id = record(home, replace(REFUSAL, proof='letter, "3 May"\nsecond line, Müller'))
    with duckdb.connect() as empty:
        empty.execute(EVENTS)
        assert merge_consents(home, empty).decisions == 2
        found = empty.execute(f"select decision_id, proof, author from {TABLE} where source = 'cdp'").fetchall()
        assert found == [(decision_id, 'letter, "3 May"\nsecond line, Müller', "ada")]
        assert ("c1", "granted", NOW) in told(empty)
    assert list(home.tmp.glob("consents*")) == []


@pytest.mark.parametrize("times", [1, 2])
def test_decisions_have_the_numbers_that_the_ledger_gave_them(home: Home, con, times):
    """Whether it took all that was heard, or left out what one delivery says twice."""
    record(home, REFUSAL)
    for event in ("c1", "c2", "c3"):
        tell(con, event)
    for _ in range(times - 1):
        tell(con, "c2")
    assert merge_consents(home, con).new == 3
    with closing(open_state(home)) as state:
        kept = state.execute("select 'cns_' || sequence, event_id, source from consents order by 1").fetchall()
    numbered = con.execute(f"select decision_id, event_id, source from {TABLE} order by 1").fetchall()
    assert numbered == [*map(tuple, kept)]


def test_what_a_source_no_longer_tells_stays(home: Home, con):
    tell(con, status="withdrawn")
    merge_consents(home, con)
    con.execute("delete from conformed.int_consents")
    assert merge_consents(home, con).decisions == 1


def test_a_state_told_again_after_another_word_is_a_new_decision(home: Home, con):
    """A system that says `opted out` and no more: the same event, before and after somebody lifted it."""
    tell(con, "crm:1:optout", "withdrawn", NOW - timedelta(days=3))
    merge_consents(home, con)
    con.execute("update conformed.int_consents set effective_at = ?", [NOW - timedelta(days=2)])
    assert merge_consents(home, con).new == 0
    record(home, replace(GRANT, contact_point="a@x.org", source="crm", effective_at=NOW - timedelta(days=1)))
    assert merge_consents(home, con).new == 0
    con.execute("update conformed.int_consents set effective_at = ?", [NOW])
    assert merge_consents(home, con).new == 1
    assert merge_consents(home, con).new == 0
    assert [one.status for one in consents_on(home, [("email", "a@x.org")])] == ["withdrawn", "granted", "withdrawn"]


def test_what_is_set_aside_is_counted_and_not_merged(home: Home, con):
    tell(con, "c1", reason="unknown purpose")
    tell(con, "c2", reason="unknown purpose")
    tell(con, "c3", "denied", at=None)
    merged = merge_consents(home, con)
    assert (merged.decisions, merged.set_aside) == (1, {"unknown purpose": 2})
    assert told(con) == [("c3", "denied", NOW)]  # a refusal without a moment counts from when it was heard


def test_without_a_usable_contact_point_the_decision_is_about_the_record(home: Home, con):
    tell(con, point=None, status="withdrawn")
    merge_consents(home, con)
    found = con.execute(f"select contact_point_type, contact_point from {TABLE}").fetchall()
    assert found == [("record", "crm:1")]
    assert [one.status for one in consents_on(home, records=["crm:1"])] == ["withdrawn"]


def test_a_record_answers_for_contact_points_that_it_no_longer_holds(home: Home, con):
    tell(con, "c1", point="former@x.org", status="denied")
    tell(con, "c2", point="former@x.org", record_id="crm:2", source="shop")
    merge_consents(home, con)
    assert {one.event_id for one in consents_on(home, records=["crm:1"])} == {"c1", "c2"}


def test_our_clock_may_differ_a_little_from_theirs():
    assert list(faults_of(replace(REFUSAL, effective_at=utc_now() + timedelta(seconds=30)), utc_now())) == []
