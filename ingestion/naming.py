"""What a delivered file's name says, and the name that it has in landing.

Belongs here: dates in names, what makes a file the same again. Must not go here: finding or copying files (landing.py).
"""

import re
from datetime import datetime

from ingestion.declared import Table

DATE_IN_NAME = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?:[T_-]?([0-2]\d)[-:]?([0-5]\d)[-:]?([0-5]\d)?)?(?!\d)"
)


def moment_in(name: str) -> datetime | None:
    """The date, or date and time, that a file's name carries."""
    for found in DATE_IN_NAME.finditer(name.rpartition("/")[2]):
        try:
            return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]
        except ValueError:
            continue
    return None


def identity_of(table: Table, sha256: str, name: str) -> str:
    """What makes a file the same one again: its content. Where versions are told by their order alone, a file with
    another date in its name is another delivery, though its content be that of an earlier one: things can go back to
    what they were.
    """
    return f"{sha256} {moment_in(name) if table.folds_in_sequence else None}"


def with_digest(name: str, sha256: str) -> str:
    head, slash, last = name.rpartition("/")
    stem, dot, ending = last.partition(".")
    return f"{head}{slash}{stem}.{sha256[:8]}{dot}{ending}"
