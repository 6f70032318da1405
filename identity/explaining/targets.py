"""Whom a question names: a record, a customer, or the records that carry an e-mail.

Belongs here: finding them in a published generation. Must not go here: what is said of them.
Concept: an id that was retired still finds its successor; an e-mail is never repeated, in no answer and no error.

The connection has a generation attached as published, restricted and activation (publishing/read.py).
"""

from dataclasses import dataclass

import duckdb

from warehouse.errors import CdpError

REMEDY = (
    "Name a record id such as hubspot:10000004, a customer id, or an e-mail in full; `cdp sql` finds ids: "
    '"select record_id, customer_id from identity_explanations".'
)
CUSTOMERS = """
select customer_id from published.main.customers where customer_id = $wanted
union
select customer_id from published.main.visitors where customer_id = $wanted
union
select current_customer_id from published.main.retired_customers
where customer_id = $wanted and current_customer_id is not null
"""


@dataclass(frozen=True)
class Target:
    """One side of a question. label: how answers name it. records: those meant; empty for the whole customer."""

    label: str
    customer_id: str
    records: frozenset[str] = frozenset()


def find_target(con: duckdb.DuckDBPyConnection, wanted: str, said_of: str = "") -> Target:
    """The one that is meant. Raises CdpError, without the e-mail, where nobody is or several are.

    said_of: what the error calls it, where two are asked about.
    """
    wanted = wanted.strip()
    if "@" in wanted and (found := _by_email(con, wanted)):
        return found
    if found := _by_customer(con, wanted) or _by_record(con, wanted):
        return found
    what = "that e-mail" if "@" in wanted else "that id"
    which = f"{said_of}: no" if said_of else "No"
    raise CdpError(f"{which} record and no customer is published under {what}", remedy=REMEDY)


def _by_email(con: duckdb.DuckDBPyConnection, email: str) -> Target | None:
    rows = con.execute(
        "select customer_id, record_id from restricted.main.customer_identities "
        "where identifier_value = lower($email) and identifier_type = 'email' order by all",
        {"email": email},
    ).fetchall()
    customers = sorted({customer for customer, _ in rows})
    if len(customers) > 1:
        raise CdpError(
            f"That e-mail is carried by {len(customers)} customers: {', '.join(customers)}",
            remedy="Name one of them, or two to see why they are not one.",
        )
    records = frozenset(record for _, record in rows)
    many = "the record" if len(records) == 1 else f"the {len(records)} records"
    return Target(f"{many} with that e-mail", customers[0], records) if rows else None


def _by_customer(con: duckdb.DuckDBPyConnection, customer_id: str) -> Target | None:
    """The customer itself, or the one that stands in its place."""
    rows = con.execute(CUSTOMERS, {"wanted": customer_id}).fetchall()
    return Target(rows[0][0], rows[0][0]) if rows else None


def _by_record(con: duckdb.DuckDBPyConnection, record_id: str) -> Target | None:
    rows = con.execute(
        "select customer_id from activation.main.identity_map where record_id = $id", {"id": record_id}
    ).fetchall()
    return Target(record_id, rows[0][0], frozenset([record_id])) if rows else None
