"""How two dates, two addresses and two mailboxes relate."""

import duckdb
import pytest

from identity.matching import names, nearness
from identity.matching.comparisons import fields_for
from identity.roles import platform_roles

COLUMNS = ("street", "house_number", "postal_code", "city")
ADDRESSES = {
    "whole": ("downey st", "638", "97301", "salem"),
    "without a postal code": ("downey st", "638", None, "salem"),
    "in one line": ("638 downey st salem or 97301", None, None, None),
    "in one line with the house's name": ("adventura apts 638 downey st salem or", None, None, None),
    "next door": ("downey st", "640", "97301", "salem"),
    "in one line, elsewhere": ("640 lexington ave new york", None, None, None),
    "a street alone": ("downey st", None, None, None),
}


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(names.MACROS + nearness.MACROS)
    return con


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("whole", "whole", "one"),
        ("whole", "without a postal code", "one"),
        ("whole", "next door", None),
        ("without a postal code", "in one line with the house's name", "one"),
        ("whole", "in one line", "one"),
        ("in one line", "in one line with the house's name", "near"),
        ("in one line", "in one line, elsewhere", None),
        ("whole", "a street alone", None),
    ],
)
def test_addresses(con: duckdb.DuckDBPyConnection, one: str, other: str, relation: str | None) -> None:
    for left, right in ((ADDRESSES[one], ADDRESSES[other]), (ADDRESSES[other], ADDRESSES[one])):
        values = [value for pair in zip((*left, _words(left)), (*right, _words(right)), strict=True) for value in pair]
        typed = ", ".join(["?::varchar"] * 8 + ["?::varchar[]"] * 2)
        found = con.execute(f"select is_one_address({typed}), is_near_address({typed})", values + values).fetchall()[0]
        assert ("one" if found[0] else "near" if found[1] else None) == relation


def test_an_address_that_is_not_there_is_unknown(con: duckdb.DuckDBPyConnection) -> None:
    field = next(field for field in fields_for(platform_roles(), {"street"}) if field.name == "address")
    asked = f"select {field.null_when} from (select " + ", ".join(
        f"$left['{column}'] as {column}_l, $right['{column}'] as {column}_r" for column in ("postal_code", "city")
    )
    asked += (
        ", string_split($left['words'], ' ') as address_words_l, string_split($right['words'], ' ') as address_words_r)"
    )
    line = {"postal_code": None, "city": None, "words": "638 downey st salem or"}
    whole = {"postal_code": "97301", "city": "salem", "words": "638 downey st salem 97301"}
    nothing = {"postal_code": None, "city": None, "words": None}

    told = [
        con.execute(asked, {"left": one, "right": other}).fetchall()
        for one in (line, whole)
        for other in (whole, nothing)
    ]

    assert told == [[(False,)], [(True,)], [(False,)], [(True,)]]


@pytest.mark.parametrize(
    ("one", "other", "is_slip", "has_two_parts"),
    [
        ("1980-01-07", "1980-01-08", True, True),
        ("1980-01-07", "1980-07-01", True, False),
        ("1980-01-07", "1980-11-07", True, True),
        ("1980-01-07", "1962-01-07", False, True),
        ("1980-01-07", "1981-02-08", False, False),
    ],
)
def test_dates(con: duckdb.DuckDBPyConnection, one: str, other: str, is_slip: bool, has_two_parts: bool) -> None:
    query = "select is_date_slip($l, $r), has_two_parts($l, $r)"
    assert con.execute(query, {"l": one, "r": other}).fetchall() == [(is_slip, has_two_parts)]


def _words(address: tuple[str | None, ...]) -> list[str]:
    street, house, postal, city = address
    return " ".join(part for part in (house, street, city, postal) if part).split()


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        (("anna.bauer@x.org", None), ("anna.bauer@y.com", None), None),
        (("anna.bauer@x.org", None), ("anna.bauer7@y.com", "anna.bauer7"), None),
        (("anna.bauer@x.org", None), ("anna.bauerr@x.org", None), "near"),
        (("anna.bauer@x.org", None), ("anna.baumann@x.org", "anna.baumann"), "alike"),
        (("sunshine@x.org", "sunshine"), ("sunshine@y.com", "sunshine"), "near"),
        (("sunshinegirl@xmail.org", "sunshinegirl"), ("sunshinegirl123@xmail.org", "sunshinegirl123"), "alike"),
    ],
)
def test_mailboxes(con: duckdb.DuckDBPyConnection, one: tuple, other: tuple, relation: str | None) -> None:
    asked = "select is_near_mailbox($l, $r, $l_own, $r_own), is_like_mailbox($l, $r, $l_own, $r_own, null, null)"
    values = {"l": one[0], "r": other[0], "l_own": one[1], "r_own": other[1]}
    found = con.execute(asked, values).fetchall()[0]
    assert ("near" if found[0] else "alike" if found[1] else None) == relation


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        (("annab2424@mail.org", "anna", "bauer"), ("annab3835@mail.org", "anna", "brandt"), False),
        (("anna.bauer77@mail.org", "anna", "bauer"), ("bauer.anna31@mail.org", "anna", "bauer"), False),
        (("anna.bauer@mail.org", "anna", "bauer"), ("anna.brandt@mail.org", "anna", "brandt"), False),
        (("thebauers810@mail.org", "anna", "bauer"), ("thebauers114@mail.org", "anna", "bauer"), False),
        (("kiwisunny17@mail.org", "anna", "bauer"), ("kiwisuny71@mail.org", "anna", "bauer"), True),
        (("anna.bauer.graz77@mail.org", "anna", "bauer"), ("annabauer.graz7@mail.org", "anna", "bauer"), True),
        (
            ("office@bauer-and-brandt-printing.org", None, None),
            ("anna@bauer-and-brandt-printing.org", None, None),
            False,
        ),
    ],
)
def test_mailboxes_are_alike_in_more_than_a_name(
    con: duckdb.DuckDBPyConnection, left: tuple[str, ...], right: tuple[str, ...], alike: bool
) -> None:
    """Own mailboxes all of them: what is asked is whether they look alike beyond the names that they say."""
    for one, other in ((left, right), (right, left)):
        found = con.execute(
            "select is_like_mailbox($l, $r, 'own', 'own', mailbox_beyond_name(mailbox_letters($l), $lg, $lf), "
            "mailbox_beyond_name(mailbox_letters($r), $rg, $rf))",
            dict(zip(("l", "lg", "lf", "r", "rg", "rf"), (*one, *other), strict=True)),
        ).fetchall()
        assert found == [(alike,)]
