"""Why records are one customer, or two customers two, asked of a published generation small enough to draw."""

import re
import stat
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from cli.main import app
from governance.judgements import Decision, record
from identity.explaining.apart import explain_apart
from identity.explaining.attachments import attach_records
from identity.explaining.evidence import Edge
from identity.explaining.explain import Break, Together, explain_together
from identity.explaining.explain_page import apart_page, together_page
from identity.explaining.targets import Target, find_target
from identity.explaining.tell import weakest_sentences
from identity.roles import platform_roles
from publishing.read import open_published
from tests.unit.identity.generation import publish_generation
from warehouse.errors import CdpError

EMAIL = "Same e-mail address and given names that agree (14 bits: sixteen thousand to one)."


def name_edge(left: str, right: str, rule: str, weight: float, shared: str) -> Edge:
    return Edge(left, right, "deterministic", rule, weight, f'{{"shared":["{shared}"],"names":"same"}}')


@pytest.fixture
def ann(world):
    """crm:1 - shop:1 by e-mail, shop:1 - till:1 by phone, shop:1 - its device by user id."""
    world.record("crm:1", given="ann", family="bell", email="ann@canary.org")
    world.record("shop:1", user_id="u1", given="ann", family="bell", email="ann@canary.org", phone="+441632960001")
    world.record("till:1", given="ann", family="bell", phone="+441632960001")
    return world.device("d1", "u1")


@pytest.fixture
def opened(ann, monkeypatch):
    """A reader of the generation that holds ann."""
    ann.run()
    publish_generation(ann.con, ann.home)
    monkeypatch.setenv("CDP_HOME", str(ann.home.root))
    return open_published(ann.home, restricted=True, carried=True)


DEVICE = "segment:anonymous:d1"
CRM_SHOP = name_edge("crm:1", "shop:1", "same_email_and_name", 14.0, "email")
SHOP_TILL = name_edge("shop:1", "till:1", "same_phone_and_name", 11.0, "phone")
OF_USER = Edge(DEVICE, "shop:1", "deterministic", "device_of_user", 30.0, '{"shared":["user_id"]}')


def test_a_pair_is_explained_by_the_path_and_the_whole_customer_by_its_weakest_places(opened):
    customer = find_target(opened, "crm:1").customer_id
    found = explain_together(opened, find_target(opened, "crm:1"), find_target(opened, "till:1"))

    three = ("crm:1", "shop:1", DEVICE)
    assert found == Together(
        customer_id=customer,
        records=("crm:1", "shop:1", "till:1", DEVICE),
        answer=f"crm:1 and till:1 are one customer, {customer}: 2 edges lead from the one to the other, "
        "the weakest of 11 bits: two thousand to one.",
        is_path=True,
        edges=(CRM_SHOP, SHOP_TILL),
        prior=None,
        weakest=Break((SHOP_TILL,), None, (three, ("till:1",))),
        bridges=(
            Break((SHOP_TILL,), None, (three, ("till:1",))),
            Break((CRM_SHOP,), None, (("shop:1", "till:1", DEVICE), ("crm:1",))),
            Break((OF_USER,), None, (("crm:1", "shop:1", "till:1"), (DEVICE,))),
        ),
        fields=(
            Break((CRM_SHOP,), "email", (("shop:1", "till:1", DEVICE), ("crm:1",))),
            Break((SHOP_TILL,), "phone", (three, ("till:1",))),
            Break((OF_USER,), "user_id", (("crm:1", "shop:1", "till:1"), (DEVICE,))),
        ),
    )


def test_a_customer_without_a_record_is_explained_by_its_whole_tree(opened):
    whole = find_target(opened, find_target(opened, "crm:1").customer_id)
    found = explain_together(opened, whole)
    assert found.edges == (CRM_SHOP, OF_USER, SHOP_TILL)
    assert found.answer == (
        f"{whole.customer_id} is 4 records, held together by 3 edges, the weakest of 11 bits: two thousand to one."
    )


def test_an_email_stands_for_the_records_that_carry_it_and_is_never_repeated(opened):
    target = find_target(opened, " Ann@Canary.org")
    assert target == Target("the 2 records with that e-mail", target.customer_id, frozenset({"crm:1", "shop:1"}))
    assert explain_together(opened, target, find_target(opened, "till:1")).edges == (SHOP_TILL,)


def test_the_table_for_sql_says_what_the_command_says(opened, ann):
    rows = ann.con.execute(
        "select record_id, attached_to_record_id, rule, match_weight, explanation, is_bridge, split_records_count "
        "from identity.attachments order by is_device, record_id"
    ).fetchall()
    assert rows == [
        ("crm:1", None, None, None, None, None, None),
        ("shop:1", "crm:1", "same_email_and_name", 14.0, EMAIL.split(" (")[0] + ".", True, 3),
        ("till:1", "shop:1", "same_phone_and_name", 11.0, "Same phone number and given names that agree.", True, 1),
        (DEVICE, "shop:1", "device_of_user", 30.0, "A device that only this user has signed in on.", True, 1),
    ]


def attached(world):
    return world.con.execute(
        "select record_id, attached_to_record_id, is_bridge, split_records_count from identity.attachments order by all"
    ).fetchall()


def test_of_two_records_the_second_hangs_on_the_first(world):
    world.record("b:1", given="ann", email="ann@x.org").record("a:1", given="ann", email="ann@x.org").run()
    attach_records(world.con)
    assert attached(world) == [("a:1", None, None, None), ("b:1", "a:1", True, 1)]


def test_of_two_edges_worth_the_same_one_is_told_however_they_lie(world):
    world.record("b:1", given="ann", email="ann@x.org").record("a:1", given="ann", email="ann@x.org").run()
    world.con.execute(
        "insert into identity.edges select * replace ('judgement' as kind, 'judged_same' as rule) from identity.edges"
    )
    told = set()
    for order in ("kind", "kind desc"):
        world.con.execute(f"create or replace table identity.edges as from identity.edges order by {order}")
        attach_records(world.con)
        told |= set(world.con.execute("select kind, rule from identity.attachments where kind is not null").fetchall())
    assert len(told) == 1


def contradict(world, left, right):
    """A cut edge between two records, as the model leaves it where given names or birth dates differ."""
    world.con.execute(
        "insert into identity.edges (record_id_l, record_id_r, kind, rule, match_weight, is_cut, cut_reason) "
        "values (?, ?, 'probabilistic', 'names', 12, true, 'given names contradict')",
        [left, right],
    )


def test_a_cut_edge_inside_a_customer_holds_nothing(ann):
    ann.run()
    contradict(ann, "crm:1", "till:1")
    publish_generation(ann.con, ann.home)
    con = open_published(ann.home, restricted=True, carried=True)
    assert [row for row in attached(ann) if row[0] == "till:1"] == [("till:1", "shop:1", True, 1)]
    assert explain_together(con, find_target(con, "crm:1"), find_target(con, "till:1")).edges == (CRM_SHOP, SHOP_TILL)


def test_a_cut_edge_between_customers_counts_against_them(world):
    world.record("a:1", given="ann").record("b:1", given="bob").run()
    contradict(world, "a:1", "b:1")
    publish_generation(world.con, world.home)
    con = open_published(world.home, restricted=True, carried=True)

    found = explain_apart(con, find_target(con, "a:1"), find_target(con, "b:1"))

    assert found.reasons == ("Against it, since given names contradict: a:1 and b:1, counted as −10 bits each.",)
    assert (found.mean_weight, found.lacking_bits) == (-10.0, 11.0)


def test_a_second_edge_makes_a_bridge_none_and_both_would_have_to_go(world):
    world.record("crm:1", given="ann", email="ann@x.org", phone="+441632960001")
    world.record("shop:1", given="ann", email="ann@x.org", phone="+441632960001")
    world.record("till:1", given="ann", phone="+441632960001")
    world.run()
    publish_generation(world.con, world.home)
    con = open_published(world.home, restricted=True, carried=True)

    found = explain_together(con, find_target(con, find_target(con, "crm:1").customer_id))

    assert found.bridges == ()
    assert [(edge.left, edge.right) for edge in found.weakest.edges] == [("crm:1", "till:1"), ("shop:1", "till:1")]
    assert weakest_sentences(found) == [
        "At its weakest place 2 edges hold, the strongest of 11 bits: two thousand to one; "
        "all would have to go to leave 2 records, and apart from them till:1.",
        "No single edge could split this customer.",
    ]
    assert attached(world)[-1] == ("till:1", "crm:1", False, None)
    # the pair crm:1 - shop:1 has an e-mail too
    assert [(broken.field, broken.parts) for broken in found.fields] == [("phone", (("crm:1", "shop:1"), ("till:1",)))]


def apart(world, *ids, roles=None):
    world.run(roles)
    publish_generation(world.con, world.home)
    con = open_published(world.home, restricted=True, carried=True)
    return explain_apart(con, *(find_target(con, one) for one in ids), roles=roles)


def test_what_is_declared_exclusive_keeps_two_apart_whatever_they_weigh(world):
    world.record("a:1", user_id="u1", given="ann", family="bell", email="ann@x.org")
    world.record("a:2", user_id="u2", given="ann", family="bell", email="ann@x.org")
    found = apart(world, "a:1", "a:2", roles=replace(platform_roles(), exclusive=("user_id",)))
    assert found.reasons == (
        "For it: a:1 and a:2, at most 14 bits: sixteen thousand to one.",
        "Each has a user id of its own, and none in common: such never merge.",
    )
    assert (found.mean_weight, found.lacking_bits) == (14.0, 0.0)


def test_records_with_nothing_in_common_lack_the_whole_cut(world):
    world.record("a:1", given="ann", email="ann@x.org").record("b:1", given="bob", email="bob@x.org")
    found = apart(world, "a:1", "b:1")
    assert found.reasons == ("No edge between the two customers: no rule proposed a pair, or none was worth keeping.",)
    assert (found.edge, found.mean_weight, found.lacking_bits) == (None, 0.0, 1.0)


def test_a_value_that_was_cut_says_why_without_being_said(world):
    for number, given in enumerate(("ann", "bob", "cid", "dora", "eve", "fay")):
        world.record(f"a:{number}", given=given, email="info@canary.org")
    found = apart(world, "a:0", "a:1")
    assert found.reasons[1:] == (
        "Both carry the same e-mail address, but it was cut: too many people (6, where 5 may).",
    )
    assert "canary" not in apart_page(found)


def test_a_shared_device_joins_none_of_its_users(world):
    world.record("a:1", user_id="u1", given="ann").record("a:2", user_id="u2", given="bob").device("d1", "u1", "u2")
    found = apart(world, "a:1", DEVICE)
    assert found.reasons[1:] == (
        "Both carry the same user id, but it was cut: several users on one device (2, where 1 may).",
    )


def test_an_email_of_two_customers_names_them_and_not_itself(world):
    world.record("a:1", given="ann", email="both@canary.org").record("b:1", given="bob", email="both@canary.org")
    with pytest.raises(CdpError) as raised:
        apart(world, "both@canary.org", "a:1")
    assert re.fullmatch(
        r"That e-mail is carried by 2 customers: cus_\w+, cus_\w+\. "
        r"Name one of them, or two to see why they are not one\.",
        str(raised.value),
    )


@pytest.mark.parametrize("wanted", ["nobody:1", "cus_nobody", "nobody@canary.org"])
def test_nobody_ends_with_a_remedy_and_without_the_value(opened, wanted):
    with pytest.raises(
        CdpError, match=r"No record and no customer is published under that .*Name a record id"
    ) as raised:
        find_target(opened, wanted)
    assert wanted not in str(raised.value)


def test_a_retired_id_finds_its_successor(opened):
    opened = duckdb_copy(opened)
    now = find_target(opened, "crm:1").customer_id
    opened.execute("insert into published.main.retired_customers values ('cus_old', ?), ('cus_gone', null)", [now])
    assert find_target(opened, "cus_old") == Target(now, now)
    with pytest.raises(CdpError, match="No record and no customer"):
        find_target(opened, "cus_gone")


def test_an_id_of_another_system_is_found_as_one_of_ours_is(opened):
    opened = duckdb_copy(opened)
    opened.execute("insert into published.main.customers values ('LOY-7')")
    assert find_target(opened, "LOY-7") == Target("LOY-7", "LOY-7")


def duckdb_copy(con):
    """The tables that finding reads, in a database of its own that a test may write."""
    import duckdb

    made = duckdb.connect()
    for name, tables in {
        "published": ("customers", "visitors", "retired_customers"),
        "activation": ("identity_map",),
    }.items():
        made.execute(f"attach ':memory:' as {name}")
        for table in tables:
            found = con.execute(f"from {name}.main.{table}").to_arrow_table()
            made.register("found", found)
            made.execute(f"create table {name}.main.{table} as from found")
    return made


def test_nothing_is_attached_where_everyone_is_one_record(world):
    world.record("a:1", given="ann").run()
    attach_records(world.con)
    assert world.con.execute("select count(*) from identity.attachments").fetchall() == [(0,)]


def test_a_customer_of_one_record_has_nothing_to_explain(world):
    customer = world.record("a:1", given="ann", email="ann@x.org").run()["a:1"]
    publish_generation(world.con, world.home)
    con = open_published(world.home, restricted=True, carried=True)
    for wanted in ("a:1", customer, "ann@x.org"):
        found = explain_together(con, find_target(con, wanted))
        assert found.answer == f"{customer} is one record: nothing had to be put together."
        assert (found.edges, found.weakest, found.bridges, found.fields) == ((), None, (), ())
        assert "<svg" not in together_page(found)


HOSTILE = '<script>alert("x")</script>'


def test_a_page_escapes_whatever_an_id_or_a_field_is_called(opened):
    edge = Edge(HOSTILE, HOSTILE + "2", "probabilistic", "names", 3.0, '{"<b>field</b>":["<i>level</i>",3.0]}')
    broken = Break((edge,), None, ((HOSTILE,), (HOSTILE + "2",)))
    found = Together(
        "cus_<x>", (HOSTILE, HOSTILE + "2"), f"{HOSTILE} is one", True, (edge,), 0.0, broken, (broken,), ()
    )

    page = together_page(found)

    assert re.findall(r"<(script|b|i)\b", page) == []
    assert page.count("&lt;script&gt;") >= 8
    assert "&lt;b&gt;field&lt;/b&gt;: &lt;i&gt;level&lt;/i&gt;" in page


def run(*args):
    return CliRunner().invoke(app, ["identity", "explain", *args])


def test_the_command_prints_the_answer_and_writes_a_page_for_its_owner_alone(opened, ann):
    file = ann.home.root / "reports" / "explain.html"
    file.parent.mkdir(exist_ok=True)

    done = run("crm:1", "till:1", "--html", str(file))

    assert done.exit_code == 0, done.output
    assert f"\ncrm:1 – shop:1\n    {EMAIL}\n    +14  the rule's own worth\n" in done.output
    assert "The weakest bridge is the edge between shop:1 and till:1 (11 bits: two thousand to one)" in done.output
    assert "without any e-mail address (1 edge): 3 records, and apart from them crm:1" in done.output
    page = file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert page.count("<svg") == 2
    assert "canary" not in page + done.output
    assert "+441632" not in page + done.output


def test_a_page_that_cannot_be_written_says_so(opened, tmp_path):
    done = run("crm:1", "--html", str(tmp_path / "nowhere" / "explain.html"))
    assert isinstance(done.exception, CdpError)
    assert "cannot be written: No such file or directory. Name a file" in str(done.exception)


def test_the_command_says_why_not(opened, ann, tmp_path):
    ann.record("crm:2", given="bob", family="bell", email="bob@canary.org")
    ann.run()
    again = type(ann.home)(tmp_path / "again")
    publish_generation(ann.con, again)

    done = CliRunner().invoke(app, ["identity", "explain", "crm:1", "crm:2"], env={"CDP_HOME": str(again.root)})

    assert re.match(r"crm:1 and crm:2 are two customers, cus_\w+ and cus_\w+\.\n", done.output)
    assert "1 bit more would make them one." in done.output


def test_a_verdict_on_a_pair_that_has_an_edge_stands_in_its_place(ann, monkeypatch):
    """Of a customer of two records as of one of more: every record hangs once, and on the verdict."""
    ann.record("crm:2", given="bob", family="hall", email="bob@canary.org")
    ann.record("shop:2", given="bob", family="hall", email="bob@canary.org")
    pairs = [("crm:1", "shop:1"), ("crm:2", "shop:2")]
    record(ann.home, [Decision((pair,), "same", author="ann", reason="asked them") for pair in pairs])
    ann.run()
    publish_generation(ann.con, ann.home)
    monkeypatch.setenv("CDP_HOME", str(ann.home.root))
    hung = ann.con.execute("select record_id, rule from identity.attachments order by record_id").fetchall()
    assert [name for name, _ in hung] == ["crm:1", "crm:2", DEVICE, "shop:1", "shop:2", "till:1"]
    assert [name for name, rule in hung if rule == "judged_same"] == ["shop:1", "shop:2"]
    opened = open_published(ann.home, restricted=True, carried=True)
    found = explain_together(opened, find_target(opened, "crm:1"), find_target(opened, "shop:1"))
    assert [edge.rule for edge in found.edges] == ["judged_same"]
