"""Ids of another system: checked whole, given in place of minted ones, never put over an id in use."""

import pytest

from identity.ids.crosswalk import Imported, import_crosswalk
from warehouse.errors import CdpError


@pytest.fixture
def bring(world, tmp_path):
    """Imports rows given as {record_id: customer_id}."""

    def imported(rows: dict[str, str]) -> Imported:
        file = tmp_path / "ids.csv"
        file.write_text("record_id,customer_id\n" + "".join(f"{record},{id}\n" for record, id in rows.items()))
        return import_crosswalk(world.home.prepare(), file, None)

    return imported


def ends(world) -> list[tuple]:
    return world.con.execute(
        "select change_type, customer_id, other_customer_id, evidence from identity.run_changes "
        "where change_type not in ('joined', 'left') and evidence is not null order by all"
    ).fetchall()


def test_a_cluster_takes_the_id_that_its_records_had_elsewhere(world, bring):
    bring({"a:1": "K-100", "a:2": "K-100"})
    world.record("a:1").record("a:2").record("b:1")
    found = world.run_on([["a:1", "a:2"], ["b:1"]])
    assert found["a:1"] == "K-100"
    assert found["b:1"].startswith("cus_")
    assert ends(world) == [("created", "K-100", None, '{"reason":"imported","records_count":2,"customers_count":1}')]
    assert world.run_on([["a:1", "a:2"], ["b:1"]]) == found


def test_an_id_whose_records_are_several_people_stays_with_most_of_them_and_says_so(world, bring):
    bring({"a:1": "K-100", "a:2": "K-100", "b:1": "K-100"})
    world.record("a:1").record("a:2").record("b:1")
    found = world.run_on([["a:1", "a:2"], ["b:1"]])
    assert found["a:2"] == "K-100" != found["b:1"]
    assert ends(world) == [("created", "K-100", None, '{"reason":"imported","records_count":3,"customers_count":2}')]


def test_of_two_ids_of_one_person_one_goes_on_and_the_other_leads_to_it(world, bring):
    bring({"a:1": "K-200", "a:2": "K-200", "b:1": "K-100"})
    world.record("a:1").record("a:2").record("b:1")
    assert set(world.run_on([["a:1", "a:2", "b:1"]]).values()) == {"K-200"}
    assert ("retired", "K-100", "K-200") in [row[:3] for row in ends(world)]
    assert world.con.execute("select customer_id, current_customer_id from identity.retired_customers").fetchall() == [
        ("K-100", "K-200")
    ]

    # told once; and when the two turn out to be different people, the other system was right
    world.run_on([["a:1", "a:2", "b:1"]])
    assert world.changes() == []
    found = world.run_on([["a:1", "a:2"], ["b:1"]])
    assert (found["a:1"], found["b:1"]) == ("K-200", "K-100")
    assert ("restored", "K-100", "K-200") in [row[:3] for row in ends(world)]


def test_an_id_in_use_here_is_not_replaced_but_the_other_leads_to_it(world, bring):
    world.record("a:1")
    first = world.run_on([["a:1"]])
    bring({"a:1": "K-100"})
    assert world.run_on([["a:1"]]) == first
    assert world.con.execute("select customer_id, current_customer_id from identity.retired_customers").fetchall() == [
        ("K-100", first["a:1"])
    ]


def test_an_id_of_a_record_that_is_not_here_waits_for_it(world, bring):
    assert bring({"a:1": "K-100", "z:9": "K-900"}).unknown_records == 2
    world.record("a:1")
    assert world.run_on([["a:1"]]) == {"a:1": "K-100"}
    world.record("z:9")
    assert world.run_on([["a:1"], ["z:9"]])["z:9"] == "K-900"


def test_a_file_may_be_imported_again_with_more_rows(bring):
    assert bring({"a:1": "K-100"}) == Imported(added=1, known=0, ids=1, unknown_records=1)
    assert bring({"a:1": "K-100", "b:1": "K-200"}) == Imported(added=1, known=1, ids=2, unknown_records=2)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ({"a:1": "ann@example.com"}, "e-mail address"),
        ({"a:1": "K 100"}, "1 to 64 letters"),
        ({"a:1": "K" * 65}, "1 to 64 letters"),
        ({"a:1": ""}, "1 to 64 letters"),
        ({"": "K-100"}, "record_id is empty"),
        ({}, "no rows"),
        ({"a:1": "K-100,x"}, "two columns"),
    ],
)
def test_a_careless_file_is_refused_whole_without_quoting_it(bring, rows, fault):
    with pytest.raises(CdpError, match=fault) as refused:
        bring({"b:1": "K-1"} | rows if rows else rows)
    assert "ann@" not in str(refused.value)
    assert bring({"b:1": "K-1"}).added == 1


def test_a_record_cannot_be_given_another_id_later(bring):
    bring({"a:1": "K-100"})
    with pytest.raises(CdpError, match="with another id before"):
        bring({"a:1": "K-101"})


def test_an_id_that_this_platform_gave_cannot_be_imported(world, tmp_path):
    world.record("a:1").record("b:1")
    given = world.run_on([["a:1"], ["b:1"]])["a:1"]
    file = tmp_path / "ids.csv"
    file.write_text(f"record_id,customer_id\nb:1,{given}\n")
    world.con.execute("use previous")
    with pytest.raises(CdpError, match="gave to somebody"):
        import_crosswalk(world.home, file, world.con)


def test_another_header_is_refused(world, tmp_path):
    (tmp_path / "ids.csv").write_text("id,email\n1,ann@example.com\n")
    with pytest.raises(CdpError, match="record_id,customer_id"):
        import_crosswalk(world.home.prepare(), tmp_path / "ids.csv", None)
