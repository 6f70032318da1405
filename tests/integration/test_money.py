"""The table of rates: what is wrong in it stops the build with a name, before any amount is made from it.

Belongs here: mistakes in seeds/reference/currencies.csv. Must not go here: which rate an amount gets (dbt's unit tests
beside the models).
"""

from pathlib import Path

import pytest

from warehouse.connection import connect
from warehouse.dbt import run_dbt
from warehouse.errors import CdpError
from warehouse.home import Home

BUILD = ["run", "--select", "int_exchange_rates"]
SPOILT = """
update reference.currencies set usd_rate = '0,25' where currency = 'PLN';
update reference.currencies set usd_rate = '-1' where currency = 'CHF';
update reference.currencies set usd_rate = '1.1' where currency = 'USD';
update reference.currencies set valid_from = '31.01.2025' where currency = 'JPY';
update reference.currencies set currency = 'krone' where currency = 'SEK';
insert into reference.currencies from reference.currencies where currency = 'GBP';
"""
NAMED = [
    "CHF has a rate that is no number above 0: write what one unit of it is worth in dollars",
    "GBP has several rates from one day on: keep one",
    "JPY has a first day that is no date: write year-month-day",
    "PLN has a rate that is no number above 0: write what one unit of it is worth in dollars",
    "USD has a rate other than 1: rates are dollars for one unit",
    "krone is written otherwise than its code in ISO 4217: three capital letters",
]
HOMELESS = "USD, the home currency, has no rate: add it, or mend home_currency in dbt_project.yml"


def test_every_mistake_in_the_rates_is_named_before_an_amount_is_made(
    sample_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDP_HOME", str(sample_copy))
    home = Home.from_environment()
    con = connect(home)
    con.execute(SPOILT)

    with pytest.raises(CdpError) as caught:
        run_dbt(home, BUILD)
    con.execute("update reference.currencies set currency = 'DOL' where currency = 'USD'")
    with pytest.raises(CdpError, match=HOMELESS):
        run_dbt(home, BUILD)

    con.close()
    assert [mistake for mistake in NAMED if mistake not in caught.value.message] == []
    assert caught.value.message.count("; ") == len(NAMED) - 1, "only what is wrong is named"
