"""The algebra of consent keeps its laws over random ledgers, and the SQL model says the same as it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from benchmarks.consents import MACROS, rendered
from governance.consent_algebra import (
    STRICTNESS,
    Decision,
    Question,
    heard,
    held,
    join,
    standing,
    status_of,
    strictest,
)
from governance.consents import CHANNELS, PURPOSES, STATUSES

BEGIN = datetime(2026, 1, 1)
POINTS = [("email", "a@x.org"), ("email", "b@x.org"), ("phone", "+491")]
# Few values, so that ties, repetitions and conflicts are common.
DAYS = st.integers(0, 6).map(lambda day: BEGIN + timedelta(days=day))
QUESTIONS = st.builds(
    lambda point, purpose, channel: Question(*point, purpose, channel),
    st.sampled_from(POINTS),
    st.sampled_from(["marketing", "analytics"]),
    st.sampled_from(["email", "ads"]),
)
FACTS = st.tuples(
    st.sampled_from(["crm", "mail", "shop"]), QUESTIONS, st.sampled_from(STATUSES), DAYS, DAYS, st.none() | DAYS
)
# One question and few moments: what decides between two words of one moment comes up again and again.
NARROW_FACTS = st.tuples(
    st.sampled_from(["crm", "mail"]),
    st.just(Question(*POINTS[0], "marketing", "email")),
    st.sampled_from(["granted", "granted", "denied"]),
    st.sampled_from([BEGIN, BEGIN + timedelta(days=1)]),
    st.just(BEGIN),
    st.none() | DAYS,
)
MOMENT = DAYS
QUICK = settings(max_examples=60, deadline=None)


def numbered(facts: list[tuple]) -> list[Decision]:
    return [Decision(f"e{number:03d}", *fact) for number, fact in enumerate(facts)]


LEDGERS = (st.lists(FACTS, max_size=25) | st.lists(NARROW_FACTS, max_size=6)).map(numbered)


@QUICK
@given(LEDGERS, MOMENT, st.randoms())
def test_no_order_of_hearing_matters_and_twice_is_once(ledger, at, random):
    shuffled = ledger * 2
    random.shuffle(shuffled)
    assert heard(shuffled, at) == heard(ledger, at)


@QUICK
@given(LEDGERS, MOMENT, st.integers(0, 25), st.integers(0, 25))
def test_any_split_into_deliveries_gives_the_same(ledger, at, first, second):
    """join is associative and commutative, and hearing in parts is hearing at once."""
    a, b, c = (heard(part, at) for part in (ledger[:first], ledger[first : first + second], ledger[first + second :]))
    assert join(join(a, b), c) == join(a, join(b, c)) == heard(ledger, at)
    assert join(a, b) == join(b, a)
    assert join(a, a) == a
    assert join(a, {}) == a


@QUICK
@given(LEDGERS, MOMENT)
def test_of_one_source_the_latest_counts_and_between_sources_the_strictest(ledger, at):
    """Said without the module's own order: by looking at every decision again."""
    for question, by_source in heard(ledger, at).items():
        found = standing(by_source, at)
        for source, word in by_source.items():
            earlier = [d for d in ledger if (d.source, d.question) == (source, question) and d.effective_at <= at]
            last = max(d.effective_at for d in earlier)
            of_the_last_moment = [d for d in earlier if d.effective_at == last]
            assert word.effective_at == last
            assert STRICTNESS[word.status] == max(STRICTNESS[d.status] for d in of_the_last_moment)
        assert found.status == strictest(found.said.values())
        assert (found.status == "granted") == all(status == "granted" for status in found.said.values())
        assert found.is_conflicting == (
            0 < sum(status == "granted" for status in found.said.values()) < len(found.said)
        )


@QUICK
@given(LEDGERS, MOMENT)
def test_never_asked_is_neither_yes_nor_no(ledger, at):
    """It is what no decision amounts to and nothing else is, and any word outweighs it."""
    words = heard(ledger, at)
    for purpose in ("marketing", "analytics"):
        for channel in ("email", "ads"):
            asked = any((q.purpose, q.channel) == (purpose, channel) for q in words)
            assert (status_of(words, purpose, channel, at) == "never_asked") == (not asked)
    for status in STATUSES:
        assert strictest(["never_asked", status]) == status


@QUICK
@given(LEDGERS, MOMENT, st.sets(st.sampled_from(POINTS)))
def test_a_merge_takes_the_strictest_and_a_split_gives_each_side_its_own(ledger, at, mine):
    theirs = set(POINTS) - mine
    words = heard(ledger, at)
    left, right = held(words, mine), held(words, theirs)
    merged = join(left, right)
    assert merged == words
    for purpose, channel in (("marketing", "email"), ("analytics", "ads")):
        sides = [status_of(side, purpose, channel, at) for side in (left, right)]
        assert status_of(merged, purpose, channel, at) == strictest(sides)
    assert held(merged, mine) == left
    assert held(merged, theirs) == right
    assert left == heard([d for d in ledger if d.question.point in mine], at)


@QUICK
@given(LEDGERS, MOMENT, MOMENT, LEDGERS)
def test_the_past_stays_as_it_was(ledger, at, known_at, later):
    """What is recorded after known_at, or takes effect after `at`, changes nothing of what held and was known then."""
    news = [Decision(f"n{d.event_id}", d.source, d.question, d.status, d.effective_at, known_at + timedelta(days=1))
            for d in later]  # fmt: skip
    plans = [Decision(f"p{d.event_id}", d.source, d.question, d.status, at + timedelta(seconds=1), d.recorded_at)
             for d in later]  # fmt: skip
    assert heard([*ledger, *news, *plans], at, known_at) == heard(ledger, at, known_at)


@pytest.mark.parametrize(
    ("at", "status"), [(BEGIN, "granted"), (BEGIN + timedelta(days=1), "expired"), (datetime.max, "expired")]
)
def test_a_permission_ends_at_its_date(at, status):
    grant = Decision("e", "crm", Question("email", "a", "marketing", "email"), "granted", BEGIN, BEGIN,
                     BEGIN + timedelta(days=1))  # fmt: skip
    assert grant.status_at(at) == status


def test_a_renewal_by_the_same_source_lifts_the_end_and_a_lapsed_one_brings_nothing_back():
    question = Question("email", "a", "marketing", "email")
    ends = BEGIN + timedelta(days=2)
    old = Decision("1", "crm", question, "denied", BEGIN, BEGIN)
    lapsed = Decision("2", "crm", question, "granted", BEGIN + timedelta(days=1), BEGIN, ends)
    renewed = Decision("3", "crm", question, "granted", BEGIN + timedelta(days=3), BEGIN)
    at = BEGIN + timedelta(days=4)
    assert standing(heard([old, lapsed], at)[question], at).status == "expired"
    assert standing(heard([old, lapsed, renewed], at)[question], at).status == "granted"


# --- the SQL model

OWNERS = {"crm:1": "cus_a", "crm:2": "cus_a", "shop:3": "cus_b"}
HOLDS = [("crm:1", "email", "a@x.org"), ("crm:2", "phone", "+491"), ("shop:3", "email", "b@x.org"),
         ("shop:3", "phone", "+491")]  # fmt: skip
SCHEMA = """
    create table consent_decisions (decision_id varchar, event_id varchar, source varchar, record_id varchar,
        contact_point_type varchar, contact_point varchar, purpose varchar, channel varchar, status varchar,
        effective_at timestamp, recorded_at timestamp, expires_at timestamp, legal_basis varchar,
        policy_version varchar, proof varchar, author varchar);
    create table int_identifiers (record_id varchar, identifier_type varchar, identifier_value_std varchar);
    create table int_records (record_id varchar, street_std varchar, house_number_std varchar,
        postal_code_std varchar, country_std varchar);
    create table int_postal_addresses (record_id varchar, postal_address_std varchar);
    create table identity_map (record_id varchar, customer_id varchar, is_device boolean);
    create table run (as_of timestamp);
"""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("set threads = 1")
        con.execute(SCHEMA)
        con.executemany("insert into identity_map values (?, ?, false)", list(OWNERS.items()))
        con.executemany("insert into int_identifiers values (?, ?, ?)", HOLDS)
        con.execute(f"create view int_consent_words as {rendered('int_consent_words')}")
        con.execute(f"create view consents as {rendered('consents')}")
        con.execute(f"create view customer_consents as {rendered('int_customer_consents')}")
        yield con


def load(con: duckdb.DuckDBPyConnection, ledger: list[Decision], records: list[str | None], at: datetime) -> None:
    con.execute("delete from consent_decisions")
    con.execute("create or replace table run as select ?::timestamp as as_of", [at])
    rows = [
        (f"d{d.event_id}", d.event_id, d.source, record, *d.question.point, d.question.purpose, d.question.channel,
         d.status, d.effective_at, d.recorded_at, d.expires_at)
        for d, record in zip(ledger, records, strict=False)
    ]  # fmt: skip
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        kinds = ["varchar"] * 9 + ["timestamp"] * 3
        unnested = ", ".join(f"unnest(?::{kind}[])" for kind in kinds)
        con.execute(f"insert into consent_decisions select {unnested}, null, null, null, null", columns)


@settings(max_examples=40, deadline=None)
@given(
    LEDGERS,
    st.lists(st.none() | st.sampled_from(sorted(OWNERS)), min_size=25, max_size=25),
    MOMENT,
)
def test_the_sql_model_says_what_the_algebra_says(con, ledger, records, at):
    load(con, ledger, records, at)
    words = heard(ledger, at)
    record_of = {d.event_id: record for d, record in zip(ledger, records, strict=False)}
    points = defaultdict(set)
    for record, kind, value in HOLDS:
        points[OWNERS[record]].add((kind, value))
    for by_source in words.values():
        for decision in by_source.values():
            if record := record_of[decision.event_id]:
                points[OWNERS[record]].add(decision.question.point)
    expected, sums = set(), {}
    for customer, of_theirs in points.items():
        theirs = held(words, of_theirs)
        for question, by_source in theirs.items():
            found = standing(by_source, at)
            said = "; ".join(f"{source} {status}" for source, status in sorted(found.said.items()))
            expected.add((customer, *question.point, question.purpose, question.channel, found.status,
                          f"d{found.decision.event_id}", found.is_conflicting, said))  # fmt: skip
            key = (customer, question.purpose, question.channel)
            sums[key] = status_of(theirs, question.purpose, question.channel, at) == "granted"
    rows = con.execute(
        "select customer_id, contact_point_type, contact_point, purpose, channel, status, decision_id, is_conflicting, "
        "sources_say from consents"
    ).fetchall()
    assert len(rows) == len(set(rows))
    assert set(rows) == expected
    by_customer = con.execute("select customer_id, purpose, channel, is_allowed from customer_consents").fetchall()
    assert {row[:3]: row[3] for row in by_customer} == sums
    assert len(by_customer) == len(sums)


def test_python_and_sql_know_the_same_words_in_the_same_order():
    said = {}
    module = Environment().from_string(MACROS.read_text())
    made = module.make_module({"return": lambda words: said.setdefault("words", words) and ""})
    for name, known in (("purposes", PURPOSES), ("channels", CHANNELS), ("statuses", STATUSES)):
        said.clear()
        getattr(made, f"consent_{name}")()
        assert tuple(said["words"]) == known
    ranked = duckdb.sql(
        f"select status from (values {', '.join(f'({status!r})' for status in STATUSES)}) as known (status) "
        f"order by {made.strictness('status')}"
    )
    assert [status for (status,) in ranked.fetchall()] == sorted(STATUSES, key=STRICTNESS.__getitem__)
