"""Values that say nothing: placeholders, test values, keyboard runs.

Belongs here: reading seeds/reference/blocked_values.csv and giving the reason. Must not go here: values
shared by too many people (identity's caps decide those from the data).
Concept: a deny-list is data. Each row names a type ("any" for all), a value or a pattern, and the reason.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BLOCKED_VALUES = Path(__file__).parents[1] / "seeds" / "reference" / "blocked_values.csv"
ANY, IDENTIFIER = "any", "id"
UNREADABLE = "unreadable"
# What DuckDB's trim takes off: the separators of Unicode's category Zs.
SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
# What is no kind of its own is somebody's identifier: user_id, anonymous_id and whatever a new source brings.
_KNOWN = """
    text email phone name full_name company street house_number unit city region postal_code country gender national_id
    birth_date domain postal_address
"""
KNOWN = frozenset(_KNOWN.split())


@dataclass(frozen=True)
class Rules:
    """values: folded text to reason; patterns: (regular expression, reason), in Python's and RE2's common language."""

    values: Mapping[str, str]
    patterns: tuple[tuple[str, str], ...]

    def reason(self, key: str, std: str | None) -> str | None:
        """Values are compared with both forms, patterns with the standard one, or the text where there is none."""
        best = std or key
        if reason := self.values.get(key) or self.values.get(best):
            return reason
        return next((reason for pattern, reason in self.patterns if re.search(pattern, best, re.ASCII)), None)


@cache
def rules_by_type() -> dict[str, Rules]:
    """The deny-list by type. Every type is also subject to `any`; a full name to `name`; an unnamed type is an `id`."""
    rules: dict[str, tuple[dict[str, str], list[tuple[str, str]]]] = {}
    with BLOCKED_VALUES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values, patterns = rules.setdefault(row["identifier_type"], ({}, []))
            if row["value"]:
                values[row["value"]] = row["reason"]
            else:
                patterns.append((row["pattern"], row["reason"]))
    return {name: Rules(values, tuple(patterns)) for name, (values, patterns) in rules.items()}


def rules_of(kind: str) -> list[Rules]:
    types = [ANY, *(["name"] if kind == "full_name" else []), kind if kind in KNOWN else IDENTIFIER]
    return [rules_by_type()[name] for name in types if name in rules_by_type()]


def blocked_reason(kind: str, raw: str, std: str | None) -> str | None:
    """Why a value may not be used, or null where it may. A text that standardises to nothing is `unreadable`."""
    key = raw.strip(SPACES).lower()
    if not key:
        return None
    for rules in rules_of(kind):
        if reason := rules.reason(key, std):
            return reason
    return None if std else UNREADABLE
