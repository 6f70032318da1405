"""The ledger and a run: sources' consent events merged into it, and the whole of it given to the build as one source.

Belongs here: the way from the warehouse into state.sqlite and back, by file. Must not go here: which events may count
(dbt_project/models/conformed/int_consents.sql), how decisions combine (consent_algebra.py).
Concept: DESIGN, sections 3 and 7. An event is merged once, by its id: hearing it again changes nothing, and what a
source forgets the ledger keeps. So decisions outlive the warehouse, and those that people record count in the next run.
"""

import csv
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from governance.consents import COLUMNS, INSERT, MOMENTS
from warehouse.builds import stamp
from warehouse.home import Home
from warehouse.quoting import literal
from warehouse.state import open_state

TABLE = "identity.consent_decisions"
TYPES = {"sequence": "bigint"} | {name: "timestamp" if name in MOMENTS else "varchar" for name in COLUMNS}
MOMENT = "'%Y-%m-%d %H:%M:%S.%f'"

# A refusal without a moment counts from when we heard it; a grant without one is set aside in int_consents. Where the
# contact point cannot be read or may not be used, the decision is about the record: whoever holds it.
EVENTS = """
    select
        consent_id as event_id, source, record_id,
        if(contact_point_std is null, 'record', contact_point_type) as contact_point_type,
        coalesce(contact_point_std, record_id) as contact_point,
        purpose, channel, status, coalesce(effective_at, recorded_at) as effective_at, recorded_at, expires_at,
        legal_basis, policy_version, proof, null::varchar as author
    from conformed.int_consents
    where rejected_reason is null
"""
# An event is new if nobody has heard of it. A system that tells how things stand has one event per state: when it says
# again what it said before its last word, that is a new decision too.
NEW = f"""
    with events as ({EVENTS}),
    known as (
        select distinct contact_point, contact_point_type, purpose, channel, event_id, status, true as is_known
        from ledger
    ),
    latest as (
        select
            contact_point, contact_point_type, purpose, channel, source,
            max(effective_at) as last_at, max_by(status, (effective_at, sequence)) as last_status
        from ledger
        group by all
    )
    select
        row_number() over (order by events.effective_at, event_id, contact_point) as place,
        {", ".join(name if name in MOMENTS else f"nullif({name}, '') as {name}" for name in COLUMNS)}
    from events
    left join known using (contact_point, contact_point_type, purpose, channel, event_id, status)
    left join latest using (contact_point, contact_point_type, purpose, channel, source)
    where is_known is null or (events.effective_at > last_at and status <> last_status)
"""
# A file knows no null.
INSERT_TEXT = INSERT.replace("?", "nullif(?, '')")
WRITTEN = ", ".join(f"strftime({name}, {MOMENT}) as {name}" if name in MOMENTS else name for name in COLUMNS)
# Of SQLite's pages, in KiB. A first merge fills a larger index in no order of its own: with the default of 2 MB, each
# page is written out again and again.
CACHE_KIB = 65536


@dataclass(frozen=True)
class Merged:
    """A merge in numbers. set_aside: sources' events that cannot count, by reason."""

    decisions: int
    new: int
    set_aside: dict[str, int]


def merge_consents(home: Home, con: duckdb.DuckDBPyConnection) -> Merged:
    """Merge conformed.int_consents into the ledger and make identity.consent_decisions of all that it then holds.

    Grain of the table: one row per decision; decision_id, and the columns of the ledger.
    """
    last = _export(home, con, "create or replace temp table ledger as", after=0)
    con.execute(f"create or replace temp table heard as {NEW}")
    heard = con.execute("select count(*) from heard").fetchall()[0][0]
    new, newest = _merge(home, con) if heard else (0, last)
    if new == heard:  # written in one transaction, so numbered without a gap
        con.execute(f"insert into ledger select {newest - new} + place, {', '.join(COLUMNS)} from heard")
    else:
        _export(home, con, "insert into ledger", after=last)
    con.execute("create schema if not exists identity")
    con.execute(
        f"create or replace table {TABLE} as select 'cns_' || sequence as decision_id, {', '.join(COLUMNS)} from ledger"
    )
    stamp(con, TABLE)
    decisions = con.execute(f"select count(*) from {TABLE}").fetchall()[0][0]
    con.execute("drop table ledger")
    con.execute("drop table heard")
    aside = "select rejected_reason, count(*) from conformed.int_consents where rejected_reason is not null group by 1"
    return Merged(decisions, new, dict(con.execute(f"{aside} order by 1").fetchall()))


def _merge(home: Home, con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Add the events of `heard` that the ledger does not know, all or none; gives how many, and its last sequence."""
    file = home.tmp / "consents_heard.csv"
    try:
        con.execute(f"copy (select {WRITTEN} from heard order by place) to {literal(file)} (format csv, header false)")
        with open(file, encoding="utf-8", newline="") as lines, closing(open_state(home)) as state, state:
            state.execute(f"pragma cache_size = -{CACHE_KIB}")
            new = max(state.executemany(INSERT_TEXT, csv.reader(lines)).rowcount, 0)
            return new, state.execute("select max(sequence) from consents").fetchall()[0][0]
    finally:
        file.unlink(missing_ok=True)


def _export(home: Home, con: duckdb.DuckDBPyConnection, into: str, after: int) -> int:
    """Give DuckDB the rows of the ledger past a sequence, through a file; gives the last sequence."""
    file = home.tmp / "consents.csv"
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    try:
        with closing(open_state(home)) as state:
            _write(file, state.execute(f"select {', '.join(TYPES)} from consents where sequence > ?", (after,)))
        con.execute(
            f"{into} from read_csv($file, columns = {{{columns}}}, header = false, auto_detect = false, delim = ',', "
            "quote = '\"', escape = '\"', nullstr = '')",
            {"file": str(file)},
        )
    finally:
        file.unlink(missing_ok=True)
    return con.execute("select coalesce(max(sequence), 0) from ledger").fetchall()[0][0]


def _write(file: Path, rows: Iterable) -> None:
    with open(file, "w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(rows)
