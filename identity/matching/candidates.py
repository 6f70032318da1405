"""Which pairs are worth scoring: a union of cheap equality rules over the records, with a cap per block and a budget.

Belongs here: keys from roles, cutting oversize blocks, counting what each rule gave. Must not go here: scoring.
Concept: blocking is the ceiling of recall. Many narrow rules reach further than one wide rule, for fewer pairs; a block
is cut before it explodes, and that is said. Where every pair there is can be afforded, nothing is blocked at all.

Caps are set by the budget and then kept: they are found again only where the records have grown or shrunk twofold, so
that a run may score the pairs of what has changed (touched.py), and comes to what scoring them all would have given.

Makes these temporary tables:
  candidate      record_no_l < record_no_r, rule (the first that proposes the pair)
  blocking_rule  rule, block_cap, pairs_count, cut_blocks_count, cut_records_count, sized_for_records
"""

from dataclasses import dataclass, replace

import duckdb

from identity.matching.blocks import (
    blocks_of_sql,
    forget_blocks,
    keep_keys,
    load_blocks,
    load_members,
    make_keys,
    note_cut_blocks,
)
from identity.roles import Roles
from warehouse.tables import count, find_table

# Records in one block; fifty are 1,225 pairs. A block above it says more of its key than of its records.
BLOCK_RECORDS_CAP = 50
# Pairs that may be scored: a quarter of a million take a processor second. Small sets are given what is cheap anyway.
BUDGET_PAIRS_PER_RECORD = 12
BUDGET_PAIRS_AT_LEAST = 2_000_000
# Caps hold while the records are between half and twice as many as they were found for.
CAPS_HOLD_WITHIN = 2
# Where every pair is compared there is one block, and no cap.
NO_CAP = 2**62

EVERY_PAIR = "every_pair"
# What proposes the pairs that are `sharing`, before any rule does.
SHARED_IDENTIFIER = "shared_identifier"
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
    "organisation": "organisation",
    "organisation_word_and_place": "left(organisation, 4) || {place}",
    "address_of_organisation": "left(organisation, 0) || postal_code || street || coalesce(house_number, '')",
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


@dataclass(frozen=True)
class Blocking:
    """The rules, each with its key as SQL, and the caps of their blocks; none where the budget is still to set them."""

    rules: dict[str, str]
    caps: dict[str, int]
    sized_for_records: int


def plan_blocking(con: duckdb.DuckDBPyConnection, roles: Roles) -> Blocking:
    """The blocking of these records: every pair where they are few, else with the caps of the previous generation; no
    rule where no pair is to be scored."""
    con.execute(
        "create or replace temp table blocking_rule (rule varchar, block_cap bigint, pairs_count bigint, "
        "cut_blocks_count bigint, cut_records_count bigint, sized_for_records bigint)"
    )
    forget_blocks(con)
    size = count(con, "stated")
    if not roles.probabilistic:
        return Blocking({}, {}, size)
    if size * (size - 1) // 2 <= _budget(size):
        return Blocking({EVERY_PAIR: "''"}, {EVERY_PAIR: NO_CAP}, size)
    rules = rules_for(roles)
    caps, sized_for = _previous_caps(con)
    holds = set(caps) == set(rules) and sized_for <= size * CAPS_HOLD_WITHIN and size <= sized_for * CAPS_HOLD_WITHIN
    return Blocking(rules, caps, sized_for) if holds else Blocking(rules, {}, size)


def find_candidates(con: duckdb.DuckDBPyConnection, blocking: Blocking, *, is_partial: bool = False) -> None:
    """Every pair with a touched record that a rule proposes, with those that share an identifier (`sharing`).

    is_partial: only the records in `touched` (record_no) are; the keys that are kept and `cut_block` are of now. Else
    all are, `person` holds them all, and their keys are made and kept.
    """
    con.execute(
        "create or replace temp table candidate as "
        f"select record_no_l, record_no_r, '{SHARED_IDENTIFIER}' as rule from sharing"
    )
    con.execute("delete from blocking_rule")
    if is_partial:
        _load_touched_blocks(con)
        _propose_touched(con, blocking)
    else:
        forget_blocks(con)
        make_keys(con, blocking.rules)
    budget = _budget(blocking.sized_for_records)
    for rule in blocking.rules:
        if is_partial:
            cap = blocking.caps[rule]
        else:
            load_blocks(con, rule)
            cap = blocking.caps[rule] if blocking.caps else _affordable(con, budget - count(con, "candidate"))
            note_cut_blocks(con, rule, cap)
            _propose(con, rule, cap)
        con.execute(
            """
            insert into blocking_rule
            select
                $rule, nullif($cap, $no_cap), (select count(*) from candidate where rule = $rule),
                count(*), coalesce(sum(size), 0), $sized_for
            from cut_block
            where rule = $rule
            """,
            {"rule": rule, "cap": cap, "no_cap": NO_CAP, "sized_for": blocking.sized_for_records},
        )
    if not is_partial:
        keep_keys(con)
    for done_with in ("fit", "block", "record_key", "touched_block", "member"):
        con.execute(f"drop table if exists {done_with}")


def settle_caps(con: duckdb.DuckDBPyConnection, blocking: Blocking) -> Blocking:
    """The blocking with the caps that the budget set, once candidates were found."""
    caps = blocking.caps or dict(con.execute("select rule, block_cap from blocking_rule").fetchall())
    return replace(blocking, caps=caps)


def cap_of(con: duckdb.DuckDBPyConnection, rule: str) -> int | None:
    """The cap of a rule that found candidates; None where every pair was one. 0 where there is no such rule."""
    caps = dict(con.execute("select rule, block_cap from blocking_rule").fetchall())
    return caps[EVERY_PAIR] if EVERY_PAIR in caps else caps.get(rule, 0)


def _budget(size: int) -> int:
    return max(BUDGET_PAIRS_AT_LEAST, BUDGET_PAIRS_PER_RECORD * size)


def _previous_caps(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, int], int]:
    found = find_table(con, "previous_activation", "blocking_rules")
    rows = con.execute(f"select rule, block_cap, sized_for_records from {found}").fetchall() if found else []
    return {rule: cap for rule, cap, _ in rows}, max((size for _, _, size in rows), default=0)


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


def _load_touched_blocks(con: duckdb.DuckDBPyConnection) -> None:
    """`member` of the blocks that are not cut and hold a touched record."""
    of_touched = blocks_of_sql("select face from face semi join touched using (record_no)")
    con.execute(
        f"create or replace temp table touched_block as from ({of_touched}) anti join cut_block using (rule, key)"
    )
    load_members(con, "touched_block")


def _propose_touched(con: duckdb.DuckDBPyConnection, blocking: Blocking) -> None:
    """Add the pairs that are together in `member`, of which one record at least is touched, by the first of the rules
    that put them together."""
    con.execute(
        """
        insert into candidate
        with fit as (
            select list_position($rules, rule) as rule_no, key, record_no, touched.record_no is not null as is_touched
            from member
            left join touched using (record_no)
        ),
        proposed as (
            select
                least(mine.record_no, other.record_no) as record_no_l,
                greatest(mine.record_no, other.record_no) as record_no_r,
                min(rule_no) as rule_no
            from fit as mine
            join fit as other using (rule_no, key)
            where mine.is_touched
                and (mine.record_no < other.record_no or (mine.record_no > other.record_no and not other.is_touched))
            group by all
        )
        select record_no_l, record_no_r, $rules[rule_no]
        from proposed
        anti join candidate using (record_no_l, record_no_r)
        """,
        {"rules": list(blocking.rules)},
    )


def _propose(con: duckdb.DuckDBPyConnection, rule: str, cap: int) -> None:
    """Add the pairs that are together in a `block` of two records up to the cap."""
    con.execute(f"""
        create or replace temp table fit as
        select key, record_no
        from (select "{rule}" as key, record_no from record_key)
        semi join (from block where size <= {cap}) as small using (key)
    """)
    con.execute(f"""
        insert into candidate
        with proposed as (
            select l.record_no as record_no_l, r.record_no as record_no_r
            from fit as l
            join fit as r on l.key = r.key and l.record_no < r.record_no
        )
        select record_no_l, record_no_r, '{rule}' from proposed anti join candidate using (record_no_l, record_no_r)
    """)


def _affordable(con: duckdb.DuckDBPyConnection, budget: int) -> int:
    """The largest block that may be taken whole: smaller blocks say more of their records, so they go first."""
    return con.execute(
        """
        with by_size as (
            select size, sum(size * (size - 1) // 2) as pairs_count from block where size <= $cap group by size
        ),
        running as (select size, sum(pairs_count) over (order by size) as total from by_size)
        select coalesce(max(size) filter (where total <= $budget), 0)::bigint from running
        """,
        {"cap": BLOCK_RECORDS_CAP, "budget": budget},
    ).fetchall()[0][0]
