"""`cdp identity judge`, `judgements`, `undo`: as a person types them, on a tiny published generation."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from governance.judgements import counting
from warehouse.errors import CdpError
from warehouse.home import Home

HEADER = "record_id_l,record_id_r,verdict,reason,author,expires_at"


def cdp(*args: str) -> str:
    """What the command prints; its error is raised as it reaches `cli.main.entry`."""
    result = CliRunner().invoke(app, ["identity", *args])
    if isinstance(result.exception, CdpError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def refusal(*args: str) -> str:
    with pytest.raises(CdpError) as refused:
        cdp(*args)
    assert refused.value.remedy
    assert "canary" not in str(refused.value)
    return str(refused.value)


def judged(home: Home) -> list[tuple[str, str, str]]:
    return sorted((one.record_id_l, one.record_id_r, one.verdict) for one in counting(home))


def test_two_records_are_judged(tiny_home: Home) -> None:
    said = cdp("judge", "shop:1", "crm:1", "--different", "--reason", "twins", "--author", "ann")
    assert "1 pair of records judged different" in said
    assert judged(tiny_home) == [("crm:1", "shop:1", "different")]
    assert counting(tiny_home)[0].author == "ann"


def test_two_customers_are_the_same_by_their_founding_records(tiny_home: Home) -> None:
    cdp("judge", "cus_bea", "cus_ada", "--same", "--reason", "married")
    assert judged(tiny_home) == [("crm:1", "crm:2", "same")]


def test_two_customers_differ_in_every_pair_of_their_records_and_devices_follow(tiny_home: Home) -> None:
    assert "3 pairs" in cdp("judge", "cus_ada", "cus_bea", "--different", "--reason", "sisters")
    assert judged(tiny_home) == [(left, right, "different") for left, right in
                                 [("crm:1", "crm:2"), ("crm:2", "shop:1"), ("crm:2", "shop:2")]]  # fmt: skip


def test_a_record_against_its_own_customer_is_judged_against_the_others(tiny_home: Home) -> None:
    cdp("judge", "shop:2", "cus_ada", "--different", "--reason", "another a.")
    assert judged(tiny_home) == [("crm:1", "shop:2", "different"), ("shop:1", "shop:2", "different")]


def test_judgements_are_listed_until_they_are_undone(tiny_home: Home) -> None:
    said = cdp("judge", "crm:1", "shop:1", "--different", "--reason", "twins", "--expires", "2999-01-01")
    judgement = said.split(":")[0]
    listed = cdp("judgements")
    for shown in (judgement, "crm:1", "shop:1", "different", "2999-01-01", "twins"):
        assert shown in listed

    assert "withdrawn on 1 pair" in cdp("undo", judgement)
    assert "Nobody has judged" in cdp("judgements")


def test_undo_by_two_ids_takes_back_what_counts_between_them(tiny_home: Home) -> None:
    cdp("judge", "cus_ada", "cus_bea", "--different", "--reason", "sisters")
    assert "withdrawn on 3 pairs" in cdp("undo", "cus_bea", "cus_ada", "--reason", "one person")
    assert judged(tiny_home) == []
    assert "No judgement counts" in refusal("undo", "cus_bea", "cus_ada")


def test_a_newer_judgement_says_what_it_overrules(tiny_home: Home) -> None:
    first = cdp("judge", "crm:1", "crm:2", "--same", "--reason", "one").split(":")[0]
    cdp("judge", "crm:2", "crm:3", "--same", "--reason", "one")
    said = cdp("judge", "crm:1", "crm:3", "--different", "--reason", "two")
    assert f"Overruled by newer ones: {first}, crm:1 and crm:2 same" in said
    assert "same (1 overruled)" in cdp("judgements")


def test_a_judgement_of_many_pairs_is_one_line_of_the_list(tiny_home: Home) -> None:
    cdp("judge", "cus_ada", "cus_bea", "--different", "--reason", "sisters", "--author", "ann")
    header, line = cdp("judgements").splitlines()
    assert header.split()[:4] == ["judgement", "record", "record", "more"]
    assert line.split()[1:6] == ["crm:1", "crm:2", "2", "different", "ann"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("ada.canary@example.com", "crm:1", "--same", "--reason", "x"), "The first id is no record or customer"),
        (("crm:1", "crm:canary", "--same", "--reason", "x"), "The second id is no record or customer"),
        (("crm:1", "crm:1", "--same", "--reason", "x"), "two different"),
        (("crm:2", "cus_bea", "--different", "--reason", "x"), "no other record"),
        (("crm:1", "crm:2", "--same"), "no reason"),
        (("crm:1", "crm:2", "--reason", "x"), "No verdict"),
        (("crm:1", "crm:2", "--same", "--different", "--reason", "x"), "2 verdicts"),
        (("crm:1", "--same", "--reason", "x"), "An id is missing"),
        (("crm:1", "crm:2", "--same", "--reason", "x", "--expires", "canary"), "not a moment"),
        (("crm:1", "crm:2", "--same", "--reason", "x", "--expires", "2020-01-01"), "is past"),
        (("crm:1", "crm:2", "--same", "--reason", "ada.canary@example.com"), "e-mail address"),
        (("crm:1", "crm:2", "--same", "--file", "x.csv"), "--file alone"),
        (("--file", "absent.csv"), "no file absent.csv"),
    ],
)
def test_what_cannot_be_judged_is_refused_and_stored_nowhere(tiny_home: Home, args: tuple[str, ...], said: str) -> None:
    assert said in refusal("judge", *args)
    assert judged(tiny_home) == []


def test_before_anything_is_published_nothing_can_be_judged(home: Home) -> None:
    assert "cdp run" in refusal("judge", "crm:1", "crm:2", "--same", "--reason", "x")


def test_a_file_of_judgements_is_stored_whole(tiny_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "judged.csv"
    file.write_text(f"{HEADER}\ncrm:1,crm:2,different,sisters,bea,\ncus_cy,cus_cyn,same,one name,,2999-01-01\n")
    assert "2 judgements on 2 pairs" in cdp("judge", "--file", str(file), "--author", "ann")
    assert judged(tiny_home) == [("crm:1", "crm:2", "different"), ("crm:3", "shop:3", "same")]
    assert {one.author for one in counting(tiny_home)} == {"ann", "bea"}


def test_every_fault_of_a_file_is_listed_with_its_line_and_nothing_is_stored(tiny_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "judged.csv"
    lines = [
        "crm:1,crm:2,same,one,,",  # 2: fine
        "crm:2,crm:1,different,two,,",  # 3: contradicts 2
        "ada.canary@example.com,crm:1,same,x,,",
        "crm:1,crm:1,same,x,,",
        "crm:1,shop:3,maybe,x,,",
        "crm:1,shop:3,same,,,canary",
        "crm:1,shop:3,same,x,,2020-01-01",
        "crm:1,shop:3,same,x,,canary",
        "crm:2,crm:3,same,x,,",
        "crm:1,crm:3,different,x,,",  # 11: 2 and 10 say the contrary together
    ]
    file.write_text("\n".join([HEADER, *lines]) + "\n")
    said = refusal("judge", "--file", str(file))
    for line, fault in {
        3: "contradicts line 2", 4: "The first id", 5: "two different|ids are one", 6: "verdict", 7: "not a moment",
        8: "is past", 9: "not a moment",
    }.items():  # fmt: skip
        found = said.split(f"line {line}: ")[1].split("\n")[0]
        assert any(word in found for word in fault.split("|"))
    assert said.count("line 7: ") == 2
    assert "contradicts what lines above it say together" in said
    assert judged(tiny_home) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"record_id_l,verdict\n", "lacks record_id_r, reason"),
        (f"{HEADER},ada.canary@example.com\n".encode(), "1 columns that are not known"),
        (b"\xff\xfe", "not CSV in UTF-8"),
        (f'{HEADER}\n"crm:1,crm:2'.encode(), "not CSV in UTF-8"),
    ],
)
def test_a_file_that_is_no_list_of_judgements_is_refused(tiny_home: Home, tmp_path: Path, content, said: str) -> None:
    file = tmp_path / "judged.csv"
    file.write_bytes(content)
    assert said in refusal("judge", "--file", str(file))
