"""What explains an agreement: one person, two people of one household or of one company, or chance.

Belongs here: what a model knows of each explanation, and the weight that follows, as SQL. Must not go here: what a
field compares (comparisons.py), learning it (training.py, expectation.py).
Concept: Fellegi and Sunter know two explanations, so whatever people have in common who live or work together
(surname, address, phone, mailbox, employer) speaks for one person. Here two people of one household are a class of its
own, as are two colleagues: their personal fields agree by chance alone, and their common fields as often as these
records show. How likely one person is at all hangs on the two systems: a mailing list knows nobody twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log2
from typing import Any

from identity.matching.comparisons import is_personal, levels_of
from identity.matching.together import rarity_sql, together_bits
from warehouse.quoting import literal

HOUSEHOLD, COLLEAGUES = "household", "colleagues"
# By class of two people, what else they do not have in common. There are colleagues only where there are employers.
APART_IN = {HOUSEHOLD: (), COLLEAGUES: ("family_name",)}
# What one person keeps for life. Where the model knows it to differ for one person two hundred times less often than
# for strangers, a difference counts nothing that a household may share: twins and namesakes stay apart.
LIFELONG_FIELDS = ("given_name", "generation", "birth_date")
CONTRADICTION_WEIGHT = -8.0
# By what a person is reached. Records that hold one of them only are of another kind than those that hold several, and
# the same person's agree in it differently often.
CONTACTS = ("email", "phone", "address")
ALONE, BESIDE = "alone", "beside"
# Twins, and dates copied from one form to the next: two people of one household have one birth date so often.
ONE_BIRTH_DATE = 0.005
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
    one: how often one person's contacts agree, where no other contact is known of both records, and beside others;
    empty where it is as Splink learned. sources: system → system (the same or one that comes later) → by how many bits
    likelier one person is between the two than anywhere. together: as in together.py."""

    same: float
    two: dict[str, TwoPeople]
    one: dict[str, Agreement] = field(default_factory=dict)
    sources: dict[str, dict[str, float]] = field(default_factory=dict)
    together: dict[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, saved: dict[str, Any]) -> "Explanations":
        return cls(**saved | {"two": {name: TwoPeople(**two) for name, two in saved["two"].items()}})


@dataclass(frozen=True)
class Weights:
    """SQL over Splink's predictions: each field's bits for one person; log2 likelihood ratios against chance, of one
    person (and what is too much in it where both names agree, and of the two systems) and of each class of two; the
    bits of the personal fields; whether a lifelong field differs, and whether it does so beyond what one person may."""

    of_field: dict[str, str]
    same: str
    together: str
    sources: str
    two: dict[str, str]
    personal: str
    differs: str
    contradicts: str


def weights_sql(settings: Settings, found: Explanations) -> Weights:
    fields = settings["comparisons"]
    splinks = {name_of(field): bits_of(field) for field in fields}
    of_field = {name_of(field): splinks[name_of(field)] + one_shift(field, found.one, splinks) for field in fields}
    lifelong = [field for field in fields if name_of(field) in LIFELONG_FIELDS]
    return Weights(
        of_field,
        sum_of(of_field.values()),
        together_bits(rarity_sql(settings, splinks) or "null", found.together),
        sources_bits(found.sources),
        {name: two_bits(settings, two.agreement, splinks) for name, two in found.two.items()},
        sum_of(of_field[name_of(field)] for field in fields if is_personal(field)),
        _any([f"gamma_{name_of(field)} = 0" for field in lifelong]),
        _any([f"gamma_{name_of(field)} = 0" for field in lifelong if _worth(field, "0") <= CONTRADICTION_WEIGHT]),
    )


def odds_sql(found: Explanations, bits: dict[str, str]) -> dict[str, str]:
    """By class of two people, how much likelier than any pair drawn at random a pair is of it. bits: SQL by class."""
    return {name: f"{two.share!r} * pow(2, least({bits[name]}, {LARGEST_BITS}))" for name, two in found.two.items()}


def weight_sql(found: Explanations) -> str:
    """The weight in bits of one person against all other explanations, from `same_bits`, `two_odds` (of all classes
    together), `personal_bits` and `contradicts`."""
    weight = f"same_bits + {log2(found.same)!r} - log2(two_odds + {chance_of(found)!r})"
    return f"least({weight}, case when contradicts then personal_bits + {log2(found.same)!r} end)"


def weight_against_chance_sql(found: Explanations) -> str:
    """The weight if chance were all there is beside one person, from `same_bits`."""
    return f"same_bits + {log2(found.same)!r} - log2({1 - found.same!r})"


def two_bits(settings: Settings, agreement: Agreement, bits: dict[str, str]) -> str:
    """SQL: the bits of two people who agree so, from what the fields are worth for one person as Splink learned."""
    fields = {name_of(field): field for field in settings["comparisons"]}
    parts = [f"{bits[name]} + {shift(fields[name], levels)}" for name, levels in agreement.items()]
    return sum_of(parts + ([_twins(fields["birth_date"])] if "birth_date" in fields else []))


def _twins(birth_date: dict[str, Any]) -> str:
    """SQL: the bits by which one birth date speaks for a household against chance."""
    top = str(len(m_of(birth_date)) - 1)
    chance = levels_of(birth_date)[0]["u_probability"]
    return f"case when gamma_birth_date = {top} then {max(log2(ONE_BIRTH_DATE / chance), 0.0)!r} else 0 end"


def chance_of(found: Explanations) -> float:
    return max(1 - found.same - sum(two.share for two in found.two.values()), SMALLEST_PROBABILITY)


def name_of(field: dict[str, Any]) -> str:
    return field["output_column_name"]


def m_of(field: dict[str, Any]) -> dict[str, float]:
    levels = levels_of(field)
    return {str(len(levels) - 1 - place): level["m_probability"] for place, level in enumerate(levels)}


def bits_of(field: dict[str, Any]) -> str:
    """A field's bits as Splink has them, with the adjustment for how common its value is."""
    adjusted = any(level.get("tf_adjustment_column") for level in field["comparison_levels"])
    return f"(mw_{name_of(field)} + mw_tf_adj_{name_of(field)})" if adjusted else f"mw_{name_of(field)}"


def shift(field: dict[str, Any], levels: dict[str, float]) -> str:
    """SQL: what is added to a field's bits where one agrees so often instead, log2(so / what Splink learned)."""
    whens = " ".join(f"when {level} then {log2(levels[level] / m)!r}" for level, m in m_of(field).items())
    return f"case gamma_{name_of(field)} {whens} else 0 end"


def one_shift(field: dict[str, Any], one: dict[str, Agreement], fields: Iterable[str]) -> str:
    """SQL: what is added to a contact's bits by what else is known of both records; nothing for any other field."""
    name = name_of(field)
    if not one or name not in CONTACTS:
        return ""
    cases = {kind: shift(field, one[kind][name]) for kind in (ALONE, BESIDE)}
    return f" + case when {is_beside(name, fields)} then {cases[BESIDE]} else {cases[ALONE]} end"


def is_beside(contact: str, fields: Iterable[str]) -> str:
    """SQL: is another contact known of both records? fields: those that are compared."""
    return _any([f"gamma_{other} >= 0" for other in CONTACTS if other in fields and other != contact])


def sources_bits(sources: dict[str, dict[str, float]]) -> str:
    whens = " ".join(
        f"when {literal(one)} then case greatest(source_l, source_r) "
        f"{' '.join(f'when {literal(other)} then {bits!r}' for other, bits in others.items())} else 0 end"
        for one, others in sources.items()
    )
    return f"case least(source_l, source_r) {whens} else 0 end" if whens else "0"


def _worth(field: dict[str, Any], number: str) -> float:
    """Bits of a level, by Splink's number."""
    levels = levels_of(field)
    level = levels[len(levels) - 1 - int(number)]
    return log2(level["m_probability"] / level["u_probability"])


def _any(conditions: list[str]) -> str:
    return f"({' or '.join(conditions) or 'false'})"


def sum_of(parts: Iterable[str]) -> str:
    return " + ".join(parts) or "0"
