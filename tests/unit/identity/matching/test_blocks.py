"""Keys that are kept from run to run are those that would be made: a key hangs on more than its record's own row."""

from collections.abc import Callable

import pytest

from identity.matching import blocks
from identity.matching.blocks import make_keys, renew_keys
from identity.matching.candidates import rules_for
from identity.matching.contacts import settle_contacts
from identity.matching.hygiene import cut_shared_identifiers
from identity.matching.people import load_people, prepare_people
from identity.matching.touched import load_faces
from identity.roles import platform_roles
from tests.unit.identity.conftest import World

ROLES = platform_roles()
RULES = rules_for(ROLES)
PERSON = {"given": "anna", "family": "hillmann", "email": "anna.h@works.org", "postal": "00012", "born": "1980-02-03"}
AT_WORK = PERSON | {"email": "anna.h@hillworks1.org"}


def prepare(world: World) -> None:
    world.load()
    prepare_people(world.con, ROLES)
    cut_shared_identifiers(world.con, ROLES)
    settle_contacts(world.con, platform_roles().tells_apart)
    load_faces(world.con, ROLES)


def renew(world: World, rules: dict[str, str] = RULES) -> list[str]:
    """Bring the kept keys to the records that there are; gives whose had to be made."""
    prepare(world)
    renew_keys(world.con, ROLES, rules)
    return [row[0] for row in world.con.execute("select record_id from keyless order by 1").fetchall()]


def kept(world: World) -> dict[str, tuple]:
    """By record, the keys that are kept."""
    rows = world.con.execute("select record_id, keys.* from identity.block_keys as keys left join face using (face)")
    return {record_id: row for record_id, *row in rows.fetchall()}


def made_anew(world: World) -> dict[str, tuple]:
    load_people(world.con, ROLES)
    make_keys(world.con, RULES)
    rows = world.con.execute(
        "select record_id, face, record_key.* exclude (record_no) from record_key join face using (record_no)"
    )
    return {record_id: row for record_id, *row in rows.fetchall()}


def others(count: int, **fields: str) -> Callable[[World], None]:
    """So many more records with these fields; a star in one stands for the number of the record."""

    def change(world: World) -> None:
        for n in range(count):
            world.record(f"a:more{n}", **{name: value.replace("*", str(n)) for name, value in fields.items()})

    return change


@pytest.mark.parametrize(
    ("fields", "change", "rule"),
    [
        (PERSON, lambda world: world.record("b:p", **PERSON | {"postal": "00013"}), "postal_code"),
        ({"email": "anna.hillmann@works.org"}, others(2, given="anna", family="hillmann"), "names"),
        (PERSON, others(30, email="m*@works.org"), "names_and_domain"),
        (PERSON, others(6, given="*oe", email="anna.h@works.org"), "email_user"),
        (AT_WORK, others(1, given="max", company="hillworks"), "names_and_employer"),
    ],
    ids=["its own row", "an implied name", "a provider's domain", "a cut identifier", "an implied employer"],
)
def test_whatever_changes_a_key_makes_it_anew(
    world: World, fields: dict[str, str], change: Callable[[World], None], rule: str
) -> None:
    world.record("b:p", **fields).record("b:q", given="oskar", family="bell", postal="00014")
    renew(world)
    before = kept(world)["b:p"]

    change(world)
    made = renew(world)

    place = 1 + list(RULES).index(rule)
    assert kept(world)["b:p"][place] != before[place]
    assert kept(world) == made_anew(world)
    assert "b:q" not in made


def test_keys_are_made_of_new_records_and_dropped_with_those_that_are_gone(world: World) -> None:
    world.record("a:1", given="anna").record("a:2", given="oskar")
    assert renew(world) == ["a:1", "a:2"]
    assert renew(world) == []

    world.forget("a:1")
    world.record("a:3", given="ida")
    assert renew(world) == ["a:3"]
    assert set(kept(world)) == {"a:2", "a:3"}

    world.con.execute("drop table identity.block_keys")
    assert renew(world) == ["a:2", "a:3"]


def test_keys_of_other_code_or_other_rules_are_made_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.record("a:1", given="anna", postal="00012")
    renew(world)
    assert renew(world, RULES | {"more": "given_name"}) == ["a:1"]
    assert renew(world) == ["a:1"]

    monkeypatch.setattr("identity.matching.touched.code_of", lambda *_: "other code")
    assert renew(world) == ["a:1"]


def test_a_renewal_that_is_killed_leaves_the_keys_that_were(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.record("a:1", given="anna")
    renew(world)
    before = world.con.execute("from identity.block_keys").fetchall()
    world.forget("a:1")
    world.record("a:2", given="ida")

    monkeypatch.setattr(blocks, "crash_point", interrupt)
    with pytest.raises(KeyboardInterrupt):
        renew(world)
    monkeypatch.undo()

    assert world.con.execute("from identity.block_keys").fetchall() == before
    assert renew(world) == ["a:2"]


def interrupt(_: str) -> None:
    raise KeyboardInterrupt


def test_another_implied_name_is_another_face_though_as_many_hold_it(world: World) -> None:
    world.record("b:p", email="anna.meyer@works.org")
    for name in ("a:1", "a:2"):
        world.record(name, given="anna", family="meyer")
    prepare(world)
    before = world.con.execute("select face from face where record_id = 'b:p'").fetchall()

    for name in ("a:1", "a:2"):
        world.record(name, given="anna", family="meier")
    prepare(world)

    assert world.con.execute("select family_name from named where record_id = 'b:p'").fetchall() == [("meier",)]
    assert world.con.execute("select face from face where record_id = 'b:p'").fetchall() != before
