"""The three countries: names, phones, places and money. Draws clean values; what systems make of them: errors.py."""

import unicodedata
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from seeds.demo.chance import Dice, skewed
from seeds.demo.words import america, britain, germany


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    house: str
    unit: str
    postcode: str
    city: str
    region: str
    country: str
    area_code: str


@dataclass(frozen=True)
class Country:
    """One market. Phones are national significant numbers (no trunk zero, no +49); dial holds the country's code."""

    code: str
    name: str
    dial: str
    trunk: str
    currency: str
    per_euro: float
    locale: str
    timezone: str
    male: list[str]
    female: list[str]
    family: list[str]
    tail_family: list[str]
    nicknames: dict[str, list[str]]
    cities: list[tuple[str, str, str, str]]
    streets: list[str]
    email_hosts: list[str]
    company_end: str

    def given(self, dice: Dice, gender: str) -> str:
        return dice.pick(self.male if gender == "m" else self.female)

    def surname(self, dice: Dice) -> str:
        return dice.pick(self.tail_family) if dice.chance(0.45) else dice.pick(self.family)


def _country(words: ModuleType, code: str, **rest: Any) -> Country:
    tail = [start + end for start in words.FAMILY_STARTS for end in words.FAMILY_ENDS]
    return Country(
        code=code,
        male=skewed(words.GIVEN_MALE),
        female=skewed(words.GIVEN_FEMALE),
        family=skewed(words.FAMILY),
        tail_family=tail,
        nicknames=words.NICKNAMES,
        cities=skewed(words.CITIES, skew=8.0),
        streets=words.STREETS,
        email_hosts=skewed(words.EMAIL_HOSTS, skew=1.0),
        **rest,
    )


GB = _country(
    britain,
    "GB",
    name="United Kingdom",
    dial="44",
    trunk="0",
    currency="GBP",
    per_euro=0.85,
    locale="en-GB",
    timezone="Europe/London",
    company_end="co.uk",
)
DE = _country(
    germany,
    "DE",
    name="Germany",
    dial="49",
    trunk="0",
    currency="EUR",
    per_euro=1.0,
    locale="de-DE",
    timezone="Europe/Berlin",
    company_end="de",
)
US = _country(
    america,
    "US",
    name="United States",
    dial="1",
    trunk="",
    currency="USD",
    per_euro=1.1,
    locale="en-US",
    timezone="America/New_York",
    company_end="com",
)
COUNTRIES = {country.code: country for country in (GB, DE, US)}
MARKETS = [GB] * 34 + [DE] * 33 + [US] * 33

_GB_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_DE_MOBILE = [
    "151",
    "160",
    "170",
    "171",
    "175",
    "152",
    "162",
    "172",
    "173",
    "174",
    "157",
    "163",
    "177",
    "178",
    "176",
    "159",
]
_DE_LONG = {"151", "152", "157", "159", "176"}  # eight digits follow, seven elsewhere
_GB_MOBILE = [
    "7400",
    "7415",
    "7443",
    "7463",
    "7500",
    "7525",
    "7540",
    "7702",
    "7711",
    "7725",
    "7738",
    "7745",
    "7768",
    "7787",
    "7801",
    "7809",
    "7834",
    "7855",
    "7880",
    "7903",
    "7914",
    "7931",
    "7956",
    "7970",
    "7989",
]


def draw_address(country: Country, dice: Dice) -> Address:
    city, region, prefix, area = dice.pick(country.cities)
    unit = ""
    if country.code == "GB":
        postcode = f"{prefix}{dice.between(1, 19)} {dice.between(1, 9)}{dice.pick(_GB_LETTERS)}{dice.pick(_GB_LETTERS)}"
        house = str(dice.between(1, 180))
        unit = f"Flat {dice.between(1, 24)}" if dice.chance(0.15) else ""
    elif country.code == "DE":
        postcode = prefix + f"{dice.between(100, 999)}"
        house = f"{dice.between(1, 140)}{'abc'[dice.between(0, 2)] if dice.chance(0.12) else ''}"
    else:
        postcode = prefix + dice.digits(2)
        house = str(dice.between(10, 9899))
        unit = f"Apt {dice.between(1, 40)}" if dice.chance(0.22) else ""
    return Address(dice.pick(country.streets), house, unit, postcode, city, region, country.code, area)


def draw_mobile(country: Country, dice: Dice, area_code: str) -> str:
    if country.code == "GB":
        return dice.pick(_GB_MOBILE) + f"{dice.between(100_000, 999_999)}"
    if country.code == "DE":
        prefix = dice.pick(_DE_MOBILE)
        return prefix + str(dice.between(10**7, 10**8 - 1) if prefix in _DE_LONG else dice.between(10**6, 10**7 - 1))
    return draw_landline(country, dice, area_code)


def draw_landline(country: Country, dice: Dice, area_code: str) -> str:
    if country.code == "GB":
        rest = 10 - len(area_code)
        first = "7" if area_code == "20" else "2"
        return area_code + first + dice.digits(rest - 1)
    if country.code == "DE":
        return area_code + str(dice.between(2, 9)) + dice.digits(9 - len(area_code))
    exchange = f"{dice.between(2, 9)}{dice.between(2, 9)}{dice.between(0, 9)}"
    return area_code + exchange + dice.digits(4)


_GERMAN = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ı": "i",
        "ş": "s",
        "Ş": "S",
        "ø": "o",
    }
)


def plain_letters(text: str) -> str:
    """Müller to Mueller, Renée to Renee: ASCII, as mail addresses and old tills have it."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKD", text.translate(_GERMAN)).encode("ascii", "ignore").decode()
