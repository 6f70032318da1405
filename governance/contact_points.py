"""Contact points as people type them, and who holds one.

Belongs here: from text to a type and a standard form, and looking it up in what is published. Must not go here:
decisions about contact points (consents.py).
Concept: DESIGN, section 7. A decision is about a contact point, not about a customer: customers merge and split. What
was typed is never quoted, for it may be anything.
"""

from dataclasses import dataclass

from warehouse.errors import CdpError
from warehouse.home import Home

# Type of contact point → what customer_identities calls it; a postal address is of records.
IDENTIFIERS = {"email": "email", "phone": "phone", "device": "anonymous_id", "user_id": "user_id"}
TYPES = (*IDENTIFIERS, "postal_address")
READABLE = {
    "email": "Write it like name@example.org.",
    "phone": "Write it with + and the country's code.",
    "postal_address": "Write it as street with number, postal code, country: Lindenstr. 5, 10969, DE.",
    "device": "Write its anonymous id as the tracker sends it.",
    "user_id": "Write it as the application knows it.",
}
# An address is a record's own or one that its orders carry.
ADDRESS = "street_std || '|' || coalesce(house_number_std, '') || '|' || postal_code_std || '|' || country_std"
HOLDERS = {
    "postal_address": f"""
        select record_id from activation.int_records where {ADDRESS} = $value
        union
        select record_id from activation.int_postal_addresses where postal_address_std = $value order by all
    """,
    "user_id": """
        select record_id from customer_identities
        where identifier_type = 'user_id' and identifier_value = $value and not is_device order by all
    """,
} | {
    kind: f"""
        select record_id from customer_identities
        where identifier_type = '{IDENTIFIERS[kind]}' and identifier_value = $value and blocked_reason is null
        order by all
    """
    for kind in ("email", "phone", "device")
}
NAMED = """
    select customer_id from activation.identity_map where customer_id = $name or record_id = $name
    union
    select current_customer_id from retired_customers where customer_id = $name and current_customer_id is not null
"""
POINTS = f"""
    select case identifier_type when 'anonymous_id' then 'device' else identifier_type end as kind, identifier_value
    from customer_identities
    where customer_id = $id and blocked_reason is null
        and (identifier_type in ('email', 'phone', 'anonymous_id') or (identifier_type = 'user_id' and not is_device))
    union
    select 'postal_address', {ADDRESS}
    from activation.int_records
    inner join activation.identity_map using (record_id)
    where customer_id = $id and {ADDRESS} is not null
    union
    select 'postal_address', postal_address_std
    from activation.int_postal_addresses
    inner join activation.identity_map using (record_id)
    where customer_id = $id
"""


@dataclass(frozen=True)
class Belongings:
    """A customer's contact points (type, standard form) and records, as published."""

    customer_id: str
    points: frozenset[tuple[str, str]]
    records: frozenset[str]


def contact_point(text: str, kind: str | None = None) -> tuple[str, str]:
    """Type and standard form of a contact point. kind: one of TYPES; by default what the text looks like.

    Raises CdpError for an unknown type, an unreadable contact point, and one that is nobody's (a placeholder).
    """
    from standardise import standardised, usable

    kind = kind or looks_like(text)
    if kind not in TYPES:
        raise CdpError(
            "The contact point is of no type that is known", remedy=f"Give --type one of {', '.join(TYPES)}."
        )
    treatment = kind if kind in ("email", "phone", "postal_address") else "id"
    if standardised(treatment, text) is None:
        raise CdpError(f"The {_spoken(kind)} cannot be read", remedy=READABLE[kind])
    std = usable(treatment, text)
    if std is None:
        raise CdpError(
            f"The {_spoken(kind)} is a placeholder and nobody's own",
            remedy="Name the person's own; what counts as a placeholder is in seeds/reference/blocked_values.csv.",
        )
    return kind, std


def records_holding(home: Home, kind: str, value: str) -> list[str]:
    """The published records and devices that hold a contact point."""
    from publishing.read import open_published

    con = open_published(home, restricted=True, carried=True)
    return [record_id for (record_id,) in con.execute(HOLDERS[kind], {"value": value}).fetchall()]


def customer_named(home: Home, name: str) -> Belongings | None:
    """The customer of a customer id (a retired one's successor) or record id, or None where none is published."""
    from publishing.read import open_published

    con = open_published(home, restricted=True, carried=True)
    found = con.execute(NAMED, {"name": name}).fetchall()
    if not found:
        return None
    given = {"id": found[0][0]}
    records = con.execute("select record_id from activation.identity_map where customer_id = $id", given).fetchall()
    points = con.execute(POINTS, given).fetchall()
    return Belongings(given["id"], frozenset(points), frozenset(record for (record,) in records))


def looks_like(text: str) -> str:
    """The type that a contact point's writing tells; unknown for the rest, whose type has to be said."""
    if "@" in text:
        return "email"
    if text.count(",") >= 2:
        return "postal_address"
    return "phone" if text.strip()[:1] in {"+", "0", "("} else "unknown"


def _spoken(kind: str) -> str:
    words = {"email": "e-mail address", "phone": "telephone number", "user_id": "user id"}
    return words.get(kind, kind.replace("_", " "))
