"""Which generation readers get, how they go back, and what the janitor sweeps."""

import os
from pathlib import Path
from threading import Event, Thread

import pytest

from publishing.files import current_generation, generations
from publishing.flip import flip, flipped_generations, janitor, prune, rollback
from publishing.previous import attach_previous
from publishing.publish import publish
from publishing.read import open_published
from tests.unit.publishing.world import REQUIRED, fill, gate, publish_version, run_context
from warehouse.connection import connect
from warehouse.errors import CdpError
from warehouse.home import PROJECT, Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def version(home: Home) -> int:
    con = open_published(home)
    try:
        return con.execute("select distinct version from customers").fetchall()[0][0]
    finally:
        con.close()


def test_readers_get_the_newest_generation(home: Home) -> None:
    first, second = publish_version(home, 1), publish_version(home, 2)

    assert second.path == home.current.resolve()
    assert second.rows == {"customer_timeline": 600, "customers": 200, "segments": 2}
    assert version(home) == 2
    assert flipped_generations(home) == [first.generation, second.generation]


def test_three_generations_are_kept_and_an_open_reader_keeps_its_own(home: Home) -> None:
    oldest = publish_version(home, 1)
    reader = open_published(home, restricted=True)
    names = [publish_version(home, number).generation for number in (2, 3, 4)]

    assert generations(home) == names
    assert not oldest.path.exists()
    assert reader.execute("select distinct version from customers").fetchall() == [(1,)]
    assert reader.execute("select count(*) from customers where email ilike 'canary%'").fetchall() == [(200,)]


def test_rollback_goes_to_the_one_before_and_forward_again(home: Home) -> None:
    first, second = publish_version(home, 1), publish_version(home, 2)

    assert rollback(home) == first.generation
    assert version(home) == 1
    assert rollback(home, second.generation) == second.generation
    assert version(home) == 2


def test_after_a_rollback_the_next_run_builds_on_what_is_published(home: Home) -> None:
    first, second = publish_version(home, 1), publish_version(home, 2)
    rollback(home)
    third = publish_version(home, 3)

    assert rollback(home) == first.generation
    assert flipped_generations(home) == [first.generation, second.generation, third.generation]


def test_rollback_refuses_what_is_not_there(home: Home) -> None:
    with pytest.raises(CdpError, match="Nothing is published yet"):
        rollback(home)
    only = publish_version(home).generation
    with pytest.raises(CdpError, match="oldest generation kept"):
        rollback(home)
    with pytest.raises(CdpError, match=only):
        rollback(home, "20200101T000000000000Z-x")


def test_rollback_refuses_a_damaged_generation(home: Home) -> None:
    first, second = publish_version(home, 1), publish_version(home, 2)
    (first.path / "restricted.duckdb").unlink()

    with pytest.raises(CdpError, match=r"restricted\.duckdb is missing"):
        rollback(home)

    assert current_generation(home) == second.generation


def test_flip_refuses_a_generation_that_does_not_exist(home: Home) -> None:
    publish_version(home)
    with pytest.raises(CdpError, match="There is no generation"):
        flip(home, "20200101T000000000000Z-x")


def test_the_link_is_there_at_every_moment_of_a_flip(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [publish_version(home, number).generation for number in (1, 2)]
    monkeypatch.setattr("publishing.flip.fsync", lambda path: None)
    done, seen = Event(), []

    def watch() -> None:
        while not done.is_set():
            try:
                seen.append(os.readlink(home.current))
            except FileNotFoundError:
                seen.append("nothing")

    watcher = Thread(target=watch)
    watcher.start()
    for number in range(2000):
        flip(home, names[number % 2])
    done.set()
    watcher.join()

    assert set(seen) == set(names)


def test_prune_never_removes_the_current_generation(home: Home) -> None:
    first = publish_version(home, 1)
    for number in (2, 3):
        publish_version(home, number)
    rollback(home, first.generation)

    prune(home, keep=1)

    assert first.generation in generations(home)
    assert version(home) == 1


def test_the_janitor_sweeps_litter_and_spares_what_was_published(home: Home) -> None:
    kept = publish_version(home).generation
    litter = [
        "20990101T000000000000Z-a.building",
        "20990101T000000000000Z-a.rejected",
        "20000101T000000000000Z-a.removing",
    ]
    orphan = "20990101T000000000000Z-b"
    for name in (*litter, orphan):
        (home.published / name).mkdir()
        (home.published / name / "customers.duckdb").write_bytes(b"canary")
    (home.published / ".current.next").symlink_to(orphan)
    (home.tmp / "spill").mkdir(exist_ok=True)
    (home.tmp / "spill" / "block").write_bytes(b"canary")

    swept = janitor(home)

    assert set(swept) == {*litter, orphan, ".current.next"}
    assert {path.name for path in home.published.iterdir()} == {kept, "current"}
    assert list(home.tmp.iterdir()) == []
    assert version(home) == 1


def test_the_previous_generation_follows_the_link(home: Home) -> None:
    con = connect(home)
    assert attach_previous(con, home) is None
    con.close()
    first = publish_version(home, 1).generation
    con = connect(home)

    assert attach_previous(con, home) == attach_previous(con, home) == first
    assert con.execute("select count(*) from previous.main.customers").fetchall() == [(200,)]
    assert con.execute("select count(full_name) from previous_restricted.main.customers").fetchall() == [(200,)]
    assert con.execute("select * from previous_activation.main.edges").fetchall() == [("a:1", "b:2", 1)]

    fill(con, 2)
    gate(home, con)
    second = publish(home, con, run_context(2), REQUIRED).generation
    assert attach_previous(con, home) == second
    assert con.execute("select distinct version from previous.main.customers").fetchall() == [(2,)]
    con.close()


def test_a_run_built_upon_another_generation_is_not_published(home: Home) -> None:
    publish_version(home, 1)
    publish_version(home, 2)
    con = connect(home)
    attach_previous(con, home)
    fill(con, 3)
    gate(home, con)
    rollback(home)

    with pytest.raises(CdpError, match="was built upon generation"):
        publish(home, con, run_context(3), REQUIRED)
    con.close()


def test_verification_starts_from_any_folder(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Path.cwd() != PROJECT
    publish_version(home)
