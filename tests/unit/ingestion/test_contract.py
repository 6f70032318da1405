"""The contract: what a delivery may look like, and what happens when it does not."""

import pytest

from ingestion.contract import ContractBroken
from ingestion.declared import Column
from tests.unit.ingestion.conftest import Shop
from warehouse.errors import CdpError

HEADER = "id,name,town\n"


def lines(count: int, start: int = 0) -> str:
    return HEADER + "".join(f"{n},Ann,Bern\n" for n in range(start, start + count))


def warnings(shop: Shop) -> list[str]:
    shop.land()
    return shop.load().warnings


def test_reordered_columns_give_the_same_table(shop: Shop) -> None:
    shop.deliver("a.csv", HEADER + "1,Ann,Bern\n")
    shop.bring()
    found = shop.digest()
    shop.deliver("b.csv", "town,name,id\nBern,Ann,1\n")

    assert shop.bring().duplicate == 1
    assert shop.digest() == found


@pytest.mark.parametrize("header", ["name,town\n", "ID,name,town\n", "identifier,name,town\n"])
def test_a_missing_or_renamed_required_column_stops_the_table(shop: Shop, header: str) -> None:
    shop.deliver("a.csv", header + "1,Ann,Bern\n"[: len("1,Ann,Bern\n")])

    with pytest.raises(ContractBroken, match=r"required columns are missing: people/a\.csv lacks id"):
        shop.bring()

    assert shop.rows() == []


def test_a_renamed_optional_column_is_null_and_said(shop: Shop) -> None:
    shop.deliver("a.csv", "id,name,city\n1,Ann,Bern\n")

    said = warnings(shop)

    assert "shop.people: declared but not delivered, so null: town" in said
    assert "shop.people: new columns, added to raw: city" in said
    assert shop.rows("id, town, city") == [("1", None, "Bern")]


def test_evolve_keeps_identity_of_rows_without_the_new_column(shop: Shop) -> None:
    shop.deliver("a.csv", HEADER + "1,Ann,Bern\n")
    shop.bring()
    shop.deliver("b.csv", "id,name,town,zip\n1,Ann,Bern,\n2,Bob,Bern,3000\n")

    counts = shop.bring()

    assert (counts.loaded, counts.duplicate) == (1, 1)
    assert shop.rows("id, zip") == [("1", None), ("2", "3000")]


def test_freeze_stops_at_a_new_column(shop: Shop) -> None:
    shop.declare(contract="freeze")
    shop.deliver("a.csv", "id,name,town,zip\n1,Ann,Bern,3000\n")

    with pytest.raises(ContractBroken, match="new columns zip, and its contract is freeze"):
        shop.bring()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_discard_row_sets_rows_with_a_new_column_aside(shop: Shop, form: str) -> None:
    shop.declare(contract="discard_row", format=form)
    if form == "csv":
        shop.deliver("a.csv", "id,name,town,zip\n1,Ann,Bern,\n2,Bob,Bern,3000\n")
    else:
        shop.deliver("a.jsonl", [{"id": 1, "name": "Ann", "town": "Bern"}, {"id": 2, "name": "Bob", "zip": 3000}])

    counts = shop.bring()

    assert (counts.received, counts.loaded, counts.quarantined) == (2, 1, 1)
    assert shop.quarantine()[0][1] == "unknown column: zip"


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_discard_value_drops_the_values_and_says_so(shop: Shop, form: str) -> None:
    shop.declare(contract="discard_value", format=form)
    if form == "csv":
        shop.deliver("a.csv", "id,name,town,zip\n2,Bob,Bern,3000\n")
    else:
        shop.deliver("a.jsonl", [{"id": 2, "name": "Bob", "town": "Bern", "zip": 3000}])

    assert warnings(shop) == ["shop.people: new columns, their values dropped: zip"]
    assert shop.rows() == [("2", "Bob", "Bern", False)]


def test_a_column_that_differs_only_by_case_cannot_be_held_and_is_said(shop: Shop) -> None:
    shop.declare(format="jsonl")
    shop.deliver("a.jsonl", [{"id": "1", "name": "Ann", "NAME": "ANN", "_file": "x", "town": "Bern"}])

    assert warnings(shop) == ["shop.people: columns that raw cannot hold, their values dropped: NAME, _file"]
    assert shop.rows("id, name") == [("1", "Ann")]


def test_a_column_declared_later_is_added(shop: Shop) -> None:
    shop.deliver("a.csv", lines(3))
    shop.bring()
    shop.declare(columns=(*shop.table.columns, Column("zip")))
    shop.deliver("b.csv", "id,name,town,zip\n9,Ann,Bern,3000\n")

    assert shop.bring().loaded == 1
    assert ("9", "3000") in shop.rows("id, zip")


def typed(shop: Shop, bad: int) -> None:
    shop.declare(columns=(Column("id"), Column("age", "bigint"), Column("born", "date"), Column("seen", "timestamp")))
    rows = [
        f"{n},{'x' if n < bad else n},1990-01-01,{'2026-01-01T00:00:00Z' if n % 2 else 1767225600}\n"
        for n in range(500)
    ]
    shop.deliver("a.csv", "id,age,born,seen\n" + "".join(rows))


def test_type_failures_up_to_one_percent_are_loaded_and_said(shop: Shop) -> None:
    typed(shop, bad=5)

    assert warnings(shop) == ["shop.people: age: 5 of 500 values are not bigint"]
    assert shop.query("select count(*) from raw.shop__people where age = 'x'") == [(5,)]


def test_type_failures_above_one_percent_stop_the_table(shop: Shop) -> None:
    typed(shop, bad=6)

    with pytest.raises(ContractBroken, match="age: 6 of 500 values are not bigint"):
        shop.bring()

    assert shop.rows() == []


def test_types_inside_json_are_checked(shop: Shop) -> None:
    shop.declare(format="jsonl", columns=(Column("id"), Column("p", "json"), Column("p.born", "date")))
    shop.deliver("a.jsonl", [{"id": n, "p": {"born": "31.12.1990"}} for n in range(20)])

    with pytest.raises(ContractBroken, match=r"p\.born: 20 of 20 values are not date"):
        shop.bring()


def three_usual_loads(shop: Shop) -> None:
    for number in range(3):
        shop.deliver(f"{number}.csv", lines(10, number * 10))
        shop.bring()


def test_ten_times_the_median_stops_until_accepted(shop: Shop) -> None:
    three_usual_loads(shop)
    shop.deliver("big.csv", lines(100, 1000))
    shop.land()
    with pytest.raises(ContractBroken, match="100 rows, the median of 3 earlier loads is 10"):
        shop.load()
    assert shop.query("select count(*) from raw.shop__people") == [(30,)]

    shop.land()
    summary = shop.load(accept_volume=True)

    assert summary.of("shop", "people").loaded == 100
    assert any("accepted by --accept-volume" in warning for warning in summary.warnings)


def test_just_below_ten_times_warns(shop: Shop) -> None:
    three_usual_loads(shop)
    shop.deliver("big.csv", lines(99, 1000))

    assert warnings(shop) == ["shop.people: 99 rows, the median of 3 earlier loads is 10"]


def test_two_earlier_loads_are_no_habit(shop: Shop) -> None:
    for number in range(2):
        shop.deliver(f"{number}.csv", lines(10, number * 10))
        shop.bring()
    shop.deliver("big.csv", lines(1000, 1000))

    assert shop.bring().loaded == 1000


def test_a_rebuilt_warehouse_is_no_spike(shop: Shop) -> None:
    three_usual_loads(shop)
    shop.deliver("big.csv", lines(95, 1000))
    shop.bring()

    shop.lose_warehouse()

    assert shop.bring().loaded == 125


def test_a_refused_delivery_is_replaced_by_its_correction(shop: Shop) -> None:
    shop.deliver("a.csv", "name,town\nAnn,Bern\n")
    with pytest.raises(ContractBroken):
        shop.bring()

    shop.deliver("a.csv", lines(1))

    assert shop.bring().loaded == 1
    assert shop.query("select count(*) from raw.loads") == [(1,)]


def test_a_refused_delivery_that_is_gone_from_the_inbox_stays_in_landing(shop: Shop) -> None:
    path = shop.deliver("a.csv", "id,name,town,zip\n1,Ann,Bern,3000\n")
    shop.declare(contract="freeze")
    shop.land()
    path.unlink()
    with pytest.raises(ContractBroken):
        shop.load()

    shop.declare(contract="evolve")

    assert shop.load().loaded == 1


def test_a_table_whose_files_never_came_is_named(shop: Shop) -> None:
    with pytest.raises(CdpError, match=r"shop\.people: no file has ever landed"):
        shop.bring()

    shop.declare(optional=True)
    assert shop.bring().rows_in_table == 0


def test_other_tables_load_when_one_breaks_its_contract(shop: Shop) -> None:
    from dataclasses import replace

    from ingestion.landing import land
    from ingestion.load import load
    from tests.unit.ingestion.conftest import RUN

    other = replace(shop.table, name="towns", identifier="shop__towns", files="towns/**/*")
    source = replace(shop.source, tables=(shop.table, other))
    shop.deliver("a.csv", "name\nAnn\n")
    shop.deliver("../towns/a.csv", lines(2))
    land(shop.home, declared=[source])

    with pytest.raises(ContractBroken, match=r"shop\.people"):
        load(shop.home, shop.con, RUN, declared=[source])

    assert shop.query("select count(*) from raw.shop__towns") == [(2,)]


def test_a_load_that_brings_nothing_new_leaves_the_build_stamp(shop: Shop) -> None:
    from warehouse.builds import current_build

    shop.deliver("a.csv", lines(2))
    shop.bring()
    first = current_build(shop.con, "raw.shop__people")
    shop.deliver("b.csv", lines(2).replace("Bern\n", "Bern\r\n"))
    shop.bring()

    assert current_build(shop.con, "raw.shop__people") == first
    shop.deliver("c.csv", lines(3))
    shop.bring()
    assert current_build(shop.con, "raw.shop__people") != first
