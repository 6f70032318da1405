"""A crowd of person records at any size, standardised already, made inside DuckDB in seconds.

Belongs here: rows for measuring speed and memory. Must not go here: quality; the demo company's generator
(seeds/demo/) makes errors as they are in life, and slowly.
Concept: everything about a record follows from a hash of its number, so a crowd that grows by one per cent holds the
smaller one. There are two records and a half per person; a third of the people live with another one.
"""

import duckdb

from seeds.demo.words import america, germany

GIVEN = [name.lower() for name in (*america.GIVEN_MALE, *america.GIVEN_FEMALE)]
FAMILY = [
    *america.FAMILY, *(start + end for words in (america, germany) for start in words.FAMILY_STARTS
                       for end in words.FAMILY_ENDS)
]  # fmt: skip
STREETS = [street.strip().lower() for street in america.STREETS]
RECORDS_PER_PERSON = 2.5


def load_crowd(con: duckdb.DuckDBPyConnection, records: int) -> None:
    """Make conformed.int_records and conformed.int_identifiers of so many records."""
    words = {"given": GIVEN, "family": [name.lower() for name in FAMILY], "street": STREETS}
    con.execute("create schema if not exists conformed")
    con.execute("create or replace temp macro share(n, what) as (hash(n, what) % 1000003) / 1000003")
    # the square makes the first words of a list the common ones
    con.execute(
        "create or replace temp macro word(list, n, what) as "
        "list[1 + floor(len(list) * pow(share(n, what), 2))::bigint]"
    )
    con.execute(f"create or replace table conformed.int_records as {_RECORDS}", {**words, "size": records})
    con.execute(f"create or replace table conformed.int_identifiers as {_IDENTIFIERS}")


_RECORDS = f"""
    with numbered as (
        select
            n,
            case when share(n, 'old') < 0.4 then share(n, 'who') * n else n end as first_of,
            floor(first_of / {RECORDS_PER_PERSON})::bigint as p
        from range($size::bigint) as numbers (n)
    ),
    housed as (
        select *, case when p % 3 = 1 then p - 1 else p end as h, share(n, 'moved') < 0.1 as moved from numbered
    ),
    people as (
        select
            n, p,
            word($given::varchar[], p, 'given') as given,
            word($family::varchar[], case when share(n, 'married') < 0.03 then n else h end, 'family') as family,
            date '1940-01-01' + (share(p, 'born') * 24000)::integer as born,
            case when moved then n else h end as place,
            h
        from housed
    ),
    written as (
        select
            *,
            given || '.' || family || (p % 97) as mailbox,
            case when share(n, 'slip') < 0.04 then given[:2] || given[4:] else given end as given_written,
            case when share(n, 'slip2') < 0.04 then family[:3] || family[5:] else family end as family_written,
            lpad((hash(place, 'post') % 40000)::varchar, 5, '0') as post
        from people
    )
    select
        ['crm', 'shop', 'pos', 'help', 'news'][1 + (n % 5)::integer] as source,
        source || ':' || n as record_id,
        null::varchar as full_name_std,
        case when share(n, 'no given') < 0.9 then given_written end as given_name_std,
        null::varchar as middle_name_std,
        case when share(n, 'no family') < 0.9 then family_written end as family_name_std,
        case when share(n, 'no born') < 0.45 then born end as birth_date,
        null::varchar as gender_std,
        case
            when share(n, 'no email') < 0.55 then mailbox || '@mail' || (hash(p, 'host') % 9) || '.com'
            when share(n, 'no email') < 0.7 then given || (hash(p, 'other') % 100000) || '@post.net'
        end as email_std,
        case
            when share(n, 'no phone') < 0.45 then '+1' || (2000000000 + hash(h, 'phone') % 8000000000)
        end as phone_std,
        case when share(n, 'no place') < 0.6 then word($street::varchar[], place, 'street') end as street_std,
        case when share(n, 'no place') < 0.6 then (1 + hash(place, 'house') % 200)::varchar end as house_number_std,
        null::varchar as unit_std,
        case when share(n, 'no place') < 0.65 then 'city' || post[:3] end as city_std,
        null::varchar as region_std,
        case when share(n, 'no place') < 0.65 then post end as postal_code_std,
        'US' as country_std,
        null::varchar as national_id_std,
        null::varchar as company_name_std,
        timestamp '2026-01-01' as created_at,
        timestamp '2026-01-01' as updated_at,
        p as person
    from written
"""
_IDENTIFIERS = """
    select
        record_id, source, 'user_id' as identifier_type, 'u' || person as identifier_value,
        'u' || person as identifier_value_std, null::varchar as blocked_reason, created_at as first_seen_at,
        updated_at as last_seen_at, 1::bigint as seen_count
    from conformed.int_records
    where source = 'shop'
"""
