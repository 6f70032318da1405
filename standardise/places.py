"""Addresses: country, city, postal code, street, house number, unit.

Belongs here: one spelling for each part, and taking one address line apart. Must not go here: geocoding.
Concept: words are shortened, never lengthened ("street" to "st"), since "st" cannot be expanded without a guess.
"""

import csv
import re
from functools import cache
from pathlib import Path

from standardise.text import fold, settled, visible

COUNTRIES = Path(__file__).parents[1] / "seeds" / "reference" / "countries.csv"
# Countries with postal codes of one fixed number of digits; a spreadsheet eats the leading zeros of these.
DIGITS = {
    **dict.fromkeys(("DE", "US", "FR", "IT", "ES", "FI", "MX", "TR", "EE", "HR", "UA", "MY"), 5),
    **dict.fromkeys(("AT", "CH", "BE", "DK", "NO", "AU", "NZ", "HU", "LU", "BG", "ZA", "SI"), 4),
    **dict.fromkeys(("IN", "CN", "SG", "RO", "RU"), 6),
}
_SHORT = """
    st: street strasse straat str saint sankt · rd: road · ave: avenue av avenida avda · blvd: boulevard bd · ln: lane
    dr: drive doctor · ct: court · sq: square · pl: place platz · ter: terrace terr · cl: close · cres: crescent
    hwy: highway · pkwy: parkway · gdns: gardens · grv: grove · wy: way · cir: circle · trl: trail · mt: mount
    al: allee · n: north · s: south · e: east · w: west · ne: northeast · nw: northwest
    se: southeast · sw: southwest · fbg: faubourg · ch: chemin · imp: impasse
    pza: piazza plaza · vle: viale · rte: route
"""
_WORDS = {
    word: short.strip()
    for short, words in (entry.split(":") for line in _SHORT.strip().splitlines() for entry in line.split("·"))
    for word in words.split()
}
# German and Dutch glue the word to the name; taken apart, "Hauptstr." and "Haupt Straße" are one.
_GLUED = re.compile(r"(?<=\w\w\w)(?:strasse|straat|str)\b")
_UNIT = re.compile(
    r"\b(?:apartment|apt|flat|unit|suite|ste|room|rm|floor|fl|wohnung|whg|appartement|appt|etage|og)\b\.?\s*"
    r"(?:no\.?\s*)?#?\s*(?![0-9]{5}\b)([0-9a-z-]{1,6})\b|#\s*([0-9a-z-]{1,6})\b|\b([0-9]{1,2})\.?\s*(?:og|etage|stock|floor)\b",
    re.IGNORECASE,
)
_NUMBER = r"[0-9]{1,5}(?:\s?[a-z])?(?:\s?[-/]\s?[0-9]{1,5}(?:\s?[a-z])?)?"
_FIRST = re.compile(rf"^(?:no\.?|nr\.?|#)?\s*({_NUMBER})(?=[\s,]+\S)[\s,]+", re.IGNORECASE)
_LAST = re.compile(rf"(?<=\S)[\s,]+(?:no\.?|nr\.?|#)?\s*({_NUMBER})$", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(?:highway|hwy|route|rte|(?:county|state) (?:road|rd)|interstate|box)$", re.IGNORECASE)


@cache
def _countries() -> dict[str, str]:
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        return {row["alias"]: row["country"] for row in csv.DictReader(file)}


def std_country(text: str) -> str | None:
    """ISO 3166 two-letter code of a code or name in the languages of seeds/reference/countries.csv."""
    folded = fold(text)
    return _countries().get(folded) if folded else None


def std_city(text: str) -> str | None:
    """A town folded: 'St. Gallen (SG)' gives 'st gallen', 'Saint-Denis' 'st denis'."""
    return settled(_city, text)


def _city(text: str) -> str | None:
    folded = fold(re.sub(r"\([^()]*\)", " ", text))
    return re.sub(r"\b(?:saint|sankt)\b", "st", folded) if folded else None


def std_postal_code(text: str, country: str | None = None) -> str | None:
    """Upper case letters and digits without spaces: 'sw1a 1aa' gives 'SW1A1AA', 'D-01067' '01067', ZIP+4 five digits.

    country: what std_country understands; without it nothing is padded or cut.
    """
    region = std_country(country or "")
    return settled(lambda once: _postal_code(once, region), text)


def _postal_code(text: str, region: str | None) -> str | None:
    folded = fold(text)
    if folded is None:
        return None
    code, digits = folded.replace(" ", "").upper(), DIGITS.get(region or "", 0)
    if not digits:
        return code
    if region == "US" and re.fullmatch(r"[0-9]{5}-?[0-9]{4}", text.strip()):
        return code[:5]
    bare = re.sub(r"^[A-Z]{1,3}(?=[0-9]+$)", "", code)
    return bare.rjust(digits, "0") if re.fullmatch(rf"[0-9]{{{digits - 1},{digits}}}", bare) else code


def std_house_number(text: str) -> str | None:
    """'12 A' gives '12a', '12 - 14' '12-14', 'No. 7' '7'."""
    return settled(_house_number, text)


def _house_number(text: str) -> str | None:
    plain = re.sub(r"^(?:no|nr|nummer|number|num)\b[.:]?\s*", "", visible(text).lower())
    kept = "".join(part if part in "-/" else (fold(part) or "").replace(" ", "") for part in re.split(r"([-/])", plain))
    return re.sub(r"[-/]+", lambda found: found[0][0], kept).strip("-/") or None


def std_street(text: str) -> str | None:
    """The street alone, folded and shortened: '12 Haupt Str., Whg. 3' and 'Hauptstraße 12' give 'haupt st'."""
    return settled(_street, text)


def _street(text: str) -> str | None:
    street, _, _ = address_parts(text)
    folded = fold(street)
    if folded is None or folded.replace(" ", "").isdigit():
        return None
    words = _GLUED.sub(" st", folded).split()
    return " ".join(_WORDS.get(word, word) for word in words) or None


def address_parts(line: str) -> tuple[str, str | None, str | None]:
    """Street, house number and unit of one address line; the number before or behind the street."""
    rest, unit = visible(line), None
    if found := _UNIT.search(rest):
        unit = next(group for group in found.groups() if group)
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    rest = rest.strip(" ,;.")
    if first := _FIRST.match(rest):
        return rest[first.end() :], first[1], unit
    if (last := _LAST.search(rest)) and not _NUMBERED.search(rest[: last.start()]):
        return rest[: last.start()], last[1], unit
    return rest, None, unit


def house_number_of(line: str) -> str | None:
    number = address_parts(line)[1]
    return std_house_number(number) if number else None


def unit_of(line: str) -> str | None:
    unit = address_parts(line)[2]
    return fold(unit) if unit else None


def std_postal_address(text: str) -> str | None:
    """A whole address as a contact point: 'Lindenstr. 5, 10969, DE' gives 'linden st|5|10969|DE'.

    Read is a line with street and number, the postal code, the country, parted by the last two commas; and the standard
    form itself. None where one of them cannot be read; a street without a number has none.
    """
    return settled(_postal_address, text)


def _postal_address(text: str) -> str | None:
    if text.count("|") == 3:
        line, number, code, land = text.split("|")
    else:
        line, code, land = (["", "", *text.rsplit(",", 2)])[-3:]
        number = house_number_of(line) or ""
    street, country = std_street(line), std_country(land)
    postal_code = std_postal_code(code, country)
    if not (street and postal_code and country):
        return None
    return "|".join((street, std_house_number(number) or "", postal_code, country))
