"""The trained model: learned once, kept, and used as it is."""

import json
import random
from datetime import datetime

from identity.resolve import resolve
from warehouse.run import RunContext

GIVEN = ["anna", "robert", "william", "susan", "peter", "lena", "clara", "oskar", "david", "mary", "ida", "emil"]
FAMILY = ["gray", "bell", "hall", "wood", "stone", "field", "brook", "marsh", "ford", "lane", "north", "west", "hill"]


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


def test_rows_in_another_order_give_the_same_clusters(world):
    populate(world)
    world.run()
    first = world.groups()
    names = list(world.records)
    random.Random(1).shuffle(names)
    world.records = {name: world.records[name] for name in names}
    world.con.execute("set threads = 1")
    world.run()
    assert world.groups() == first


def test_ten_thousand_records_on_one_email_make_no_edge(world):
    world.load()
    world.con.execute("""
        create or replace table conformed.int_records as
        select * replace (
            'a:' || n as record_id, 'a' as source, 'shared@x.org' as email_std, 'n' || (n % 4000) as given_name_std
        )
        from (select null::integer) as one, range(10000) as numbers (n)
        left join conformed.int_records on false
    """)
    moment = datetime(2026, 1, 1)
    summary = resolve(world.home, world.con, RunContext("run", moment, moment))
    assert (summary.customers, summary.largest_cluster, summary.cut_identifiers) == (10_000, 1, 1)
    assert summary.deterministic_edges == 0


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
