"""Identity stories: read from YAML, told to a small world batch by batch, and heard back in the same words.

A story's file names its records (`crm:1`, `device:1`), says after each batch who is who (`people`: a made-up name for
each customer → its records; the same name is the same id in every batch) and what the run learned (`changes`), and at
the end since when until when each record was whose (`history`, in numbers of batches). Expected is what is right for
the people concerned.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.unit.identity.conftest import World

FOLDER = Path(__file__).parent / "stories"
FORMS = {
    "joined": "{record} joined {customer}{from}",
    "left": "{record} left {customer}{for}",
    "judged": "{record} judged{from}",
    "created": "created {customer}",
    "restored": "restored {customer}{from}",
    "split": "split {customer}{from}",
    "known": "known {customer}",
    "merged": "merged {customer}{into}",
    "retired": "retired {customer}{for}",
}


@dataclass(frozen=True)
class Story:
    """One file. Batches hold records, removed, judgements, withdrawn, people and changes, as written."""

    name: str
    batches: list[dict[str, Any]]
    history: list[str]

    def record_id(self, short: str) -> str:
        source, number = short.split(":")
        return f"{'segment:anonymous' if source == 'device' else source}:{self.name}.{number}"

    def short(self, record_id: str) -> str:
        source, number = record_id.replace("segment:anonymous", "device").split(f":{self.name}.")
        return f"{source}:{number}"

    def owns(self, record_id: str) -> bool:
        return f":{self.name}." in record_id


@dataclass
class Heard:
    """What the runs said about one story, batch by batch."""

    people: list[dict[str, str]] = field(default_factory=list)
    changes: list[list[tuple]] = field(default_factory=list)
    history: list[tuple] = field(default_factory=list)


def read_stories() -> list[Story]:
    stories = []
    for path in sorted(FOLDER.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        stories.append(Story(path.stem, content["batches"], content["history"]))
    return stories


def tell(world: World, story: Story, batch: dict[str, Any]) -> None:
    """Bring one batch of one story into the world."""
    for short in batch.get("removed", []):
        world.forget(story.record_id(short))
    for short, given in batch.get("records", {}).items():
        record_id = story.record_id(short)
        world.forget(record_id)
        if short.startswith("device:"):
            world.device(f"{story.name}.{short.split(':')[1]}", *(f"{story.name}.{user}" for user in given["users"]))
            continue
        fields = {name: str(value) for name, value in given.items() if name not in ("user", "also")}
        world.record(record_id, f"{story.name}.{given['user']}" if "user" in given else None, **fields)
        world.identifiers += [(record_id, kind, str(value)) for kind, value in given.get("also", [])]
    for one, other, verdict in batch.get("judgements", []):
        judge(world, story.record_id(one), story.record_id(other), verdict)
    if batch.get("withdrawn"):
        withdraw(world, story)


def judge(world: World, one: str, other: str, verdict: str) -> None:
    from governance.judgements import new_decision, record

    record(world.home, [new_decision([(one, other)], verdict, author="the story", reason="so it goes")])


def withdraw(world: World, story: Story) -> None:
    from governance.judgements import counting
    from governance.judgements import withdraw as take_back

    own = [judgement for judgement in counting(world.home) if story.owns(judgement.record_id_l)]
    take_back(world.home, own, author="the story", reason="it was wrong")


def listen(world: World, story: Story, heard: Heard) -> None:
    """Add what the run that just ended says about the story."""
    found = world.con.execute("select record_id, customer_id from identity.identity_map").fetchall()
    heard.people.append({story.short(record): customer for record, customer in found if story.owns(record)})
    ids = set(heard.people[-1].values()) | {id for people in heard.people for id in people.values()}
    heard.changes.append([change for change in world.changes() if change[1] in ids or change[2] in ids])
    heard.history = [
        (story.short(record), customer, begun, ended)
        for record, customer, begun, ended in world.con.execute("""
            select
                record_id, customer_id, date_diff('day', timestamp '2026-01-01', valid_from) + 1,
                date_diff('day', timestamp '2026-01-01', valid_to)
            from previous.main.identity_history
        """).fetchall()
        if story.owns(record)
    ]


def named(story: Story, heard: Heard) -> dict[str, str]:
    """id → the name that the story uses: a name stands for the id of its first record where it first occurs."""
    names: dict[str, str] = {}
    for batch, people in zip(story.batches, heard.people, strict=True):
        for name, records in batch["people"].items():
            if name not in names.values() and (customer := people.get(records[0])):
                names.setdefault(customer, name)
    return names


def expected_people(batch: dict[str, Any]) -> dict[str, str]:
    return {record: name for name, records in batch["people"].items() for record in records}


def told_changes(story: Story, names: dict[str, str], changes: list[tuple]) -> list[str]:
    """A run's changes in the words of the story."""

    def called(customer: str | None) -> str:
        return names.get(customer or "", customer or "")

    def sentence(kind: str, customer: str, other: str | None, record: str | None) -> str:
        joints = {joint: f" {joint} {called(other)}" if other else "" for joint in ("from", "for", "into")}
        return FORMS[kind].format_map(
            {"customer": called(customer), "record": story.short(record) if record else "", **joints}
        )

    return sorted(sentence(*change) for change in changes)


def told_history(names: dict[str, str], periods: list[tuple]) -> list[str]:
    return sorted(
        f"{record} {names.get(customer, customer)} {begun}-{'' if ended is None else ended}"
        for record, customer, begun, ended in periods
    )


def batches(stories: list[Story]) -> Iterator[list[tuple[Story, dict[str, Any]]]]:
    """The first batch of every story, then the second, and so on; a story that is over has none."""
    for number in range(max(len(story.batches) for story in stories)):
        yield [(story, story.batches[number]) for story in stories if number < len(story.batches)]
