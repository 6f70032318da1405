"""What holds for any text at all.

Belongs here: properties, checked by hypothesis. Must not go here: single spellings (golden.csv).
"""

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from standardise import KINDS, blocked_reason, standardised
from standardise.emails import is_clean_email
from tests.unit.standardise.conftest import in_sql

LIKELY = "abcABC019 .,-+@'\"#/()&;:<>äßøÆİıŁ\u200b\u202e\u0300\x00\n\t٣１￥ﬁˢ"
ASCII = "".join(map(chr, range(32, 127)))
LATIN = "".join(map(chr, range(0xA0, 0x250)))
WORDS = [
    *("the", "The", "Acme", "GmbH", "g.m.b.h.", "S.A.", "Ltd.", "Co.", "KG", "&", "+", "and", "Saint", "St.", "(X)"),
    *("Dr.", "Dr", "van", "12", "Str.", "Apt", "4,", "www.", "a.de", "@", "e.K.", "É.A", "A. B.", "S.A"),
]
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=LIKELY, max_size=40),
    st.text(alphabet=ASCII + LATIN, max_size=30),
    st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join),
)
JUNK = st.sampled_from(["n/a", " N/A", "null null", "-", "asdfasdf", "0-0", "+1111111111", "John Doe", "Test@Test.com"])
MANY_TEXTS = st.lists(TEXTS, min_size=1, max_size=60)
REGIONS = st.sampled_from([None, "", "DE", "GB", "US", "uk", "Germany", "n/a", "??"])
ANY_TEXT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FEW = settings(ANY_TEXT, max_examples=20)


@pytest.mark.parametrize("kind", sorted(KINDS))
@ANY_TEXT
@given(text=TEXTS, region=REGIONS)
def test_standardising_again_changes_nothing(kind: str, text: str, region: str | None) -> None:
    once = standardised(kind, text, region)
    assert once != ""
    if kind not in {"street_house_number", "street_unit"}:  # these take a part out of a line
        assert standardised(kind, once, region) == once


@pytest.mark.parametrize("kind", sorted(KINDS))
@FEW
@example(texts=["O'Neil & Söhne"], region=None)
@given(texts=MANY_TEXTS, region=REGIONS)
def test_sql_and_python_agree(con: duckdb.DuckDBPyConnection, kind: str, texts: list[str], region: str | None) -> None:
    by_sql = in_sql(con, f"std_{kind}(first, second)", texts, [region] * len(texts))
    assert by_sql == [standardised(kind, text, region) for text in texts]


@pytest.mark.parametrize("kind", ["email", "phone", "full_name", "user_id", "text"])
@FEW
@example(texts=["0000000000"])
@example(texts=["\u00a0", "\u3000n/a\u00a0", "\t"])
@given(texts=st.lists(st.one_of(TEXTS, JUNK), min_size=1, max_size=60))
def test_sql_and_python_block_alike(con: duckdb.DuckDBPyConnection, kind: str, texts: list[str]) -> None:
    stds = [standardised(kind if kind in KINDS else "id", text, "US") for text in texts]
    by_sql = in_sql(con, f"std_blocked_reason('{kind}', first, second)", texts, stds)
    assert by_sql == [blocked_reason(kind, text, std) for text, std in zip(texts, stds, strict=True)]


@ANY_TEXT
@given(address=st.from_regex(r"[a-z0-9.+_-]{1,12}@([a-z0-9-]{1,8}\.){1,2}[a-z]{2,5}", fullmatch=True))
def test_what_counts_as_a_clean_address_is_one_to_the_library_too(address: str) -> None:
    from email_validator import validate_email

    if is_clean_email(address):
        assert validate_email(address, check_deliverability=False, globally_deliverable=False).normalized == address


def test_every_letter_is_folded_alike_by_sql_and_python(con: duckdb.DuckDBPyConnection) -> None:
    texts = [f"a{chr(code)}b" for code in range(0x20, 0x2100)]
    by_sql = in_sql(con, "std_text(first)", texts, [None] * len(texts))
    assert by_sql == [standardised("text", text) for text in texts]


def test_null_stays_null(con: duckdb.DuckDBPyConnection) -> None:
    for kind in KINDS:
        assert con.execute(f"select std_{kind}(null, 'DE')").fetchall() == [(None,)]
