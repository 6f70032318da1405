"""Every case of golden.csv, by Python and by SQL.

Belongs here: what a person would expect of real spellings. Must not go here: properties of any text (test_any_text.py).
"""

from collections import Counter

import duckdb
import pytest

from standardise import KINDS, standardised
from tests.unit.standardise.conftest import golden, in_sql

CASES = golden()


@pytest.mark.parametrize("kind", sorted({case["kind"] for case in CASES}))
def test_each_case_has_its_expected_form(kind: str) -> None:
    cases = [case for case in CASES if case["kind"] == kind]
    found = {
        (case["raw"], case["region"]): standardised(kind, case["raw"], case["region"] or None) or "" for case in cases
    }
    assert found == {(case["raw"], case["region"]): case["std"] for case in cases}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_sql_gives_what_python_gives(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    texts = [case["raw"] for case in CASES]
    regions = [case["region"] or None for case in CASES]
    by_sql = in_sql(con, f"std_{kind}(first, second)", texts, regions)
    assert by_sql == [standardised(kind, text, region) for text, region in zip(texts, regions, strict=True)]


def test_the_golden_file_covers_every_kind_and_twenty_countries_of_phones() -> None:
    kinds = Counter(case["kind"] for case in CASES)
    countries = {case["region"] for case in CASES if case["kind"] == "phone" and len(case["region"]) == 2}
    assert set(kinds) == set(KINDS)
    assert len(CASES) >= 600
    assert len(countries) >= 20
