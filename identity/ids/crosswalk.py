"""Ids taken over from another system: the file is checked whole, kept for ever, and heard by every later run.

Belongs here: reading, checking, storing and loading the crosswalk. Must not go here: which cluster gets which id
(claims.py).
Concept: whoever moves here keeps the ids that other systems already hold. An imported id serves in place of a minted
one; it never replaces an id that is in use here.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.state import open_state

HEADER = ["record_id", "customer_id"]
# What travels unharmed through URLs, file names and every destination's key field.
SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", re.ASCII)
SHOWN_LINES = 5
Row = tuple[str, str]


@dataclass(frozen=True)
class Imported:
    """What an import did: rows added, rows known before, distinct ids, and records that are not published (yet)."""

    added: int
    known: int
    ids: int
    unknown_records: int


def import_crosswalk(home: Home, file: Path, published: duckdb.DuckDBPyConnection | None) -> Imported:
    """Keep the file's rows in state.sqlite, all or none; the next run gives the ids.

    file: CSV with the header record_id,customer_id; record_id as in `customer_identities` (hubspot:10000004).
    published: the current generation, to count records that it does not know; None before the first.

    Raises CdpError that names every kind of fault with its lines, never a value.
    """
    rows = _read(file)
    with closing(open_state(home)) as state:
        known = dict(state.execute("select record_id, customer_id from crosswalk").fetchall())
        _refuse(file, [*_faults(rows), *_clashes(rows, known, _in_use(published, rows))])
        fresh = [row for _, row in rows if row[0] not in known]
        now = datetime.now(UTC).isoformat()
        with state:
            state.executemany("insert into crosswalk values (?, ?, ?)", [(*row, now) for row in fresh])
    return Imported(len(fresh), len(rows) - len(fresh), len({row[1] for _, row in rows}), _unknown(published, rows))


def load_crosswalk(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    """Temporary table imported_id (record_id, customer_id), by way of a file: row by row would take minutes."""
    con.execute("create or replace temp table imported_id (record_id varchar, customer_id varchar)")
    with closing(open_state(home)) as state:
        rows = state.execute("select record_id, customer_id from crosswalk").fetchall()
    if not rows:
        return
    draft = home.tmp / "crosswalk.csv"
    draft.touch(mode=0o600)
    with draft.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows(map(tuple, rows))
    path = str(draft).replace("'", "''")
    con.execute(
        f"insert into imported_id from read_csv('{path}', header = false, auto_detect = false, delim = ',', "
        "quote = '\"', escape = '\"', columns = {'record_id': 'varchar', 'customer_id': 'varchar'})"
    )
    draft.unlink()


def _read(file: Path) -> list[tuple[int, Row]]:
    """Every row with its line; a repeated line counts once."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as content:
            lines = csv.reader(content)
            if (header := next(lines, [])) != HEADER:
                raise CdpError(
                    f"{file.name} begins with {len(header)} columns that are not {','.join(HEADER)}",
                    remedy=f"Write these two as its first line: {','.join(HEADER)}.",
                )
            found = [(lines.line_num, row) for row in lines if row]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise CdpError(
            f"{file} cannot be read as CSV in UTF-8", remedy="Check its name, its rights and its encoding."
        ) from None
    if uneven := [number for number, row in found if len(row) != len(HEADER)]:
        _refuse(file, [f"a row has not exactly two columns ({_lines(uneven)})"])
    once: dict[Row, int] = {}
    for number, row in found:
        once.setdefault((row[0].strip(), row[1].strip()), number)
    return [(number, row) for row, number in once.items()]


def _faults(rows: list[tuple[int, Row]]) -> Iterator[str]:
    times = Counter(row[0] for _, row in rows)
    checks = {
        "the file has no rows": [] if rows else [1],
        "record_id is empty": [line for line, (record, _) in rows if not record],
        "a record has two ids": [line for line, (record, _) in rows if record and times[record] > 1],
        "customer_id is an e-mail address, which is a person's and may change": [
            line for line, (_, customer) in rows if "@" in customer
        ],
        "customer_id is not 1 to 64 letters, digits or _ . : - beginning with a letter or digit": [
            line for line, (_, customer) in rows if "@" not in customer and not SAFE_ID.fullmatch(customer)
        ],
    }
    return (f"{fault} ({_lines(lines)})" for fault, lines in checks.items() if lines)


def _clashes(rows: list[tuple[int, Row]], known: dict[str, str], in_use: set[str]) -> Iterator[str]:
    imported = set(known.values())
    checks = {
        "a record was imported with another id before": [
            line for line, (record, customer) in rows if known.get(record, customer) != customer
        ],
        "customer_id is an id that this platform gave to somebody": [
            line for line, (_, customer) in rows if customer in in_use and customer not in imported
        ],
    }
    return (f"{fault} ({_lines(lines)})" for fault, lines in checks.items() if lines)


def _refuse(file: Path, faults: list[str]) -> None:
    if faults:
        raise CdpError(
            f"Nothing of {file.name} was imported: " + "; ".join(faults),
            remedy="Mend these lines and import the file again; rows that were imported before may stay in it.",
        )


def _lines(numbers: list[int]) -> str:
    shown = ", ".join(map(str, sorted(numbers)[:SHOWN_LINES]))
    more = f" and {len(numbers) - SHOWN_LINES} more" if len(numbers) > SHOWN_LINES else ""
    return f"line{'s' if len(numbers) > 1 else ''} {shown}{more}"


def _in_use(published: duckdb.DuckDBPyConnection | None, rows: list[tuple[int, Row]]) -> set[str]:
    """Those of the file's ids that ever stood for somebody here."""
    if published is None:
        return set()
    found = published.execute(
        "select distinct customer_id from identity_changes where list_contains($ids, customer_id)",
        {"ids": sorted({row[1] for _, row in rows})},
    )
    return {row[0] for row in found.fetchall()}


def _unknown(published: duckdb.DuckDBPyConnection | None, rows: list[tuple[int, Row]]) -> int:
    records = [row[0] for _, row in rows]
    if published is None:
        return len(records)
    known = published.execute(
        "with wanted as (select unnest($records) as record_id) "
        "select count(*) from wanted semi join (from identity_history where valid_to is null) using (record_id)",
        {"records": records},
    )
    return len(records) - known.fetchall()[0][0]
