"""Learning what explains an agreement, from the scored pairs.

Belongs here: expectation maximisation over the pairs. Must not go here: what follows from it (explanations.py), which
pairs (drawing.py), training on narrow blocks (training.py).
Concept: Dempster, Laird and Rubin 1977. Each round asks of every pair how likely either explanation is, and then how
often each explanation agrees. How one person agrees stays what Splink learned on narrow blocks, since candidates were
chosen for their agreement; but who has both names in common was chosen for nothing else, and shows how often one
person's contacts agree, and how many two people bear the same names.
"""

from dataclasses import dataclass, replace
from math import log2
from typing import Any

import duckdb

from identity.matching.comparisons import is_personal
from identity.matching.explanations import (
    ALONE,
    APART_IN,
    BESIDE,
    COLLEAGUES,
    CONTACTS,
    LARGEST_BITS,
    SMALLEST_PROBABILITY,
    Agreement,
    Explanations,
    Settings,
    TwoPeople,
    bits_of,
    chance_of,
    is_beside,
    m_of,
    name_of,
    odds_sql,
    one_shift,
    sources_bits,
    sum_of,
    two_bits,
)
from identity.matching.together import expected_namesakes, namesakes_sql, rarity_sql, together_bits
from warehouse.tables import count

ROUNDS = 25
# A class that explains less than one pair in all explains none.
SMALLEST_PAIRS = 1.0
# What Splink learned, or what holds of all, counts as so many pairs against those that taught a part.
ASSUMED_PAIRS = 50


@dataclass(frozen=True)
class _Learning:
    """pairs: of records, all there are. of_sources: pairs of records by their two systems. expected: namesakes by
    class of rarity, if names were independent; empty where there are no two names."""

    settings: Settings
    pairs: float
    of_sources: dict[tuple[str, str], float]
    expected: dict[int, float]

    @property
    def contacts(self) -> list[dict[str, Any]]:
        return [field for field in self.settings["comparisons"] if name_of(field) in CONTACTS]

    @property
    def names(self) -> list[str]:
        return [name_of(field) for field in self.settings["comparisons"]]


def estimate(
    con: duckdb.DuckDBPyConnection, predicted: str, settings: Settings, names_cap: int | None = None
) -> Explanations:
    """Learn from predicted pairs: gamma_*, mw_*, mw_tf_adj_* of Splink over the tables `person` and `term`; match_key
    is the number of pairs that each stands for. names_cap: records of one full name of whom all pairs are among them
    at most; by default any number."""
    fields = settings["comparisons"]
    size = count(con, "person")
    of_field = {name_of(field): bits_of(field) for field in fields}
    of_one = {name_of(field): m_of(field) for field in fields}
    prior = settings["probability_two_random_records_match"]
    personal = {name_of(field) for field in fields if is_personal(field)}
    common = {
        name: {field: levels for field, levels in of_one.items() if field not in {*apart, *personal}}
        for name, apart in APART_IN.items()
        if name != COLLEAGUES or "employer" in of_one
    }
    rarity = rarity_sql(settings, of_field)
    learning = _Learning(
        settings,
        size * (size - 1) / 2,
        _pairs_of_sources(con),
        expected_namesakes(con, settings, names_cap) if rarity else {},
    )
    learned = sorted({field for fields in common.values() for field in fields})
    columns = [
        f"{sum_of(of_field.values())} as splink_bits",
        *(f"{of_field[name]} as bits_{name}, gamma_{name}" for name in learned),
        *(["gamma_birth_date"] if "birth_date" in of_field else []),
        f"{rarity or 'null::integer'} as rarity",
        f"{namesakes_sql(settings) if rarity else 'false'} as are_namesakes",
        "least(source_l, source_r) as source_l, greatest(source_l, source_r) as source_r",
    ]
    con.execute(
        f"create or replace temp table learned_from as select {', '.join(columns)}, sum(match_key::double) as times "
        f"from {predicted} group by all"
    )
    found = Explanations(prior, {name: TwoPeople(prior, agreement) for name, agreement in common.items()})
    for _ in range(ROUNDS):
        found = _improved(con, learning, found)
    return _rounded_off(found)


def _pairs_of_sources(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], float]:
    """How many pairs of records there are of each two systems; none where all records are of one."""
    sizes = con.execute("select source, count(*) from person group by source order by source").fetchall()
    return {
        (one, other): size * (size - 1) / 2 if one == other else size * others
        for one, size in sizes
        for other, others in sizes
        if one <= other and len(sizes) > 1
    }


def _improved(con: duckdb.DuckDBPyConnection, learning: _Learning, found: Explanations) -> Explanations:
    """One round of expectation maximisation."""
    _weigh(con, learning, found)
    names = ["same", *found.two]
    counted = con.execute(
        f"select {', '.join(f'coalesce(sum({name} * times), 0)' for name in names)} from weighed_from"
    ).fetchall()[0]
    same, *others = counted
    two = {
        name: TwoPeople(
            count / learning.pairs if count >= SMALLEST_PAIRS else 0.0,
            {field: _levels(con, name, field, levels) for field, levels in two.agreement.items()},
        )
        for (name, two), count in zip(found.two.items(), others, strict=True)
    }
    share = max(same, SMALLEST_PAIRS) / learning.pairs
    sources = _sources(con, learning, share)
    return Explanations(share, two, _one(con, learning), sources, _together(con, learning))


def _weigh(con: duckdb.DuckDBPyConnection, learning: _Learning, found: Explanations) -> None:
    """Make `weighed_from`: `learned_from`, and how likely one person is and each class of two."""
    bits = {
        name: two_bits(learning.settings, two.agreement, {field: f"bits_{field}" for field in two.agreement})
        for name, two in found.two.items()
    }
    shifts = "".join(one_shift(field, found.one, learning.names) for field in learning.contacts)
    of_one = f"splink_bits{shifts} + {together_bits('rarity', found.together)} + {sources_bits(found.sources)}"
    odds = {"same": f"{found.same!r} * pow(2, least({of_one}, {LARGEST_BITS}))", **odds_sql(found, bits)}
    total = f"({sum_of(odds)} + {chance_of(found)!r})"
    con.execute(f"""
        create or replace temp table weighed_from as
        with likely as (select *, {", ".join(f"{sql} as {name}" for name, sql in odds.items())} from learned_from)
        select * replace ({", ".join(f"{name} / {total} as {name}" for name in odds)}) from likely
    """)


def _levels(con: duckdb.DuckDBPyConnection, two: str, name: str, before: dict[str, float]) -> dict[str, float]:
    """How often pairs of a class agree at each level of a field, among those that know both values."""
    counted = _counted(con, name, two, "true")
    total = sum(counted.values())
    if total < SMALLEST_PAIRS:
        return before
    return {level: max(counted.get(level, 0.0) / total, SMALLEST_PROBABILITY) for level in before}


def _one(con: duckdb.DuckDBPyConnection, learning: _Learning) -> dict[str, Agreement]:
    """How often one person's contacts agree, alone and beside others, as namesakes show."""
    if not learning.expected:
        return {}
    one: dict[str, Agreement] = {ALONE: {}, BESIDE: {}}
    for field in learning.contacts:
        name, assumed = name_of(field), m_of(field)
        for kind, negation in ((ALONE, "not "), (BESIDE, "")):
            where = f"are_namesakes and {negation}{is_beside(name, learning.names)}"
            counted = _counted(con, name, "same", where)
            total = sum(counted.values()) + ASSUMED_PAIRS
            one[kind][name] = {
                level: max((counted.get(level, 0.0) + ASSUMED_PAIRS * m) / total, SMALLEST_PROBABILITY)
                for level, m in assumed.items()
            }
    return one


def _counted(con: duckdb.DuckDBPyConnection, field: str, explanation: str, where: str) -> dict[str, float]:
    """How many pairs an explanation is likely to explain at each level of a field."""
    return dict(
        con.execute(
            f"select gamma_{field}::varchar, sum({explanation} * times) from weighed_from "
            f"where gamma_{field} >= 0 and {where} group by 1"
        ).fetchall()
    )


def _sources(con: duckdb.DuckDBPyConnection, learning: _Learning, share: float) -> dict[str, dict[str, float]]:
    """By how many bits likelier one person is between two systems than anywhere."""
    counted = {
        (one, other): pairs
        for one, other, pairs in con.execute(
            "select source_l, source_r, sum(same * times) from weighed_from group by all"
        ).fetchall()
    }
    sources: dict[str, dict[str, float]] = {}
    for (one, other), pairs in learning.of_sources.items():
        of_both = (counted.get((one, other), 0.0) + ASSUMED_PAIRS) / (pairs + ASSUMED_PAIRS / share)
        sources.setdefault(one, {})[other] = log2(of_both / share)
    return sources


def _together(con: duckdb.DuckDBPyConnection, learning: _Learning) -> dict[str, float]:
    """By class of rarity, the bits by which two people have both names in common more often than by chance."""
    if not learning.expected:
        return {}
    counted = dict(
        con.execute(
            "select rarity, sum((1 - same) * times) from weighed_from where are_namesakes group by rarity"
        ).fetchall()
    )
    found = {name: counted.get(name, 0.0) for name in learning.expected}
    overall = (sum(found.values()) + ASSUMED_PAIRS) / (sum(learning.expected.values()) + ASSUMED_PAIRS)
    return {
        str(name): log2(max((found[name] + ASSUMED_PAIRS) / (expected + ASSUMED_PAIRS / overall), 1.0))
        for name, expected in learning.expected.items()
    }


def _rounded_off(found: Explanations) -> Explanations:
    """Threads add in any order, so the last digits differ from one training to the next; the version must not."""
    return replace(
        found,
        same=_rounded(found.same),
        two={name: TwoPeople(_rounded(two.share), _agreement(two.agreement)) for name, two in found.two.items()},
        one={kind: _agreement(agreement) for kind, agreement in found.one.items()},
        sources={
            one: {other: round(bits, 4) for other, bits in others.items()} for one, others in found.sources.items()
        },
        together={name: round(bits, 4) for name, bits in found.together.items()},
    )


def _agreement(agreement: Agreement) -> Agreement:
    return {name: {level: _rounded(share) for level, share in levels.items()} for name, levels in agreement.items()}


def _rounded(probability: float) -> float:
    return float(f"{probability:.6g}")
