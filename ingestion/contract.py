"""What a delivery may look like: the source's contract, checked by name.

Belongs here: columns, zero rows, volume, types. Must not go here: single rows (quarantine), distributions
(expectations/).
Concept: a breach stops the run before anything of the table is loaded, so what is published stays as it was. Four
modes for new columns, named as dlt names them: evolve, freeze, discard_row, discard_value.
"""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb

from ingestion.arriving import META_COLUMNS, MOST_COLUMNS, Arriving
from ingestion.declared import Column, Table
from warehouse.errors import CdpError
from warehouse.quoting import literal, quoted

# A handful of typing errors is ordinary and goes to staging's rejects; a changed format breaks whole columns.
TYPE_FAILURES_PCT = 1.0
# One odd value in a table of fifty rows is 2 %, and no change of format.
TYPE_FAILURES_TOLERATED = 1
# Ten times is a re-export of everything or a runaway sender; three earlier loads are the fewest with a median to name.
VOLUME_RATIO_STOPS = 10
VOLUME_RATIO_WARNS = 3
EARLIER_LOADS_NEEDED = 3


class ContractBroken(CdpError):
    """A delivery that the declaration does not allow."""


@dataclass
class Columns:
    """What a load writes: `written` in the order of the raw table, `added` of them are new to it; and what it tells."""

    written: list[str]
    added: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def allowed_columns(table: Table, known: list[str]) -> set[str] | None:
    """The columns that a row may have where any other sets it aside (discard_row), else None."""
    return {*table.raw_columns, *known} if table.contract == "discard_row" else None


def check_columns(table: Table, known: list[str], files: list[Arriving]) -> Columns:
    """Compare every file's columns with the declared ones and with those that raw has (`known`). Raises ContractBroken.

    A file without any row and without a header says nothing of columns.
    """
    speaking = [file for file in files if file.columns]
    _required_present(table, speaking)
    found = list(dict.fromkeys(name for file in speaking for name in file.columns))
    columns = Columns(list(known))
    absent = [name for name in table.raw_columns if found and name not in found]
    if absent:
        columns.warnings.append(f"{table.label}: declared but not delivered, so null: {', '.join(absent)}")
    new, unfit = _split_new(found, known)
    if unfit:
        columns.warnings.append(
            f"{table.label}: columns that raw cannot hold, their values dropped: {', '.join(unfit)}"
        )
    if new:
        _take_new(table, columns, new)
    return columns


def _required_present(table: Table, files: list[Arriving]) -> None:
    faults = []
    for file in files:
        if missing := sorted(table.required - set(file.columns)):
            strangers = [name for name in file.columns if name not in table.raw_columns]
            hint = f" (it has {', '.join(strangers[:10])}, which nobody declared)" if strangers else ""
            faults.append(f"{file.file.file} lacks {', '.join(missing)}{hint}")
    if faults:
        raise ContractBroken(
            f"{table.label}: required columns are missing: " + "; ".join(faults[:10]),
            remedy="Ask the sender, or change `required` and the names in the declaration if the change is meant.",
        )


def _split_new(found: list[str], known: list[str]) -> tuple[list[str], list[str]]:
    """Columns that raw lacks: those that it can take, and those whose name stands in the way (only case differs, or
    ours)."""
    taken = {name.lower() for name in (*known, *META_COLUMNS)}
    new, unfit = [], []
    for name in found:
        if name in known:
            continue
        if name.lower() in taken or not name.strip() or not name.isprintable():
            unfit.append(name if name.isprintable() else repr(name))
        else:
            new.append(name)
            taken.add(name.lower())
    return new, unfit


def _take_new(table: Table, columns: Columns, new: list[str]) -> None:
    names = ", ".join(new[:20])
    if table.contract == "freeze":
        raise ContractBroken(
            f"{table.label}: new columns {names}, and its contract is freeze",
            remedy="Declare them, or set the table's contract to evolve or discard_value.",
        )
    if table.contract == "evolve":
        if len(columns.written) + len(new) > MOST_COLUMNS:
            raise ContractBroken(
                f"{table.label}: {len(new):,} new columns; more than {MOST_COLUMNS:,} in all",
                remedy="Keys that are values belong inside a JSON column: ask the sender.",
            )
        columns.added = new
        columns.written += new
        columns.warnings.append(f"{table.label}: new columns, added to raw: {names}")
    else:
        what = "their rows quarantined" if table.contract == "discard_row" else "their values dropped"
        columns.warnings.append(f"{table.label}: new columns, {what}: {names}")


def check_rows(table: Table, files: list[Arriving]) -> list[str]:
    """Refuse a delivery without rows; a snapshot without rows would delete everybody. Gives warnings."""
    empty = [file.file.file for file in files if not file.received]
    if table.optional or not empty:
        return []
    if len(empty) == len(files) or table.delivery == "snapshot":
        raise ContractBroken(
            f"{table.label}: no rows in {', '.join(empty[:5])}",
            remedy="Ask the sender. If an empty delivery is right, declare `optional: true` for the table.",
        )
    return [f"{table.label}: no rows in {len(empty)} of {len(files)} files"]


def check_volume(table: Table, received: int, earlier: list[int], accept: bool) -> list[str]:
    """Compare a delivery with the median of the earlier ones. Gives warnings; raises ContractBroken at ten times."""
    if len(earlier) < EARLIER_LOADS_NEEDED:
        return []
    usual = statistics.median(earlier)
    said = f"{table.label}: {received:,} rows, the median of {len(earlier)} earlier loads is {usual:,.0f}"
    if received >= VOLUME_RATIO_STOPS * usual and received > usual:
        if not accept:
            raise ContractBroken(said, remedy="If that is right, run again with --accept-volume; it is logged.")
        return [f"{said}; accepted by --accept-volume"]
    if received >= VOLUME_RATIO_WARNS * usual or received * VOLUME_RATIO_STOPS <= usual:
        return [said] if received != usual else []
    return []


def check_types(con: duckdb.DuckDBPyConnection, table: Table, written: Iterable[str], rows: str) -> list[str]:
    """Count the values of `rows` (a table, or SQL for one) that do not fit their declared type. Gives warnings; raises
    ContractBroken
    above 1 %."""
    typed = [column for column in table.columns if column.data_type != "varchar" and column.path[0] in set(written)]
    typed = [column for column in typed if column.data_type != "json" or table.format == "csv"]
    if not typed:
        return []
    suspects = ", ".join(f"count({value_of(column)}) - count({_cast(column)})" for column in typed)
    counts = con.execute(f"select {suspects} from {rows}").fetchall()[0]
    typed = [column for column, count in zip(typed, counts, strict=True) if count]
    return _judged(con, table, typed, rows) if typed else []


def _judged(con: duckdb.DuckDBPyConnection, table: Table, typed: list[Column], rows: str) -> list[str]:
    """Blank text is no value: count again without it, only where something did not fit."""
    counts = ", ".join(
        f"count(*) filter (trim(v{n}) <> ''), count(*) filter (trim(v{n}) <> '' and not ({_fits(column, f'v{n}')}))"
        for n, column in enumerate(typed)
    )
    values = ", ".join(f"{value_of(column)} as v{n}" for n, column in enumerate(typed))
    row = con.execute(f"select {counts} from (select {values} from {rows})").fetchall()[0]
    warnings: list[str] = []
    faults: list[str] = []
    for n, column in enumerate(typed):
        filled, failed = row[2 * n], row[2 * n + 1]
        if failed:
            said = f"{column.name}: {failed:,} of {filled:,} values are not {column.data_type}"
            grave = failed > TYPE_FAILURES_TOLERATED and failed * 100 > TYPE_FAILURES_PCT * filled
            (faults if grave else warnings).append(said)
    if faults:
        raise ContractBroken(
            f"{table.label}: {'; '.join(faults)}",
            remedy=f"Above {TYPE_FAILURES_PCT:g} % the format has changed: ask the sender, or change data_type.",
        )
    return [f"{table.label}: {said}" for said in warnings]


def value_of(column: Column) -> str:
    """SQL for a declared column as text; a dotted name is a path inside a JSON column."""
    top, *below = column.path
    if not below:
        return quoted(top)
    path = "$" + "".join(f'."{part}"' for part in below)
    # Most rows lack most paths, and looking for the name is far cheaper than parsing.
    return (
        f"case when contains({quoted(top)}, {literal(below[-1])}) "
        f"then try(json_extract_string({quoted(top)}, {literal(path)})) end"
    )


def _cast(column: Column) -> str:
    """SQL that is null for a value that may not fit: the quick test."""
    if column.data_type == "json":
        return f"nullif(json_valid({value_of(column)}), false)"
    return f"try_cast({value_of(column)} as {column.data_type})"


def _fits(column: Column, value: str) -> str:
    """SQL that is true for a text that staging can cast; a moment may be epoch seconds or milliseconds."""
    if column.data_type == "json":
        return f"json_valid({value})"
    if column.data_type == "timestamp":
        return f"try_cast({value} as timestamp) is not null or try_cast({value} as double) is not null"
    if column.data_type == "date":
        return f"try_cast({value} as date) is not null or try_cast({value} as timestamp) is not null"
    return f"try_cast({value} as {column.data_type}) is not null"
