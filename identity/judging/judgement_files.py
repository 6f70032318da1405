"""Judgements from a CSV file: every row is checked before any is stored.

Belongs here: reading the file and listing its faults. Must not go here: what a valid judgement is
(governance/judgements.py), who is meant by an id (subjects.py).
Concept: an error lists all faults at once, each with its line; values of the file are never quoted.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from governance.judgements import VERDICTS, Decision, faults_of, overruled
from identity.judging.subjects import pairs_between, records_named
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.moments import read_moment

REQUIRED = ("record_id_l", "record_id_r", "verdict", "reason")
COLUMNS = (*REQUIRED, "author", "expires_at")


@dataclass(frozen=True)
class Row:
    """One line of the file, as it came; line counts from 1, the header included."""

    line: int
    values: dict[str, str]


def read_decisions(home: Home, file: Path, author: str) -> list[Decision]:
    """The file's rows as decisions that may be stored, in the file's order.

    Columns: record_id_l, record_id_r, verdict, reason, and where they are wanted author (by default the one given) and
    expires_at. Raises CdpError that lists every fault with its line.
    """
    rows = list(_read(file))
    named = records_named(home, {row.values[side] for row in rows for side in ("record_id_l", "record_id_r")})
    faults: list[tuple[int, str]] = []
    drafts: list[tuple[Row, Decision]] = []
    for row in rows:
        draft, found = _draft(named, row, author)
        drafts.append((row, draft))
        faults += [(row.line, fault.message) for fault in found]
    faults += _contradictions((row, draft) for row, draft in drafts if draft.verdict in VERDICTS)
    if faults:
        raise _refused(file, faults)
    return [draft for _, draft in drafts]


def _draft(named: dict[str, list[str]], row: Row, author: str) -> tuple[Decision, list[CdpError]]:
    """A row as a decision, as far as it can be read, and everything that is wrong with it."""
    values, faults = row.values, []
    pairs: list[tuple[str, str]] = []
    expires_at = None
    try:
        pairs = pairs_between(named, values["record_id_l"], values["record_id_r"], values["verdict"])
    except CdpError as error:
        faults.append(error)
    try:
        expires_at = read_moment(values["expires_at"], said_of="The expiry") if values["expires_at"] else None
    except CdpError as error:
        faults.append(error)
    ordered = tuple((min(pair), max(pair)) for pair in pairs)
    draft = Decision(ordered, values["verdict"], values["author"] or author, values["reason"], expires_at)
    return draft, [*faults, *faults_of(draft)]


def _contradictions(drafts: Iterable[tuple[Row, Decision]]) -> Iterator[tuple[int, str]]:
    """Rows that cannot hold beside the rows above them, on one pair or by way of others."""
    judged: list[tuple[int, str, str, str]] = []
    first: dict[tuple[str, str], tuple[int, str]] = {}
    for row, decision in drafts:
        for left, right in decision.pairs:
            line, verdict = first.setdefault((left, right), (row.line, decision.verdict))
            if verdict != decision.verdict:
                yield row.line, f"contradicts line {line}"
            else:
                judged.append((row.line, left, right, decision.verdict))
    lines = {judged[position][0] for position in overruled(row[1:] for row in judged)}
    yield from ((line, "contradicts what lines above it say together") for line in lines)


def _read(file: Path) -> Iterator[Row]:
    if not file.is_file():
        raise CdpError(f"There is no file {file.name}", remedy="Give the path of a CSV file.")
    try:
        with open(file, encoding="utf-8-sig", newline="") as text:
            lines = csv.DictReader(text, strict=True)
            _check_header(file, lines.fieldnames or ())
            for values in lines:
                yield Row(lines.line_num, {name: (values.get(name) or "").strip() for name in COLUMNS})
    except (csv.Error, UnicodeDecodeError):
        raise CdpError(f"{file.name} is not CSV in UTF-8", remedy="Save it as comma-separated UTF-8.") from None


def _check_header(file: Path, header: Iterable[str]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    unknown = len(set(header) - set(COLUMNS))
    if missing or unknown:
        said = [f"lacks {', '.join(missing)}"] if missing else []
        said += [f"has {unknown} columns that are not known"] if unknown else []
        raise CdpError(f"{file.name} {' and '.join(said)}", remedy=f"Its columns are {', '.join(COLUMNS)}.")


def _refused(file: Path, faults: list[tuple[int, str]]) -> CdpError:
    listed = "".join(f"\n  line {line}: {fault}" for line, fault in sorted(faults))
    return CdpError(
        f"{file.name} has {len(faults)} fault{'' if len(faults) == 1 else 's'}, and nothing of it was stored:{listed}",
        remedy="Mend these lines and import the file again.",
    )
