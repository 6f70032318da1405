"""From compared pairs to edges, by a list of rules.

Belongs here: what a rule is, and the edges that a list of them makes. Must not go here: the rules and the comparisons
(accounts.py, households.py).
Concept: one edge per pair, of the first rule that holds; a pair of which none holds is no edge.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Rule:
    """when: a condition on a pair. weight: bits, or SQL that gives them. cut_reason: set where the pair is kept apart
    whatever else is known; the bits are then for show."""

    name: str
    when: str
    weight: float | str
    cut_reason: str | None = None


def make_edges(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> None:
    """Temporary table group_edge (member_l < member_r, rule, match_weight, is_cut, cut_reason) of `compared_pair`:
    member_l, member_r, and the columns that the rules name."""
    named = " ".join(f"when {rule.when} then '{rule.name}'" for rule in rules)
    weighed = " ".join(f"when '{rule.name}' then {rule.weight}" for rule in rules)
    cut = {rule.name: rule.cut_reason for rule in rules if rule.cut_reason}
    reasons = " ".join(f"when '{name}' then '{reason}'" for name, reason in cut.items())
    cutting = ", ".join(f"'{name}'" for name in cut)
    con.execute(f"""
        create or replace temp table group_edge as
        with ruled as (select *, case {named} end as rule from compared_pair)
        select
            member_l, member_r, rule,
            (case rule {weighed} end)::double as match_weight,
            rule in ({cutting}) as is_cut,
            case rule {reasons} end as cut_reason
        from ruled
        where rule is not null
    """)
