"""Delivery semantics: whatever is delivered, however often and in whatever order, raw holds each thing once."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.declared import Column
from tests.unit.ingestion.conftest import Shop

Row = dict[str, Any]


@pytest.fixture
def shop(shop: Shop) -> Shop:
    shop.declare(format="jsonl")
    return shop


def upserts(shop: Shop, ordered: bool = False) -> None:
    columns = (Column("id", required=True), Column("name"), Column("changed", "timestamp"))
    shop.declare(delivery="upserts", ordered_by="changed" if ordered else None, columns=columns)


def snapshots(shop: Shop) -> None:
    shop.declare(delivery="snapshot")


def people(*names: str) -> list[Row]:
    return [{"id": str(n), "name": name, "town": "Bern"} for n, name in enumerate(names, 1) if name]


def test_the_same_file_under_another_name_is_skipped(shop: Shop) -> None:
    shop.deliver("a.jsonl", people("Ann", "Bob"))
    shop.bring()
    shop.deliver("renamed/b.jsonl", people("Ann", "Bob"))

    assert shop.land() == []
    assert shop.bring().files == 0


def test_a_snapshot_that_goes_back_is_no_redelivery(shop: Shop) -> None:
    snapshots(shop)
    for day, rows in {1: people("Ann", "Bob"), 2: people("Ann"), 3: people("Ann", "Bob")}.items():
        shop.deliver(f"people_2026-01-0{day}.jsonl", rows)
    shop.deliver("copy of people_2026-01-01.jsonl", people("Ann", "Bob"))

    assert shop.bring().files == 3
    assert shop.query("select _is_deleted from raw.shop__people where id = '2' order by _load_id") == [
        (False,), (True,), (False,),
    ]  # fmt: skip


def test_the_same_name_with_other_content_is_another_file(shop: Shop) -> None:
    shop.deliver("a.jsonl", people("Ann"))
    shop.bring()
    shop.deliver("a.jsonl", people("Ann", "Bob"))

    counts = shop.bring()

    assert (counts.files, counts.loaded, counts.duplicate) == (1, 1, 1)
    assert len({file for (file,) in shop.query("select file from raw.loads")}) == 2


def test_an_event_is_kept_once_for_ever(shop: Shop) -> None:
    for name, rows in {"a": people("Ann"), "b": people("Anna"), "c": [*people("Ann", "Bob"), *people("Ann")]}.items():
        shop.deliver(f"{name}.jsonl", rows)
        shop.bring()

    assert shop.rows("id, name") == [("1", "Ann"), ("1", "Anna"), ("2", "Bob")]


def test_a_correction_that_goes_back_keeps_three_versions(shop: Shop) -> None:
    upserts(shop)
    for number, name in enumerate(["Ann", "Ann", "Anna", "Anna", "Ann"]):
        shop.deliver(f"2026-01-0{number + 1}.jsonl", [{"id": "1", "name": name, "changed": None}])
        shop.bring()

    assert shop.query("select name from raw.shop__people order by _load_id") == [("Ann",), ("Anna",), ("Ann",)]


def test_a_correction_that_goes_back_inside_one_load_keeps_three_versions(shop: Shop) -> None:
    upserts(shop)
    rows = [{"id": "1", "name": name, "changed": None} for name in ["Ann", "Ann", "Anna", "Ann", "Ann"]]
    shop.deliver("a.jsonl", rows)

    counts = shop.bring()

    assert (counts.loaded, counts.duplicate) == (3, 2)
    assert shop.query("select name from raw.shop__people order by _line") == [("Ann",), ("Anna",), ("Ann",)]


def test_versions_that_say_which_is_newer_are_known_by_content(shop: Shop) -> None:
    upserts(shop, ordered=True)
    versions = [{"id": "1", "name": name, "changed": f"2026-01-0{day}"} for day, name in enumerate(["A", "B", "A"], 1)]
    shop.deliver("a.jsonl", [versions[2], versions[0]])
    shop.bring()
    shop.deliver("b.jsonl", versions)

    counts = shop.bring()

    assert (counts.loaded, counts.duplicate) == (1, 2)
    assert shop.rows("name, changed") == [("A", "2026-01-01"), ("A", "2026-01-03"), ("B", "2026-01-02")]


def test_who_is_absent_from_a_snapshot_is_marked_deleted(shop: Shop) -> None:
    snapshots(shop)
    for day, rows in {1: people("Ann", "Bob"), 2: people("Ann"), 3: people("Ann"), 4: people("Ann", "Bob")}.items():
        shop.deliver(f"people_2026-01-0{day}.jsonl", [*rows, {"id": "day", "name": str(day)}])
        shop.bring()

    versions = shop.query("select name, _is_deleted from raw.shop__people where id = '2' order by _load_id, _line")
    assert versions == [("Bob", False), (None, True), ("Bob", False)]
    assert shop.query("select count(*) from raw.shop__people where _is_deleted") == [(1,)]


def test_a_late_older_snapshot_takes_its_place(shop: Shop) -> None:
    days = {1: people("Ann", "Bob"), 2: people("Anna", "", "Cid"), 3: people("Ann", "Bob", "Cid")}
    snapshots(shop)
    for day in (1, 3, 2):
        shop.deliver(f"people_2026-01-0{day}.jsonl", days[day])
        shop.bring()

    versions = shop.query("select id, name, _is_deleted from raw.shop__people order by id, _load_id, _line")
    assert versions == [
        ("1", "Ann", False), ("1", "Anna", False), ("1", "Ann", False),
        ("2", "Bob", False), ("2", None, True), ("2", "Bob", False),
        ("3", "Cid", False),
    ]  # fmt: skip


def test_a_snapshot_with_quarantined_rows_deletes_nobody(shop: Shop) -> None:
    snapshots(shop)
    shop.deliver("people_2026-01-01.jsonl", people("Ann", "Bob"))
    shop.bring()
    shop.deliver("people_2026-01-02.jsonl", b'{"id": "1", "name": "Ann", "town": "Bern"}\n{"id": "2", oops\n')

    summary = (shop.land(), shop.load())[1]

    assert shop.query("select count(*) from raw.shop__people where _is_deleted") == [(0,)]
    assert any("not taken for deleted" in warning for warning in summary.warnings)


def test_a_lost_warehouse_is_loaded_again_from_landing(shop: Shop) -> None:
    snapshots(shop)
    for day, rows in {1: people("Ann", "Bob"), 3: people("Ann"), 2: people("Cid")}.items():
        shop.deliver(f"people_2026-01-0{day}.jsonl", rows)
        shop.bring()
    everything = "id, name, _file, _line, _load_id, _content_hash, _is_deleted"
    before = shop.rows(everything)

    shop.lose_warehouse()
    shop.bring()

    assert shop.rows(everything) == before


def test_quarantine_replayed_gives_what_would_be_had_it_never_been_bad(shop: Shop) -> None:
    snapshots(shop)
    good = people("Ann", "Zoë")
    for day, rows in {1: people("Ann", "Bob"), 2: good, 3: people("Ann")}.items():
        text = "".join(f'{{"id": "{r["id"]}", "name": "{r["name"]}", "town": "Bern"}}\n' for r in rows)
        shop.deliver(f"people_2026-01-0{day}.jsonl", text.encode("latin-1"))
        shop.bring()
    assert len(shop.quarantine()) == 1

    shop.declare(encoding="latin-1")
    replayed = shop.replay()

    assert (replayed.loaded, replayed.remaining) == (1, 0)
    assert shop.query("select name, _is_deleted from raw.shop__people where id = '2' order by _load_id, _line") == [
        ("Bob", False), ("Zoë", False), (None, True),
    ]  # fmt: skip


EVENTS = st.lists(st.tuples(st.integers(1, 5), st.sampled_from("ABC"), st.integers(1, 4)), min_size=1, max_size=12)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[tuple[int, str, int]], list[list[tuple[int, str, int]]]]:
    """Some rows, and a schedule: the rows permuted, some repeated, split into files."""
    rows = draw(EVENTS)
    repeated = draw(st.lists(st.sampled_from(rows), max_size=6))
    order = draw(st.permutations([*rows, *repeated]))
    cuts = sorted(draw(st.sets(st.integers(1, len(order)), max_size=4)))
    files = [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True) if start < end]
    return rows, files


@pytest.mark.parametrize("delivery", ["events", "upserts"])
def test_any_schedule_of_delivery_gives_the_same_table(tmp_path_factory: pytest.TempPathFactory, delivery: str) -> None:
    from tests.unit.ingestion.conftest import PEOPLE
    from warehouse.home import Home

    @settings(
        max_examples=int(os.environ.get("CDP_SCHEDULES", "12")), deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(deliveries())
    def promise(schedule: tuple[list[tuple[int, str, int]], list[list[tuple[int, str, int]]]]) -> None:
        rows, files = schedule
        digests = []
        for plan in ([rows], files):
            folder = tmp_path_factory.mktemp("schedule")
            shop = Shop(Home(folder / "home").prepare(), folder / "inbox", PEOPLE)
            shop.declare(format="jsonl")
            if delivery == "upserts":
                upserts(shop, ordered=True)
            for number, part in enumerate(plan):
                shop.deliver(
                    f"{number}.jsonl", [{"id": str(i), "name": n, "changed": f"2026-01-0{d}"} for i, n, d in part]
                )
                if number % 2:
                    shop.bring()
            shop.bring()
            digests.append(shop.digest())
            shop.con.close()
        assert digests[0] == digests[1]

    promise()


CHUNKS_OF_LINES = [
    [{"id": f"{part}-{n}", "name": "x" * (n % 90), "town": {"n": n}} for n in range(3000 * part + 1)]
    for part in range(4)
]


@pytest.mark.parametrize("again", [[], [0], [2, 3]], ids=["all new", "a duplicate inside", "duplicates across files"])
@pytest.mark.parametrize("before", [False, True], ids=["empty table", "known rows"])
def test_the_fast_path_leaves_what_the_careful_one_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: list[int], before: bool
) -> None:
    import ingestion.delivery
    from tests.unit.ingestion.conftest import PEOPLE
    from warehouse.home import Home

    found = []
    for name, at_least in (("fast", 0), ("careful", 1 << 40)):
        monkeypatch.setattr(ingestion.delivery, "STRAIGHT_FROM_BYTES", at_least)
        shop = Shop(Home(tmp_path / name).prepare(), tmp_path / f"{name} inbox", PEOPLE)
        shop.declare(format="jsonl")
        if before:
            shop.deliver("before.jsonl", [{"id": "old"}, CHUNKS_OF_LINES[3][7]])
            shop.bring()
        for number, rows in enumerate(CHUNKS_OF_LINES):
            shop.deliver(f"{number}.jsonl", rows + [CHUNKS_OF_LINES[part][0] for part in again])
        shop.deliver("zz.jsonl", b"")
        counts = shop.bring()
        found.append((counts, shop.rows("id, name, town, _file, _line, _load_id, _content_hash")))
        shop.con.close()

    assert found[0] == found[1]


def test_a_row_without_key_goes_to_quarantine_on_the_fast_path_too(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.delivery.STRAIGHT_FROM_BYTES", 0)
    shop.deliver("a.jsonl", [{"id": "1"}, {"id": None, "name": "nobody"}, {"id": "3"}])

    counts = shop.bring()

    assert (counts.loaded, counts.quarantined) == (2, 1)
    assert shop.rows("id, _line") == [("1", 1), ("3", 3)]


@pytest.mark.parametrize(
    ("odd", "counted"),
    [
        (b'{"id": "x", oops\n', (2, 1)),
        (b'{"id": "x", "name": NaN}\n', (2, 1)),
        (b"\n", (2, 0)),
        (b'{"id": "x", "shoe": 42}\n', (3, 0)),
    ],
    ids=["not JSON", "NaN", "blank line", "new column"],
)
def test_what_the_fast_path_cannot_take_the_careful_one_does(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, odd: bytes, counted: tuple[int, int]
) -> None:
    monkeypatch.setattr("ingestion.delivery.STRAIGHT_FROM_BYTES", 0)
    shop.deliver("a.jsonl", b'{"id": "1"}\n' + odd + b'{"id": "3"}\n')

    counts = shop.bring()

    assert (counts.loaded, counts.quarantined) == counted
    assert shop.query("select _line from raw.shop__people where id = '3'") == [(3,)]
