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
        ("unique_id: id\nroles: {given_name: first}\nexclusive: user_id\n", "exclusive is no list of types"),
        ("unique_id: id\nroles: {given_name: first}\ntells_apart: [user-id]\n", "tells_apart is no list of types"),
        ("unique_id: id\nroles: {given_name: first}\ntells_apart: [email]\n", "but for email and phone"),
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
        {"id": "4", "tel": "", "born": "19-Feb-91", "mail": ""},
    ]
    con = duckdb.connect()
    roles = read_roles(declared(tmp_path, "unique_id: id\nroles: {phone: tel, birth_date: born, email: mail}\n"))

    given = read_records(con, written(tmp_path, rows), roles)

    found = con.execute("select phone, birth_date, email from given_record order by record_id").fetchall()
    assert found == [
        ("7029191300", "1978-12-31", "ann@lee.com"),
        (None, "1850-81-01", "ann@lee,com"),
        (None, "1980-01-07", None),
        (None, "1991-02-19", None),
    ]
    assert given.warnings == ("phone: 1 of 2 values are junk or cannot be read as phone",)


@pytest.mark.parametrize(
    ("numbers", "read"),
    [
        (["818-892-2818", "+1 818 892 2818"], ["+18188922818", "+18188922818"]),
        (["818-892-2818", "1 818 892 2818"], ["18188922818", "18188922818"]),
        (["0171 2345678", "+49 171 2345678"], ["+491712345678", "+491712345678"]),
        (["171 2845673", "+49 171 2845673", "+43 171 2845673"], ["1712845673", "+491712845673", "+431712845673"]),
        (["892-2818", "+1 818 892 2818"], ["8922818", "+18188922818"]),
    ],
    ids=["with a plus", "without", "a trunk zero", "two countries have it", "too short to tell"],
)
def test_a_number_without_a_country_is_the_one_that_ends_with_it(
    tmp_path: Path, numbers: list[str], read: list[str]
) -> None:
    rows = [{"id": f"{place}", "tel": number} for place, number in enumerate(numbers)]
    con = duckdb.connect()

    read_records(con, written(tmp_path, rows), read_roles(declared(tmp_path, "unique_id: id\nroles: {phone: tel}\n")))

    assert con.execute("select phone from given_record order by record_id").fetchall() == [(each,) for each in read]
    held = con.execute("select distinct identifier_value_std from given_identifier order by all").fetchall()
    assert held == [(each,) for each in sorted(set(read))]


def test_a_number_that_is_no_telephones_stays_as_it_is(tmp_path: Path) -> None:
    """A passport's digits may be those of a telephone."""
    rows = [{"id": "1", "tel": "818-892-2818", "pass": "8188922818"}, {"id": "2", "tel": "+1 818 892 2818", "pass": ""}]
    con = duckdb.connect()
    roles = read_roles(declared(tmp_path, "unique_id: id\nroles: {phone: tel, national_id: pass}\n"))

    read_records(con, written(tmp_path, rows), roles)

    held = con.execute("select distinct identifier_type, identifier_value_std from given_identifier order by all")
    assert held.fetchall() == [("national_id", "8188922818"), ("phone", "+18188922818")]


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


def test_one_phone_and_given_name_are_not_enough_against_all_else(tmp_path: Path) -> None:
    """A switchboard's number, two women called Ellie: birth date and family name say that they are two."""
    rows, truth = people(150)
    rows = [row | {"tel": ""} for row in rows]
    rows += [
        {"id": "e1", "first": "ellie", "last": "desquire", "born": "1991-02-19", "town": "abel", "tel": "7029191300"},
        {"id": "e2", "first": "ellie", "last": "ohare", "born": "1967-08-15", "town": "otto", "tel": "7029191300"},
        {"id": "e3", "first": "ellie", "last": "", "born": "", "town": "", "tel": "7029191301"},
        {"id": "e4", "first": "ellie", "last": "ohare", "born": "1967-08-15", "town": "otto", "tel": "7029191301"},
    ]
    truth |= {"e1": "one", "e2": "two", "e3": "two", "e4": "two"}
    written(tmp_path, [{"unique_id": key, "entity_id": person} for key, person in truth.items()], "truth.csv")

    _resolved(tmp_path, written(tmp_path, rows), ROLES.replace("{given", "{phone: tel, given"), "out")

    found = dict(duckdb.execute(f"from read_parquet('{tmp_path / 'out' / 'assignments.parquet'}')").fetchall())
    assert found["e1"] != found["e2"]
    assert found["e2"] == found["e3"] == found["e4"]


def test_records_of_companies_are_joined_by_their_names(tmp_path: Path) -> None:
    """Where nobody is named the employer is the record's own name; where somebody is, it is whom they work for."""
    dice = random.Random(4)
    rows, truth = [], {}
    for number in range(120):
        names = [dice.choice(FAMILY), dice.choice(FAMILY) + dice.choice(FAMILY), dice.choice(GIVEN)]
        place = {"street": f"{dice.choice(GIVEN)} street {dice.randrange(1, 90)}", "code": f"{90_000 - 7 * number}"}
        for copy, name in enumerate((" ".join(names), " ".join(names[1:]))):
            truth[f"c{number}_{copy}"] = f"c{number}"
            rows.append({"id": f"c{number}_{copy}", "firm": name, "name": "", **place})
        for person in dice.sample(GIVEN, 2):
            truth[f"p{number}_{person}"] = f"p{number}_{person}"
            name = f"{person} {dice.choice(FAMILY)}{dice.choice(FAMILY)}"
            rows.append({"id": f"p{number}_{person}", "firm": " ".join(names), "name": name, "street": "", "code": ""})
    written(tmp_path, [{"unique_id": key, "entity_id": entity} for key, entity in truth.items()], "truth.csv")

    roles = "unique_id: id\nroles: {full_name: name, employer: firm, street: street, postal_code: code}\n"
    scores = _resolved(tmp_path, written(tmp_path, rows), roles, "out")

    assert scores["pair_precision"] > 0.95
    assert scores["pair_recall"] > 0.95


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
