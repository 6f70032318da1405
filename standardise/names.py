"""Names of people, and gender.

Belongs here: folding a name and taking a full one apart. Must not go here: nicknames and similarity (identity/).
Concept: a name is compared, never shown, in this form; the golden record keeps the original.
"""

import re

from standardise.text import fold, settled

TITLES = (
    "mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|herr|frau|hr|fr|mme|mlle|monsieur|madame|sr|sra|srta|dott|"
    "dipl ing|ing"
)
# Titles at the front of a folded name, at least one word left after them.
LEADING_TITLES = rf"^(?:(?:{TITLES}) )+"
PARTICLES = (
    "van|von|vom|de|der|den|del|della|delle|di|da|das|do|dos|du|des|la|le|los|las|bin|ibn|al|el|ter|ten|zu|zum|zur|af|av|"
    "st|mac|mc"
)
# Which of several namesakes: 'john smith jr' is not 'john smith sr'.
GENERATIONS = {"1": ("sr", "snr", "senior", "i"), "2": ("jr", "jnr", "junior", "ii"), "3": ("iii",), "4": ("iv",)}
GENERATION = rf"(?: (?:{'|'.join(word for words in GENERATIONS.values() for word in words)}))?"
FULL_NAME_PARTS = rf"^(\S+)(?: (.*?))?? ((?:(?:{PARTICLES}) )*\S+?){GENERATION}$"
# A full name that ends so is a company's; forms of two letters that end people's names are left out.
LEGAL_FORM = r"\b(?:ltd|limited|inc|llc|llp|plc|gmbh|ag|kg|ug|corp|corporation|company|bv|nv|sarl|sas|spa|oy)$"

_LEADING_TITLES = re.compile(LEADING_TITLES)
_FAMILY_FIRST = re.compile(r"^([^,]+),([^,]+)$")
# Chinese and Korean names in their own script: one sign for the family, then the given name.
_WRITTEN_FAMILY_FIRST = re.compile("^\\s*([\u4e00-\u9fff\uac00-\ud7a3])([\u4e00-\u9fff\uac00-\ud7a3]{1,3})\\s*$")
_PARTS = re.compile(FULL_NAME_PARTS)
_COMPANY = re.compile(LEGAL_FORM)

GENDERS = {
    "female": "f female w weiblich frau woman femme feminin donna mujer femenino femminile vrouw mrs ms",
    "male": "m male mann mannlich maennlich herr man homme masculin uomo hombre masculino maschile mr",
    "other": "d divers diverse x other nonbinary non binary nb o",
}
_GENDERS = {word: gender for gender, words in GENDERS.items() for word in words.split()} | {"non binary": "other"}


def std_name(text: str) -> str | None:
    """A name folded, leading titles gone: 'Dr. Zoë O’Brien-Müller' gives 'zoe obrien muller'."""
    return settled(_name, text)


def _name(text: str) -> str | None:
    folded = fold(text)
    return _LEADING_TITLES.sub("", folded) if folded else None


def std_full_name(text: str) -> str | None:
    """As std_name, with 'Müller, Anna' turned round to 'anna muller', and '张伟' to 'wei zhang'."""
    turned = _WRITTEN_FAMILY_FIRST.sub(r"\2 \1", _FAMILY_FIRST.sub(r"\2 \1", text))
    return std_name(turned)


def name_parts(full_name_std: str) -> tuple[str, str | None, str] | None:
    """Given, middle and family name of a standardised full name, or null for one word and for companies.

    'ludwig van beethoven' gives ('ludwig', None, 'van beethoven').
    """
    found = _PARTS.match(full_name_std)
    if not found or _COMPANY.search(full_name_std):
        return None
    return found[1], found[2] or None, found[3]


def std_gender(text: str) -> str | None:
    """female, male or other; null for anything that says none of them."""
    folded = fold(text)
    return _GENDERS.get(folded, folded if folded in GENDERS else None) if folded else None
