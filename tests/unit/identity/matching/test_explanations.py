"""One person, two who live or work together, or chance: the explanations on pairs drawn from a known mixture."""

import random
from math import log2

import duckdb
import pytest

from identity.matching.expectation import estimate
from identity.matching.explanations import (
    HOUSEHOLD,
    Explanations,
    TwoPeople,
    Weights,
    odds_sql,
    weight_sql,
    weights_sql,
)

PAIRS, PEOPLE, SCORED_BY_CHANCE = 40_000, 1_000, 2_000
# name: (m, u) of "same"; a household shares surname and address as often as one person does, the rest by chance.
FIELDS = {"given_name": (0.9, 0.01), "family_name": (0.9, 0.01), "address": (0.8, 0.002), "birth_date": (0.9, 0.003)}
SHARED = ("family_name", "address")
AT_WORK = FIELDS | {"employer": (0.9, 0.005)}
COMMON = {"household": SHARED, "colleagues": ("address", "employer")}


def settings(fields: dict[str, tuple[float, float]] = FIELDS) -> dict:
    comparisons = [
        {
            "output_column_name": name,
            "comparison_levels": [
                {"is_null_level": True},
                {"m_probability": m, "u_probability": u},
                {"m_probability": 1 - m, "u_probability": 1 - u},
            ],
        }
        for name, (m, u) in fields.items()
    ]
    return {"probability_two_random_records_match": 0.001, "comparisons": comparisons}


def drawn(
    con: duckdb.DuckDBPyConnection,
    people: int,
    households: int,
    colleagues: int = 0,
    fields: dict[str, tuple[float, float]] = FIELDS,
) -> None:
    """`predicted` as Splink gives it: pairs of one person, of two people together, and by chance, with their kind."""
    dice = random.Random(3)
    kinds = ["person"] * people + ["household"] * households + ["colleagues"] * colleagues
    kinds += ["chance"] * SCORED_BY_CHANCE
    columns = ", ".join(f"gamma_{name} integer, mw_{name} double" for name in fields)
    con.execute(
        "create table predicted (unique_id_l integer, unique_id_r integer, match_key varchar, kind varchar, "
        f"source_l varchar default 'one', source_r varchar default 'one', {columns})"
    )
    con.execute(f"create temp table person as select 'one' as source from range({PEOPLE})")
    rows = []
    for number, kind in enumerate(kinds):
        row: list = [number, number + PAIRS, "1", kind]
        for name, (m, u) in fields.items():
            agrees = dice.random() < (m if kind == "person" or name in COMMON.get(kind, ()) else u)
            row += [int(agrees), log2(m / u if agrees else (1 - m) / (1 - u))]
        rows.append(row)
    values = {f"c{place}": list(column) for place, column in enumerate(zip(*rows, strict=True))}
    named = ", ".join(["unique_id_l, unique_id_r, match_key, kind", *(f"gamma_{name}, mw_{name}" for name in fields)])
    con.execute(f"insert into predicted ({named}) select {', '.join(f'unnest(${name})' for name in values)}", values)


def likely_sql(weights: Weights, found: Explanations) -> str:
    """What the weight reads of a pair."""
    return (
        f"{weights.same} as same_bits, {' + '.join(odds_sql(found, weights.two).values())} as two_odds, "
        f"{weights.personal} as personal_bits, {weights.contradicts} as contradicts"
    )


@pytest.fixture(scope="module")
def mixed() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    drawn(con, people=600, households=400)
    return con


def test_the_shares_of_both_classes_are_found(mixed: duckdb.DuckDBPyConnection) -> None:
    found = estimate(mixed, "predicted", settings())

    all_pairs = PEOPLE * (PEOPLE - 1) / 2
    assert found.same * all_pairs == pytest.approx(600, rel=0.1)
    # among half a million pairs, a household that agrees on surname or address alone (28 %) looks like chance
    assert found.two[HOUSEHOLD].share * all_pairs == pytest.approx(400 * 0.9 * 0.8, rel=0.1)
    assert found.two[HOUSEHOLD].agreement["address"]["1"] > 0.75
    assert set(found.two) == {HOUSEHOLD}
    assert set(found.two[HOUSEHOLD].agreement) == set(SHARED)


def test_a_household_weighs_against_and_one_person_for(mixed: duckdb.DuckDBPyConnection) -> None:
    found = estimate(mixed, "predicted", settings())
    weights = weights_sql(settings(), found)
    judged = mixed.execute(f"""
        with likely as (select kind, {likely_sql(weights, found)} from predicted)
        select kind, avg(({weight_sql(found)} > 0)::integer) from likely group by kind
    """).fetchall()

    shares = dict(judged)
    assert shares["person"] > 0.9
    assert shares["household"] < 0.1
    assert shares["chance"] < 0.01


def test_without_households_their_share_goes_to_nothing() -> None:
    con = duckdb.connect()
    drawn(con, people=600, households=0)

    found = estimate(con, "predicted", settings())

    assert found.two[HOUSEHOLD].share * PEOPLE * (PEOPLE - 1) / 2 < 30


def test_colleagues_are_told_from_families_and_weigh_against() -> None:
    """Who works together has an employer and its address in common, and no name."""
    con = duckdb.connect()
    drawn(con, people=600, households=400, colleagues=500, fields=AT_WORK)
    asked = settings(AT_WORK)

    found = estimate(con, "predicted", asked)

    all_pairs = PEOPLE * (PEOPLE - 1) / 2
    assert found.two["colleagues"].share * all_pairs == pytest.approx(500 * 0.9 * 0.8, rel=0.15)
    assert found.two[HOUSEHOLD].share * all_pairs == pytest.approx(400 * 0.9 * 0.8, rel=0.15)
    assert set(found.two["colleagues"].agreement) == {"address", "employer"}
    weights = weights_sql(asked, found)
    judged = con.execute(f"""
        with likely as (select kind, {likely_sql(weights, found)} from predicted where kind = 'colleagues')
        select avg(({weight_sql(found)} > 0)::integer) from likely
    """).fetchall()
    assert judged[0][0] < 0.02


def test_the_answer_is_the_same_with_one_thread_and_with_two(mixed: duckdb.DuckDBPyConnection) -> None:
    answers = []
    for threads in (1, 2):
        mixed.execute(f"set threads = {threads}")
        answers.append(estimate(mixed, "predicted", settings()))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(("rarely", "contradicts"), [(0.001, True), (0.15, False)])
def test_a_lifelong_field_contradicts_where_one_person_hardly_ever_differs(rarely: float, contradicts: bool) -> None:
    """All but the given name agrees: twins where people keep their names, a careless clerk where they do not."""
    asked = settings()
    given = asked["comparisons"][0]["comparison_levels"]
    given[1]["m_probability"], given[2]["m_probability"] = 1 - rarely, rarely
    found = Explanations(0.001, {HOUSEHOLD: TwoPeople(1e-9, {name: {"1": 0.9, "0": 0.1} for name in SHARED})})
    weights = weights_sql(asked, found)
    con = duckdb.connect()
    bits = {name: log2(m / u) for name, (m, u) in FIELDS.items()} | {"given_name": log2(rarely / 0.99)}
    columns = ", ".join(f"{int(name != 'given_name')} as gamma_{name}, {mw} as mw_{name}" for name, mw in bits.items())

    [(weight,)] = con.execute(f"""
        with likely as (
            select {likely_sql(weights, found)} from (select {columns})
        )
        select {weight_sql(found)} from likely
    """).fetchall()

    assert (weight < 0) == contradicts
