"""What goes wrong with one value on its way into a system: how an error looks. How often it happens is in rates.py."""

from datetime import date, timedelta

from seeds.demo.chance import Dice
from seeds.demo.countries import Address, Country, plain_letters

JUNK_EMAILS = [
    "test@test.com",
    "none@none.com",
    "n/a",
    "no@email.com",
    "noemail@example.com",
    "asdf@asdf.com",
    "-",
    "unknown",
]
JUNK_PHONES = ["0000000000", "1234567890", "n/a", "-", "9999999999", "0", "111111", "unknown"]
_NEIGHBOURS = {
    "a": "s",
    "s": "d",
    "e": "r",
    "i": "o",
    "o": "p",
    "n": "m",
    "t": "r",
    "r": "t",
    "l": "k",
    "u": "i",
    "h": "j",
    "m": "n",
    "d": "f",
    "c": "v",
    "b": "v",
    "k": "l",
}
_SLIPPED_HOSTS = {
    "gmail.com": "gmial.com",
    "hotmail.co.uk": "hotmial.co.uk",
    "yahoo.com": "yaho.com",
    "web.de": "web.d",
    "gmx.de": "gmx.dee",
    "outlook.com": "outlok.com",
}
_SHORT_STREETS = [
    ("straße", "str."),
    ("Straße", "Str."),
    ("Street", "St"),
    ("Avenue", "Ave"),
    ("Road", "Rd"),
    ("Boulevard", "Blvd"),
    ("Drive", "Dr"),
    ("Lane", "Ln"),
    ("Close", "Cl"),
]


def slip(text: str, dice: Dice) -> str:
    """One slip of the finger: letters swapped, one lost, one doubled, or a neighbouring key; never the first."""
    if len(text) < 4:
        return text
    place = dice.between(1, len(text) - 2)
    kind = dice.random()
    if kind < 0.3:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if kind < 0.55:
        return text[:place] + text[place + 1 :]
    if kind < 0.75:
        return text[:place] + text[place] + text[place:]
    return text[:place] + _NEIGHBOURS.get(text[place], "e") + text[place + 1 :]


def other_case(text: str, dice: Dice) -> str:
    kind = dice.random()
    if kind < 0.4:
        return text.upper()
    return text.lower() if kind < 0.75 else f" {text} "


def old_letters(text: str, dice: Dice) -> str:
    """Müller as Mueller, or as Muller."""
    if text.isascii() or dice.chance(0.6):
        return plain_letters(text)
    return plain_letters(text.replace("ü", "u").replace("ö", "o").replace("ä", "a"))


def slipped_email(address: str, dice: Dice) -> str:
    local, _, host = address.partition("@")
    if host in _SLIPPED_HOSTS and dice.chance(0.5):
        return f"{local}@{_SLIPPED_HOSTS[host]}"
    return f"{slip(local, dice)}@{host}"


def slipped_birth_date(born: date, dice: Dice) -> date:
    if born.day <= 12 and born.day != born.month and dice.chance(0.6):
        return born.replace(month=born.day, day=born.month)
    if dice.chance(0.5):
        return born + timedelta(days=dice.pick([-10, -1, 1, 10]))
    return born.replace(year=born.year + dice.pick([-10, -1, 1, 10]), day=min(born.day, 28))


def abbreviated(address: Address, dice: Dice) -> Address:
    street = address.street
    for long, short in _SHORT_STREETS:
        street = street.replace(long, short)
    postcode = address.postcode.replace(" ", "") if dice.chance(0.5) else address.postcode
    city = plain_letters(address.city) if dice.chance(0.3) else address.city
    return Address(
        street, address.house, address.unit, postcode, city, address.region, address.country, address.area_code
    )


def misspelt(address: Address, dice: Dice) -> Address:
    street, city = address.street, address.city
    if dice.chance(0.6):
        street = slip(street, dice)
    else:
        city = slip(city, dice)
    return Address(
        street, address.house, address.unit, address.postcode, city, address.region, address.country, address.area_code
    )


def written_phone(digits: str, country: Country, dice: Dice, international: float = 0.3) -> str:
    """A national significant number, as somebody writes it. international: share that carries the country's code."""
    if dice.chance(international):
        style = dice.random()
        if style < 0.6:
            return f"+{country.dial}{digits}"
        if style < 0.8:
            return f"+{country.dial} {digits[:3]} {digits[3:6]} {digits[6:]}"
        if country.trunk and style < 0.9:
            return f"+{country.dial} (0){digits[:3]} {digits[3:]}"
        return f"00{country.dial}{digits}" if country.trunk else f"1-{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return _american(digits, dice) if country.code == "US" else _european(digits, dice)


def _american(digits: str, dice: Dice) -> str:
    area, exchange, line = digits[:3], digits[3:6], digits[6:]
    return dice.pick(
        [
            f"({area}) {exchange}-{line}",
            f"{area}-{exchange}-{line}",
            f"{area}.{exchange}.{line}",
            digits,
            f"{area} {exchange} {line}",
        ]
    )


def _european(digits: str, dice: Dice) -> str:
    area, rest = digits[:3], digits[3:]
    return dice.pick(
        [
            f"0{digits}",
            f"0{area} {rest}",
            f"0{area}/{rest}",
            f"0{area}-{rest}",
            f"0{area} {rest[:3]} {rest[3:]}",
            f"(0{area}) {rest}",
        ]
    )
