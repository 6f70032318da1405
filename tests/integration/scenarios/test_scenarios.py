"""Twenty-five stories of who is who, all in one world: told batch by batch, and told all at once."""

from itertools import chain
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.integration.scenarios.stories import (
    Heard,
    Story,
    batches,
    expected_people,
    listen,
    named,
    read_stories,
    tell,
    told_changes,
    told_history,
)
from tests.unit.identity.conftest import World
from warehouse.home import Home

STORIES = read_stories()
Batches = list[tuple[Story, dict[str, Any]]]
WANTED = {
    *("fan_in", "fan_out", "diamond", "chain", "reverse_chain", "late_merge", "out_of_order", "self_bridge"),
    *("shared_inbox", "shared_device", "two_users_one_device", "conflicting_user_ids", "junk_identifier"),
    *("split_after_judgement", "undo_merge", "erased_bridge", "cap_crossed", "cap_uncrossed", "changed_email"),
    *("moved_house", "married_name", "twins", "father_and_son", "company_switch", "second_account"),
}
EACH_STORY = pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])


def new_world(folder: Path, sample_run: Path) -> World:
    """A world with the linkage model that the sample company trained: the stories are too few to train one."""
    home = Home(folder / "home").prepare()
    copytree(sample_run / "models", home.models, dirs_exist_ok=True)
    return World(home)


@pytest.fixture(scope="module")
def batch_by_batch(tmp_path_factory, sample_run) -> dict[str, Heard]:
    """Every story told incrementally: one run after each batch."""
    world = new_world(tmp_path_factory.mktemp("incremental"), sample_run)
    return told(world, [[one] for one in batches(STORIES)])


@pytest.fixture(scope="module")
def all_at_once(tmp_path_factory, sample_run) -> dict[str, Heard]:
    """Every story told to its end before the one run."""
    world = new_world(tmp_path_factory.mktemp("full"), sample_run)
    return told(world, [list(batches(STORIES))])


def told(world: World, runs: list[list[Batches]]) -> dict[str, Heard]:
    """What is heard of every story: the batches before each run, then the run, then those whose story it concerned."""
    heard = {story.name: Heard() for story in STORIES}
    for before in runs:
        for story, batch in chain.from_iterable(before):
            tell(world, story, batch)
        world.run()
        for story in {story.name: story for story, _ in chain.from_iterable(before)}.values():
            listen(world, story, heard[story.name])
        assert_disjoint(world)
    return heard


def assert_disjoint(world: World) -> None:
    """No record of one story is ever in a cluster of another: else a story would not stand for itself."""
    mixed = [group for group in world.groups() if len({name.split(":")[-1].split(".")[0] for name in group}) > 1]
    assert mixed == []


@EACH_STORY
def test_batch_by_batch_every_map_change_and_period_is_as_it_should_be(batch_by_batch, story: Story):
    heard = batch_by_batch[story.name]
    names = named(story, heard)
    for batch, people, changes in zip(story.batches, heard.people, heard.changes, strict=True):
        assert {record: names.get(id, id) for record, id in people.items()} == expected_people(batch)
        assert told_changes(story, names, changes) == sorted(batch.get("changes", []))
    assert told_history(names, heard.history) == sorted(story.history)


@EACH_STORY
def test_all_at_once_the_same_people_come_out(all_at_once, story: Story):
    (people,) = all_at_once[story.name].people
    groups = {frozenset(record for record, id in people.items() if id == one) for one in people.values()}
    assert groups == {frozenset(records) for records in story.batches[-1]["people"].values()}


def test_every_story_that_was_asked_for_is_told():
    assert {story.name for story in read_stories()} >= WANTED
