"""Pairs to learn from: each workplace is seen whole, however large it is, and no pair stands twice."""

import duckdb
import pytest

from identity.matching.drawing import NEXT_COLLEAGUES, draw_pairs

SIZES = {"mill": 400, "bakery": 4, "kiosk": 1}


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """Records of three workplaces and of nobody's; of the bakery one pair is a candidate."""
    con = duckdb.connect()
    employers = [name for name, size in SIZES.items() for _ in range(size)] + [None] * 50
    con.execute(
        "create temp table person as select unnest(range(len($names)))::integer as record_no, "
        "unnest($names) as employer, null::varchar as email_domain",
        {"names": employers},
    )
    con.execute(
        f"create temp table candidate as select {SIZES['mill']} as record_no_l, {SIZES['mill'] + 1} as record_no_r"
    )
    return con


def test_the_pairs_of_a_workplace_stand_for_all_of_its_pairs(con: duckdb.DuckDBPyConnection) -> None:
    found = dict(
        con.execute(f"""
            select employer, round(sum(rule::double), 6)
            from ({draw_pairs(con)}) as drawn
            join person on record_no = record_no_l
            group by employer
        """).fetchall()
    )

    assert found == {name: size * (size - 1) / 2 for name, size in SIZES.items() if size > 1}


def test_a_large_workplace_costs_a_few_pairs_a_record_and_none_is_drawn_twice(con: duckdb.DuckDBPyConnection) -> None:
    pairs, distinct, ordered = con.execute(
        f"select count(*), count(distinct (record_no_l, record_no_r)), bool_and(record_no_l < record_no_r) "
        f"from ({draw_pairs(con)})"
    ).fetchall()[0]

    assert pairs == distinct
    assert ordered
    assert pairs <= NEXT_COLLEAGUES * SIZES["mill"] + SIZES["bakery"] ** 2
