"""Who is meant by an id in a judgement: one record, or all records of a customer at this moment.

Belongs here: looking ids up in the published map, and the pairs between two of them. Must not go here: storing a
judgement (governance/judgements.py).
Concept: DESIGN, section 6. Judgements are about pairs of records, since customers come and go; one about customers is
expanded to their records as they are published now.
"""

from collections.abc import Collection, Mapping

import duckdb

from publishing.files import ACTIVATION, attach
from publishing.read import current_folder
from warehouse.errors import CdpError
from warehouse.home import Home

# Founding records first. Devices follow the records of their user, so they speak only for a visitor without records.
NAMED = """
    with wanted as (select unnest($names) as name),
    meant as (
        select name, record_id, false as is_device, first_assigned_at
        from published_map.identity_map
        join wanted on record_id = name
        union all
        select name, record_id, is_device, first_assigned_at
        from published_map.identity_map
        join wanted on customer_id = name
    )
    select name, record_id
    from meant
    qualify is_device = bool_and(is_device) over (partition by name)
    order by name, first_assigned_at nulls last, record_id
"""
LOOK_UP = "`cdp customer` shows a customer's id and the ids of its records; a new record is known once it is published."


def records_named(home: Home, names: Collection[str]) -> dict[str, list[str]]:
    """The records that each record id or customer id stands for, founding record first; unknown names are absent."""
    folder = current_folder(home)
    with duckdb.connect() as con:
        attach(con, folder / ACTIVATION, "published_map")
        rows = con.execute(NAMED, {"names": list(names)}).fetchall()
    found: dict[str, list[str]] = {}
    for name, record_id in rows:
        found.setdefault(name, []).append(record_id)
    return found


def pairs_between(named: Mapping[str, list[str]], left: str, right: str, verdict: str) -> list[tuple[str, str]]:
    """The pairs of records that a verdict on two ids is about.

    `different` is about every record of the one with every record of the other; a record against the customer that
    holds it is judged against the customer's other records. Any other verdict is about one pair, the founding records:
    `same` joins the two customers by it, and asserts nothing of records that either of them may lose later.
    Raises CdpError for an id that is not published, and for an id against itself. The id is not quoted: what stands
    where an id belongs may be anything.
    """
    if left == right:
        raise CdpError("The two ids are one", remedy="Name two different records or customers.")
    unknown = [place for place, name in (("first", left), ("second", right)) if name not in named]
    if unknown:
        raise CdpError(
            f"The {' and the '.join(unknown)} id is no record or customer that is published",
            remedy=LOOK_UP,
        )
    pairs = [(a, b) for a in named[left] for b in named[right] if a != b]
    if not pairs:
        raise CdpError("The customer has no other record than that one", remedy="Name two different records.")
    return pairs if verdict == "different" else pairs[:1]
