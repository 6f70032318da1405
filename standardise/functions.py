"""The treatments as DuckDB functions.

Belongs here: the Python function, and SQL macros that spare it the values that are clean already. Must not go here:
what a treatment does. Each fast path is SQL for the part of a treatment that common spellings need; a test holds the
two together.
Concept: DuckDB calls a Python function only for the rows that reach its branch of a CASE.
"""

import re
from contextlib import suppress
from functools import cache
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling

from standardise.blocked import IDENTIFIER, KNOWN, UNREADABLE, Rules, rules_of
from standardise.companies import ENDINGS
from standardise.emails import CLEAN_DOMAIN, CLEAN_EMAIL, LONGEST_DOMAIN, LONGEST_EMAIL, LONGEST_LOCAL_PART
from standardise.kinds import KINDS, standardised, version
from standardise.names import FULL_NAME_PARTS, LEADING_TITLES, LEGAL_FORM
from standardise.places import DIGITS
from standardise.traffic import macros as traffic_macros

PYTHON_FUNCTION = "std_python"
TEXTS: list[Any] = ["VARCHAR"] * 3


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Make the functions known to a database, for every connection of this process; harmless when repeated.

    std_<kind>(raw [, region]): the standard form, blocked or not; std_is_clean_<kind> tells that std_clean_<kind> has
    it without Python. std_blocked_reason_<kind>(raw, std). For a kind in a column: std_value(kind, raw, region) and
    std_blocked_reason(kind, raw, std). std_name_parts(full_name_std): given, middle, family. std_version().
    Of traffic: traffic.py.
    """
    # Asking by a call would run it, and a first call of any Python function makes DuckDB import pandas: seconds.
    with suppress(duckdb.CatalogException, duckdb.NotImplementedException):  # it is known already
        con.create_function(PYTHON_FUNCTION, standardised, TEXTS, "VARCHAR", null_handling=FunctionNullHandling.SPECIAL)
    con.execute(macros())


@cache
def macros() -> str:
    """The SQL of every macro. They stay in the file; without the Python function only a call of them fails."""
    return ";\n".join(
        [
            f"create or replace macro std_version() as {_quoted(version())}",
            f"create or replace macro std_sql_fold(raw) as {SQL_FOLD}",
            *(_of_one_kind(kind) for kind in KINDS),
            f"create or replace macro std_value(kind, raw, region) as {PYTHON_FUNCTION}(kind, raw, region)",
            *(_blocked(kind) for kind in dict.fromkeys([*sorted(KNOWN), IDENTIFIER])),
            _blocked_by_kind(),
            _name_parts(),
            traffic_macros(),
        ]
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_IS_ASCII = "regexp_full_match(raw, '[ -~]*')"
# Letters of western and central European languages that fold() and this SQL treat alike (tested one by one).
_IS_LATIN = "regexp_full_match(raw, '[ -~À-ÖØ-öø-įıĴ-ķĹ-ľŁ-ňŊ-ž]*')"
_SPELT_OUT = "replace(replace(replace(replace(lower(raw), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')"
_PLAIN = f"strip_accents(translate({_SPELT_OUT}, 'øłđðıħŋŧ''`', 'olddihnt'))"
_LETTERS = f"case when {_IS_ASCII} then translate(lower(raw), '''`', '') else {_PLAIN} end"
SQL_FOLD = f"nullif(trim(regexp_replace({_LETTERS}, '[^a-z0-9]+', ' ', 'g')), '')"
_JOINED = r"regexp_replace(raw, '\b(\w)\.\s?(\w)\b', '\1\2', 'g')"
_COMPANY = f"std_sql_fold(regexp_replace({_JOINED}, '[&+]', ' and ', 'g'))"
_ENDINGS = "|".join(sorted(ENDINGS))
_EMAIL = "lower(trim(raw))"


def _digits(count: int) -> str:
    countries = "|".join(country for country, digits in DIGITS.items() if digits == count)
    return f"(regexp_full_match(coalesce(region, ''), '{countries}') and regexp_full_match(raw, '[0-9]{{{count}}}'))"


# kind: (what SQL alone can do, what it gives then).
FAST_PATHS = {
    "text": (_IS_LATIN, "std_sql_fold(raw)"),
    "id": (_IS_ASCII, "nullif(trim(raw), '')"),
    "national_id": (_IS_ASCII, "nullif(upper(regexp_replace(raw, '[^A-Za-z0-9]', '', 'g')), '')"),
    "email": (
        f"regexp_full_match({_EMAIL}, {_quoted(CLEAN_EMAIL)}) and length({_EMAIL}) <= {LONGEST_EMAIL} "
        f"and not contains(raw, '--') and strpos({_EMAIL}, '@') <= {LONGEST_LOCAL_PART + 1} and {_IS_ASCII}",
        _EMAIL,
    ),
    "name": (_IS_LATIN, f"regexp_replace(std_sql_fold(raw), {_quoted(LEADING_TITLES)}, '')"),
    "full_name": (
        f"{_IS_LATIN} and not contains(raw, ',')",
        f"regexp_replace(std_sql_fold(raw), {_quoted(LEADING_TITLES)}, '')",
    ),
    "city": (
        f"{_IS_LATIN} and not contains(raw, '(')",
        r"regexp_replace(std_sql_fold(raw), '\b(?:saint|sankt)\b', 'st', 'g')",
    ),
    "company": (
        # No form spelt apart (G.m.b.H., g m b h); of initials pairs (S.A.) at most, since RE2 cannot look ahead, and
        # none beside an accented letter, since its \b and \w know ASCII alone.
        rf"{_IS_LATIN} and not regexp_matches(replace(lower(raw), 'gmbh', ''), '\bg\.?\s?m\.?\s?b\.?\s?h\b') "
        r"and not regexp_matches(raw, '\b\w\.\s?\w\.\s?\w\b|[À-ž]\w?\.|\.\s?\w?[À-ž]')",
        f"regexp_replace(regexp_replace({_COMPANY}, '(?: (?:{_ENDINGS}))+$', ''), '^(?:the )+', '')",
    ),
    "domain": (
        f"regexp_full_match(raw, {_quoted(CLEAN_DOMAIN)}) and not contains(raw, '--') "
        f"and length(raw) <= {LONGEST_DOMAIN} and not starts_with(raw, 'www.')",
        "raw",
    ),
    "gender": ("raw in ('female', 'male', 'other')", "raw"),
    "house_number": ("regexp_full_match(raw, '[0-9]+[a-z]?')", "raw"),
    "postal_code": (
        f"{_digits(4)} or {_digits(5)} or {_digits(6)} or (regexp_full_match(coalesce(region, 'GB'), '[A-Z]{{2}}') "
        f"and not regexp_full_match(coalesce(region, ''), '{'|'.join(DIGITS)}') "
        "and regexp_full_match(raw, '[A-Za-z0-9 ]+'))",
        "nullif(upper(replace(raw, ' ', '')), '')",
    ),
}


def _of_one_kind(kind: str) -> str:
    """A macro repeats what it is given at each mention, so each kind has its own and no branch of another."""
    test, result = FAST_PATHS.get(kind, ("false", "cast(null as varchar)"))
    return f"""create or replace macro std_is_clean_{kind}(raw, region := null) as {test};
        create or replace macro std_clean_{kind}(raw, region := null) as {result};
        create or replace macro std_{kind}(raw, region := null) as case
            when {test} then {result}
            when raw is not null then {PYTHON_FUNCTION}('{kind}', raw, region) end"""


def _blocked(kind: str) -> str:
    parts = ", ".join(_reason(rules) for rules in rules_of(kind))
    return f"""create or replace macro std_blocked_reason_{kind}(raw, std) as case
        when raw is null or trim(raw) = '' then null
        else coalesce({parts}, case when std is null then '{UNREADABLE}' end) end"""


def _blocked_by_kind() -> str:
    """For a kind that a column names. It expands to the rules of every kind, so call it once in a query."""
    whens = "\n".join(f"when '{kind}' then std_blocked_reason_{kind}(raw, std)" for kind in sorted(KNOWN))
    return f"""create or replace macro std_blocked_reason(kind, raw, std) as case kind
        {whens} else std_blocked_reason_{IDENTIFIER}(raw, std) end"""


def _reason(rules: Rules) -> str:
    """A good value costs three regular expressions over everything; only a bad one is asked which it is.

    Never IN: DuckDB turns a long list into a join, which it also runs for branches that no row takes.
    """
    key, best = "lower(trim(raw))", "coalesce(std, lower(trim(raw)))"
    tests = [_is_one_of(form, list(rules.values)) for form in (key, best) if rules.values]
    tests += [_matches(best, "|".join(f"(?:{pattern})" for pattern, _ in rules.patterns))] if rules.patterns else []
    whens = [
        f"when {_is_one_of(form, some)} then {_quoted(reason)}"
        for reason, some in _by_reason(rules)
        for form in (key, best)
    ]
    whens += [f"when {_matches(best, pattern)} then {_quoted(reason)}" for pattern, reason in rules.patterns]
    return f"case when {' or '.join(tests)} then case {' '.join(whens)} end end"


def _is_one_of(form: str, values: list[str]) -> str:
    return f"regexp_full_match({form}, {_quoted('|'.join(map(re.escape, values)))})"


def _matches(form: str, pattern: str) -> str:
    return f"regexp_matches({form}, {_quoted(pattern)})"


def _by_reason(rules: Rules) -> list[tuple[str, list[str]]]:
    grouped: dict[str, list[str]] = {}
    for value, reason in rules.values.items():
        grouped.setdefault(reason, []).append(value)
    return list(grouped.items())


def _name_parts() -> str:
    return f"""create or replace macro std_name_parts(full_name_std) as case
        when regexp_matches(full_name_std, {_quoted(FULL_NAME_PARTS)})
            and not regexp_matches(full_name_std, {_quoted(LEGAL_FORM)})
        then regexp_extract(full_name_std, {_quoted(FULL_NAME_PARTS)}, ['given', 'middle', 'family']) end"""
