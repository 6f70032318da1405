"""Dates as people write them.

Belongs here: a day of the calendar in any common spelling. Must not go here: timestamps of machines (staging
casts those).
Concept: ISO 8601; the order of day and month follows the country unless the numbers decide it.
"""

import re
from datetime import date

from standardise.places import std_country
from standardise.text import fold, visible

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan january januar janvier enero jaenner janner", "feb february februar fevrier febrero"),
            *("mar march marz maerz mars marzo", "apr april avril abril", "may mai mayo", "jun june juni juin junio"),
            *("jul july juli juillet julio", "aug august aout agosto", "sep sept september septembre septiembre"),
            *("oct october okt oktober octobre octubre", "nov november novembre noviembre"),
            "dec december dez dezember decembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH_FIRST = {"US", "PH"}


def std_date(text: str, country: str | None = None) -> str | None:
    """A date as YYYY-MM-DD, or null. 03/04/1985 is April unless country is one that writes the month first."""
    shown = visible(text)
    if iso := re.match(r"^([0-9]{4})[-/.]?([0-9]{2})[-/.]?([0-9]{2})(?:$|[T ])", shown):
        return _day(iso[1], iso[2], iso[3])
    words = (fold(re.sub(r"([0-9])(?:st|nd|rd|th)\b", r"\1", shown)) or "").split()
    if len(words) != 3:
        return None
    if words[0] in MONTHS:
        words[:2] = [words[1], words[0]]
    if words[1] in MONTHS:
        return _day(words[2], str(MONTHS[words[1]]), words[0])
    if not all(re.fullmatch("[0-9]{1,4}", word) for word in words):
        return None
    return _in_order(words, month_first="." not in shown and std_country(country or "") in _MONTH_FIRST)


def _in_order(words: list[str], month_first: bool) -> str | None:
    first, second, last = words
    if len(first) == 4:
        return _day(first, second, last)
    if int(second) > 12 or (month_first and int(first) <= 12):
        first, second = second, first
    return _day(last, second, first)


def _day(year: str, month: str, day: str) -> str | None:
    if not (re.fullmatch("[0-9]{4}", year) and re.fullmatch("[0-9]{1,2}", month) and re.fullmatch("[0-9]{1,2}", day)):
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
