"""Which treatment belongs to which kind of value.

Belongs here: the one table from a kind's name to its function, for SQL, dbt and the resolver alike. Must not go here:
the treatments.
Concept: a kind is what a column means, not how it is called: given, middle and family names are all `name`.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.metadata import version as version_of

from standardise import companies, dates, emails, names, phones, places
from standardise.blocked import BLOCKED_VALUES, blocked_reason
from standardise.text import fold, settled, visible

# Raise this when a treatment changes: what is cached is then made again. Lists and phone metadata count by themselves.
TREATMENTS_VERSION = 2

Treatment = Callable[[str, str | None], str | None]


def _plain(treatment: Callable[[str], str | None]) -> Treatment:
    return lambda text, _region: treatment(text)


def _identifier(text: str) -> str | None:
    """An id as its system wrote it: case counts, invisible characters and outer spaces do not."""
    return settled(lambda once: visible(once) or None, text)


def _code(text: str) -> str | None:
    folded = fold(text)
    return folded.replace(" ", "").upper() if folded else None


KINDS: dict[str, Treatment] = {
    "text": _plain(fold),
    "id": _plain(_identifier),
    "national_id": _plain(_code),
    "email": _plain(emails.std_email),
    "email_key": _plain(emails.std_email_key),
    "domain": _plain(emails.std_domain),
    "phone": phones.std_phone,
    "name": _plain(names.std_name),
    "full_name": _plain(names.std_full_name),
    "gender": _plain(names.std_gender),
    "company": _plain(companies.std_company),
    "country": _plain(places.std_country),
    "city": _plain(places.std_city),
    "postal_code": places.std_postal_code,
    "street": _plain(places.std_street),
    "street_house_number": _plain(places.house_number_of),
    "street_unit": _plain(places.unit_of),
    "house_number": _plain(places.std_house_number),
    "postal_address": _plain(places.std_postal_address),
    "date": dates.std_date,
}


def standardised(kind: str, text: str | None, region: str | None = None) -> str | None:
    """The standard form of a text of one kind, blocked or not; null for null. Raises KeyError for an unknown kind."""
    return None if text is None else KINDS[kind](text, region)


def usable(kind: str, text: str | None, region: str | None = None) -> str | None:
    """As standardised, but null where the value is blocked."""
    std = standardised(kind, text, region)
    return None if text is None or blocked_reason(kind, text, std) else std


@cache
def version() -> str:
    """What the results depend on: the treatments, the lists, the phone metadata and the romanisation."""
    lists = b"".join(path.read_bytes() for path in (BLOCKED_VALUES, places.COUNTRIES))
    libraries = "-".join(version_of(library) for library in ("phonenumbers", "anyascii"))
    return f"{TREATMENTS_VERSION}-{libraries}-{hashlib.sha256(lists).hexdigest()[:8]}"
