"""The pairs that explanations are learned from.

Belongs here: which pairs, and how many others each stands for. Must not go here: what is learned (explanations.py).
Concept: candidates were chosen for something personal in common. What two people share who work together shows in
those who have nothing else in common, and candidates alone would make colleagues many times rarer than they are.
"""

import duckdb

from warehouse.tables import columns_of, count

# Pairs to learn from, at most, of candidates and of others each; drawn by a hash of their records.
SAMPLED_PAIRS = 400_000
# Of each record, so many pairs with others of its workplace are looked at.
NEXT_COLLEAGUES = 10


def draw_pairs(con: duckdb.DuckDBPyConnection) -> str:
    """Pairs to learn from as a query of record_no_l, record_no_r and rule, which is the number of pairs that each
    stands for: candidates, and those of one workplace that are none."""
    con.execute(f"create or replace temp table colleague as {_colleagues_sql()}")
    return " union all by name ".join(_sampled_sql(con, pairs) for pairs in ("candidate", "colleague"))


def _sampled_sql(con: duckdb.DuckDBPyConnection, pairs: str) -> str:
    """At most SAMPLED_PAIRS of a table of pairs with `times`, or of those that stand for themselves."""
    share = min(1.0, SAMPLED_PAIRS / max(count(con, pairs), 1))
    times = "times" if "times" in columns_of(con, pairs) else "1"
    return (
        f"select record_no_l, record_no_r, ({times} / {share!r})::varchar as rule from {pairs} "
        f"where hash(record_no_l, record_no_r) % 1000000 < {round(share * 1_000_000)}"
    )


def _colleagues_sql() -> str:
    """Each record with the next few of its workplace, in an order that says nothing; times: how many such pairs each
    stands for."""
    return f"""
        with placed as (
            select
                record_no, coalesce(employer, email_domain) as workplace, count(*) over same_place as size,
                row_number() over (same_place order by hash(record_no), record_no) as place
            from person
            where workplace is not null
            window same_place as (partition by workplace)
        )
        select
            least(l.record_no, r.record_no) as record_no_l,
            greatest(l.record_no, r.record_no) as record_no_r,
            l.size * (l.size - 1) / 2 / sum(1) over (partition by workplace) as times
        from placed as l
        join placed as r using (workplace)
        where r.place - l.place between 1 and {NEXT_COLLEAGUES}
        qualify (record_no_l, record_no_r) not in (select record_no_l, record_no_r from candidate)
    """
