"""Whose an event is: simulated households on one tablet, against the person who really held it."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from jinja2 import Environment

PROFILES = Path(__file__).parents[3] / "dbt_project" / "models" / "profiles"
# what int_customer_events reads, in order
BEFORE = ("int_counted_events", "int_event_identifiers", "int_device_logins", "int_session_logins")
BEGIN = datetime(2026, 3, 1, 8)
SCHEMA = """
    create table int_events (event_id varchar, source varchar, record_id varchar, event_type varchar,
        event_name varchar, occurred_at timestamp, user_id varchar, anonymous_id varchar, is_bot boolean,
        person varchar, channel varchar, utm_source varchar, utm_medium varchar, utm_campaign varchar,
        click_id varchar, referrer varchar, page_url varchar, excluded_by varchar);
    create table int_internal_records (record_id varchar);
    create table int_identifiers (record_id varchar, source varchar, identifier_type varchar, identifier_value varchar,
        first_seen_at timestamp, identifier_value_std varchar);
    create table identity_map (record_id varchar, customer_id varchar, is_device boolean, first_assigned_at timestamp);
"""
IDENTIFIERS = """
    insert into int_identifiers
    select *, nullif(identifier_value, 'undefined') from (
    select 'web:anonymous:' || anonymous_id, 'web', 'anonymous_id', anonymous_id, min(occurred_at)
    from int_events group by all
    union all
    select 'web:anonymous:' || anonymous_id, 'web', 'user_id', user_id, min(occurred_at) from int_events
    where user_id is not null group by all
    union all
    select 'web:' || user_id, 'web', 'user_id', user_id, min(occurred_at) from int_events
    where user_id is not null group by all
    ) as said (record_id, source, identifier_type, identifier_value, first_seen_at)
"""


class Traces:
    """Events as a web tracker sends them: the user id is on a call from a login to the end of that visit."""

    def __init__(self, seed: int) -> None:
        self.dice, self.rows = random.Random(seed), []

    def visit(self, device: str, person: str, at: datetime, *, logs_in: bool) -> datetime:
        """One visit of a few minutes between events; who logs in does so somewhere in it. Gives its end."""
        events = self.dice.randint(4, 12)
        login = self.dice.randint(0, events - 1) if logs_in else events
        for number in range(events):
            user = person if number >= login else None
            kind = "identify" if number == login else "page"
            record = f"web:{user or f'anonymous:{device}'}"
            self.rows.append((f"e{len(self.rows)}", "web", record, kind, kind, at, user, device, False, person))
            at += timedelta(minutes=self.dice.uniform(0.2, 12))
        return at

    def household(self, device: str, people: list[str], visits: int) -> None:
        """People take turns, mostly hours apart; each logs in at some point of a visit."""
        at = BEGIN
        for number in range(visits):
            person = people[number] if number < len(people) else self.dice.choice(people)
            pause = self.dice.uniform(0.05, 0.4) if self.dice.random() < 0.03 else self.dice.uniform(1, 30)
            at = self.visit(device, person, at, logs_in=True) + timedelta(hours=pause)


def attributed(rows: list[tuple], *changes: str) -> duckdb.DuckDBPyConnection:
    """A connection with `found`: the model over these events, after some changes, beside who it really was."""
    con = duckdb.connect()
    con.execute(SCHEMA)
    columns = [list(column) for column in zip(*rows, strict=True)]  # row by row takes a millisecond each
    picked = ", ".join("unnest(?)" for _ in columns)
    con.execute(f"insert into int_events select {picked}, 'web', null, null, null, null, null, null, null", columns)
    con.execute(IDENTIFIERS)
    for change in changes:
        con.execute(change)
    for model in BEFORE:
        con.execute(f"create table {model} as {rendered(model)}")
    sql = rendered("int_customer_events")
    con.execute(f"create table found as select found.*, person from ({sql}) as found join int_events using (event_id)")
    return con


def rendered(model: str) -> str:
    text = (PROFILES / f"{model}.sql").read_text()
    return Environment().from_string(text).render(ref=str, source=lambda _, table: table, config=lambda **_: "")


@pytest.mark.parametrize("seed", range(3))
def test_of_shared_tablets_events_go_to_whoever_held_them(seed):
    traces = Traces(seed)
    for number in range(40):
        traces.household(f"d{number}", [f"u{number}a", f"u{number}b", f"u{number}c"], visits=15)
    right, events, wrong = (
        attributed(traces.rows)
        .execute(
            "select count(*) filter (where record_id = 'web:' || person), count(*), "
            "count(*) filter (where record_id <> 'web:' || person and not contains(record_id, 'anonymous')) from found"
        )
        .fetchall()[0]
    )
    assert events > 2_000
    assert right / events >= 0.98
    assert wrong / events < 0.01


def test_a_visit_in_which_nobody_logs_in_stays_the_devices_own():
    traces = Traces(7)
    end = traces.visit("d", "ann", BEGIN, logs_in=True)
    end = traces.visit("d", "bea", end + timedelta(hours=2), logs_in=True)
    traces.visit("d", "bea", end + timedelta(hours=2), logs_in=False)
    con = attributed(traces.rows)
    alone = con.execute(
        "select distinct record_id, known_by, known_at from found where occurred_at > $end", {"end": end}
    )
    assert alone.fetchall() == [("web:anonymous:d", "device", None)]


def test_between_two_logins_it_is_the_earlier_one_and_before_the_first_the_first():
    minutes = [(0, None), (5, "ann"), (9, None), (12, "bea"), (20, None)]
    at = {number: BEGIN + timedelta(minutes=number) for number, _ in minutes}
    rows = [
        (f"e{number}", "web", f"web:{user or 'anonymous:d'}", "page", "page", at[number], user, "d", False, "")
        for number, user in minutes
    ]
    found = attributed(rows).execute("select event_id, record_id, known_by, known_at from found order by occurred_at")
    assert found.fetchall() == [
        ("e0", "web:ann", "login_session", at[5]),
        ("e5", "web:ann", "user", at[5]),
        ("e9", "web:ann", "login_session", at[9]),
        ("e12", "web:bea", "user", at[12]),
        ("e20", "web:bea", "login_session", at[20]),
    ]


def test_a_device_of_one_user_is_theirs_from_its_first_event_known_since_the_login():
    traces = Traces(3)
    end = traces.visit("d", "ann", BEGIN, logs_in=False)
    traces.visit("d", "ann", end + timedelta(days=2), logs_in=True)
    con = attributed(traces.rows)
    login = con.execute("select min(occurred_at) from int_events where user_id is not null").fetchall()[0][0]
    before = con.execute("select distinct known_by, known_at from found where occurred_at < $at", {"at": login})
    assert before.fetchall() == [("device_of_user", login)]


def test_a_user_id_that_is_blocked_names_nobody():
    """A tracker that sends `undefined` makes no second user of the device."""
    rows = [
        (f"e{at}", "web", f"web:{user or 'anonymous:d'}", "page", "page", BEGIN, user, "d", False, "")
        for at, user in enumerate([None, "ann", "undefined", None])
    ]
    found = attributed(rows).execute("select event_id, known_by from found where event_id in ('e0', 'e3') order by 1")
    assert found.fetchall() == [("e0", "device_of_user"), ("e3", "device_of_user")]


def test_what_a_rule_leaves_out_and_what_our_own_people_do_is_in_no_history():
    minutes = {number: BEGIN + timedelta(minutes=number) for number in range(3)}
    rows = [(f"e{at}", "web", "web:ann", "page", "page", minutes[at], "ann", "d", False, "") for at in (0, 1)]
    rows.append(("e2", "web", "web:us", "page", "page", minutes[2], "us", "e", False, ""))
    found = attributed(
        rows,
        "update int_events set excluded_by = 'office' where event_id = 'e1'",
        "insert into int_internal_records values ('web:us')",
    )
    assert found.execute("select event_id from found").fetchall() == [("e0",)]
