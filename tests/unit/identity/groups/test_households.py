"""Who lives together: by a door and a name, by a door and a shared contact point, and not by a door alone."""

from datetime import datetime
from random import Random


def together(found: dict[str, str]) -> set[frozenset[str]]:
    """Households of several."""
    groups: dict[str, set[str]] = {}
    for customer, household in found.items():
        groups.setdefault(household, set()).add(customer)
    return {frozenset(group) for group in groups.values() if len(group) > 1}


def test_a_family_behind_one_door_is_a_household_of_distinct_customers(town):
    town.lives("ann", "bauer").lives("ben", "bauer").lives("cid", "bauer").lives("eve", "bauer", "oak rd 7")

    found = town.households()

    assert together(found) == {frozenset({"ann", "ben", "cid"})}
    assert found["eve"] != found["ann"]
    assert town.counts["households"] == 2
    assert all(household.startswith("hh_") and len(household) == 19 for household in found.values())


def test_a_couple_of_two_names_is_a_household_and_two_families_in_one_house_are_two(town):
    town.lives("ann", "bauer").lives("ben", "krause")
    for customer, family in (("c1", "hill"), ("c2", "hill"), ("d1", "wood"), ("d2", "wood")):
        town.lives(customer, family, "oak rd 7")

    assert together(town.households()) == {
        frozenset({"ann", "ben"}),
        frozenset({"c1", "c2"}),
        frozenset({"d1", "d2"}),
    }


def test_a_block_of_flats_does_not_become_one_household(town):
    for number in range(15):
        town.lives(f"c{number:02}", f"family{chr(97 + number) * 3}")
    town.lives("x1", "familyaaa")

    assert together(town.households()) == {frozenset({"c00", "x1"})}


def test_a_door_with_a_crowd_behind_it_says_nothing_and_is_told(town):
    for number in range(30):
        town.lives(f"c{number:02}", "bauer")

    assert together(town.households()) == set()
    assert town.con.execute("select entity, kind, members_count, cap from identity.cut_groups").fetchall() == [
        ("household", "address", 30, 20)
    ]


def test_more_than_a_dozen_of_one_name_are_left_apart_and_told(town):
    for number in range(15):
        town.lives(f"c{number:02}", "bauer")

    assert together(town.households()) == set()
    assert town.con.execute("select kind, members_count, cap from identity.cut_groups").fetchall() == [
        ("group", 15, 12)
    ]
    told = "select count(distinct member_id) from identity.cut_group_members where kind = 'group'"
    assert town.con.execute(told).fetchall() == [(15,)]


def test_two_flats_are_two_households_and_who_names_no_flat_joins_one_of_them(town):
    town.lives("a1", "bauer", unit="apt 3").lives("a2", "bauer", unit="apt 3")
    town.lives("b1", "bauer", unit="apt 4").lives("b2", "bauer", unit="apt 4")
    town.lives("c1", "bauer")

    found = together(town.households())

    assert len(found) == 2
    assert not any({"a1", "b1"} <= group for group in found)
    assert any("c1" in group for group in found)


def test_a_shared_landline_joins_behind_one_door_whatever_the_names(town):
    for number in range(6):
        town.lives(f"c{number}", f"family{chr(97 + number) * 3}", shares="+4930555" if number < 2 else "")

    assert together(town.households()) == {frozenset({"c0", "c1"})}


def test_a_family_mailbox_joins_one_without_an_address_and_a_stranger_it_does_not(town):
    town.lives("ann", "bauer", shares="thebauers@x.org").person("ben", family="bauer", shares="thebauers@x.org")
    town.person("eve", family="hill", shares="thebauers@x.org")

    assert together(town.households()) == {frozenset({"ann", "ben"})}
    assert "eve" not in town.households()


def test_a_mailbox_of_more_than_five_is_cut(town):
    for number in range(6):
        town.person(f"c{number}", family="bauer", shares="info@x.org")

    assert town.households() == {}
    assert town.con.execute("select kind, members_count, cap from identity.cut_groups").fetchall() == [("email", 6, 5)]
    assert town.con.execute(
        "select member_id, kind, members_count, cap, reason from identity.cut_group_members"
    ).fetchall() == [(f"c{number}", "email", 6, 5, "too many customers") for number in range(6)]


def test_a_device_with_two_users_of_one_name_is_a_households(town):
    for customer in ("ann", "ben"):
        town.person(customer, family="bauer", record=f"segment:{customer}")
        town.identifier(f"segment:{customer}", "user_id", customer)
        town.identifier("segment:anonymous:tablet", "user_id", customer)
    row = {"record_id": "segment:anonymous:tablet", "customer_id": "cus_visitor", "is_device": True}
    town.rows["identity.identity_map"].append(row)

    assert together(town.households()) == {frozenset({"ann", "ben"})}


def test_who_shares_a_mailbox_and_lives_elsewhere_is_kept_apart(town):
    town.lives("ann", "bauer", shares="thebauers@x.org").lives("ben", "bauer", "oak rd 7", shares="thebauers@x.org")
    town.person("cid", family="bauer", shares="thebauers@x.org")

    found = town.households()

    assert found["ann"] != found["ben"]
    assert ("same_contact_other_address", True) in town.rules("household")


def test_the_address_of_a_company_is_no_home(town):
    town.lives("ann", "bauer", company="acme").lives("ben", "bauer").lives("cid", "bauer", "oak rd 7")

    assert set(town.households()) == {"cid"}


def test_a_missing_postal_code_is_filled_in_where_the_town_has_one_such_door(town):
    town.lives("ann", "bauer", city="berlin").lives("ben", "bauer", postal=None, city="berlin")
    town.lives("eve", "bauer", postal=None, city="hamburg")

    assert together(town.households()) == {frozenset({"ann", "ben"})}


def test_customers_without_an_address_or_anybody_to_share_are_in_no_household(town):
    town.person("ann", family="bauer").lives("ben", "bauer").person("cid", street="elm st", family="bauer")

    assert set(town.households()) == {"ben"}


def test_who_moves_leaves_one_household_and_joins_another(town):
    at = datetime(2025, 1, 1)
    town.lives("ann", "bauer", at=at).lives("ben", "bauer", at=at).lives("cid", "bauer", at=at)
    town.lives("eve", "hill", "oak rd 7", at=at)
    first = town.households()
    town.lives("cid", "bauer", "oak rd 7", at=datetime(2025, 6, 1))

    second = town.households()

    assert second == {**first, "cid": first["eve"]}
    assert town.changes("household") == []
    members = town.con.execute("""
        select change_type, member_id, group_id, effective_at from identity.group_run_changes
        where entity = 'household' order by change_type
    """).fetchall()
    said = datetime(2025, 6, 1)
    assert members == [("joined", "cid", first["eve"], said), ("left", "cid", first["ann"], said)]


def test_what_is_no_news_became_true_at_the_runs_moment_and_what_is_new_when_it_was_first_said(town):
    at = datetime(2025, 1, 1)
    told = """
        select change_type, member_id, effective_at from identity.group_run_changes
        where entity = 'household' and change_type in ('created', 'left', 'retired') order by all
    """
    town.lives("ben", "bauer", at=at).households()
    assert town.con.execute(told).fetchall() == [("created", "ben", at)]
    town.lives("ann", "hill", "oak rd 7", at=at).households()
    assert town.con.execute(told).fetchall() == [("created", "ann", at)]

    town.merge("ann", into="ben").households()

    found = datetime(2026, 1, 3)
    assert town.con.execute(told).fetchall() == [("left", "ann", found), ("retired", None, found)]


def test_a_split_leaves_the_id_with_the_larger_part(town):
    at = datetime(2025, 1, 1)
    for customer in ("ann", "ben", "cid"):
        town.lives(customer, "bauer", at=at)
    (first,) = set(town.households().values())
    town.lives("ann", "bauer", "oak rd 7", at=datetime(2025, 6, 1))

    second = town.households()

    assert second["ben"] == second["cid"] == first != second["ann"]
    assert town.changes("household") == [("created", second["ann"], None), ("split", second["ann"], first)]


def test_a_merge_keeps_the_older_id_and_the_other_leads_to_it(town):
    town.lives("ben", "bauer")
    older = town.households()["ben"]
    town.lives("ann", "bauer", "oak rd 7", at=datetime(2025, 1, 1))
    younger = town.households()["ann"]
    town.lives("ann", "bauer", at=datetime(2025, 6, 1))

    assert town.households() == {"ann": older, "ben": older}
    assert town.changes("household") == [("merged", younger, older), ("retired", younger, older)]
    retired = "select entity, group_id, current_group_id from identity.retired_groups"
    assert town.con.execute(retired).fetchall() == [("household", younger, older)]


def test_a_retired_id_is_given_back_to_those_who_held_it_and_to_nobody_else(town):
    at = datetime(2025, 1, 1)
    town.lives("ben", "bauer", at=at)
    town.households()
    town.lives("ann", "bauer", "oak rd 7", at=at)
    first = town.households()
    town.lives("ann", "bauer", at=datetime(2025, 6, 1))
    town.households()
    town.lives("ann", "bauer", "oak rd 7", at=datetime(2025, 9, 1)).lives("eve", "hill", "pine rd 9")

    last = town.households()

    assert {customer: last[customer] for customer in first} == first
    assert last["eve"] not in first.values()
    assert ("restored", first["ann"], None) in town.changes("household")


def test_a_household_survives_a_merge_of_its_customers(town):
    town.lives("ann", "bauer").lives("ben", "hill", "oak rd 7")
    first = town.households()
    town.merge("ann", into="aaa")

    assert town.households() == {"aaa": first["ann"], "ben": first["ben"]}


def test_customers_that_are_two_again_have_the_households_that_they_had(town):
    """Fifty pairs of customers are taken for one person each, and are two again; of some the one household is older."""
    dice = Random(5)
    pairs = [(f"a{number}", f"b{number}") for number in range(50)]
    later = []
    for one, other in pairs:
        for customer in (one, other):
            family = [customer, *(f"{customer} child {each}" for each in range(dice.randrange(3)))]
            later += [(member, customer) for member in family]
    dice.shuffle(later)
    for member, door in later[: len(later) // 2]:
        town.lives(member, f"family of {door}", f"{door} st 1")
    town.run()
    for member, door in later[len(later) // 2 :]:
        town.lives(member, f"family of {door}", f"{door} st 1")
    before = town.households()
    merges = [dice.sample(pair, 2) for pair in pairs]
    for gone, into in merges:
        town.merge(gone, into)
    town.run()
    for gone, into in merges:
        town.unmerge(gone, into)

    assert town.households() == before


def test_the_same_town_gives_the_same_ids_whatever_the_order_and_a_second_run_changes_nothing(town):
    town.lives("ann", "bauer").lives("ben", "krause").lives("eve", "hill", "oak rd 7")
    first = town.households()
    for rows in town.rows.values():
        rows.reverse()

    assert town.households() == first
    assert town.changes("household") == []


def test_a_run_after_many_finds_what_one_run_alone_finds(town):
    """Nothing hangs on the way: after every batch the groups are those of all the records at once."""
    batches = [
        lambda: town.lives("ann", "bauer").lives("ben", "krause"),
        lambda: town.lives("cid", "lang").lives("dan", "wood", shares="+4930555"),
        lambda: town.forget("dan").lives("eve", "bauer", shares="+4930555"),
    ]
    for batch in batches:
        batch()
        step_by_step = together(town.households())
    for table in ("household_map", "account_map", "int_group_history"):
        town.con.execute(f"delete from previous_activation.main.{table}")

    assert together(town.households()) == step_by_step == {frozenset({"ann", "eve"})}
