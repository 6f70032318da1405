"""Junk has a reason, and people's real values have none.

Belongs here: the deny-list's promises. Must not go here: caps on shared values (identity).
"""

import re

import duckdb
import pytest

from standardise import KINDS, blocked_reason, standardised, usable
from standardise.blocked import ANY, IDENTIFIER, KNOWN, rules_by_type

JUNK = {
    "email": [
        *(
            "test@test.com",
            "TEST@test.com ",
            "noreply@acme.de",
            "no-reply@shop.com",
            "donotreply@x.org",
            "none@none.com",
        ),
        *("asdf@asdf.com", "noemail@x.com", "n/a", "-", "null"),
    ],
    "phone": [
        *("0000000000", "+1111111111", "1234567890", "9999999999", "111111", "000-000-0000", "(000) 000-0000"),
        *("+49 0000000", "0", "unknown", "n/a", "-"),
    ],
    "full_name": ["Test User", "asdf", "n/a", "John Doe", "Test"],
    "user_id": ["null", "undefined", "00000000-0000-0000-0000-000000000000", "-1", "anonymous"],
    "company": ["n/a"],
}
REAL = {
    "email": ["anna@web.de", "nora.reply@web.de", "protest@web.de", "testa@web.de", "info@acme.de"],
    "phone": ["+44 20 7777 7777", "+49 151 23456789", "+1 212 555 0142", "+33 6 12 34 56 78"],
    "full_name": ["Anna Müller", "Nil Özdemir", "Jo Null", "Xu Na", "Testa Rossa"],
    "company": ["Test Equipment GmbH"],
    "gender": ["x"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in JUNK.items() for text in texts])
@pytest.mark.parametrize("country", ["GB", "DE", "US"])
def test_junk_is_null_with_a_reason(kind: str, text: str, country: str) -> None:
    std = standardised(kind if kind in KINDS else "id", text, country)
    assert blocked_reason(kind, text, std)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in REAL.items() for text in texts])
def test_real_values_are_not_blocked(kind: str, text: str) -> None:
    assert usable(kind, text) is not None


def test_a_text_that_standardises_to_nothing_is_unreadable_and_an_empty_one_is_not() -> None:
    assert blocked_reason("email", "bob at home", None) == "unreadable"
    assert blocked_reason("email", "  ", None) is None


def test_every_rule_has_one_of_value_and_pattern_a_known_type_and_a_reason(con: duckdb.DuckDBPyConnection) -> None:
    for kind, rules in rules_by_type().items():
        assert kind in KNOWN | {ANY, IDENTIFIER}
        for value, reason in rules.values.items():
            assert value == value.lower().strip()
            assert reason
        for pattern, _ in rules.patterns:
            re.compile(pattern)
            con.execute("select regexp_matches('', ?)", [pattern]).fetchall()
