"""Landing: copied once, on record before it is read, private, and whatever cannot land is named."""

import os
import stat
from dataclasses import replace
from datetime import datetime

import pytest

from ingestion.declared import Column
from ingestion.landing import land, waiting_files
from ingestion.naming import moment_in
from ingestion.text import Rejected
from tests.unit.ingestion.conftest import Shop
from warehouse.errors import CdpError
from warehouse.state import open_state

LINE = "id,name,town\n1,Ann,Bern\n"


def test_a_file_lands_private_and_on_record(shop: Shop) -> None:
    shop.deliver("2026/a.csv", LINE)

    [file] = shop.land()

    path = shop.home.landing / "shop" / "people" / "2026" / "a.csv"
    assert file.path(shop.home) == path
    assert path.read_text() == LINE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (file.bytes, file.original_name) == (len(LINE), "people/2026/a.csv")


def test_what_is_hidden_or_unfinished_does_not_land(shop: Shop) -> None:
    for name in (".hidden.csv", "a.csv.part", "b.tmp", "_notes/c.csv"):
        shop.deliver(name, LINE)

    assert shop.land() == []


def test_waiting_files_are_those_that_have_not_landed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.landing.CLOCK_MARGIN_SECONDS", -60)
    first = shop.deliver("a.csv", LINE)
    assert waiting_files(shop.home, [shop.source]) == [first]
    shop.land()
    assert waiting_files(shop.home, [shop.source]) == []

    second = shop.deliver("b.csv", LINE)

    assert waiting_files(shop.home, [shop.source]) == [second]


def test_a_file_that_did_not_change_is_not_read_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.landing.CLOCK_MARGIN_SECONDS", -60)
    path = shop.deliver("a.csv", LINE)
    shop.land()
    monkeypatch.setattr("ingestion.landing.copied", lambda *_: pytest.fail("read again"))

    assert shop.land() == []

    path.write_text(LINE + "2,Bob,Bern\n")
    with pytest.raises(pytest.fail.Exception, match="read again"):
        shop.land()


def test_a_file_that_vanishes_is_named_and_the_others_land(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.deliver("a.csv", LINE)
    shop.deliver("b.csv", LINE + "2,Bob,Bern\n")
    opened = os.open

    def vanishing(path: object, *args: object, **options: object) -> int:
        if str(path).endswith("inbox/people/a.csv"):
            raise FileNotFoundError
        return opened(path, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("ingestion.landing.os.open", vanishing)

    with pytest.raises(Rejected, match=r"a\.csv vanished before it could be copied"):
        shop.land()

    monkeypatch.undo()
    assert len(list((shop.home.landing / "shop" / "people").iterdir())) == 1


def test_every_file_that_cannot_land_is_named_at_once(shop: Shop) -> None:
    for name in ("a.csv", "b.csv"):
        shop.deliver(name, LINE + "cut")

    with pytest.raises(CdpError, match="2 deliveries cannot be landed") as caught:
        shop.land()

    assert "a.csv" in str(caught.value)
    assert "b.csv" in str(caught.value)


def test_a_file_that_is_being_written_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shop.deliver("a.csv", LINE)
    read, calls = os.read, []

    def growing(descriptor: int, size: int) -> bytes:
        calls.append(1)
        if len(calls) == 1:
            with open(path, "a") as file:
                file.write("2,Bob,Bern\n")
        return read(descriptor, size)

    monkeypatch.setattr("ingestion.landing.os.read", growing)

    with pytest.raises(Rejected, match="changed while it was being copied"):
        shop.land()


def test_a_gap_in_landing_is_named(shop: Shop) -> None:
    shop.deliver("a.csv", LINE)
    [file] = shop.land()
    file.path(shop.home).unlink()

    with pytest.raises(CdpError, match=r"landing lacks 1 file\(s\) on record"):
        shop.land()


def test_an_unknown_source_is_named(shop: Shop) -> None:
    with pytest.raises(CdpError, match="No source shopp"):
        land(shop.home, ["shopp"], declared=[shop.source])


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("x/members_2026-01-02.csv", datetime(2026, 1, 2)),
        ("20260102.csv", datetime(2026, 1, 2)),
        ("20260102T030405-000001.jsonl", datetime(2026, 1, 2, 3, 4, 5)),
        ("m_2026-01-02_0304.csv.gz", datetime(2026, 1, 2, 3, 4)),
        ("members.csv", None),
        ("2026-13-45.csv", None),
        ("order_120260102.csv", None),
    ],
)
def test_the_moment_in_a_name(name: str, moment: datetime | None) -> None:
    assert moment_in(name) == moment


ERASED = ["Ann.Lee@Example.org ", "ann.lee@example.org"]


def erase(shop: Shop, email: str) -> None:
    from ingestion.suppression import identifier_hmac
    from warehouse.keys import derived_key

    state = open_state(shop.home)
    with state:
        state.execute(
            "insert into tombstones values ('email', ?, '2026-01-01', 'asked')",
            (identifier_hmac(derived_key(shop.home, "tombstones"), "email", email),),
        )
    state.close()


@pytest.mark.parametrize("sent", ERASED)
def test_an_erased_person_stays_erased_whatever_is_sent(shop: Shop, sent: str) -> None:
    shop.declare(columns=(Column("id"), Column("email", identifier="email")))
    erase(shop, "ann.lee@example.org")
    shop.deliver("a.csv", f"id,email\n1,{sent}\n2,bob@example.org\n3,\n")

    counts = shop.bring()

    assert (counts.received, counts.loaded, counts.suppressed) == (3, 2, 1)
    assert shop.rows("id") == [("2",), ("3",)]


def test_an_erased_person_inside_json_stays_erased(shop: Shop) -> None:
    shop.declare(format="jsonl", columns=(Column("id"), Column("p", "json"), Column("p.email", identifier="email")))
    erase(shop, "ann.lee@example.org")
    shop.deliver("a.jsonl", [{"id": 1, "p": {"email": "ANN.LEE@example.org"}}, {"id": 2, "p": {}}])

    assert shop.bring().suppressed == 1


def test_quarantine_keeps_no_erased_person(shop: Shop) -> None:
    shop.declare(columns=(Column("id"), Column("email", identifier="email")))
    erase(shop, "ann.lee@example.org")
    shop.deliver("a.csv", "id,email\n1,ann.lee@example.org,extra\n2,bob@example.org\n")
    shop.bring()

    assert shop.quarantine() == [(2, "3 columns where the header has 2", "‹suppressed›")]


def test_another_key_stops_the_load(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.declare(columns=(Column("id"), Column("email", identifier="email")))
    erase(shop, "ann.lee@example.org")
    shop.deliver("a.csv", "id,email\n1,ann.lee@example.org\n")
    shop.land()
    monkeypatch.setenv("CDP_SECRET_KEY", "another")

    with pytest.raises(CdpError, match="secret key is not the one"):
        shop.load()

    assert shop.query("select count(*) from duckdb_tables() where table_name = 'shop__people'") == [(0,)]


def test_two_tables_never_share_a_file_by_accident(shop: Shop) -> None:
    shop.deliver("a.csv", LINE)
    towns = replace(shop.table, name="towns", identifier="shop__towns", files="towns/**/*", optional=True)
    source = replace(shop.source, tables=(shop.table, towns))

    assert [(file.table, file.file) for file in land(shop.home, declared=[source])] == [("people", "people/a.csv")]
