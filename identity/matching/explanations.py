"""What explains an agreement: one person, two people of one household or of one company, or chance.

Belongs here: how likely each explanation is, learned from the scored pairs, and the weight that follows. Must not go
here: what a field compares (comparisons.py), training on narrow blocks (training.py).
Concept: Fellegi and Sunter know two explanations, so whatever people have in common who live or work together
(surname, address, phone, mailbox, employer) speaks for one person. Here two people of one household are a class of its
own, as are two colleagues: their personal fields agree by chance alone, and their common fields as often as these
records show.
Expectation maximisation over the candidate pairs finds the shares of the classes and their frequencies; those of one
person stay what Splink learned on narrow blocks, since candidates were chosen for their agreement. Where there are no
households or colleagues, their share goes to nothing.
"""

from dataclasses import dataclass
from math import log2
from typing import Any

import duckdb

from identity.matching.comparisons import is_personal, levels_of
from identity.matching.together import together_bits
from warehouse.tables import count

HOUSEHOLD, COLLEAGUES = "household", "colleagues"
# By class of two people, what else they do not have in common. There are colleagues only where there are employers.
APART_IN = {HOUSEHOLD: (), COLLEAGUES: ("family_name",)}
# What one person keeps for life. Where the model knows it to differ for one person two hundred times less often than
# for strangers, a difference counts nothing that a household may share: twins and namesakes stay apart.
LIFELONG_FIELDS = ("given_name", "generation", "birth_date")
CONTRADICTION_WEIGHT = -8.0
# Twins, and dates copied from one form to the next: two people of one household have one birth date so often.
ONE_BIRTH_DATE = 0.005
ROUNDS = 25
# A class that explains less than one pair in all explains none.
SMALLEST_PAIRS = 1.0
SMALLEST_PROBABILITY = 1e-4
# No single pair is surer than this, and sums stay finite.
LARGEST_BITS = 60.0

Settings = dict[str, Any]
Agreement = dict[str, dict[str, float]]


@dataclass(frozen=True)
class TwoPeople:
    """share: of all pairs of records, 0 to 1. agreement: field → Splink's number of the level → how often such two
    agree so far."""

    share: float
    agreement: Agreement


@dataclass(frozen=True)
class Explanations:
    """same: the share of all pairs of records that are one person, 0 to 1. two: the classes of two people, by name.
    together: how many times more often two people agree on given and family name than if these were independent."""

    same: float
    two: dict[str, TwoPeople]
    together: float = 1.0

    @classmethod
    def read(cls, saved: dict[str, Any]) -> "Explanations":
        return cls(saved["same"], {name: TwoPeople(**two) for name, two in saved["two"].items()}, saved["together"])


@dataclass(frozen=True)
class Weights:
    """SQL over Splink's predictions: each field's bits; log2 likelihood ratios against chance, of one person (and what
    is too much in it where both names agree) and of each class of two; the bits of the personal fields; whether a
    lifelong field differs, and whether it does so beyond what one person may."""

    of_field: dict[str, str]
    same: str
    together: str
    two: dict[str, str]
    personal: str
    differs: str
    contradicts: str


def weights_sql(settings: Settings, found: Explanations) -> Weights:
    of_field = {_name(field): _bits(field) for field in settings["comparisons"]}
    lifelong = [field for field in settings["comparisons"] if _name(field) in LIFELONG_FIELDS]
    return Weights(
        of_field,
        _sum(list(of_field.values())),
        together_bits(settings, found.together),
        {name: _two_bits(settings, two.agreement, of_field) for name, two in found.two.items()},
        _sum([of_field[_name(field)] for field in settings["comparisons"] if is_personal(field)]),
        _any([f"gamma_{_name(field)} = 0" for field in lifelong]),
        _any([f"gamma_{_name(field)} = 0" for field in lifelong if _worth(field, "0") <= CONTRADICTION_WEIGHT]),
    )


def odds_sql(found: Explanations, bits: dict[str, str]) -> dict[str, str]:
    """By class of two people, how much likelier than any pair drawn at random a pair is of it. bits: SQL by class."""
    return {name: f"{two.share!r} * pow(2, least({bits[name]}, {LARGEST_BITS}))" for name, two in found.two.items()}


def weight_sql(found: Explanations) -> str:
    """The weight in bits of one person against all other explanations, from `same_bits`, `two_odds` (of all classes
    together), `personal_bits` and `contradicts`."""
    weight = f"same_bits + {log2(found.same)!r} - log2(two_odds + {_chance(found)!r})"
    return f"least({weight}, case when contradicts then personal_bits + {log2(found.same)!r} end)"


def weight_against_chance_sql(found: Explanations) -> str:
    """The weight if chance were all there is beside one person, from `same_bits`."""
    return f"same_bits + {log2(found.same)!r} - log2({1 - found.same!r})"


def estimate(con: duckdb.DuckDBPyConnection, predicted: str, settings: Settings, together: float = 1.0) -> Explanations:
    """Learn from predicted pairs: gamma_*, mw_*, mw_tf_adj_* of Splink over the table `person`; match_key is the number
    of pairs that each stands for. together: as in Explanations."""
    fields = settings["comparisons"]
    size = count(con, "person")
    of_field = {_name(field): _bits(field) for field in fields}
    of_one = {_name(field): _m_of(field) for field in fields}
    prior = settings["probability_two_random_records_match"]
    personal = {_name(field) for field in fields if is_personal(field)}
    common = {
        name: {field: levels for field, levels in of_one.items() if field not in {*apart, *personal}}
        for name, apart in APART_IN.items()
        if name != COLLEAGUES or "employer" in of_one
    }
    learned = sorted({field for fields in common.values() for field in fields})
    columns = [f"{_sum(list(of_field.values()))} + {together_bits(settings, together)} as same_bits"]
    columns += [f"{of_field[name]} as bits_{name}, gamma_{name}" for name in learned]
    columns += ["gamma_birth_date"] if "birth_date" in of_field else []
    con.execute(
        f"create or replace temp table learned_from as select {', '.join(columns)}, sum(match_key::double) as times "
        f"from {predicted} group by all"
    )
    found = Explanations(prior, {name: TwoPeople(prior, agreement) for name, agreement in common.items()}, together)
    for _ in range(ROUNDS):
        found = _improved(con, settings, found, size * (size - 1) / 2)
    return Explanations(_rounded(found.same), {name: _rounded_off(two) for name, two in found.two.items()}, together)


def _improved(con: duckdb.DuckDBPyConnection, settings: Settings, found: Explanations, pairs: float) -> Explanations:
    """One round of expectation maximisation."""
    bits = {
        name: _two_bits(settings, two.agreement, {field: f"bits_{field}" for field in two.agreement})
        for name, two in found.two.items()
    }
    odds = {"same": f"{found.same!r} * pow(2, least(same_bits, {LARGEST_BITS}))", **odds_sql(found, bits)}
    total = f"({_sum(list(odds))} + {_chance(found)!r})"
    con.execute(f"""
        create or replace temp table weighed_from as
        with likely as (select *, {", ".join(f"{sql} as {name}" for name, sql in odds.items())} from learned_from)
        select * replace ({", ".join(f"{name} / {total} as {name}" for name in odds)}) from likely
    """)
    counted = con.execute(
        f"select {', '.join(f'coalesce(sum({name} * times), 0)' for name in odds)} from weighed_from"
    ).fetchall()[0]
    same, *others = counted
    return Explanations(
        max(same, SMALLEST_PAIRS) / pairs,
        {
            name: TwoPeople(
                count / pairs if count >= SMALLEST_PAIRS else 0.0,
                {field: _levels(con, name, field, levels) for field, levels in two.agreement.items()},
            )
            for (name, two), count in zip(found.two.items(), others, strict=True)
        },
        found.together,
    )


def _levels(con: duckdb.DuckDBPyConnection, two: str, name: str, before: dict[str, float]) -> dict[str, float]:
    """How often pairs of a class agree at each level of a field, among those that know both values."""
    counted = dict(
        con.execute(
            f"select gamma_{name}::varchar, sum({two} * times) from weighed_from where gamma_{name} >= 0 group by 1"
        ).fetchall()
    )
    total = sum(counted.values())
    if total < SMALLEST_PAIRS:
        return before
    return {level: max(counted.get(level, 0.0) / total, SMALLEST_PROBABILITY) for level in before}


def _two_bits(settings: Settings, agreement: Agreement, bits: dict[str, str]) -> str:
    fields = {_name(field): field for field in settings["comparisons"]}
    parts = [f"{bits[name]} + {_shift(fields[name], levels)}" for name, levels in agreement.items()]
    return _sum(parts + ([_twins(fields["birth_date"])] if "birth_date" in fields else []))


def _twins(birth_date: dict[str, Any]) -> str:
    """SQL: the bits by which one birth date speaks for a household against chance."""
    top = str(len(_m_of(birth_date)) - 1)
    chance = levels_of(birth_date)[0]["u_probability"]
    return f"case when gamma_birth_date = {top} then {max(log2(ONE_BIRTH_DATE / chance), 0.0)!r} else 0 end"


def _chance(found: Explanations) -> float:
    return max(1 - found.same - sum(two.share for two in found.two.values()), SMALLEST_PROBABILITY)


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


def _rounded_off(two: TwoPeople) -> TwoPeople:
    agreement = {name: {level: _rounded(p) for level, p in levels.items()} for name, levels in two.agreement.items()}
    return TwoPeople(_rounded(two.share), agreement)


def _rounded(probability: float) -> float:
    return float(f"{probability:.6g}")
