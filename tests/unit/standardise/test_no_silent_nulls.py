"""A treatment may not empty a column.

Belongs here: shares of valid values kept. Must not go here: which form they get (golden.csv).
Concept: a phone parser with the wrong default country once emptied 72 % of a column, and nothing said so.
"""

import random

import duckdb
import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from standardise import standardised
from tests.unit.standardise.conftest import in_sql

KINDS_OF_LINES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)


def valid_phones(country: str, count: int = 300) -> list[phonenumbers.PhoneNumber]:
    """Numbers near the country's examples that the library calls valid."""
    dice, found = random.Random(country), []
    while len(found) < count:
        sample = phonenumbers.example_number_for_type(country, dice.choice(KINDS_OF_LINES))
        number = phonenumbers.PhoneNumber(
            country_code=sample.country_code, national_number=sample.national_number + dice.randrange(100_000)
        )
        if phonenumbers.is_valid_number(number):
            found.append(number)
    return found


@pytest.mark.parametrize("country", ["GB", "DE", "US"])
@pytest.mark.parametrize("layout", ["NATIONAL", "INTERNATIONAL", "E164", "RFC3966"])
def test_valid_phones_of_each_country_are_kept(con: duckdb.DuckDBPyConnection, country: str, layout: str) -> None:
    numbers = valid_phones(country)
    spelt = [phonenumbers.format_number(number, getattr(PhoneNumberFormat, layout)) for number in numbers]
    expected = [phonenumbers.format_number(number, PhoneNumberFormat.E164) for number in numbers]

    found = in_sql(con, "std_phone(first, second)", spelt, [country] * len(spelt))

    kept = sum(a == b for a, b in zip(found, expected, strict=True)) / len(numbers)
    assert kept >= 0.95


@pytest.mark.parametrize("country", ["GB", "DE", "US"])
def test_international_phones_are_kept_whatever_country_is_assumed(country: str) -> None:
    numbers = [number for home in ("GB", "DE", "US") for number in valid_phones(home, 100)]
    spelt = [phonenumbers.format_number(number, PhoneNumberFormat.E164) for number in numbers]
    assert [standardised("phone", text, country) for text in spelt] == spelt
