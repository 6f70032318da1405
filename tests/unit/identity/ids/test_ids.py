"""Ids against the previous generation: kept, split, merged, known, retired, and never used again."""

import pytest

from identity.ids.assign import mint


def kinds(world) -> list[tuple[str, str, str | None, str | None]]:
    return [change for change in world.changes() if change[0] not in ("joined", "left")]


def test_the_first_run_creates_and_a_second_changes_nothing(world):
    world.record("a:1", given="ann", email="ann@x.org").record("b:1", given="ann", email="ann@x.org")
    first = world.run()
    (customer,) = set(first.values())
    assert world.changes() == [
        ("created", customer, None, "a:1"),
        ("joined", customer, None, "a:1"),
        ("joined", customer, None, "b:1"),
    ]

    assert world.run() == first
    assert world.changes() == []


def test_a_record_that_joins_takes_the_customers_id_whatever_its_own_name(world):
    world.record("m:1", given="ann", email="ann@x.org")
    first = world.run()
    world.record("a:0", given="ann", email="ann@x.org")  # a smaller record id than the founder's

    assert world.run() == {"m:1": first["m:1"], "a:0": first["m:1"]}
    assert world.changes() == [("joined", first["m:1"], None, "a:0")]


def test_a_merge_keeps_the_oldest_and_retires_the_other(world):
    world.record("b:1", given="ann", email="ann@x.org")
    oldest = world.run()["b:1"]
    world.record("a:1", given="ann", email="ann@y.org")
    younger = world.run()["a:1"]
    world.record("c:1", given="ann", email="ann@x.org").identifiers.append(("c:1", "email", "ann@y.org"))

    assert set(world.run().values()) == {oldest}
    assert kinds(world) == [("merged", younger, oldest, None), ("retired", younger, oldest, None)]


def test_a_merge_keeps_the_known_before_the_anonymous(world):
    world.device("d1")
    visitor = world.run()["segment:anonymous:d1"]
    world.record("segment:u1", user_id="u1", given="ann")
    known = world.run()["segment:u1"]
    world.identifiers.append(("segment:anonymous:d1", "user_id", "u1"))

    assert set(world.run().values()) == {known}
    assert kinds(world) == [("merged", visitor, known, None), ("retired", visitor, known, None)]


def test_a_visitor_keeps_its_id_on_becoming_known(world):
    world.device("d1")
    visitor = world.run()["segment:anonymous:d1"]
    world.record("segment:u1", user_id="u1", given="ann")
    world.identifiers.append(("segment:anonymous:d1", "user_id", "u1"))

    assert set(world.run().values()) == {visitor}
    assert kinds(world) == [("known", visitor, None, None)]


def test_a_split_leaves_the_id_with_the_largest_part_and_never_reuses_one(world):
    world.record("a:1", given="ann", email="ann@x.org")
    world.record("b:1", given="ann", email="ann@x.org").record("c:1", given="ann", email="ann@x.org")
    first = set(world.run().values()).pop()
    world.record("a:1", given="ann", email="ann@z.org")

    second = world.run()

    # a:1 founded the customer, so the id made from it is taken: it gets the next one
    assert second["b:1"] == second["c:1"] == first
    assert second["a:1"] != first
    assert kinds(world) == [("created", second["a:1"], None, "a:1"), ("split", second["a:1"], first, None)]


def test_a_customer_whose_records_all_vanish_is_retired_and_given_back_to_none_but_them(world):
    world.record("a:1", given="ann", email="ann@x.org")
    gone = world.run()["a:1"]
    world.forget("a:1")
    world.run()
    assert kinds(world) == [("retired", gone, None, None)]

    world.record("a:2", given="ann", email="ann@x.org")
    other = world.run()["a:2"]
    assert other != gone

    world.record("a:1", given="ann", email="ann@y.org")
    assert world.run() == {"a:1": gone, "a:2": other}
    assert kinds(world) == [("restored", gone, None, None)]


def test_an_unchanged_assignment_keeps_its_moment_and_its_run(world):
    world.record("a:1", given="ann", email="ann@x.org")
    world.run()
    world.record("b:1", given="ben", email="ben@x.org")
    world.run()
    rows = world.con.execute(
        "select record_id, day(first_assigned_at), run_id from identity.identity_map order by 1"
    ).fetchall()
    assert rows == [("a:1", 1, "run1"), ("b:1", 2, "run2")]


@pytest.mark.parametrize("other", [(b"k" * 32, "a:1", 1), (b"k" * 32, "a:2", 0), (b"l" * 32, "a:1", 0)])
def test_an_id_hangs_on_key_founder_and_ordinal(other):
    one = mint(b"k" * 32, "a:1", 0)
    assert one == mint(b"k" * 32, "a:1", 0) != mint(*other)
    assert len(one) == 20
