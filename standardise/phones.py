"""Telephone numbers.

Belongs here: any spelling to E.164. Must not go here: which country a record belongs to (the caller knows).
Concept: ITU E.164 by way of phonenumbers. A number is kept when its length is possible for its country, not only when
its range is allocated: the stricter test loses real numbers each time that a regulator opens a range.
"""

import re
import unicodedata
from typing import TYPE_CHECKING

from standardise.places import std_country
from standardise.text import settled, visible

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_EXPONENT = re.compile(r"\d\s*[eE]\s*[+-]?\d")
_DECIMALS = re.compile(r"[.,]0$")
_SCHEME = re.compile(r"^\s*(tel|phone|mobile|mob|fax|t|m|p)\b\s*[.:]\s*", re.IGNORECASE)
_LONGEST = 60
# A plus and six digits or fewer are a short code of some exchange: nobody's own number.
_SHORTEST = 7


def std_phone(text: str, country: str | None = None) -> str | None:
    """E.164 without the extension, for example +4915123456789; null when it cannot be a number.

    country: what std_country understands, and then a possible number is enough; where it is absent only an
    international number (+ or 00) is one. Where nobody stated it, guesses in falling trust: "DE;DE,GB,US" is first
    Germany, then the one of three in which the number is valid as written, or valid as a mobile where several are.
    """
    if country and re.search("[;,]", country):
        return std_phone(text) or _guessed(text, [group.split(",") for group in country.split(";")])
    region = std_country(country or "")
    number = _phone(text, region)
    # Only a zero after the country's code may be a second trunk prefix; to read every number twice is dear.
    return number if number is None or "0" not in number[2:5] else settled(lambda once: _phone(once, region), number)


def _guessed(text: str, groups: list[list[str]]) -> str | None:
    for group in groups:
        regions = {region for guess in group if (region := std_country(guess))}
        valid = [found for region in sorted(regions) if (found := _valid_as_written(text, region))]
        for numbers in ({number for number, is_mobile in valid if is_mobile}, {number for number, _ in valid}):
            if len(numbers) == 1:
                return numbers.pop()
        if valid:
            return None
    return None


def _valid_as_written(text: str, region: str) -> tuple[str, bool] | None:
    """The number if it is valid in a country and has the trunk 0 that its people write; whether it is a mobile."""
    import phonenumbers
    from phonenumbers import PhoneNumberType

    number = _prepared(text)
    has_trunk_zero = phonenumbers.ndd_prefix_for_region(region, True) == "0"
    parsed = _read(number, region) if has_trunk_zero == (number.lstrip(" (")[:1] == "0") else None
    if parsed is None or not phonenumbers.is_valid_number_for_region(parsed, region):
        return None
    number_std = std_phone(text, region)
    return (number_std, phonenumbers.number_type(parsed) == PhoneNumberType.MOBILE) if number_std else None


def _prepared(text: str) -> str:
    return _DECIMALS.sub("", _SCHEME.sub("", unicodedata.normalize("NFKC", visible(text))))


def _phone(text: str, region: str | None) -> str | None:
    import phonenumbers
    from phonenumbers import ValidationResult

    number = _prepared(text)
    if _EXPONENT.search(number) or len(number) > _LONGEST:
        return None
    parsed = _read(re.sub(r"^[^\d+]*(?:\+\s*)?00", "+", number), region)
    is_valid = parsed is not None and phonenumbers.is_valid_number(parsed)
    if region and (bare := _without_plus(number, region, trust_it=not is_valid)):
        parsed = bare
    if parsed is None or phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        return None
    written = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return written if len(written) > _SHORTEST else None


def _without_plus(number: str, region: str, trust_it: bool) -> "PhoneNumber | None":
    """The number read as international without its plus, as exports write it: only one valid for the same country.

    trust_it: it is no valid national number. Where national numbers start with a trunk 0 its absence is enough.
    """
    import phonenumbers

    has_trunk_zero = phonenumbers.ndd_prefix_for_region(region, True) == "0"
    if not number[:1].isdigit() or not (trust_it or (has_trunk_zero and number[0] != "0")):
        return None
    bare = _read("+" + number, None)
    if bare is None or not phonenumbers.is_valid_number(bare) or phonenumbers.region_code_for_number(bare) != region:
        return None
    return bare


def _read(number: str, region: str | None) -> "PhoneNumber | None":
    import phonenumbers

    try:
        return phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
