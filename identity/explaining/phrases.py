"""Plain English for edges: a sentence per rule, a phrase per field and level, and odds in words.

Belongs here: the tables of phrases and how they make one sentence. Must not go here: any value of a person, graphs,
pages.
Concept: a rule or a level without a phrase is a reason that nobody can read, so a test fails when one is missing.
"""

from collections.abc import Iterable

from identity.explaining.evidence import DIFFERENT, Bar, Edge

RULES = {
    "same_user_id": "Same user id, the application's own key for one account",
    "same_customer_number": "Same customer number in another system",
    "same_email_and_name": "Same e-mail address and {names}",
    "same_phone_and_name": "Same phone number and {names}",
    "same_email_name_unknown": "Same e-mail address, one of the two without a name",
    "same_phone_name_unknown": "Same phone number, one of the two without a name",
    "device_of_user": "A device that only this user has signed in on",
    "device_of_email": "A device on which nobody signed in, and only this person's e-mail address was left",
    "judged_same": "A person judged the two to be one",
    "judged_different": "A person judged the two to be different people",
}
# For {names}, where the pair was not scored: the rule takes short forms, slips and swapped names as agreeing.
AGREEING_NAMES = "given names that agree"
# What a rule's sentence has said already, so that the fields do not say it again.
SAID_BY_RULE = {
    "same_user_id": {"user_id"},
    "same_email_and_name": {"email", "given_name"},
    "same_phone_and_name": {"phone", "given_name"},
    "same_email_name_unknown": {"email"},
    "same_phone_name_unknown": {"phone"},
    "device_of_email": {"email"},
}
FIELDS = {
    "given_name": "given name",
    "family_name": "family name",
    "middle_name": "middle name",
    "generation": "generation",
    "birth_date": "birth date",
    "email": "e-mail address",
    "phone": "phone number",
    "address": "address",
    "gender": "gender",
    "national_id": "national id",
    "employer": "employer",
    "organisation": "company name",
    "user_id": "user id",
    "anonymous_id": "device id",
    "loyalty_id": "loyalty number",
}
LEVELS = {
    "given_name": {
        "short form": "a given name and its short form",
        "alike": "given names that differ by a slip",
        "sounds alike": "given names that sound alike",
        "garbled": "given names of much the same letters",
        "initial": "a given name that fits the other's initial",
        "swapped": "given and family name swapped",
        "different": "different given names",
    },
    "family_name": {
        "alike": "family names that differ by a slip",
        "sounds alike": "family names that sound alike",
        "garbled": "family names of much the same letters",
        "one of two": "one family name of a double name in common",
        "swapped": "given and family name swapped",
        "different": "different family names",
    },
    "middle_name": {
        "initial": "a middle name that fits the other's initial",
        "different": "different middle names",
    },
    "generation": {"different": "a senior and a junior"},
    "birth_date": {
        "slip": "birth dates that differ by a slip",
        "two parts": "two of day, month and year of birth in common",
        "within a year": "birth dates about a year apart",
        "within ten years": "birth dates within ten years",
        "different": "different birth dates",
    },
    "email": {
        "near": "nearly the same e-mail address",
        "alike": "e-mail addresses that look alike",
        "same domain": "e-mail addresses at the same company",
        "different": "different e-mail addresses",
    },
    "organisation": {
        "alike": "company names that look alike",
        "words within": "a company name and a shorter form of it",
        "a word": "company names with a word in common",
        "different": "different company names",
    },
    "phone": {"near": "nearly the same phone number", "different": "different phone numbers"},
    "address": {
        "near": "nearly the same address",
        "same postal code": "the same postal code",
        "same city": "the same city",
        "city alike": "cities that differ by a slip",
        "different": "different addresses",
    },
    "gender": {"different": "different genders"},
    "user_id": {"different": "different user ids"},
    "national_id": {"slip": "national ids that differ by a slip", "different": "different national ids"},
}
STEPS = {
    "prior": "two records at random",
    "sources": "how often these two systems know one person",
    "together": "what either name says of the other",
    "household": "what a household would explain as well",
    "colleagues": "what colleagues would explain as well",
    "labels": "what reviewed pairs taught",
    "rule": "the rule's own worth",
}
SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
MINUS = "\u2212"
EVEN_BELOW_WEIGHT = 0.5
MOST_BITS = 40


def sentence(edge: Edge) -> str:
    """Why there is this edge, without figures: its rule, else what agrees; then what speaks against it."""
    said = SAID_BY_RULE.get(edge.rule, set())
    levels = {name: level for name, (level, _) in edge.fields.items() if name not in said or level == DIFFERENT}
    # each phrase once: swapped names are one phrase for two fields
    agree = dict.fromkeys(level_phrase(name, level) for name, level in levels.items() if level != DIFFERENT)
    against = [
        level_phrase(name, level)
        for name, (level, bits) in edge.fields.items()
        if level == DIFFERENT and bits <= -EVEN_BELOW_WEIGHT
    ]
    if edge.rule in RULES:
        begun = RULES[edge.rule].format(names=_names(edge))
        if "{names}" in RULES[edge.rule]:
            agree.pop(_names(edge), None)
        begun += f"; also {listed(agree)}" if agree else ""
    else:
        begun = _capital(listed(agree)) or _shared(edge) or "No field in common"
    return begun + (f"; against it, {listed(against)}" if against else "") + "."


def _names(edge: Edge) -> str:
    level = edge.fields["given_name"][0] if "given_name" in edge.fields else DIFFERENT
    return AGREEING_NAMES if level == DIFFERENT else level_phrase("given_name", level)


def _shared(edge: Edge) -> str:
    return _capital(listed(f"the same {field_name(name)}" for name in edge.shared))


def weighed_sentence(edge: Edge) -> str:
    """The sentence with the edge's bits and odds before its full stop."""
    return f"{sentence(edge)[:-1]} ({bits_in_words(edge.weight)})."


def level_phrase(field: str, level: str) -> str:
    """How a field agrees. Attributes of a declaration of one's own have the phrases of any field."""
    named = field_name(field)
    if level == "same":
        return f"the same {named}"
    plain = {"alike": f"{named} nearly the same", "different": f"{named} different"}
    return LEVELS.get(field, {}).get(level) or plain.get(level) or f"{named}: {level}"


def bar_phrase(bar: Bar) -> str:
    """What a bar stands for. Of exchanged names each has a bar of its own."""
    if bar.level == "swapped":
        return f"{field_name(bar.name)} swapped with the other"
    return STEPS.get(bar.name) or level_phrase(bar.name, bar.level)


def field_name(field: str) -> str:
    return FIELDS.get(field, field.replace("_", " "))


def bits_in_words(bits: float) -> str:
    """Such as 14 bits: sixteen thousand to one. Negative bits are odds against."""
    return f"{bits_phrase(bits)}: {odds(bits)}"


def bits_phrase(bits: float) -> str:
    shown = figure(bits)
    return f"{shown} bit{'' if shown in ('1', f'{MINUS}1') else 's'}"


def figure(bits: float) -> str:
    """Bits to a tenth, with a true minus sign."""
    return f"{round(bits, 1) + 0:g}".replace("-", MINUS)  # the zero turns -0 into 0


def odds(bits: float) -> str:
    if abs(bits) < EVEN_BELOW_WEIGHT:
        return "about even"
    against = " against" if bits < 0 else ""
    if abs(bits) >= MOST_BITS:
        return f"more than a trillion to one{against}"
    return f"{_in_words(2 ** abs(bits))} to one{against}"


def _in_words(number: float) -> str:
    """To two figures: sixteen thousand, four hundred and forty."""
    number = float(f"{number:.2g}")
    for scale, name in SCALES:
        if number >= scale:
            return f"{_below_thousand(round(number / scale))} {name}"
    return _below_thousand(round(number))


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    parts = [f"{SMALL[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        parts.append(TENS[tens] + (f"-{SMALL[ones]}" if ones else ""))
    elif rest:
        parts.append(SMALL[rest])
    return " and ".join(parts)


def listed(phrases: Iterable[str]) -> str:
    """As in: a, b and c."""
    *most, last = [*phrases] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _capital(text: str) -> str:
    text = text.removeprefix("the ")
    return text[:1].upper() + text[1:]
