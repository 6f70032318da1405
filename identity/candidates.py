"""Which pairs are worth scoring: a union of cheap equality rules over the records, with a cap per block and a budget.

Belongs here: keys from roles, cutting oversize blocks, counting what each rule gave. Must not go here: scoring.
Concept: blocking is the ceiling of recall. Many narrow rules reach further than one wide rule, for fewer pairs; a block
is cut before it explodes, and that is said. Where every pair there is can be afforded, nothing is blocked at all.

Makes temporary tables candidate (record_no_l < record_no_r, rule: the first that proposes the pair) and block_report
(rule, block_cap, pairs_count, cut_blocks_count, cut_records_count).
"""

import duckdb

from identity.roles import Roles
from identity.tables import count

# Records in one block; fifty are 1,225 pairs. A block above it says more of its key than of its records.
BLOCK_RECORDS_CAP = 50
# Pairs that may be scored: a quarter of a million take a processor second. Small sets are given what is cheap anyway.
BUDGET_PAIRS_PER_RECORD = 12
BUDGET_PAIRS_AT_LEAST = 2_000_000

# name → key; a key with a null part is null and blocks nothing. Ordered from the narrowest to the widest.
RULES: dict[str, str] = {
    "national_id": "national_id",
    "names_and_birth_date": "{low_name} || {high_name} || birth_date",
    "family_name_and_birth_date": "family_fold || birth_date",
    "given_name_and_birth_date": "given_fold || birth_date",
    "birth_date_and_postal_code": "birth_date || postal_code",
    "birth_date_and_street": "birth_date || street",
    "birth_date_and_initials": "birth_date || left(given_name, 1) || left(family_name, 1)",
    "email_user": "case when length(split_part(email, '@', 1)) >= 5 then split_part(email, '@', 1) end",
    "phone_tail": "case when length(phone) >= 9 then right(phone, 7) end",
    "address_and_given_name": "postal_code || street || coalesce(house_number, '') || left(given_fold, 2)",
    "names_and_postal_code": "left(family_fold, 4) || left(given_fold, 2) || postal_code",
    "names_and_city": "{low_name} || {high_name} || city",
    "names_and_birth_year": "left(family_fold, 5) || left(given_fold, 3) || left(birth_date, 4)",
    "names_and_birth_day": "left(family_fold, 3) || left(given_fold, 2) || substr(birth_date, 6)",
    "names_and_domain": "left(family_fold, 5) || left(given_fold, 2) || email_domain",
    "given_name_and_domain": "given_fold || email_domain",
    "family_name_and_domain": "family_fold || email_domain",
    "family_name_and_postal_code": "family_fold || postal_code",
    "given_name_and_postal_code": "given_fold || postal_code",
    "given_name_and_employer": "given_fold || employer",
    "names_and_employer": "employer || left(family_fold, 4) || left(given_fold, 2)",
    "names": "{low_name} || {high_name}",
    "birth_date": "birth_date",
    "family_name_and_birth_month": "left(family_fold, 4) || left(birth_date, 7)",
    "given_name_and_birth_month": "left(given_fold, 4) || left(birth_date, 7)",
    "initials_birth_year_and_place": "left(given_fold, 1) || left(family_fold, 1) || left(birth_date, 4) || {place}",
    "family_name_and_place": "left(family_fold, 4) || {place}",
    "family_name_and_given_initial": "family_fold || left(given_fold, 1)",
    "family_name": "family_fold",
    "given_name_and_place": "given_fold || {place}",
    "given_name": "given_fold",
    "postal_code": "postal_code",
}


def find_candidates(con: duckdb.DuckDBPyConnection, roles: Roles) -> None:
    """Every pair that a rule proposes within the budget, with the pairs that share an identifier (`shared_pair`)."""
    con.execute(
        "create or replace temp table candidate as "
        "select record_no_l, record_no_r, 'shared_identifier' as rule from shared_pair"
    )
    con.execute(
        "create or replace temp table block_report "
        "(rule varchar, block_cap bigint, pairs_count bigint, cut_blocks_count bigint, cut_records_count bigint)"
    )
    size = count(con, "person")
    budget = max(BUDGET_PAIRS_AT_LEAST, BUDGET_PAIRS_PER_RECORD * size)
    if size * (size - 1) // 2 <= budget:
        _propose(con, "every_pair", "''", size)
        return
    for rule, key in rules_for(roles).items():
        _propose(con, rule, key, BLOCK_RECORDS_CAP, budget - count(con, "candidate"))


def rules_for(roles: Roles) -> dict[str, str]:
    """The rules with their keys as SQL; one for each attribute besides."""
    # least() passes over a null, a concatenation does not
    names = {
        "low_name": "left(given_fold || family_fold, 0) || least(given_fold, family_fold)",
        "high_name": "greatest(given_fold, family_fold)",
        "place": "coalesce(left(postal_code, 4), city)",
    }
    rules = {rule: key.format(**names) for rule, key in RULES.items()}
    for name in roles.attributes:
        rules[f"{name}_and_birth_date"] = f"attribute_{name} || birth_date"
        rules[f"{name}_and_names"] = f"attribute_{name} || left(family_fold, 4) || left(given_fold, 2)"
    return rules


def _propose(con: duckdb.DuckDBPyConnection, rule: str, key: str, cap: int, budget: int | None = None) -> None:
    """Add the pairs of a rule's blocks up to the cap, or up to the largest cap that the budget allows."""
    con.execute(
        f"create or replace temp table keyed as select {key} as key, record_no from person where {key} is not null"
    )
    con.execute(
        "create or replace temp table block as select key, count(*) as size from keyed group by key having count(*) > 1"
    )
    cap = cap if budget is None else _affordable(con, cap, budget)
    con.execute(f"""
        create or replace temp table proposed as
        with fit as (select keyed.* from keyed join block using (key) where size <= {cap})
        select l.record_no as record_no_l, r.record_no as record_no_r
        from fit as l
        join fit as r on l.key = r.key and l.record_no < r.record_no
    """)
    con.execute(f"""
        insert into candidate
        select record_no_l, record_no_r, '{rule}' from proposed anti join candidate using (record_no_l, record_no_r)
    """)
    con.execute(f"""
        insert into block_report
        select
            '{rule}', {cap}, (select count(*) from candidate where rule = '{rule}'), count(*), coalesce(sum(size), 0)
        from block where size > {cap}
    """)


def _affordable(con: duckdb.DuckDBPyConnection, cap: int, budget: int) -> int:
    """The largest block that may be taken whole: smaller blocks say more of their records, so they go first."""
    return con.execute(
        """
        with by_size as (
            select size, sum(size * (size - 1) // 2) as pairs_count from block where size <= $cap group by size
        ),
        running as (select size, sum(pairs_count) over (order by size) as total from by_size)
        select coalesce(max(size) filter (where total <= $budget), 0)::bigint from running
        """,
        {"cap": cap, "budget": budget},
    ).fetchall()[0][0]
