"""`cdp customer`: one customer, whole.

Belongs here: finding a customer and printing what is published of them. Must not go here: anything unpublished.
"""

from typing import Annotated, Any

import typer

from cli.show import table
from warehouse.errors import CdpError
from warehouse.home import Home

FIND = """
select distinct customer_id from customers where customer_id = $wanted or lower(email) = lower(trim($wanted))
union
select distinct customer_id from customer_identities
where identifier_value = lower(trim($wanted)) or record_id = $wanted or customer_id = $wanted
"""
RETIRED = "select current_customer_id, retired_at from retired_customers where customer_id = $wanted"
IN_FULL = 'Write the e-mail in full, or look with `cdp sql --restricted "select customer_id, email from customers"`.'
HASHED = "With --masked e-mails are keyed hashes: name a customer id or a record id, such as hubspot:10000004."
SECTIONS = {
    "sources": (
        "select source, record_id, identifier_type, identifier_value from customer_identities "
        "where customer_id = $id order by all"
    ),
    "segments": "select segment, entered_at from segment_members where customer_id = $id order by segment",
    "timeline, newest first": (
        "select date_trunc('second', occurred_at) as occurred_at, touch_type, title, source, amount_usd "
        "from customer_timeline where customer_id = $id order by occurred_at desc nulls last limit $most"
    ),
}


def customer(
    wanted: Annotated[str, typer.Argument(metavar="E-MAIL|ID", help="An e-mail, a customer id or a record id.")],
    masked: Annotated[bool, typer.Option("--masked", help="Without personal values.")] = False,
    most: Annotated[int, typer.Option(min=1, help="Most touches of the timeline to print.")] = 20,
) -> None:
    """Golden record, sources, segments and timeline of one customer, as published.

    Reads the restricted files, for those who may; --masked shows what everyone sees.

    Example: cdp customer ada@example.com
    """
    from publishing.read import open_published

    home = Home.from_environment()
    con = open_published(home, restricted=not masked)
    found = [row[0] for row in con.execute(FIND, {"wanted": wanted}).fetchall()] or _successor(con, wanted)
    if not found:
        raise CdpError("No customer is published under that e-mail or id", remedy=HASHED if masked else IN_FULL)
    for customer_id in found:
        _print(con, customer_id, most)


def _successor(con: Any, wanted: str) -> list[str]:
    """The customer that stands in a retired id's place, having said so."""
    rows = con.execute(RETIRED, {"wanted": wanted}).fetchall()
    if not rows:
        return []
    current, retired_at = rows[0]
    if current is None:
        raise CdpError(
            f"{wanted} was retired on {retired_at:%Y-%m-%d}, and none of its records is left",
            remedy=f"`cdp sql \"from identity_history where customer_id = '{wanted}'\"` shows which they were.",
        )
    print(f"{wanted} was retired on {retired_at:%Y-%m-%d}; {current} stands in its place.\n")
    return [current]


def _print(con: Any, customer_id: str, most: int) -> None:
    golden = con.execute("select * from customers where customer_id = $id", {"id": customer_id})
    names = [column[0] for column in golden.description]
    for row in golden.fetchall():
        table(
            ["golden record", ""], [(name, value) for name, value in zip(names, row, strict=True) if value is not None]
        )
    for title, query in SECTIONS.items():
        given = {"id": customer_id} | ({"most": most} if "$most" in query else {})
        found = con.execute(query, given)
        columns = [column[0] for column in found.description]
        print(f"\n{title}")
        table(columns, found.fetchall())
