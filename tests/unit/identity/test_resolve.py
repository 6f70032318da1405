"""The stages together, on graphs small enough to draw."""

from dataclasses import replace

import pytest

from identity.roles import platform_roles


def test_nothing_in_gives_nothing_out(world):
    assert world.run() == {}
    assert world.summary.customers == 0
    assert world.summary.model_version is None


def test_one_record_is_one_customer(world):
    found = world.record("a:1", given="ann", email="ann@x.org").run()
    assert list(found) == ["a:1"]
    assert found["a:1"].startswith("cus_")


def test_records_with_no_values_at_all_stay_apart(world):
    for number in range(20):
        world.record(f"a:{number:02}")
    world.run()
    assert len(world.groups()) == 20


def test_an_email_and_a_given_name_make_a_customer(world):
    world.record("a:1", given="robert", family="gray", email="gray@x.org")
    world.record("b:1", given="bob", family="gray", email="gray@x.org")
    world.run()
    assert world.groups() == {frozenset({"a:1", "b:1"})}


def test_an_email_shared_by_two_given_names_merges_nobody(world):
    world.record("a:1", given="robert", family="gray", email="gray@x.org", phone="+441632960001")
    world.record("b:1", given="susan", family="gray", email="gray@x.org", phone="+441632960001")
    world.run()
    assert world.groups() == {frozenset({"a:1"}), frozenset({"b:1"})}


@pytest.mark.parametrize(
    ("senior", "junior"),
    [
        ({"given": "robert", "family": "gray sr"}, {"given": "robert", "family": "gray jr"}),
        ({"given": "robert", "family": "gray"}, {"given": "robert", "family": "gray jr"}),
        ({"given": "robert i", "family": "gray"}, {"given": "robert ii", "family": "gray"}),
        ({"full_name_std": "robert gray senior"}, {"full_name_std": "robert gray iii"}),
    ],
)
def test_a_senior_and_a_junior_who_share_a_mailbox_stay_apart_once_both_say_so(world, senior, junior):
    world.record("a:1", email="gray@x.org", **senior).record("b:1", email="gray@x.org", **junior)
    world.run()
    are_both_said = senior != {"given": "robert", "family": "gray"}
    assert len(world.groups()) == (2 if are_both_said else 1)


@pytest.mark.parametrize("family", ["senior", "junior"])
def test_a_family_may_be_called_senior(world, family):
    world.record("a:1", full_name_std=f"ann {family}", email="ann@x.org")
    world.record("b:1", given="ann", family=family, email="ann@x.org")
    world.run()
    known = world.con.execute("select family_name, generation from person order by record_id").fetchall()
    assert known == [(family, None)] * 2
    assert len(world.groups()) == 1


def test_the_first_of_several_given_names_may_stand_for_all(world):
    world.record("a:1", given="anna maria", family="gray", email="gray@x.org")
    world.record("b:1", given="anna", family="gray", email="gray@x.org")
    world.run()
    assert len(world.groups()) == 1


def test_two_accounts_may_be_one_customer_unless_accounts_are_declared_exclusive(world):
    world.record("a:1", user_id="u1", given="ann", family="bell", email="ann@x.org")
    world.record("a:2", user_id="u2", given="ann", family="bell", email="ann@x.org")
    world.run()
    assert world.groups() == {frozenset({"a:1", "a:2"})}
    world.run(replace(platform_roles(), exclusive=("user_id",)))
    assert world.groups() == {frozenset({"a:1"}), frozenset({"a:2"})}


def test_a_device_with_one_user_is_that_user_and_a_shared_one_nobodys(world):
    world.record("segment:u1", user_id="u1", given="ann", email="ann@x.org")
    world.record("segment:u2", user_id="u2", given="ben", email="ben@x.org")
    world.device("d1", "u1").device("d2", "u1", "u2").device("d3")
    world.run()
    assert world.groups() == {
        frozenset({"segment:u1", "segment:anonymous:d1"}),
        frozenset({"segment:u2"}),
        frozenset({"segment:anonymous:d2"}),
        frozenset({"segment:anonymous:d3"}),
    }
    cut = world.con.execute(
        "select identifier_type, identifier_value_std, records_count, cap from identity.cut_identifiers"
    ).fetchall()
    assert cut == [("anonymous_id", "d2", 2, 1)]
    assert (world.summary.customers, world.summary.visitors, world.summary.devices) == (2, 2, 3)


def test_an_email_of_many_people_makes_no_edge_and_is_said(world):
    for number, name in enumerate(["ann", "ben", "carl", "dora", "emil", "fay", "ann"]):
        world.record(f"a:{number}", given=name, email="info@x.org")
    world.run()
    assert len(world.groups()) == 7
    rows = world.con.execute(
        "select identifier_type, records_count, cap, reason from identity.cut_identifiers"
    ).fetchall()
    assert rows == [("email", 7, 5, "too many people")]
    assert world.con.execute("select count(*) from identity.edges").fetchall() == [(0,)]


def test_a_visitors_device_is_the_persons_whose_address_was_left_on_it(world):
    world.record("crm:1", given="ada", family="gray", email="ada@x.org").record("pos:1", given="ada", email="ada@x.org")
    world.record("crm:2", given="ben", family="hall", email="both@x.org").record(
        "crm:3", given="eva", email="both@x.org"
    )
    world.record("crm:4", given="cid", email="cid@x.org", user_id="u4")
    for device, emails in {"d1": ["ada@x.org"], "d2": ["ada@x.org", "cid@x.org"], "d3": ["both@x.org"]}.items():
        world.device(device)
        world.identifiers += [(f"segment:anonymous:{device}", "email", email) for email in emails]
    world.device("d4", "u4")
    world.identifiers.append(("segment:anonymous:d4", "email", "ada@x.org"))
    found = world.run()
    assert found["segment:anonymous:d1"] == found["crm:1"] == found["pos:1"]
    assert found["segment:anonymous:d4"] == found["crm:4"] != found["crm:1"]
    people = {found[record] for record in world.records}
    assert found["segment:anonymous:d2"] not in people
    assert found["segment:anonymous:d3"] not in people
