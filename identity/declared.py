"""A file of records that a person declared by roles, made ready for the linkage: read as text, standardised by role.

Belongs here: reading CSV and Parquet, checking them against the declaration, standardising. Must not go here: matching.
Concept: the platform's conformed records and any file go through the same linkage; only how they become standard
differs. A value that standardises to nothing is counted and said: a wrong default must not empty a column in silence.

Makes temporary tables given_record (record_id, source, one standardised text column per declared role or attribute)
and given_identifier (record_id, source, identifier_type, identifier_value_std, first_seen_at).
"""

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from identity.roles import BIRTH_PARTS, MULTIPLE_ROLES, Roles
from standardise.functions import register
from warehouse.errors import CdpError
from warehouse.quoting import quoted

KIND_OF_ROLE = {
    "full_name": "full_name",
    "given_name": "name",
    "middle_name": "name",
    "family_name": "name",
    "birth_date": "date",
    "gender": "gender",
    "email": "email",
    "phone": "phone",
    "street": "street",
    "house_number": "house_number",
    "city": "city",
    "postal_code": "postal_code",
    "country": "country",
    "national_id": "national_id",
    "employer": "company",
}
BLOCKED_AS = {"name", "full_name", "company", "email", "phone", "postal_code", "city", "street", "national_id"}
# What stands in for a value that no rule reads: its digits for a phone without a country, its letters elsewhere.
# A slip inside a date or an address leaves it comparable; a year of two digits is the last such year.
_CENTURY = (
    r"regexp_replace({raw}, '^(\d{{1,2}}[ /.-](?:\d{{1,2}}|[[:alpha:]]{{3,9}})[ /.-])(\d\d)$', '\1' || "
    r"case when right({raw}, 2) > strftime(current_date, '%y') then '19' else '20' end || '\2')"
)
FALLBACKS = {
    "date": f"std_date({_CENTURY}, {{region}}), "
    r"nullif(regexp_replace({raw}, '^(\d{{4}})[-/.]?(\d\d)[-/.]?(\d\d)$', '\1-\2-\3'), {raw}), "
    r"case when regexp_full_match({raw}, '\d{{4}}-\d\d-\d\d') then {raw} end",
    "email": "case when length({raw}) >= 6 then lower(replace({raw}, ' ', '')) end",
    "phone": "case when length(regexp_replace({raw}, '[^0-9]', '', 'g')) >= 6 "
    "then regexp_replace({raw}, '[^0-9]', '', 'g') end",
    "house_number": "std_text({raw})",
    "gender": "case when std_blocked_reason_id({raw}, std_text({raw})) is null then std_text({raw}) end",
    "country": "std_text({raw})",
}

# Digits that make a number somebody's without its country's code, and digits of that code with a trunk zero.
WHOLE_TAIL, LONGEST_PREFIX = 8, 4

# Values of a role that nothing reads, as a share, from which it is said.
UNREADABLE_SHARE = 0.01


@dataclass(frozen=True)
class Given:
    """What was read: the declaration over the standardised tables, and what should be said about the values."""

    roles: Roles
    records: int
    warnings: tuple[str, ...]


def read_records(con: duckdb.DuckDBPyConnection, file: Path, roles: Roles) -> Given:
    """Read and standardise. roles: the declaration as read_roles gives it, columns named as in the file.

    Raises CdpError where a declared column is missing, the file is empty or unreadable, or an id is missing or double.
    """
    register(con)
    _read(con, file)
    _check(con, file, roles)
    con.execute(f"create or replace temp table told as {_told_sql(con, roles)}")
    con.execute(f"create or replace temp table given_record as {_standardised_sql(con, roles)}")
    con.execute(f"create or replace temp table given_identifier as {_identifiers_sql(roles)}")
    if "phone" in roles.roles:
        _complete_phones(con)
    count = con.execute("select count(*) from given_record").fetchall()[0][0]
    return Given(_over_standardised(roles), count, tuple(_unreadable(con, roles)))


def _read(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    if not file.is_file():
        raise CdpError(f"There is no file {file}", remedy="Give the path of a .parquet or .csv file.")
    path = str(file).replace("'", "''")
    readers = {
        ".parquet": f"read_parquet('{path}')",
        ".csv": f"read_csv('{path}', header = true, delim = ',', quote = '\"', escape = '\"', all_varchar = true)",
    }
    if file.suffix.lower() not in readers:
        raise CdpError(f"{file.name} is neither .parquet nor .csv", remedy="Convert it to one of the two.")
    try:
        con.execute(f"create or replace temp table delivered as from {readers[file.suffix.lower()]}")
    except duckdb.Error:
        raise CdpError(
            f"{file.name} cannot be read", remedy="It must be whole, UTF-8, and comma-separated if CSV."
        ) from None


def _check(con: duckdb.DuckDBPyConnection, file: Path, roles: Roles) -> None:
    present = [row[0] for row in con.execute("describe delivered").fetchall()]
    if missing := [column for column in roles.columns if column not in present]:
        raise CdpError(
            f"{file.name} lacks columns that the roles name: {', '.join(missing)}",
            remedy=f"It has: {', '.join(present)}. Correct the roles, or the file.",
        )
    key = quoted(roles.unique_id)
    rows, filled, distinct = con.execute(
        f"select count(*), count({key}), count(distinct {key}) from delivered"
    ).fetchall()[0]
    if not rows:
        raise CdpError(f"{file.name} holds no records", remedy="Deliver at least one row below the header.")
    if filled < rows:
        raise CdpError(f"{rows - filled:,} rows have no {roles.unique_id}", remedy="Give every record an id.")
    if distinct < rows:
        raise CdpError(
            f"{roles.unique_id} is not unique: {rows:,} rows have {distinct:,} values",
            remedy="Give every record an id of its own, or put the source's name before it.",
        )


def _told_sql(con: duckdb.DuckDBPyConnection, roles: Roles) -> str:
    """record_id, source, and the text of each role, from the first of its columns that is filled."""
    parts = [f"{quoted(roles.unique_id)}::varchar as record_id", f"{_source(roles)} as source"]
    parts += [f"coalesce({', '.join(map(_text, roles.columns_of(role)))}) as {role}" for role in roles.roles]
    parts += [f"{_text(column)} as attribute_{name}" for name, column in roles.attributes.items()]
    return f"select {', '.join(parts)} from delivered"


def _standardised_sql(con: duckdb.DuckDBPyConnection, roles: Roles) -> str:
    month_first = "birth_date" in roles.roles and _writes_month_first(con)
    columns = [f"{_std(role, role, roles, month_first)} as {role}" for role in roles.roles if role not in BIRTH_PARTS]
    if not {"birth_date"} & set(roles.roles) and set(BIRTH_PARTS) <= set(roles.roles):
        columns.append(
            "std_date(lpad(birth_year, 4, '0') || '-' || lpad(birth_month, 2, '0') || '-' || lpad(birth_day, 2, '0')) "
            "as birth_date"
        )
    if "street" in roles.roles and "house_number" not in roles.roles:
        columns.append("std_street_house_number(street) as house_number")
    columns += [f"std_text(attribute_{name}) as attribute_{name}" for name in roles.attributes]
    return f"select record_id, source{''.join(f', {column}' for column in columns)} from told"


def _std(raw: str, role: str, roles: Roles, month_first: bool = False) -> str:
    """SQL for a role's standard form; null where the value is known for junk."""
    kind = KIND_OF_ROLE.get(role, "text")
    region = "std_country(country)" if "country" in roles.roles else "null"
    if kind == "date":
        region = "'US'" if month_first else region
    std = f"std_{kind}({raw}, {region})" if kind in {"phone", "postal_code", "date"} else f"std_{kind}({raw})"
    if kind in FALLBACKS:
        std = f"coalesce({std}, {FALLBACKS[kind].format(raw=raw, region=region)})"
    if kind not in BLOCKED_AS:
        return std
    reason = f"std_blocked_reason_{kind}({raw}, {std})"
    return f"case when coalesce({reason}, 'unreadable') = 'unreadable' then {std} end"


def _complete_phones(con: duckdb.DuckDBPyConnection) -> None:
    """A number without its country's code is taken for the one number of these records that ends with it."""
    con.execute(f"""
        create or replace temp table whole_phone as
        with phone as (
            select phone as value from given_record
            union
            select identifier_value_std from given_identifier where identifier_type = 'phone'
        ),
        short as (
            select value, ltrim(value, '0') as tail
            from phone
            where value not like '+%' and length(tail) >= {WHOLE_TAIL}
        ),
        long as (select value, ltrim(value, '+') as digits from phone)
        select short.value, min(long.value) as whole
        from short
        join long
            on right(tail, {WHOLE_TAIL}) = right(digits, {WHOLE_TAIL}) and short.value <> long.value
                and ends_with(digits, tail) and length(digits) - length(tail) <= {LONGEST_PREFIX}
        group by short.value
        having count(distinct digits) = 1
    """)
    con.execute("update given_record set phone = whole from whole_phone where phone = value")
    con.execute(
        "update given_identifier set identifier_value_std = whole from whole_phone "
        "where identifier_type = 'phone' and identifier_value_std = value"
    )


def _writes_month_first(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the column writes 12/31/1980: more values say so by a day above twelve than say the contrary."""
    first, second = con.execute(r"""
        select
            count(*) filter (try_cast(regexp_extract(birth_date, '^(\d{1,2})[/-]\d', 1) as integer) > 12),
            count(*) filter (try_cast(regexp_extract(birth_date, '^\d{1,2}[/-](\d{1,2})[/-]', 1) as integer) > 12)
        from told
    """).fetchall()[0]
    return second > first


def _identifiers_sql(roles: Roles) -> str:
    """Every value of the roles that may name several columns: a second phone is an identifier as good as the first."""
    parts = [
        "select ''::varchar as record_id, ''::varchar as source, ''::varchar as identifier_type, "
        "null::varchar as identifier_value_std, null::timestamp as first_seen_at where false"
    ]
    country = f"{_text(roles.columns_of('country')[0])}" if "country" in roles.roles else "null::varchar"
    parts += [
        f"""
        select record_id, source, '{role}', {_std("value", role, roles)}, null::timestamp
        from (
            select {quoted(roles.unique_id)}::varchar as record_id, {_source(roles)} as source,
                {_text(column)} as value, {country} as country
            from delivered
        )
        """
        for role in sorted(MULTIPLE_ROLES & set(roles.roles))
        for column in roles.columns_of(role)
    ]
    return f"select distinct * from ({' union all '.join(parts)}) where identifier_value_std is not null"


def _over_standardised(roles: Roles) -> Roles:
    """The same declaration over the tables that were made."""
    standard = [role for role in roles.roles if role not in BIRTH_PARTS]
    if set(BIRTH_PARTS) <= set(roles.roles):
        standard.append("birth_date")
    if "street" in standard:
        standard.append("house_number")
    return replace(
        roles,
        records="given_record",
        identifiers="given_identifier",
        unique_id="record_id",
        source="source" if roles.source else None,
        roles={role: role for role in dict.fromkeys(standard)},
        attributes={name: f"attribute_{name}" for name in roles.attributes},
    )


def _unreadable(con: duckdb.DuckDBPyConnection, roles: Roles) -> list[str]:
    """What should be said about roles whose values often standardise to nothing."""
    said = []
    for role in (role for role in roles.roles if role not in BIRTH_PARTS):
        told, lost = con.execute(
            f"select count(told.{role}), count(told.{role}) filter (given_record.{role} is null) "
            "from told join given_record using (record_id)"
        ).fetchall()[0]
        if told and lost / told >= UNREADABLE_SHARE:
            said.append(f"{role}: {lost:,} of {told:,} values are junk or cannot be read as {role.replace('_', ' ')}")
    return said


def _source(roles: Roles) -> str:
    return f"{quoted(roles.source)}::varchar" if roles.source else "''::varchar"


def _text(column: str) -> str:
    return f"nullif(trim({quoted(column)}::varchar), '')"
