"""Changes say why: the edge that joined, the reason of a split, the judgement that was heard."""

import json
from datetime import datetime

PAIR = {"a:1": "ann@x.org", "b:1": "ann@x.org"}


def evidence(world, change_type: str) -> list[tuple[str | None, dict | None]]:
    rows = world.con.execute(
        "select record_id, evidence from identity.run_changes where change_type = ? order by all", [change_type]
    ).fetchall()
    return [(record, text and json.loads(text)) for record, text in rows]


def judge(world, one: str, other: str, verdict: str, recorded_at: datetime) -> None:
    world.con.execute(
        "create or replace table identity.judgements as select $l as record_id_l, $r as record_id_r, "
        "$verdict as verdict, 'jud_1' as judgement_id, 'the data team' as author, $at::timestamp as recorded_at",
        {"l": one, "r": other, "verdict": verdict, "at": recorded_at},
    )


def mailboxes(world, of: dict[str, str]) -> None:
    for name, email in of.items():
        world.record(name, given="ann", email=email)


def test_a_record_joins_by_its_strongest_edge(world):
    mailboxes(world, PAIR | {"c:1": "ann@c.org"})
    world.run()
    edge = {"kind": "deterministic", "rule": "same_email_and_name", "match_weight": 14.0}
    assert evidence(world, "joined") == [
        ("a:1", edge | {"record_id": "b:1"}),
        ("b:1", edge | {"record_id": "a:1"}),
        ("c:1", None),
    ]


def test_a_merge_names_the_edge_between_the_two_not_one_inside_either(world):
    mailboxes(world, {"c:1": "ann@c.org"})
    world.run()
    mailboxes(world, PAIR)
    for name in PAIR:
        world.identifiers.append((name, "user_id", "u1"))  # worth more bits, and older than the merge
    world.run()
    world.identifiers.append(("c:1", "email", "ann@x.org"))
    world.run()
    ((_, merged),) = evidence(world, "merged")
    assert merged["rule"] == "same_email_and_name"
    assert evidence(world, "retired") == [(None, merged)]


def test_a_split_without_an_edge_left_says_so(world):
    mailboxes(world, PAIR)
    world.run()
    mailboxes(world, {"b:1": "ann@elsewhere.org"})
    world.run()
    reason = {"reason": "no edge is left", "match_weight": None}
    assert evidence(world, "split") == [(None, reason)]
    assert [why for _, why in evidence(world, "left")] == [reason]


def test_a_restored_id_says_how_many_of_its_last_records_hold_it_again(world):
    world.record("a:1").record("b:1").record("b:2")
    world.run_on([["a:1"], ["b:1", "b:2"]])
    world.run_on([["a:1", "b:1", "b:2"]])
    world.forget("b:2")
    world.run_on([["a:1"], ["b:1"]])
    ((_, why),) = evidence(world, "restored")
    assert why["reason"] == "given back"
    assert (why["held_last"], why["hold_again"]) in [(1, 1), (2, 1)]


def test_a_customer_without_records_says_that_they_are_gone(world):
    world.record("a:1")
    world.run_on([["a:1"]])
    world.forget("a:1")
    world.run_on([])
    assert evidence(world, "retired") == [(None, {"reason": "its records are gone"})]
    assert evidence(world, "left") == [("a:1", {"reason": "its record is gone"})]


def test_a_judgement_that_parts_two_records_is_named_with_those_that_moved(world):
    mailboxes(world, PAIR)
    world.run()
    judge(world, "a:1", "b:1", "different", datetime(2026, 1, 1, 12))
    found = world.run_on([["a:1"], ["b:1"]])

    (judged,) = [change for change in world.changes() if change[0] == "judged"]
    moved = judged[3]
    (stayed,) = {"a:1", "b:1"} - {moved}
    assert judged[:3] == ("judged", found[moved], found[stayed])
    assert evidence(world, "judged") == [
        (moved, {"verdict": "different", "judgement_id": "jud_1", "record_id": stayed})
    ]
    when = world.con.execute(
        "select effective_at, recorded_at from identity.run_changes where change_type = 'judged'"
    ).fetchall()
    assert when == [(datetime(2026, 1, 1, 12), datetime(2026, 1, 2))]

    assert evidence(world, "split") == [(None, {"reason": "judged different", "match_weight": None})]
    world.run_on([["a:1"], ["b:1"]])
    assert world.changes() == []


def test_a_judgement_that_joins_two_customers_is_named_with_those_that_moved(world):
    world.record("a:1").record("b:1")
    world.run_on([["a:1"], ["b:1"]])
    judge(world, "a:1", "b:1", "same", datetime(2026, 1, 1, 12))
    world.run_on([["a:1", "b:1"]])
    assert len(evidence(world, "judged")) == 1


def test_a_judgement_heard_before_or_of_no_effect_is_not_named(world):
    world.record("a:1").record("b:1").record("c:1")
    world.run_on([["a:1", "b:1"], ["c:1"]])
    judge(world, "a:1", "b:1", "different", datetime(2025, 12, 31))
    world.run_on([["a:1"], ["b:1"], ["c:1"]])
    assert evidence(world, "judged") == []
    judge(world, "a:1", "b:1", "unsure", datetime(2026, 1, 2, 12))
    world.run_on([["a:1", "b:1"], ["c:1"]])
    assert evidence(world, "judged") == []
