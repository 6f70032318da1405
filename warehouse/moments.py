"""Moments as people write them.

Belongs here: reading a date or a moment from text. Must not go here: the moment that a run speaks of (run.py).
Concept: every moment inside is UTC without a time zone; text with a zone is converted, text without one is UTC already.
"""

from datetime import UTC, datetime, time

from warehouse.errors import CdpError


def read_moment(text: str, *, said_of: str, day_ends: bool = False) -> datetime:
    """A date or a moment in ISO form; a date alone is its first instant or, with day_ends, its last.

    Raises CdpError, which names what the text was said of and never the text.
    """
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CdpError(
            f"{said_of} is not a moment",
            remedy="Write it like 2026-11-01, 2026-11-01T12:00 or 2026-11-01T12:00:00+01:00.",
        ) from None
    if day_ends and len(text) == len("2026-11-01"):
        moment = datetime.combine(moment, time.max)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
