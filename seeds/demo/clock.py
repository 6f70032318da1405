"""Moments as the vendors write them. All moments inside the generator are whole epoch seconds, UTC."""

from datetime import UTC, date, datetime
from functools import lru_cache

DAY = 86_400
HOUR = 3_600


@lru_cache(maxsize=8192)
def day_text(day: int) -> str:
    """Days since 1970 as YYYY-MM-DD."""
    return datetime.fromtimestamp(day * DAY, UTC).strftime("%Y-%m-%d")


def iso(at: int) -> str:
    """2026-10-31T08:15:00Z"""
    rest = at % DAY
    return f"{day_text(at // DAY)}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}Z"


def iso_millis(at: int, millis: int = 0) -> str:
    """2026-10-31T08:15:00.120Z"""
    rest = at % DAY
    return f"{day_text(at // DAY)}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}.{millis:03d}Z"


def iso_offset(at: int) -> str:
    """2026-10-31T09:15:00+01:00, the clock of the shop in Hamburg."""
    return iso(at + HOUR)[:-1] + "+01:00"


def plain(at: int) -> str:
    """2026-10-31 08:15:00"""
    return iso(at)[:-1].replace("T", " ")


def date_text(at: int) -> str:
    return day_text(at // DAY)


def birth_text(born: date) -> str:
    return born.isoformat()
