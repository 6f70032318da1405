"""Three explanations of an agreement: one person, two people of one household, or chance.

Belongs here: how likely each explanation is, learned from the scored pairs, and the weight that follows. Must not go
here: what a field compares (comparisons.py), training on narrow blocks (training.py).
Concept: Fellegi and Sunter know two explanations, so whatever a household has in common (surname, address, phone,
mailbox) speaks for one person. Here two people of one household are a third class, whose personal fields agree by
chance alone and whose common fields agree as often as these records show. Expectation maximisation over the candidate
pairs finds the shares of the classes and the household's frequencies; those of one person stay what Splink learned on
narrow blocks, since candidates were chosen for their agreement. Where there are no households, their share goes to
nothing.
"""

from dataclasses import dataclass
from math import log2
from typing import Any

import duckdb

from identity.matching.comparisons import levels_of
from warehouse.tables import count

# What one person does not share with whom they live with; every other field may be common to a household.
PERSONAL_FIELDS = ("given_name", "middle_name", "generation", "birth_date", "gender", "national_id", "organisation")
# What one person keeps for life. Where the model knows it to differ for one person two hundred times less often than
# for strangers, a difference counts nothing that a household may share: twins and namesakes stay apart.
LIFELONG_FIELDS = ("given_name", "generation", "birth_date")
CONTRADICTION_WEIGHT = -8.0
# Twins, and dates copied from one form to the next: two people of one household have one birth date so often.
ONE_BIRTH_DATE = 0.005
ROUNDS = 25
# Pairs to learn from, at most, drawn by a hash of their records.
SAMPLED_PAIRS = 400_000
# A class that explains less than one pair in all explains none.
SMALLEST_PAIRS = 1.0
SMALLEST_PROBABILITY = 1e-4
# No single pair is surer than this, and sums stay finite.
LARGEST_BITS = 60.0

Settings = dict[str, Any]
Agreement = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Explanations:
    """same, household: the share of all pairs of records in each class, 0 to 1.

    agreement: field → Splink's number of the level → how often two people of one household agree so far.
    """

    same: float
    household: float
    agreement: Agreement


@dataclass(frozen=True)
class Weights:
    """SQL over Splink's predictions: each field's bits; log2 likelihood ratios of both classes against chance; the bits
    of the personal fields; whether a lifelong field differs, and whether it does so beyond what one person may."""

    of_field: dict[str, str]
    same: str
    household: str
    personal: str
    differs: str
    contradicts: str


def weights_sql(settings: Settings, found: Explanations) -> Weights:
    of_field = {_name(field): _bits(field) for field in settings["comparisons"]}
    lifelong = [field for field in settings["comparisons"] if _name(field) in LIFELONG_FIELDS]
    return Weights(
        of_field,
        _sum(list(of_field.values())),
        _household_bits(settings, found.agreement, of_field),
        _sum([bits for name, bits in of_field.items() if name in PERSONAL_FIELDS]),
        _any([f"gamma_{_name(field)} = 0" for field in lifelong]),
        _any([f"gamma_{_name(field)} = 0" for field in lifelong if _worth(field, "0") <= CONTRADICTION_WEIGHT]),
    )


def weight_sql(found: Explanations) -> str:
    """The weight in bits of one person against both other explanations, from `same_bits`, `household_bits`,
    `personal_bits` and `contradicts`."""
    household = f"{found.household!r} * pow(2, least(household_bits, {LARGEST_BITS}))" if found.household else "0"
    weight = f"same_bits + {log2(found.same)!r} - log2({household} + {_chance(found)!r})"
    return f"least({weight}, case when contradicts then personal_bits + {log2(found.same)!r} end)"


def weight_against_chance_sql(found: Explanations) -> str:
    """The weight if there were no households, from `same_bits`."""
    return f"same_bits + {log2(found.same)!r} - log2({1 - found.same!r})"


def draw_candidates(con: duckdb.DuckDBPyConnection) -> tuple[str, float]:
    """Pairs to learn from as a query of `candidate`, and the share that they are of all."""
    share = min(1.0, SAMPLED_PAIRS / max(count(con, "candidate"), 1))
    return f"from candidate where hash(record_no_l, record_no_r) % 1000000 < {round(share * 1_000_000)}", share


def estimate(con: duckdb.DuckDBPyConnection, predicted: str, settings: Settings, share: float = 1.0) -> Explanations:
    """Learn from predicted pairs (gamma_*, mw_*, mw_tf_adj_* of Splink over the table `person`), which are such a share
    of all candidates."""
    fields = settings["comparisons"]
    size = count(con, "person")
    of_field = {_name(field): _bits(field) for field in fields}
    common = {_name(field): _m_of(field) for field in fields if _name(field) not in PERSONAL_FIELDS}
    columns = [f"{_sum(list(of_field.values()))} as same_bits"]
    columns += [f"{of_field[name]} as bits_{name}, gamma_{name}" for name in common]
    columns += ["gamma_birth_date"] if "birth_date" in of_field else []
    con.execute(
        f"create or replace temp table learned_from as select {', '.join(columns)}, count(*) as times "
        f"from {predicted} group by all"
    )
    prior = settings["probability_two_random_records_match"]
    found = Explanations(prior, prior, common)
    for _ in range(ROUNDS):
        found = _improved(con, settings, found, size * (size - 1) / 2 * share)
    agreement = {name: {level: _rounded(p) for level, p in levels.items()} for name, levels in found.agreement.items()}
    return Explanations(_rounded(found.same), _rounded(found.household), agreement)


def _improved(con: duckdb.DuckDBPyConnection, settings: Settings, found: Explanations, pairs: float) -> Explanations:
    """One round of expectation maximisation."""
    household_bits = _household_bits(settings, found.agreement, {name: f"bits_{name}" for name in found.agreement})
    con.execute(f"""
        create or replace temp table weighed_from as
        with likely as (
            select
                *,
                {found.same!r} * pow(2, least(same_bits, {LARGEST_BITS})) as one,
                {found.household!r} * pow(2, least({household_bits}, {LARGEST_BITS})) as two
            from learned_from
        )
        select * replace (one / (one + two + {_chance(found)!r}) as one, two / (one + two + {_chance(found)!r}) as two)
        from likely
    """)
    same, household = con.execute(
        "select coalesce(sum(one * times), 0), coalesce(sum(two * times), 0) from weighed_from"
    ).fetchall()[0]
    return Explanations(
        max(same, SMALLEST_PAIRS) / pairs,
        household / pairs if household >= SMALLEST_PAIRS else 0.0,
        {name: _levels(con, name, levels) for name, levels in found.agreement.items()},
    )


def _levels(con: duckdb.DuckDBPyConnection, name: str, before: dict[str, float]) -> dict[str, float]:
    """How often household pairs agree at each level of a field, among those that know both values."""
    counted = dict(
        con.execute(
            f"select gamma_{name}::varchar, sum(two * times) from weighed_from where gamma_{name} >= 0 group by 1"
        ).fetchall()
    )
    total = sum(counted.values())
    if total < SMALLEST_PAIRS:
        return before
    return {level: max(counted.get(level, 0.0) / total, SMALLEST_PROBABILITY) for level in before}


def _household_bits(settings: Settings, agreement: Agreement, bits: dict[str, str]) -> str:
    fields = {_name(field): field for field in settings["comparisons"]}
    parts = [f"{bits[name]} + {_shift(fields[name], levels)}" for name, levels in agreement.items()]
    return _sum(parts + ([_twins(fields["birth_date"])] if "birth_date" in fields else []))


def _twins(birth_date: dict[str, Any]) -> str:
    """SQL: the bits by which one birth date speaks for a household against chance."""
    top = str(len(_m_of(birth_date)) - 1)
    chance = levels_of(birth_date)[0]["u_probability"]
    return f"case when gamma_birth_date = {top} then {max(log2(ONE_BIRTH_DATE / chance), 0.0)!r} else 0 end"


def _chance(found: Explanations) -> float:
    return max(1 - found.same - found.household, SMALLEST_PROBABILITY)


def _name(field: dict[str, Any]) -> str:
    return field["output_column_name"]


def _m_of(field: dict[str, Any]) -> dict[str, float]:
    levels = levels_of(field)
    return {str(len(levels) - 1 - place): level["m_probability"] for place, level in enumerate(levels)}


def _bits(field: dict[str, Any]) -> str:
    """A field's bits as Splink has them, with the adjustment for how common its value is."""
    adjusted = any(level.get("tf_adjustment_column") for level in field["comparison_levels"])
    return f"(mw_{_name(field)} + mw_tf_adj_{_name(field)})" if adjusted else f"mw_{_name(field)}"


def _shift(field: dict[str, Any], levels: dict[str, float]) -> str:
    """SQL: what is added to a field's bits where a class agrees so often, log2(the class / what Splink learned)."""
    whens = " ".join(f"when {level} then {log2(levels[level] / m)!r}" for level, m in _m_of(field).items())
    return f"case gamma_{_name(field)} {whens} else 0 end"


def _worth(field: dict[str, Any], number: str) -> float:
    """Bits of a level, by Splink's number."""
    levels = levels_of(field)
    level = levels[len(levels) - 1 - int(number)]
    return log2(level["m_probability"] / level["u_probability"])


def _any(conditions: list[str]) -> str:
    return f"({' or '.join(conditions) or 'false'})"


def _sum(parts: list[str]) -> str:
    return " + ".join(parts) or "0"


def _rounded(probability: float) -> float:
    return float(f"{probability:.6g}")
