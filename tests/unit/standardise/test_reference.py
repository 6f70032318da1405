"""The reference seeds say what the code takes them to say.

Belongs here: shape and coverage of seeds/reference. Must not go here: what standardising does with them.
"""

import csv

from standardise.places import COUNTRIES
from standardise.text import fold


def test_every_country_alias_is_folded_and_unique() -> None:
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["alias"] for row in rows if fold(row["alias"]) != row["alias"]] == []
    assert len({row["alias"] for row in rows}) == len(rows)
    assert {row["country"].lower() for row in rows} <= {row["alias"] for row in rows}


def test_the_currencies_of_most_markets_have_a_rate() -> None:
    with (COUNTRIES.parent / "currencies.csv").open(encoding="utf-8", newline="") as file:
        currencies = {row["currency"] for row in csv.DictReader(file)}
    assert {"USD", "EUR", "GBP", "CHF", "JPY"} <= currencies
