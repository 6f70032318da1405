"""Which records of companies are one: by domain whatever the name, by name only where there is one of that name."""

from datetime import datetime


def groups(found: dict[str, str]) -> set[frozenset[str]]:
    accounts: dict[str, set[str]] = {}
    for record, account in found.items():
        accounts.setdefault(account, set()).add(record)
    return {frozenset(group) for group in accounts.values()}


def test_one_domain_is_one_account_whatever_the_names(town):
    town.company("crm:1", "acme", domain="acme.com").company("desk:1", "acme trading", domain="acme.com")
    town.company("desk:2", None, domain="acme.com")

    found = town.accounts()

    assert groups(found) == {frozenset({"crm:1", "desk:1", "desk:2"})}
    assert found["crm:1"].startswith("acc_")
    assert len(found["crm:1"]) == 20


def test_a_name_alone_joins_a_record_without_a_domain(town):
    town.company("crm:1", "acme", domain="acme.com", country="DE").company("app:1", "acme")

    assert groups(town.accounts()) == {frozenset({"crm:1", "app:1"})}


def test_two_companies_of_one_name_in_two_countries_stay_apart_and_a_third_record_bridges_nothing(town):
    town.company("crm:1", "acme", domain="acme.de", country="DE").company(
        "crm:2", "acme", domain="acme.us", country="US"
    )
    town.company("app:1", "acme")
    town.company("crm:3", "boreal", country="DE").company("crm:4", "boreal", country="US").company("app:2", "boreal")

    assert all(len(group) == 1 for group in groups(town.accounts()))
    assert ("same_name_other_country", True) in town.rules("account")


def test_one_name_with_two_domains_in_one_country_is_a_weak_edge_only(town):
    town.company("crm:1", "acme", domain="acme.de", country="DE").company("crm:2", "acme", domain="a.de", country="DE")

    assert all(len(group) == 1 for group in groups(town.accounts()))
    assert town.rules("account") == [("same_name_other_domain", False)]


def test_the_mailboxes_of_its_people_tell_which_of_two_companies_a_record_is(town):
    town.company("crm:1", "acme", domain="acme.de").company("crm:2", "acme", domain="acme.us")
    town.person("ann", record="app:ann").identifier("app:ann", "email", "ann@acme.us")
    town.company("app:1", "acme", "app:ann")

    assert groups(town.accounts()) == {frozenset({"crm:1"}), frozenset({"crm:2", "app:1"})}
    assert ("same_mailboxes_and_name", False) in town.rules("account")


def test_people_of_another_company_make_no_account_of_two_names(town):
    town.company("crm:1", "acme", domain="acme.de")
    town.person("ann", record="app:ann").identifier("app:ann", "email", "ann@acme.de")
    town.company("app:1", "client of acme", "app:ann")

    assert all(len(group) == 1 for group in groups(town.accounts()))


def test_a_free_mail_domain_joins_none_and_is_told(town):
    town.company("crm:1", "acme", domain="gmail.com").company("crm:2", "boreal", domain="gmail.com")

    assert all(len(group) == 1 for group in groups(town.accounts()))
    assert town.con.execute(
        "select entity, kind, value, members_count, reason from identity.cut_groups"
    ).fetchall() == [("account", "domain", "gmail.com", 2, "a provider of mailboxes")]


def test_a_domain_with_many_private_mailboxes_is_a_providers(town):
    town.company("crm:1", "acme", domain="post.example").company("crm:2", "boreal", domain="post.example")
    for number in range(30):
        town.person(f"c{number}", email_std=f"c{number}@post.example")

    assert all(len(group) == 1 for group in groups(town.accounts()))


def test_a_domain_of_four_names_joins_none(town):
    for number, name in enumerate(("acme", "boreal", "cobalt", "drift")):
        town.company(f"crm:{number}", name, domain="shared.example")

    assert all(len(group) == 1 for group in groups(town.accounts()))
    assert town.con.execute("select members_count, cap, reason from identity.cut_groups").fetchall() == [
        (4, 3, "too many names")
    ]


def test_an_id_outlives_a_new_name_a_new_domain_and_a_new_founding_record(town):
    town.company("crm:5", "acme", domain="acme.com").company("desk:5", "acme", domain="acme.com")
    first = town.accounts()["crm:5"]
    town.forget_company("crm:5").forget_company("desk:5")
    town.company("crm:5", "apex", domain="apex.com").company("desk:5", "apex", domain="apex.com")
    town.company("app:1", "apex", domain="apex.com")

    assert town.accounts() == {"crm:5": first, "desk:5": first, "app:1": first}


def test_a_merge_keeps_the_older_and_a_split_leaves_it_with_the_larger_part(town):
    town.company("crm:2", "acme", domain="acme.com").company("desk:2", "acme", domain="acme.com")
    older = town.accounts()["crm:2"]
    town.company("crm:1", "boreal", domain="boreal.com")
    younger = town.accounts()["crm:1"]
    town.forget_company("crm:1").company("crm:1", "boreal", domain="acme.com")
    assert set(town.accounts().values()) == {older}
    assert town.changes("account") == [("merged", younger, older), ("retired", younger, older)]

    town.forget_company("crm:1").company("crm:1", "boreal", domain="boreal.com")
    assert town.accounts() == {"crm:2": older, "desk:2": older, "crm:1": younger}


def test_an_id_is_never_used_again_for_another_company(town):
    town.company("crm:1", "acme", domain="acme.com").company("crm:2", "acme", domain="acme.com")
    first = town.accounts()["crm:1"]
    town.forget_company("crm:1").company("crm:1", "boreal", domain="boreal.com", at=datetime(2026, 1, 1))

    second = town.accounts()

    assert second["crm:2"] == first or second["crm:1"] == first
    assert second["crm:1"] != second["crm:2"]
    assert len({*second.values()}) == 2
    town.forget_company("crm:1").forget_company("crm:2").company("crm:9", "cobalt")
    assert town.accounts()["crm:9"] not in second.values()


def test_a_town_without_companies_or_people_has_no_groups(town):
    assert town.run() == {"accounts": {}, "households": {}}
