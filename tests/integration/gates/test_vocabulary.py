"""Every expectation that a suite may use: it holds on a good table, bites on a bad one, and cannot hold for nothing."""

import pytest

from expectations.vocabulary import KINDS, columns_named

REASON = "the reason of this threshold"
GOOD = """
    select 'r' || i as id, 'p' || i || '@example.com' as email, i % 2 + 1 as score, timestamp '2024-01-01' as first_at,
        timestamp '2024-01-02' as last_at, case when i % 2 = 0 then 'a' else 'b' end as kind
    from range(100) as rows (i)
"""

# Expectation, its arguments, and how to break the good table.
CASES = {
    "expect_table_row_count_to_be_between": ({"min_value": 100}, "delete from {t} where id = 'r1'"),
    "expect_table_columns_to_match_set": (
        {"column_set": ["id", "email"], "exact_match": False},
        "alter table {t} drop email",
    ),
    "expect_column_to_exist": ({"column": "email"}, "alter table {t} drop email"),
    "expect_column_values_to_not_be_null": ({"column": "email"}, "update {t} set email = null where id = 'r1'"),
    "expect_column_values_to_be_unique": ({"column": "id"}, "update {t} set id = 'r1' where id = 'r2'"),
    "expect_compound_columns_to_be_unique": (
        {"column_list": ["id", "email"]},
        "insert into {t} from {t} where id = 'r1'",
    ),
    "expect_column_values_to_be_in_set": (
        {"column": "kind", "value_set": ["a", "b"]},
        "update {t} set kind = 'c' where id = 'r1'",
    ),
    "expect_column_values_to_not_be_in_set": (
        {"column": "kind", "value_set": ["c"]},
        "update {t} set kind = 'c' where id = 'r1'",
    ),
    "expect_column_values_to_match_regex": (
        {"column": "email", "regex": "^[^@ ]+@[^@ ]+$"},
        "update {t} set email = 'nobody' where id = 'r1'",
    ),
    "expect_column_values_to_not_match_regex": (
        {"column": "kind", "regex": "@"},
        "update {t} set kind = 'a@example.com' where id = 'r1'",
    ),
    "expect_column_values_to_be_between": (
        {"column": "last_at", "min_value": "2020-01-01", "max_value": {"$PARAMETER": "tomorrow"}},
        "update {t} set last_at = timestamp '2024-05-03' where id = 'r1'",
    ),
    "expect_column_value_lengths_to_be_between": (
        {"column": "id", "min_value": 2, "max_value": 3},
        "update {t} set id = 'r' where id = 'r1'",
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": (
        {"column_A": "last_at", "column_B": "first_at"},
        "update {t} set last_at = first_at where id = 'r1'",
    ),
    "expect_column_min_to_be_between": (
        {"column": "score", "min_value": 1},
        "update {t} set score = 0 where id = 'r1'",
    ),
    "expect_column_max_to_be_between": (
        {"column": "score", "max_value": 2},
        "update {t} set score = 3 where id = 'r1'",
    ),
    "expect_column_mean_to_be_between": (
        {"column": "score", "min_value": 1, "max_value": 2},
        "update {t} set score = 1000 where id = 'r1'",
    ),
    "expect_column_sum_to_be_between": (
        {"column": "score", "max_value": 200},
        "update {t} set score = 1000 where id = 'r1'",
    ),
    "expect_column_unique_value_count_to_be_between": (
        {"column": "kind", "max_value": 2},
        "update {t} set kind = 'c' where id = 'r1'",
    ),
    "expect_column_proportion_of_unique_values_to_be_between": (
        {"column": "id", "min_value": 0.9},
        "update {t} set id = 'r1'",
    ),
    "expect_column_distinct_values_to_contain_set": (
        {"column": "kind", "value_set": ["a", "b"]},
        "update {t} set kind = 'a'",
    ),
    "unexpected_rows_expectation": (
        {"unexpected_rows_query": "select id from {batch} where score > 2"},
        "update {t} set score = 3 where id = 'r1'",
    ),
}
EACH = pytest.mark.parametrize("kind", KINDS)


def suite_of(kind: str) -> dict:
    return {"key": ["id"], "expectations": [{"type": kind, "kwargs": CASES[kind][0], "reason": REASON}]}


def test_every_expectation_has_a_case():
    assert set(CASES) == set(KINDS)


@EACH
def test_it_holds_on_a_good_table_and_bites_on_a_bad_one(con, gate, make_people, kind):
    make_people(GOOD)
    assert gate("conformed.people", suite_of(kind)).lines() == []
    con.execute(CASES[kind][1].format(t="conformed.people"))
    result = gate("conformed.people", suite_of(kind))
    assert not result.passed
    assert len(result.lines()) == 1


@EACH
def test_it_does_not_hold_on_an_empty_table(con, gate, make_people, kind):
    make_people(GOOD)
    con.execute("delete from conformed.people")
    assert not gate("conformed.people", suite_of(kind)).passed


@EACH
def test_it_does_not_hold_on_columns_that_are_all_null(con, gate, make_people, kind):
    make_people(GOOD)
    columns = columns_named(CASES[kind][0]) or ["id"]
    con.execute("update conformed.people set " + ", ".join(f"{column} = null" for column in columns))
    assert not gate("conformed.people", suite_of(kind)).passed


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].breaking])
def test_its_query_finds_as_many_rows_as_it_counted(con, gate, make_people, kind):
    make_people(GOOD)
    con.execute(CASES[kind][1].format(t="conformed.people"))
    found = gate("conformed.people", suite_of(kind)).failed[0]
    assert len(con.execute(found.query).fetchall()) == found.unexpected_count > 0


def test_mostly_lets_a_share_pass(con, gate, make_people):
    make_people(GOOD)
    con.execute("update conformed.people set email = 'nobody' where id in ('r1', 'r2')")
    arguments = {"column": "email", "regex": "@"}
    suite = {"expectations": [{"type": "ExpectColumnValuesToMatchRegex", "kwargs": arguments, "reason": REASON}]}
    assert not gate("conformed.people", suite).passed
    arguments["mostly"] = 0.98
    assert gate("conformed.people", suite).passed
    arguments["mostly"] = 0.99
    assert not gate("conformed.people", suite).passed


def test_null_is_not_held_against_a_pattern_or_a_set(con, gate, make_people):
    make_people(GOOD)
    con.execute("update conformed.people set email = null, kind = null where id = 'r1'")
    assert gate("conformed.people", suite_of("expect_column_values_to_match_regex")).passed
    assert gate("conformed.people", suite_of("expect_column_values_to_be_in_set")).passed
