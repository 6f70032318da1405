"""The trained model: learned once, kept, and used as it is."""

import json
import random
from datetime import datetime

from identity.resolve import resolve
from warehouse.run import RunContext

GIVEN = ["anna", "robert", "william", "susan", "peter", "lena", "clara", "oskar", "david", "mary", "ida", "emil"]
FAMILY = ["gray", "bell", "hall", "wood", "stone", "field", "brook", "marsh", "ford", "lane", "north", "west", "hill"]
CROWD = 10_000


def populate(world, people: int = 150) -> None:
    """Two or three records a person, one of them with a slip in the family name."""
    dice = random.Random(5)
    for number in range(people):
        given, family = dice.choice(GIVEN), dice.choice(FAMILY) + dice.choice(FAMILY)
        born = f"{dice.randint(1950, 2000)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        email = f"m{dice.randint(10_000, 99_999)}@mail{number % 40}.org"
        world.record(
            f"a:{number}", given=given, family=family, born=born, email=email, postal_code_std=f"{number % 30:05}"
        )
        world.record(f"b:{number}", given=given, family=family[1:], born=born, postal_code_std=f"{number % 30:05}")
        world.record(f"c:{number}", given=given, family=family, email=email)


def test_a_model_is_trained_once_and_then_kept(world):
    populate(world)
    first = world.run()
    version = world.summary.model_version
    files = {path: path.read_bytes() for path in world.home.models.iterdir()}

    assert version
    assert world.summary.probabilistic_edges > 100
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert sum(first[f"a:{n}"] == first[f"b:{n}"] == first[f"c:{n}"] for n in range(150)) >= 110

    world.record("z:1", given="zoe", family="new", email="zoe@new.org")
    world.run()

    assert world.summary.model_version == version
    assert {path: path.read_bytes() for path in world.home.models.iterdir()} == files
    assert {change[0] for change in world.changes()} == {"created", "joined"}
    left = world.con.execute(
        "select count(*) from duckdb_tables() where starts_with(table_name, '__splink__')"
    ).fetchall()
    assert left == [(0,)]


def test_evidence_names_fields_and_levels_but_no_values(world):
    populate(world)
    world.run()
    evidence = " ".join(row[0] for row in world.con.execute("select evidence from identity.edges").fetchall())
    assert '"given_name":["same",' in evidence
    assert not any(f"{name}" in evidence for name in [*GIVEN, *FAMILY] if name not in ("lane", "ida"))


def test_ten_thousand_records_on_one_email_make_no_edge_and_what_was_cut_is_a_row(world):
    """The mailbox of a crowd costs a row, not fifty million pairs; others are found beside it."""
    populate(world)
    world.load()
    world.con.execute(f"""
        insert into conformed.int_records
        by name
        select
            'd:' || n as record_id, 'd' as source, 'shared@x.org' as email_std,
            left(md5('given' || (n % 4000)), 8) as given_name_std,
            left(md5('family' || n), 8) as family_name_std, date '1950-01-01' + n::integer as birth_date
        from range({CROWD}) as numbers (n)
    """)
    moment = datetime(2026, 1, 1)
    summary = resolve(world.home, world.con, RunContext("run", moment, moment))

    assert summary.model_version
    assert world.con.execute("from identity.cut_identifiers").fetchall() == [
        ("email", "shared@x.org", CROWD, 5, "too many people")
    ]
    assert world.con.execute("select count(*) from candidate").fetchall()[0][0] < 5 * CROWD
    assert summary.probabilistic_edges > 100
    assert {len(group) for group in world.groups() if max(group).startswith("d:")} == {1}


def test_a_field_that_no_block_teaches_is_worth_what_is_assumed(world):
    """Without birth dates every block that has pairs holds the given name, so nothing teaches it."""
    dice = random.Random(5)
    for number in range(150):
        given, family = dice.choice(GIVEN), dice.choice(FAMILY) + dice.choice(FAMILY)
        email = f"m{dice.randint(10_000, 99_999)}@mail{number % 40}.org"
        world.record(f"a:{number}", given=given, family=family, email=email)
        world.record(f"b:{number}", given=given, family=family, email=email)
    found = world.run()

    [model] = world.home.models.glob("linkage_*.json")
    fields = {field["output_column_name"]: field for field in json.loads(model.read_text())["settings"]["comparisons"]}
    levels = {level["label_for_charts"]: level for level in fields["given_name"]["comparison_levels"]}
    assert levels["same"]["m_probability"] > 0.5
    assert levels["different"]["m_probability"] < 0.2
    assert sum(found[f"a:{n}"] == found[f"b:{n}"] for n in range(150)) == 150


def test_a_model_of_an_earlier_form_is_not_taken_for_one(world):
    populate(world)
    world.home.models.mkdir(parents=True, exist_ok=True)
    (world.home.models / "linkage_0123456789ab.json").write_text('{"version": "old", "terms": "none.parquet"}')
    world.run()

    assert world.summary.model_version not in (None, "old")
