"""How far blocking reaches: which rules proposed the matches, and how many matches none of them did, by estimate.

Belongs here: the count of matches by rule, and the estimate. Must not go here: the rules (candidates.py).
Concept: nobody knows the pairs that no rule proposed. But where many matches were proposed by one rule alone, many more
were missed by all: Chao 1987, from the matches that exactly one rule (f1) and exactly two rules (f2) propose, at least
f1² / (2 f2) are unseen. It is a lower bound, since rules on the same fields find and miss the same pairs.

Makes temporary table reach: rule, matches_count (above the cut, that the rule proposes), lone_matches_count (that no
other rule proposes: what would go with the rule), estimated_recall_loss (of all rules together, a share).
"""

import duckdb

from identity.matching.blocks import keys_sql
from identity.matching.candidates import EVERY_PAIR, SHARED_IDENTIFIER, Blocking
from identity.roles import CUT_WEIGHT


def measure_reach(con: duckdb.DuckDBPyConnection, blocking: Blocking, cut_weight: float = CUT_WEIGHT) -> None:
    """Make `reach`, once the pairs are scored. cut_weight: bits from which a pair is a match."""
    con.execute(
        "create or replace temp table match as "
        f"select record_no_l, record_no_r from scored_pair where match_weight >= {cut_weight}"
    )
    con.execute(
        f"create or replace temp table matched_key as select record_no{keys_sql(blocking.rules)} from person "
        "where record_no in (select record_no_l from match union all select record_no_r from match)"
    )
    con.execute(f"create or replace temp table proposal as {_proposals_sql(blocking)}")
    con.execute(f"""
        create or replace temp table reach as
        with by_match as (
            select record_no_l, record_no_r, count(*) as rules_count from proposal group by all
        ),
        seen as (
            select
                count(*) as matches_count,
                count(*) filter (where rules_count = 1) as once,
                count(*) filter (where rules_count = 2) as twice
            from by_match
        ),
        estimated as (
            -- the form of Chao's estimate that is defined where twice is 0
            select
                once * (once - 1) / (2 * (twice + 1)) as unseen,
                unseen / (matches_count + unseen) as recall_loss
            from seen
        )
        select
            rule,
            count(*) as matches_count,
            count(*) filter (where rules_count = 1) as lone_matches_count,
            case when rule = '{EVERY_PAIR}' then 0 else min(recall_loss) end as estimated_recall_loss
        from proposal
        join by_match using (record_no_l, record_no_r)
        cross join estimated
        group by rule
    """)
    con.execute("drop table matched_key")


def _proposals_sql(blocking: Blocking) -> str:
    """Every match with each of the rules that propose it."""
    same = "".join(f', case when l."{rule}" = r."{rule}" then l."{rule}" end as "{rule}"' for rule in blocking.rules)
    shared = f"""
        select record_no_l, record_no_r, '{SHARED_IDENTIFIER}' as rule
        from match
        semi join shared_pair using (record_no_l, record_no_r)
    """
    by_rules = f"""
        with same_key as (
            select record_no_l, record_no_r{same}
            from match
            join matched_key as l on record_no_l = l.record_no
            join matched_key as r on record_no_r = r.record_no
        )
        select record_no_l, record_no_r, rule
        from (unpivot same_key on * exclude (record_no_l, record_no_r) into name rule value key)
        anti join cut_block using (rule, key)
    """
    return f"{shared} union all ({by_rules})" if blocking.rules else shared
