"""Files resolved by declared roles: what is refused, what is read, and that names of columns decide nothing."""

import csv
import json
import random
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from cli.main import app
from identity.declared import read_records
from identity.roles import read_roles
from identity.watching.score import score_files
from warehouse.errors import CdpError

GIVEN = """
    anna bruno clara david elena felix greta henrik ines jakob katja louis marta nils olga paul rosa sven tilda uwe
""".split()  # noqa: SIM905 — a list of words reads best as words
FAMILY = """
    abel braun cramer dietz engel falk graf hahn ibsen jung keller lang moser nagel otto pohl richter sander
""".split()  # noqa: SIM905


def written(folder: Path, rows: list[dict[str, str]], name: str = "people.csv") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def declared(folder: Path, text: str) -> Path:
    path = folder / "roles.yml"
    path.write_text(text)
    return path


def people(count: int, seed: int = 5) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Records of `count` people, two or three each, with slips; and record → person."""
    dice = random.Random(seed)
    rows, truth = [], {}
    for person in range(count):
        given, family = dice.choice(GIVEN), dice.choice(FAMILY) + dice.choice(FAMILY)
        born = f"{dice.randrange(1950, 2000)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"
        for copy in range(dice.randrange(2, 4)):
            key = f"r{person}_{copy}"
            slip = family[:2] + family[3:] if dice.random() < 0.15 else family
            rows.append({"id": key, "first": given, "last": slip, "born": born, "town": dice.choice(FAMILY)})
            truth[key] = f"p{person}"
    dice.shuffle(rows)
    return rows, truth


ROLES = "unique_id: id\nroles: {given_name: first, family_name: last, birth_date: born, city: town}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("roles: {given_name: first}\n", "does not name `unique_id` and `roles`"),
        ("unique_id: id\nroles: {nickname: first}\n", "unknown roles: nickname"),
        ("unique_id: id\nroles: {given_name: first}\nthreshold: 0.9\n", "keys that nothing reads: threshold"),
        ("unique_id: id\nroles: {given_name: forename}\n", "lacks columns that the roles name: forename"),
        ("unique_id: key\nroles: {given_name: first}\n", "lacks columns that the roles name: key"),
        ("unique_id: id\nroles: {given_name: first}\nattributes: {Shoe Size: town}\n", "attributes need plain names"),
        ("unique_id: id\nroles: {given_name: first}\ncut_weight: high\n", "cut_weight is no number of bits"),
        ("unique_id: id\nroles: {given_name: first}\ncut_weight: .nan\n", "cut_weight is no number of bits"),
        ("unique_id: id\nroles: {given_name: first}\nprobabilistic: 0\n", "neither true nor false"),
        ("unique_id: [id\n", "cannot be read as YAML"),
    ],
)
def test_a_wrong_declaration_is_a_clear_error(tmp_path: Path, text: str, said: str) -> None:
    file = written(tmp_path, people(3)[0])

    with pytest.raises(CdpError, match=said):
        read_records(duckdb.connect(), file, read_roles(declared(tmp_path, text)))


def test_ids_must_be_there_and_be_unique(tmp_path: Path) -> None:
    roles = read_roles(declared(tmp_path, ROLES))
    rows, _ = people(3)

    with pytest.raises(CdpError, match=r"id is not unique: \d+ rows have"):
        read_records(duckdb.connect(), written(tmp_path, [*rows, rows[0]]), roles)
    with pytest.raises(CdpError, match="1 rows have no id"):
        read_records(duckdb.connect(), written(tmp_path, [*rows, rows[0] | {"id": ""}]), roles)


def test_values_are_standardised_and_slips_stay_comparable(tmp_path: Path) -> None:
    """A phone without a country keeps its digits, a date with a slip its shape, a year of two digits its century."""
    rows = [
        {"id": "1", "tel": "(702) 919-1300", "born": "12/31/78", "mail": " Ann@Lee.com "},
        {"id": "2", "tel": "n/a", "born": "1850-81-01", "mail": "ann@lee,com"},
        {"id": "3", "tel": "", "born": "1/7/1980", "mail": ""},
    ]
    con = duckdb.connect()
    roles = read_roles(declared(tmp_path, "unique_id: id\nroles: {phone: tel, birth_date: born, email: mail}\n"))

    given = read_records(con, written(tmp_path, rows), roles)

    found = con.execute("select phone, birth_date, email from given_record order by record_id").fetchall()
    assert found == [
        ("7029191300", "1978-12-31", "ann@lee.com"),
        (None, "1850-81-01", "ann@lee,com"),
        (None, "1980-01-07", None),
    ]
    assert given.warnings == ("phone: 1 of 2 values are junk or cannot be read as phone",)


def test_a_role_of_several_columns_takes_the_first_and_makes_each_an_identifier(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "work": "", "home": "702-919-1300"},
        {"id": "2", "work": "702-919-1301", "home": "702-919-1300"},
    ]
    con = duckdb.connect()
    roles = read_roles(declared(tmp_path, "unique_id: id\nroles: {phone: [work, home]}\n"))

    read_records(con, written(tmp_path, rows), roles)

    assert con.execute("select phone from given_record order by record_id").fetchall() == [
        ("7029191300",),
        ("7029191301",),
    ]
    assert con.execute("select count(*) from given_identifier").fetchall() == [(3,)]


def test_the_command_resolves_and_scores_whatever_the_columns_are_called(tmp_path: Path) -> None:
    rows, truth = people(150)
    renamed = [{f"c{place}": value for place, value in enumerate(row.values())} for row in rows]
    written(tmp_path, [{"unique_id": key, "entity_id": person} for key, person in truth.items()], "truth.csv")

    first = _resolved(tmp_path, written(tmp_path, rows), ROLES, "a")
    second = _resolved(
        tmp_path,
        written(tmp_path, renamed, "other.csv"),
        "unique_id: c0\nroles: {given_name: c1, family_name: c2, birth_date: c3, city: c4}\n",
        "b",
    )

    assert first["pair_f1"] > 0.95
    assert first == second
    nobody = _resolved(tmp_path, tmp_path / "people.csv", f"{ROLES}cut_weight: 50\n", "c")
    assert nobody["found_pairs"] == 0


def test_the_tiers_alone_join_what_shares_an_identifier(tmp_path: Path) -> None:
    """Records alike in everything stay apart, where no model is asked for and no identifier is shared."""
    rows, truth = people(150)
    for row in rows:
        row["mail"] = f"{truth[row['id']]}@mail.com" if row["id"].endswith(("_0", "_1")) else ""
    written(tmp_path, [{"unique_id": key, "entity_id": person} for key, person in truth.items()], "truth.csv")
    roles = ROLES.replace("{given", "{email: mail, given")

    found = _resolved(tmp_path, written(tmp_path, rows), f"{roles}probabilistic: false\n", "a")

    assert (found["found_pairs"], found["pair_precision"]) == (150, 1)
    assert _resolved(tmp_path, tmp_path / "people.csv", roles, "b")["found_pairs"] > 200


def _resolved(folder: Path, file: Path, roles: str, out: str) -> dict[str, float]:
    runner = CliRunner()
    asked = ["identity", "resolve", "--records", str(file), "--roles", str(declared(folder, roles)), "--out"]
    answer = runner.invoke(app, [*asked, str(folder / out)])
    assert answer.exit_code == 0, answer.output
    scored = runner.invoke(
        app,
        [
            "identity",
            "score",
            "--assignments",
            str(folder / out / "assignments.parquet"),
            "--truth",
            str(folder / "truth.csv"),
        ],
    )
    return json.loads(scored.stdout)


def test_a_record_that_was_left_out_loses_its_pairs(tmp_path: Path) -> None:
    truth = written(tmp_path, [{"unique_id": f"{n}", "entity_id": "one"} for n in range(3)], "truth.csv")
    found = written(tmp_path, [{"unique_id": f"{n}", "entity_id": "x"} for n in range(2)], "found.csv")

    scores = score_files(found, truth)

    assert (scores["true_pairs"], scores["shared_pairs"], scores["records_not_assigned"]) == (3, 1, 1)
    assert scores["pair_recall"] == pytest.approx(1 / 3)


def test_an_attribute_may_be_called_anything_plain(tmp_path: Path) -> None:
    """Names that hold `_l` or `_r`, as Splink's own suffixes do."""
    rows, truth = people(60)
    rows = [row | {"tongue": "de" if len(row["first"]) > 4 else "fr"} for row in rows]
    written(tmp_path, [{"unique_id": key, "entity_id": person} for key, person in truth.items()], "truth.csv")

    roles = ROLES + "attributes: {first_language: tongue, home_region_l: tongue}\n"
    assert _resolved(tmp_path, written(tmp_path, rows), roles, "out")["pair_f1"] > 0.9
