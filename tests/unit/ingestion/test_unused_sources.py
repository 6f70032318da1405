"""A declared source that never delivered is not used here; one that did owes all its tables."""

from dataclasses import replace

import pytest

from ingestion.contract import ContractBroken
from ingestion.declared import Source
from ingestion.landing import land
from ingestion.load import load
from ingestion.summary import LoadSummary
from tests.unit.ingestion.conftest import RUN, Shop
from warehouse.errors import CdpError


def with_cafe(shop: Shop) -> list[Source]:
    """The shop, and a second source with two tables."""
    tables = tuple(
        replace(shop.table, source="cafe", name=name, identifier=f"cafe__{name}", files=f"{name}/**/*")
        for name in ("guests", "visits")
    )
    return [shop.source, replace(shop.source, name="cafe", location=str(shop.inbox / "cafe"), tables=tables)]


def loaded(shop: Shop) -> LoadSummary:
    sources = with_cafe(shop)
    land(shop.home, declared=sources)
    return load(shop.home, shop.con, RUN, declared=sources)


def test_a_source_that_never_delivered_is_named_once_warned_of_never_and_left_empty(shop):
    shop.deliver("a.csv", "id,name,town\n1,Ann,Bern\n")

    summary = loaded(shop)

    assert (summary.unused, summary.warnings) == (["cafe"], [])
    assert shop.query("select (select count(*) from raw.cafe__guests), (select count(*) from raw.cafe__visits)") == [
        (0, 0)
    ]
    assert shop.query("select count(*) from raw.shop__people") == [(1,)]


def test_a_source_that_delivered_one_table_owes_the_other(shop):
    shop.deliver("a.csv", "id,name,town\n1,Ann,Bern\n")
    shop.deliver("../cafe/guests/a.csv", "id,name,town\n1,Ann,Bern\n")

    with pytest.raises(ContractBroken, match=r"cafe\.visits: no file has ever landed"):
        loaded(shop)


def test_a_source_that_ever_delivered_is_in_use_though_its_record_was_lost(shop):
    shop.deliver("a.csv", "id,name,town\n1,Ann,Bern\n")
    (shop.home.landing / "cafe" / "guests").mkdir(parents=True)
    (shop.home.landing / "cafe" / "guests" / "old.csv").write_text("id,name,town\n1,Ann,Bern\n")

    with pytest.raises(CdpError, match=r"2 tables cannot be loaded"):
        loaded(shop)


def test_a_home_where_nobody_ever_delivered_stops_and_says_where_files_go(shop):
    with pytest.raises(CdpError, match=r"No source has ever delivered a file; 3 tables wait for theirs.*SOURCE/TABLE/"):
        loaded(shop)
