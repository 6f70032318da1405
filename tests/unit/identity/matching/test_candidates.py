"""Blocking within a budget: everything where that is cheap, the narrowest blocks first where it is not."""

from collections.abc import Iterator

import duckdb
import pytest

from identity.matching import candidates
from identity.matching.candidates import Blocking, find_candidates, plan_blocking
from identity.matching.reach import measure_reach
from identity.roles import platform_roles

COLUMNS = (
    "given_name", "given_fold", "family_name", "family_fold", "birth_date", "postal_code", "street", "house_number",
    "email", "email_domain", "phone", "national_id", "employer", "organisation", "city",
)  # fmt: skip


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Sixty people of four surnames, born on thirty days."""
    with duckdb.connect() as con:
        con.execute(f"create temp table person (record_no integer, {', '.join(f'{name} varchar' for name in COLUMNS)})")
        con.executemany(
            "insert into person (record_no, given_fold, family_fold, birth_date) values (?, ?, ?, ?)",
            [(n, f"given{n}", f"family{n % 4}", f"1980-01-{n % 30 + 1:02}") for n in range(60)],
        )
        con.execute("create temp view stated as from person")
        con.execute("create temp table face as select record_no, hash(record_no) as face from person")
        for pairs in ("sharing", "shared_pair"):
            con.execute(f"create temp table {pairs} (record_no_l integer, record_no_r integer)")
        con.execute("create temp table touched as select record_no from person")
        yield con


def proposed(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    return con.execute("select rule, pairs_count from blocking_rule where pairs_count > 0 order by rule").fetchall()


def test_a_small_set_is_compared_whole(con: duckdb.DuckDBPyConnection) -> None:
    find_candidates(con, plan_blocking(con, platform_roles()))

    assert proposed(con) == [("every_pair", 60 * 59 // 2)]


def test_above_the_budget_blocks_are_taken(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "BUDGET_PAIRS_AT_LEAST", 200)
    monkeypatch.setattr(candidates, "BUDGET_PAIRS_PER_RECORD", 1)

    find_candidates(con, plan_blocking(con, platform_roles()))

    pairs = con.execute("select count(*) from candidate").fetchall()[0][0]
    one_birthday = con.execute("""
        select count(*) from candidate
        join person as l on record_no_l = l.record_no
        join person as r on record_no_r = r.record_no
        where l.birth_date = r.birth_date
    """).fetchall()[0][0]
    assert pairs <= 200
    assert one_birthday == 30


def test_a_block_that_the_budget_does_not_allow_is_cut_and_said(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four surnames of fifteen are 420 pairs: more than is left."""
    monkeypatch.setattr(candidates, "BUDGET_PAIRS_AT_LEAST", 200)
    monkeypatch.setattr(candidates, "BUDGET_PAIRS_PER_RECORD", 1)

    find_candidates(con, plan_blocking(con, platform_roles()))

    said = con.execute(
        "select pairs_count, cut_blocks_count, cut_records_count from blocking_rule where rule = 'family_name'"
    ).fetchall()
    assert said == [(0, 4, 60)]


def test_no_pair_is_proposed_twice(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "BUDGET_PAIRS_AT_LEAST", 1_000)

    find_candidates(con, plan_blocking(con, platform_roles()))

    assert con.execute(
        "select count(*), count(distinct (record_no_l, record_no_r)), count(*) filter (record_no_l >= record_no_r) "
        "from candidate"
    ).fetchall() == [(450, 450, 0)]


def test_what_each_rule_reaches_is_counted_and_what_none_reaches_estimated(con: duckdb.DuckDBPyConnection) -> None:
    """Of nine matches, six have one rule alone, two have two, and one has three: at least 6·5 / (2·3) are unseen."""
    con.execute("create temp table scored_pair (record_no_l integer, record_no_r integer, match_weight double)")
    con.execute("create temp table cut_block (rule varchar, key ubigint)")
    con.execute("delete from person")
    held = ["s", "s", "s", "a", "a", "b", "sa", "ab", "sab"]
    for number, rules in enumerate(held):
        pair = (2 * number, 2 * number + 1)
        con.execute("insert into scored_pair values (?, ?, 9)", pair)
        if "s" in rules:
            con.execute("insert into shared_pair values (?, ?)", pair)
        for record in pair:
            city, employer = (f"{number}" if rule in rules else f"{record}" for rule in "ab")
            con.execute("insert into person (record_no, city, employer) values (?, ?, ?)", [record, city, employer])
    con.execute("insert into scored_pair values (0, 5, -3)")

    measure_reach(con, Blocking({"a": "city", "b": "employer"}, {"a": 50, "b": 50}, 18))

    found = con.execute("from reach order by rule").fetchall()
    assert [row[:3] for row in found] == [("a", 5, 2), ("b", 3, 1), ("shared_identifier", 5, 3)]
    assert {row[3] for row in found} == {5 / 14}


def test_a_match_in_a_cut_block_is_not_reached_by_its_rule(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create temp table scored_pair as select 0 as record_no_l, 4 as record_no_r, 9.0 as match_weight")
    con.execute("create temp table cut_block as select 'family' as rule, hash('family0') as key")

    measure_reach(con, Blocking({"family": "family_fold", "given": "left(given_fold, 5)"}, {}, 60))

    assert con.execute("select rule from reach").fetchall() == [("given",)]
