"""Judgements: what people decided about pairs of records, kept for ever.

Belongs here: writing, withdrawing and reading them, and which of them count. Must not go here: what clustering makes of
them (identity/judging/judgements.py), the reading of files (governance/judgement_files.py).
Concept: DESIGN, section 6. Append-only: to withdraw a judgement is a further row. The newest judgement on a pair that
is neither withdrawn nor expired counts; with the newest withdrawn, the one before counts again.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from warehouse.errors import EMAIL, CdpError
from warehouse.home import Home
from warehouse.state import open_state

VERDICTS = ("same", "different", "unsure")
COUNTING = """
    with standing as (
        select * from judgements as made
        where verdict <> 'withdrawn' and (expires_at is null or expires_at > :at)
            and not exists (
                select 1 from judgements as undone
                where undone.withdraws = made.judgement_id
                    and undone.record_id_l = made.record_id_l and undone.record_id_r = made.record_id_r
            )
    ),
    ranked as (
        select *, row_number() over (partition by record_id_l, record_id_r order by sequence desc) as place
        from standing
    )
    select
        sequence, judgement_id, record_id_l, record_id_r, verdict, author, reason, recorded_at, expires_at
    from ranked
    where place = 1
    order by sequence desc
"""
INSERT = """
    insert into judgements
        (judgement_id, record_id_l, record_id_r, verdict, author, reason, recorded_at, expires_at, withdraws)
    values
        (:judgement_id, :record_id_l, :record_id_r, :verdict, :author, :reason, :recorded_at, :expires_at, :withdraws)
"""


@dataclass(frozen=True)
class Decision:
    """One person's verdict on one or more unordered pairs of records. expires_at is UTC without a time zone."""

    pairs: tuple[tuple[str, str], ...]
    verdict: str
    author: str
    reason: str
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Judgement:
    """One stored verdict on one pair, record_id_l < record_id_r; sequence grows with every row written."""

    sequence: int
    judgement_id: str
    record_id_l: str
    record_id_r: str
    verdict: str
    author: str
    reason: str
    recorded_at: str
    expires_at: str | None


def new_decision(
    pairs: Iterable[tuple[str, str]], verdict: str, *, author: str, reason: str, expires_at: datetime | None = None
) -> Decision:
    """A decision that may be stored. Raises the first of what faults_of() finds."""
    ordered = tuple(sorted({(min(pair), max(pair)) for pair in pairs}))
    decision = Decision(ordered, verdict, author.strip(), reason.strip(), expires_at)
    for fault in faults_of(decision):
        raise fault
    return decision


def faults_of(decision: Decision) -> Iterator[CdpError]:
    """Each reason why a decision may not be stored: an unknown verdict, a record judged against itself, a missing
    reason or author, an e-mail address in the reason, an expiry in the past."""
    if decision.verdict not in VERDICTS:
        yield CdpError("The verdict is none that is known", remedy=f"Say one of {', '.join(VERDICTS)}.")
    if any(left == right for left, right in decision.pairs):
        yield CdpError("A record is judged against itself", remedy="Name two different records.")
    yield from _faults_of_words(decision.reason, decision.author)
    if decision.expires_at and decision.expires_at <= _now():
        yield CdpError(
            f"The judgement would expire on {decision.expires_at:%Y-%m-%d %H:%M}, which is past",
            remedy="Name a later moment, or none.",
        )


def _faults_of_words(reason: str, author: str) -> Iterator[CdpError]:
    if not reason.strip():
        yield CdpError("The judgement has no reason", remedy="Say why with --reason, for whoever looks at it next.")
    if EMAIL.search(reason):
        yield CdpError(
            "The reason holds an e-mail address, and reasons are kept for ever",
            remedy="Name records by their ids instead.",
        )
    if not author.strip():
        yield CdpError("The judgement has no author", remedy="Say who decides with --author.")


def record(home: Home, decisions: Sequence[Decision]) -> list[str]:
    """Store decisions in order, all or none; gives the judgement id of each. The last written is the newest."""
    with closing(open_state(home)) as state, state:
        return [insert(state, decision) for decision in decisions]


def insert(state: sqlite3.Connection, decision: Decision) -> str:
    """Store one decision in the caller's transaction; gives its judgement id."""
    judgement_id = f"jdg_{uuid4().hex[:12]}"
    common = {
        "judgement_id": judgement_id,
        "verdict": decision.verdict,
        "author": decision.author,
        "reason": decision.reason,
        "recorded_at": _text(_now()),
        "expires_at": _text(decision.expires_at) if decision.expires_at else None,
        "withdraws": None,
    }
    state.executemany(INSERT, [{**common, "record_id_l": left, "record_id_r": right} for left, right in decision.pairs])
    return judgement_id


def counting(home: Home, at: datetime | None = None) -> list[Judgement]:
    """The judgement that counts on each judged pair at a moment (UTC, by default now), newest first."""
    with closing(open_state(home)) as state:
        rows = state.execute(COUNTING, {"at": _text(at or _now())}).fetchall()
    return [Judgement(**dict(row)) for row in rows]


def withdraw(home: Home, undone: Sequence[Judgement], *, author: str, reason: str) -> None:
    """Take judgements back: one further row each, which says who and why."""
    for fault in _faults_of_words(reason, author):
        raise fault
    rows = [
        {
            "judgement_id": f"jdg_{uuid4().hex[:12]}",
            "record_id_l": judgement.record_id_l,
            "record_id_r": judgement.record_id_r,
            "verdict": "withdrawn",
            "author": author,
            "reason": reason,
            "recorded_at": _text(_now()),
            "expires_at": None,
            "withdraws": judgement.judgement_id,
        }
        for judgement in undone
    ]
    with closing(open_state(home)) as state, state:
        state.executemany(INSERT, rows)


def standing_under(home: Home, judgement_id: str) -> list[Judgement]:
    """The pairs of one judgement that are not withdrawn yet, whether or not they count.

    Raises CdpError when there is no such judgement, or nothing of it left to withdraw.
    """
    with closing(open_state(home)) as state:
        rows = state.execute(
            """
            select sequence, judgement_id, record_id_l, record_id_r, verdict, author, reason, recorded_at, expires_at
            from judgements as made
            where judgement_id = :id and verdict <> 'withdrawn' and not exists (
                select 1 from judgements as undone
                where undone.withdraws = :id
                    and undone.record_id_l = made.record_id_l and undone.record_id_r = made.record_id_r
            )
            """,
            {"id": judgement_id},
        ).fetchall()
        known = state.execute("select 1 from judgements where judgement_id = ?", (judgement_id,)).fetchall()
    if not rows:
        found = "is withdrawn already" if known else "does not exist"
        raise CdpError(f"Judgement {judgement_id} {found}", remedy="`cdp identity judgements` lists those that count.")
    return [Judgement(**dict(row)) for row in rows]


def overruled(judged: Iterable[tuple[str, str, str]]) -> list[int]:
    """The positions of verdicts that newer ones rule out.

    judged: (record, record, verdict), newest first. A same B, B same C, A different C cannot all hold: the newest are
    believed first, and one that contradicts what they say together is overruled. Depends on that order alone.
    """
    parent: dict[str, str] = {}
    apart: dict[str, set[str]] = {}
    losers = []
    for position, (left, right, verdict) in enumerate(judged):
        a, b = _root(parent, left), _root(parent, right)
        if verdict == "same" and a != b:
            if b in apart.get(a, ()):
                losers.append(position)
                continue
            parent[b] = a
            for other in apart.pop(b, set()):
                apart[other].discard(b)
                apart[other].add(a)
                apart.setdefault(a, set()).add(other)
        elif verdict == "different":
            if a == b:
                losers.append(position)
                continue
            apart.setdefault(a, set()).add(b)
            apart.setdefault(b, set()).add(a)
    return losers


def _root(parent: dict[str, str], record: str) -> str:
    while (above := parent.get(record)) is not None:
        parent[record] = parent.get(above, above)  # halves the path, so that long chains stay cheap
        record = above
    return record


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _text(moment: datetime) -> str:
    """Sorts as text in the order of time."""
    return moment.isoformat(sep=" ", timespec="microseconds")
