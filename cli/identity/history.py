"""`cdp identity as-of`: the map of a past moment.

Belongs here: the command. Must not go here: how a moment is rebuilt (identity/ids/history.py).
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from warehouse.errors import CdpError
from warehouse.home import Home


def as_of(
    moment: Annotated[
        str, typer.Argument(metavar="TIME", help="A day or a moment, UTC unless it names a zone: 2026-11-01T12:00.")
    ],
    out: Annotated[Path | None, typer.Option(help="Write the map to this Parquet file.")] = None,
) -> None:
    """Who was who at a moment: the map of the last published run that had begun by then.

    It is rebuilt from identity_history; the digest is that of identity_map in that generation's manifest. A day means
    its end.

    Example: cdp identity as-of 2026-11-01 --out map.parquet
    """
    from identity.ids.history import map_at_sql
    from publishing.files import digest, literal
    from publishing.read import attach_published
    from warehouse.moments import read_moment

    con = attach_published(Home.from_environment())
    at = read_moment(moment, said_of="TIME", day_ends=True)
    query = map_at_sql("identity_history", at)
    found = digest(con, query)
    if not found["rows"]:
        raise _before_all(con, moment)
    records, devices, customers, known = _counts(con, query)
    print(f"As of {at.isoformat(sep=' ', timespec='seconds')} UTC")
    print(f"  {found['rows']:,} assignments: {records:,} records and {devices:,} devices")
    print(f"  {customers:,} ids: {known:,} customers and {customers - known:,} visitors")
    print(f"  digest {found['digest']}")
    if out:
        con.execute(
            f"copy ({query} order by customer_id, record_id) to {literal(out)} (format parquet, compression zstd)"
        )
        out.chmod(0o600)
        print(f"  written to {out}")


def _counts(con: Any, query: str) -> tuple[int, int, int, int]:
    """Records, devices, ids and known customers."""
    return con.execute(f"""
        with customers as (
            select
                customer_id,
                count(*) filter (where not is_device) as records_count,
                count(*) filter (where is_device) as devices_count
            from ({query})
            group by customer_id
        )
        select
            sum(records_count)::bigint,
            sum(devices_count)::bigint,
            count(*),
            count(*) filter (where records_count > 0)
        from customers
    """).fetchall()[0]


def _before_all(con: Any, moment: str) -> CdpError:
    begins = con.execute("select min(valid_from) from identity_history").fetchall()[0][0]
    return CdpError(
        f"Nothing was published by {moment}", remedy=f"History begins at {begins.isoformat(timespec='microseconds')}."
    )
