"""Three explanations of an agreement: one person, two people of one household, or chance.

Belongs here: how likely each explanation is, learned from the scored pairs, and the weight that follows. Must not go
here: what a field compares (comparisons.py), the fields' own probabilities (model.py).
Concept: Fellegi and Sunter know two explanations, so whatever a household has in common (surname, address, phone,
mailbox) speaks for one person. Here two people of one household are a third class, whose personal fields agree by chance
alone and whose common fields agree as often as these records show; expectation maximisation finds its share and its
frequencies. Where there are no households, its share goes to nothing and the weights are Fellegi and Sunter's.
"""

from dataclasses import dataclass
from math import log2
from typing import Any

import duckdb

# What one person does not share with whom they live with; every other field may be common to a household.
PERSONAL_FIELDS = ("given_name", "middle_name", "birth_date", "gender", "national_id")
ROUNDS = 25
# Pairs to learn from, at most, drawn by a hash of their records.
SAMPLED_PAIRS = 400_000
# A class that explains less than one pair in all explains none.
SMALLEST_PAIRS = 1.0
SMALLEST_PROBABILITY = 1e-4
# No single pair is surer than this, and sums stay finite.
LARGEST_BITS = 60.0

Settings = dict[str, Any]


@dataclass(frozen=True)
class Explanations:
    """same, household: the share of all pairs of records in each class, 0 to 1.

    agreement: field → Splink's number of the level → how often two people of one household agree so far.
    """

    same: float
    household: float
    agreement: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Weights:
    """SQL over Splink's predictions: a field's bits, and what a household changes of them."""

    of_field: dict[str, str]
    same: str
    household: str


def weights_sql(settings: Settings, agreement: dict[str, dict[str, float]]) -> Weights:
    """Log2 likelihood ratios against chance: of one person (`same`) and of two people of one household."""
    of_field = {field["output_column_name"]: _bits(field) for field in settings["comparisons"]}
    common = [field for field in settings["comparisons"] if field["output_column_name"] not in PERSONAL_FIELDS]
    household = [
        f"{_bits(field)} + {_shift(field, agreement.get(field['output_column_name'], {}))}" for field in common
    ]
    return Weights(of_field, _sum(list(of_field.values())), _sum(household))


def weight_sql(found: Explanations) -> str:
    """The weight in bits of one person against both other explanations, from `same_bits` and `household_bits`."""
    chance = max(1 - found.same - found.household, SMALLEST_PROBABILITY)
    household = f"{found.household!r} * pow(2, least(household_bits, {LARGEST_BITS}))" if found.household else "0"
    return f"same_bits + {log2(found.same)!r} - log2({household} + {chance!r})"


def estimate(con: duckdb.DuckDBPyConnection, predicted: str, settings: Settings) -> Explanations:
    """Learn from predicted pairs (gamma_*, mw_*, mw_tf_adj_* of Splink, for table `person`)."""
    names = [field["output_column_name"] for field in settings["comparisons"]]
    gammas = ", ".join(f"gamma_{name}" for name in names if name not in PERSONAL_FIELDS) or "0 as none"
    size, proposed = con.execute(
        f"select (select count(*) from person), (select count(*) from {predicted})"
    ).fetchall()[0]
    share = min(1.0, SAMPLED_PAIRS / max(proposed, 1))
    con.execute(
        "create or replace temp table learned_from as "
        f"select *, 0.0::double as household_bits from (select {_sum(list(weights_sql(settings, {}).of_field.values()))} "
        f"as same_bits, {_common_bits(settings)}, {gammas} from {predicted} "
        f"where hash(unique_id_l, unique_id_r) % 1000000 < {round(share * 1_000_000)})"
    )
    pairs = size * (size - 1) / 2 * share
    prior = settings["probability_two_random_records_match"]
    found = Explanations(prior, prior, _start(settings))
    for _ in range(ROUNDS):
        found = _improved(con, settings, found, pairs)
    return Explanations(_rounded(found.same), _rounded(found.household), _rounded_levels(found.agreement))


def _improved(con: duckdb.DuckDBPyConnection, settings: Settings, found: Explanations, pairs: float) -> Explanations:
    """One round of expectation maximisation."""
    common = list(found.agreement)
    household = _sum([f"bits_{name} + {_shift_of(settings, name, found.agreement[name])}" for name in common])
    con.execute(f"""
        create or replace temp table weighed_from as
        select
            *,
            {found.same!r} * pow(2, least(same_bits, {LARGEST_BITS})) as one,
            {found.household!r} * pow(2, least({household}, {LARGEST_BITS})) as two
        from learned_from
    """)
    chance = max(1 - found.same - found.household, SMALLEST_PROBABILITY)
    same, two = con.execute(
        f"select coalesce(sum(one / (one + two + {chance!r})), 0), coalesce(sum(two / (one + two + {chance!r})), 0) "
        "from weighed_from"
    ).fetchall()[0]
    agreement = {name: _levels(con, name, chance, found.agreement[name]) for name in common}
    return Explanations(max(same, SMALLEST_PAIRS) / pairs, two / pairs if two >= SMALLEST_PAIRS else 0.0, agreement)


def _levels(con: duckdb.DuckDBPyConnection, name: str, chance: float, before: dict[str, float]) -> dict[str, float]:
    """How often household pairs agree at each level of a field, among those where both values are known."""
    rows = con.execute(
        f"select gamma_{name}, sum(two / (one + two + {chance!r})) from weighed_from where gamma_{name} >= 0 group by 1"
    ).fetchall()
    total = sum(weight for _, weight in rows)
    if total < SMALLEST_PAIRS:
        return before
    counted = {str(level): weight / total for level, weight in rows}
    return {level: max(counted.get(level, 0.0), SMALLEST_PROBABILITY) for level in before}


def _start(settings: Settings) -> dict[str, dict[str, float]]:
    """Before anything is learned, a household agrees on what it may share as one person does."""
    return {
        field["output_column_name"]: {str(level): m for level, m in _m_of(field).items()}
        for field in settings["comparisons"]
        if field["output_column_name"] not in PERSONAL_FIELDS
    }


def _m_of(field: dict[str, Any]) -> dict[int, float]:
    levels = [level for level in field["comparison_levels"] if not level.get("is_null_level")]
    return {len(levels) - 1 - place: level["m_probability"] for place, level in enumerate(levels)}


def _common_bits(settings: Settings) -> str:
    common = [field for field in settings["comparisons"] if field["output_column_name"] not in PERSONAL_FIELDS]
    return ", ".join(f"{_bits(field)} as bits_{field['output_column_name']}" for field in common) or "0 as no_bits"


def _bits(field: dict[str, Any]) -> str:
    """A field's bits, with the adjustment for how common its value is."""
    name = field["output_column_name"]
    adjusted = any(level.get("tf_adjustment_column") for level in field["comparison_levels"])
    return f"(mw_{name} + mw_tf_adj_{name})" if adjusted else f"mw_{name}"


def _shift_of(settings: Settings, name: str, agreement: dict[str, float]) -> str:
    return _shift(next(field for field in settings["comparisons"] if field["output_column_name"] == name), agreement)


def _shift(field: dict[str, Any], agreement: dict[str, float]) -> str:
    """SQL: what is added to a field's bits when a household explains its level, log2(household / one person)."""
    name = field["output_column_name"]
    whens = " ".join(
        f"when {level} then {log2(agreement[str(level)] / m)!r}"
        for level, m in _m_of(field).items()
        if str(level) in agreement
    )
    return f"case gamma_{name} {whens} else 0 end" if whens else "0"


def _sum(parts: list[str]) -> str:
    return " + ".join(parts) or "0"


def _rounded(probability: float) -> float:
    return float(f"{probability:.6g}")


def _rounded_levels(agreement: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {name: {level: _rounded(value) for level, value in levels.items()} for name, levels in agreement.items()}
