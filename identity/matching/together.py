"""How much a given name says of the family name.

Belongs here: how often two people have both names in common, beside how often they would if names were independent.
Must not go here: how often either name occurs (Splink's term frequencies), the explanations (explanations.py).
Concept: Fellegi and Sunter add up what fields say as if they were independent. Names are not: Heidi is rarely a
Kowalski, so that two names which agree say less together than each alone. How much less shows where birth dates tell
people apart.
"""

from math import log2
from typing import Any

import duckdb

from identity.matching.comparisons import levels_of
from identity.matching.nearness import TEN_YEARS_DAYS

# Names, and the levels at which they agree as names: not by a letter.
NAMES = ("given_name", "family_name")
AGREES = {"same", "short form", "alike"}
# Records that are asked, at most, drawn by a hash.
SAMPLED_RECORDS = 400_000
# So many full names are assumed to be shared by chance alone.
ASSUMED_NAMES = 30


def names_together(con: duckdb.DuckDBPyConnection) -> float:
    """How many times more often two people in `person` agree on both names than if these were independent, at least 1.

    Counts the full names of two people whom their birth dates tell apart, and who do not live together; and how many
    there are when the same family names are dealt out anew. 1 where the records hold no birth dates.
    """
    con.execute(f"""
        create or replace temp table bearer as
        with people as (
            select distinct given_name, family_name, birth_date, postal_code
            from person
            where given_name is not null and family_name is not null and birth_date is not null
                and hash(record_no) % 1000000 < 1e6 * {SAMPLED_RECORDS} / (select count(*) from person)
        )
        select *, row_number() over (order by hash(given_name, family_name, birth_date, postal_code)) as place
        from people
    """)
    dealt = """
        select own.* replace (others.family_name as family_name)
        from bearer as own
        join (select family_name, row_number() over (order by hash(place), place) as place from bearer) as others
            using (place)
    """
    observed, by_chance = (con.execute(_shared_names_sql(people)).fetchall()[0][0] for people in ("from bearer", dealt))
    return round(max((observed + ASSUMED_NAMES) / (by_chance + ASSUMED_NAMES), 1.0), 4)


def _shared_names_sql(people: str) -> str:
    """The number of full names that two people bear who are certainly two."""
    return f"""
        with people as ({people})
        select count(distinct (l.given_name, l.family_name))
        from people as l
        join people as r using (given_name, family_name)
        where l.place < r.place and not coalesce(l.postal_code = r.postal_code, false)
            and not is_date_slip(l.birth_date, r.birth_date) and not has_two_parts(l.birth_date, r.birth_date)
            and not within_days(l.birth_date, r.birth_date, {TEN_YEARS_DAYS})
    """


def together_bits(settings: dict[str, Any], together: float) -> str:
    """SQL over Splink's predictions: the bits by which two names that agree say less together than each alone."""
    agree = [f"gamma_{name} in ({numbers})" for name in NAMES if (numbers := _agreeing(settings, name))]
    if together <= 1 or len(agree) < len(NAMES):
        return "0"
    return f"case when {' and '.join(agree)} then {-log2(together)!r} else 0 end"


def _agreeing(settings: dict[str, Any], name: str) -> str:
    """Splink's numbers of the levels at which a name agrees."""
    for comparison in settings["comparisons"]:
        if comparison["output_column_name"] == name:
            labels = [level.get("label_for_charts") for level in reversed(levels_of(comparison))]
            return ", ".join(str(number) for number, label in enumerate(labels) if label in AGREES)
    return ""
