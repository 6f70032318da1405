"""What namesakes teach: pairs of records whose people, names, contacts and systems were drawn from known shares."""

import random
from dataclasses import dataclass
from math import log2

import duckdb
import pytest

from identity.matching.expectation import estimate
from identity.matching.explanations import Explanations, weights_sql
from identity.matching.together import expected_namesakes

PEOPLE, GIVEN, FAMILY = 4_000, 200, 800
# A shop knows some people twice, a list nobody.
IN_SHOP_TWICE = 0.3
# How often a record holds the contacts that its person has everywhere: with one contact, and with both.
KEPT = {"alone": 0.97, "beside": 0.7}
NAMES = ("given_name", "family_name")
# What Splink is said to have learned: names are kept, and so are more contacts than really are.
M = {"given_name": 0.99, "family_name": 0.99, "email": 0.8, "phone": 0.8}


@dataclass
class Drawn:
    con: duckdb.DuckDBPyConnection
    found: Explanations


def crowd(origins: int, seed: int = 5) -> duckdb.DuckDBPyConnection:
    """`person` and `term`: each in the shop once or twice and on the list, with both contacts or with one; names of one
    origin are never mixed."""
    dice, rows = random.Random(seed), []
    for number in range(PEOPLE):
        origin = dice.randrange(origins)
        # a few names are common and most are rare
        names = [
            f"{kind}{origin}x{int(many / origins * dice.random() ** 3)}" for kind, many in (("g", GIVEN), ("f", FAMILY))
        ]
        systems = ["list", "shop", *(["shop"] if dice.random() < IN_SHOP_TWICE else [])]
        for system in systems:
            has_both = dice.random() < 0.5
            kept = KEPT["beside" if has_both else "alone"]
            contacts = [f"{number}" if dice.random() < kept else f"{number}.{len(rows)}" for _ in range(2)]
            rows.append((*names, contacts[0], contacts[1] if has_both else None, system, number))
    con = duckdb.connect()
    named = ("given_name", "family_name", "email", "phone", "source", "number")
    con.execute(
        "create temp table person as select unnest(range(len($email)))::integer as record_no, "
        + ", ".join(f"unnest(${name}) as {name}" for name in named),
        dict(zip(named, map(list, zip(*rows, strict=True)), strict=True)),
    )
    parts = (
        f"select '{name}' as field, {name} as value, count(*) / sum(count(*)) over () as frequency "
        f"from person group by {name}"
        for name in NAMES
    )
    con.execute(f"create temp table term as {' union all '.join(parts)}")
    return con


def settings(con: duckdb.DuckDBPyConnection) -> dict:
    by_chance = dict(con.execute("select field, sum(frequency * frequency) from term group by field").fetchall())
    by_chance |= {"email": 1e-4, "phone": 1e-4}
    return {
        "probability_two_random_records_match": 1e-4,
        "comparisons": [
            {
                "output_column_name": name,
                "comparison_levels": [
                    {"is_null_level": True},
                    {"label_for_charts": "same", "m_probability": M[name], "u_probability": u, **terms(name)},
                    {"label_for_charts": "different", "m_probability": 1 - M[name], "u_probability": 1 - u},
                ],
            }
            for name, u in by_chance.items()
        ],
    }


def terms(name: str) -> dict[str, str]:
    return {"tf_adjustment_column": name} if name in NAMES else {}


def learned(con: duckdb.DuckDBPyConnection, cap: int | None = None) -> Explanations:
    """From all pairs that have both names in common, as Splink would predict them; of a cap, those that it keeps."""
    asked = settings(con)
    columns = []
    for comparison in asked["comparisons"]:
        name, (_, same, different) = comparison["output_column_name"], comparison["comparison_levels"]
        same_bits, different_bits = (
            log2(level["m_probability"] / level["u_probability"]) for level in (same, different)
        )
        columns.append(f"coalesce((l.{name} = r.{name})::integer, -1) as gamma_{name}")
        columns.append(
            f"case gamma_{name} when 1 then {same_bits} when 0 then {different_bits} else 0 end as mw_{name}"
        )
        if terms(name):
            adjusted = f"log2({same['u_probability']} / of_{name}.frequency)"
            columns.append(f"case gamma_{name} when 1 then {adjusted} else 0 end as mw_tf_adj_{name}")
    frequencies = " ".join(
        f"join term as of_{name} on of_{name}.field = '{name}' and of_{name}.value = l.{name}" for name in NAMES
    )
    con.execute(f"""
        create or replace temp table predicted as
        with bearers as (select given_name, family_name, count(*) as size from person group by all)
        select
            '1' as match_key, l.source as source_l, r.source as source_r,
            l.given_name as given_name_l, l.family_name as family_name_l, l.number = r.number as are_one,
            {", ".join(columns)}
        from person as l
        join person as r using (given_name, family_name)
        join bearers using (given_name, family_name)
        {frequencies}
        where l.record_no < r.record_no and size <= {cap or "size"}
    """)
    return estimate(con, "predicted", asked, cap)


def shared_by_two(con: duckdb.DuckDBPyConnection) -> float:
    """How many times more often two people have both names in common than if these were independent."""
    found, by_chance = con.execute("""
        with agreeing as (select sum(frequency * frequency) as share from term group by field),
        pairs as (select count(*) * (count(*) - 1) / 2 as pairs_count from person)
        select (select count(*) from predicted where not are_one), (select product(share) from agreeing) * pairs_count
        from pairs
    """).fetchall()[0]
    return found / by_chance


@pytest.fixture(scope="module")
def mixed() -> Drawn:
    con = crowd(origins=4)
    return Drawn(con, learned(con))


def on_average(con: duckdb.DuckDBPyConnection, together: dict[str, float]) -> float:
    """The bits of all classes, each by how many namesakes are expected of it."""
    expected = expected_namesakes(con, settings(con), None)
    return sum(together[str(name)] * pairs for name, pairs in expected.items()) / sum(expected.values())


def test_names_drawn_freely_say_little_of_each_other() -> None:
    con = crowd(origins=1)
    assert on_average(con, learned(con).together) < 0.3


def test_how_much_less_names_of_some_origins_say_is_found_without_knowing_who_is_who(mixed: Drawn) -> None:
    real = log2(shared_by_two(mixed.con))
    assert real > 1.8  # four origins
    assert on_average(mixed.con, mixed.found.together) == pytest.approx(real, abs=0.2)


def test_contacts_agree_as_often_as_they_do_alone_and_beside_others(mixed: Drawn) -> None:
    real = {
        kind: mixed.con.execute(
            f"select avg(gamma_email) from predicted where are_one and gamma_phone {'<' if kind == 'alone' else '>='} 0"
        ).fetchall()[0][0]
        for kind in ("alone", "beside")
    }
    assert real["alone"] > 0.7 > 0.5 > real["beside"]
    for kind, share in real.items():
        assert mixed.found.one[kind]["email"]["1"] == pytest.approx(share, abs=0.05)


def test_a_list_that_knows_nobody_twice_makes_one_person_unlikely_within_it(mixed: Drawn) -> None:
    sources = mixed.found.sources
    assert sources["list"]["list"] < -3
    assert sources["shop"]["shop"] < sources["list"]["shop"]
    bits = weights_sql(settings(mixed.con), mixed.found).sources
    read = dict(
        mixed.con.execute(
            f"select source_l || source_r, any_value({bits})::double from predicted group by 1"
        ).fetchall()
    )
    assert read == {
        "listlist": sources["list"]["list"],
        "listshop": sources["list"]["shop"],
        "shoplist": sources["list"]["shop"],
        "shopshop": sources["shop"]["shop"],
    }


def test_expected_weights_are_the_real_ones(mixed: Drawn) -> None:
    """Of the pairs that are as likely one person as not, as many are as is said."""
    found, weights = mixed.found, weights_sql(settings(mixed.con), mixed.found)
    said, real = mixed.con.execute(f"""
        with likely as (
            select are_one, {found.same!r} * pow(2, {weights.same} + {weights.together} + {weights.sources}) as odds
            from predicted
        )
        select avg(odds / (1 + odds)), avg(are_one::integer) from likely where odds between 0.05 and 20
    """).fetchall()[0]
    assert said == pytest.approx(real, abs=0.03)


def test_full_names_that_a_cap_may_cut_teach_nothing() -> None:
    """They are left out of the pairs, and so of what is expected: the commonest of all."""
    con = crowd(origins=1)
    everything, capped = (expected_namesakes(con, settings(con), cap) for cap in (None, 20))
    assert set(capped) < set(everything)
    assert min(capped) > min(everything)
    cut = con.execute("select count(*) from cut_name").fetchall()[0][0]
    bearers = con.execute("select count(*) as size from person group by given_name, family_name").fetchall()
    assert cut == sum(size > 20 for (size,) in bearers) > 0
