"""A run's effect on the published map, on clusters written out by hand."""

from tests.unit.identity.conftest import World


def effect(world: World, *names: str) -> tuple:
    return world.con.execute(f"select {', '.join(names)} from identity.run_effect").fetchall()[0]


def people(world: World, *records: str) -> World:
    for record in records:
        world.record(record)
    return world


MOVED = ("has_previous", "compared_records_count", "moved_records_count", "moved_pct")


def test_a_first_run_has_nothing_to_compare_with(world: World) -> None:
    people(world, "a:1", "a:2", "b:1").run_on([["a:1", "b:1"], ["a:2"]])

    assert effect(world, *MOVED) == (False, 0, 0, 0.0)
    assert effect(world, "records_before_count", "records_count", "customers_count") == (0, 3, 2)
    assert effect(world, "merged_pct", "created_count", "joined_count") == (0.0, 2, 3)


def test_new_records_move_nobody(world: World) -> None:
    people(world, "a:1", "a:2").run_on([["a:1"], ["a:2"]])
    people(world, "a:3", "a:4").run_on([["a:1", "a:3"], ["a:2"], ["a:4"]])

    assert effect(world, *MOVED) == (True, 2, 0, 0.0)
    assert effect(world, "largest_cluster_records_before_count", "largest_cluster_records_count") == (1, 2)


def test_a_merge_moves_the_records_of_the_id_that_ends(world: World) -> None:
    people(world, "a:1", "a:2", "a:3", "a:4").run_on([["a:1", "a:2"], ["a:3"], ["a:4"]])
    world.run_on([["a:1", "a:2", "a:3"], ["a:4"]])

    assert effect(world, *MOVED) == (True, 4, 1, 25.0)
    assert effect(world, "merged_count", "retired_count", "merged_customers_count", "merged_pct") == (1, 1, 1, 33.333)


def test_a_split_moves_the_records_that_leave(world: World) -> None:
    people(world, "a:1", "a:2", "a:3").run_on([["a:1", "a:2", "a:3"]])
    world.run_on([["a:1", "a:2"], ["a:3"]])

    assert effect(world, *MOVED) == (True, 3, 1, 33.333)
    assert effect(world, "split_count", "merged_count", "retired_count") == (1, 0, 0)


def test_devices_are_no_people(world: World) -> None:
    people(world, "a:1").device("d1").device("d2").run_on([["a:1"], ["segment:anonymous:d1"], ["segment:anonymous:d2"]])
    world.run_on([["a:1", "segment:anonymous:d1", "segment:anonymous:d2"]])

    assert effect(world, *MOVED) == (True, 1, 0, 0.0)
    assert effect(world, "visitors_before_count", "visitors_count", "largest_cluster_records_count") == (2, 0, 1)
    assert effect(world, "merged_count", "merged_customers_count", "merged_pct") == (2, 0, 0.0)
