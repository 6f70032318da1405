"""Names of companies.

Belongs here: one spelling of a company's name. Must not go here: which companies are one (identity/).
Concept: the legal form says how a firm is liable, not which firm it is.
"""

import re

from standardise.text import fold, settled

FORMS = """
    ltd limited inc incorporated corp corporation co company llc llp lp plc gmbh mbh ggmbh ag kg kgaa ohg ug gbr ev eg
    ek se sa sas sasu sarl srl spa sl slu bv nv vof ab as asa aps oy oyj sp zoo kft doo pty pte bhd sdn kk pvt
"""
# What may stand at the end without being the name: legal forms, and what joins two of them.
ENDINGS = {*FORMS.split(), "and", "und", "et", "haftungsbeschrankt", "z", "oo"}
_INITIALS = re.compile(r"\b(\w)\.\s?(?=\w\b)")
_SPELT = re.compile(r"\bg\.?\s?m\.?\s?b\.?\s?h\b\.?", re.IGNORECASE)


def std_company(text: str) -> str | None:
    """The name folded, '&' read as 'and', legal forms at the end gone.

    'Müller & Söhne GmbH & Co. KG' gives 'muller and sohne'.
    """
    return settled(_company, text)


def _company(text: str) -> str | None:
    joined = _SPELT.sub("gmbh", _INITIALS.sub(r"\1", text))
    words = (fold(re.sub("[&+]", " and ", joined)) or "").split()
    while len(words) > 1 and words[-1] in ENDINGS:
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words.pop(0)
    return " ".join(words) or None
