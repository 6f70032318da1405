"""How much a given name says of the family name: people of two origins, and people whose names were drawn freely."""

import random
from datetime import date, timedelta

import duckdb
import pytest

from identity.matching.names import MACROS as NAMES
from identity.matching.nearness import MACROS as NEARNESS
from identity.matching.together import names_together, together_bits

PEOPLE, GIVEN, FAMILY, RECORDS_EACH = 3_000, 40, 120, 3


def crowd(origins: int, *, dated: bool = True) -> duckdb.DuckDBPyConnection:
    """`person`: some records of each, all with the birth date of their person; names of one origin are never mixed."""
    dice, rows = random.Random(5), []
    for number in range(PEOPLE):
        origin = dice.randrange(origins)
        given, family = (f"{kind}{origin}x{dice.randrange(count // origins)}" for kind, count in NAMED)
        born = str(date(1930, 1, 1) + timedelta(days=dice.randrange(25_000))) if dated else None
        rows += [(given, family, born, f"{number:05}")] * RECORDS_EACH
    con = duckdb.connect()
    con.execute(NAMES + NEARNESS)
    con.execute(
        "create temp table person as select unnest(range(len($g)))::integer as record_no, unnest($g) as given_name, "
        "unnest($f) as family_name, unnest($b::varchar[]) as birth_date, unnest($p) as postal_code",
        dict(zip("gfbp", map(list, zip(*rows, strict=True)), strict=True)),
    )
    return con


NAMED = (("g", GIVEN), ("f", FAMILY))


def test_names_drawn_freely_say_nothing_of_each_other() -> None:
    assert names_together(crowd(origins=1)) == pytest.approx(1.0, abs=0.05)


def test_names_of_two_origins_are_shared_more_often_than_chance_has_it() -> None:
    """Half of all full names are never borne, so that the others are twice as common; those that everybody shares
    already can become no commoner."""
    assert 1.1 < names_together(crowd(origins=4)) < 4


def test_without_birth_dates_nothing_is_known() -> None:
    assert names_together(crowd(origins=4, dated=False)) == 1.0


def test_the_bits_are_taken_off_where_both_names_agree_and_nowhere_else() -> None:
    levels = [{"is_null_level": True}, *({"label_for_charts": label} for label in ("same", "initial", "different"))]
    settings = {
        "comparisons": [
            {"output_column_name": name, "comparison_levels": levels} for name in ("given_name", "family_name")
        ]
    }
    con = duckdb.connect()
    con.execute(
        "create table pair as from (values (2, 2), (1, 2), (0, 2), (-1, 2)) as t (gamma_given_name, gamma_family_name)"
    )

    found = con.execute(f"select {together_bits(settings, 4.0)} from pair").fetchall()

    assert found == [(-2.0,), (0.0,), (0.0,), (0.0,)]
    assert together_bits(settings, 1.0) == "0"
