"""How much a given name says of the family name, by how rare the two are.

Belongs here: the rarity of names that agree, and how many strangers would share both if names were independent. Must
not go here: how often either name occurs (Splink's term frequencies), how many do share both (expectation.py).
Concept: Fellegi and Sunter add up what fields say as if they were independent. Names are not: Heidi is rarely a
Kowalski, so that two names which agree say less together than each alone, and the rarer they are, the more they are of
one origin.
"""

from math import log2
from typing import Any

import duckdb

from identity.matching.comparisons import levels_of

# Names, and the levels at which they agree as names: not by a letter.
NAMES = ("given_name", "family_name")
AGREES = {"same", "short form", "alike"}
# Names are as rare as the bits that both are worth; so many bits are one class.
CLASS_BITS = 2
# Terms are counted in classes of a quarter of a bit.
STEPS_PER_BIT = 4
# A full name of which so many are expected that a third of the cap is filled may lie in a block that is cut.
EXPECTED_OF_CAP = 1 / 3


def rarity_sql(settings: dict[str, Any], bits: dict[str, str]) -> str | None:
    """SQL over Splink's predictions: the class of two names that agree, null where they do not. None where the records
    hold no two names. bits: field → SQL of its bits."""
    agree = [f"gamma_{name} in ({numbers})" for name in NAMES if (numbers := _numbers(settings, name, AGREES))]
    if len(agree) < len(NAMES):
        return None
    worth = " + ".join(bits[name] for name in NAMES)
    return f"case when {' and '.join(agree)} then floor(({worth}) / {CLASS_BITS})::integer end"


def namesakes_sql(settings: dict[str, Any]) -> str:
    """SQL over Splink's predictions: are both names the same, and were all who bear them proposed as candidates?"""
    same = " and ".join(f"gamma_{name} in ({_numbers(settings, name, {'same'})})" for name in NAMES)
    return f"{same} and (given_name_l, family_name_l) not in (from cut_name)"


def together_bits(rarity: str, together: dict[str, float]) -> str:
    """SQL: the bits by which two names that agree say less together than each alone. rarity: SQL of their class."""
    if not together:
        return "0"
    classes = sorted(map(int, together))
    whens = " ".join(f"when {name} then {-together[str(name)]!r}" for name in classes)
    return f"case least(greatest({rarity}, {classes[0]}), {classes[-1]}) {whens} else 0 end"


def expected_namesakes(con: duckdb.DuckDBPyConnection, settings: dict[str, Any], cap: int | None) -> dict[int, float]:
    """By class, how many pairs of records in `person` would have both names in common if given and family names were
    independent; of those alone whom no cap kept from being candidates. cap: records in a block of names.

    Makes `cut_name` (given_name, family_name): full names that more bear than the cap allows.
    """
    con.execute(f"""
        create or replace temp table cut_name as
        select given_name, family_name from person
        where given_name is not null and family_name is not null
        group by all
        having count(*) > {cap if cap is not None else "count(*)"}
    """)
    same = {name: _m_of_same(settings, name) for name in NAMES}
    steps = ", ".join(
        f"{name} as (select floor({STEPS_PER_BIT} * log2({same[name]!r} / frequency)) as step, "
        f"sum(frequency * frequency) as share from term where field = '{name}' group by step)"
        for name in NAMES
    )
    rows = con.execute(f"""
        with {steps},
        bearers as (
            select count(*) as records_count from person where given_name is not null and family_name is not null
        )
        select
            floor((given_name.step + family_name.step + 1) / {STEPS_PER_BIT * CLASS_BITS})::integer as class,
            sum(given_name.share * family_name.share) * any_value(records_count * (records_count - 1) / 2),
            any_value(records_count)
        from given_name, family_name, bearers
        group by class
        order by class
    """).fetchall()
    most = log2(same["given_name"] * same["family_name"])
    return {
        name: pairs
        for name, pairs, bearers in rows
        if cap is None or bearers * 2 ** (most - name * CLASS_BITS) <= cap * EXPECTED_OF_CAP
    }


def _m_of_same(settings: dict[str, Any], name: str) -> float:
    [comparison] = [found for found in settings["comparisons"] if found["output_column_name"] == name]
    return levels_of(comparison)[0]["m_probability"]


def _numbers(settings: dict[str, Any], name: str, labels: set[str]) -> str:
    """Splink's numbers of the levels of a name that are called so."""
    for comparison in settings["comparisons"]:
        if comparison["output_column_name"] == name:
            levels = [level.get("label_for_charts") for level in reversed(levels_of(comparison))]
            return ", ".join(str(number) for number, label in enumerate(levels) if label in labels)
    return ""
