"""The consent ledger: what people decided about being contacted and measured, kept for ever.

Belongs here: writing decisions and reading those on some contact points. Must not go here: how decisions combine
(consent_algebra.py), sources' events and the way into the warehouse (consent_ledger.py), contact points as people type
them (contact_points.py).
Concept: DESIGN, sections 3 and 7. Append-only: whoever changes their mind adds a row. Nothing recorded is never asked.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from governance.consent_algebra import Decision, Question
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.state import open_state

STATUSES = ("granted", "denied", "withdrawn", "expired")
PURPOSES = ("marketing", "service", "analytics", "personalisation")
CHANNELS = ("email", "sms", "phone", "ads", "in_app", "post")
# General Data Protection Regulation, article 6 (1).
LEGAL_BASES = ("consent", "contract", "legal_obligation", "legitimate_interest", "public_task", "vital_interests")
OURS = "cdp"
CLOCKS_DIFFER = timedelta(minutes=5)

COLUMNS = (
    "event_id", "source", "record_id", "contact_point_type", "contact_point", "purpose", "channel", "status",
    "effective_at", "recorded_at", "expires_at", "legal_basis", "policy_version", "proof", "author",
)  # fmt: skip
MOMENTS = ("effective_at", "recorded_at", "expires_at")
INSERT = f"insert or ignore into consents ({', '.join(COLUMNS)}) values ({', '.join('?' * len(COLUMNS))})"


@dataclass(frozen=True)
class Consent:
    """One stored decision, with what shows that it was made. sequence grows with every row written."""

    sequence: int
    event_id: str
    source: str
    record_id: str | None
    contact_point_type: str
    contact_point: str
    purpose: str
    channel: str
    status: str
    effective_at: datetime
    recorded_at: datetime
    expires_at: datetime | None
    legal_basis: str | None
    policy_version: str | None
    proof: str | None
    author: str | None

    @property
    def decision_id(self) -> str:
        return f"cns_{self.sequence}"

    @property
    def decision(self) -> Decision:
        question = Question(self.contact_point_type, self.contact_point, self.purpose, self.channel)
        moments = self.effective_at, self.recorded_at, self.expires_at
        return Decision(self.event_id, self.source, question, self.status, *moments)


@dataclass(frozen=True)
class NewConsent:
    """A decision that somebody asks to record. source: on whose behalf; its earlier words on the question give way."""

    contact_point_type: str
    contact_point: str
    purpose: str
    channel: str
    status: str
    author: str
    effective_at: datetime
    source: str = OURS
    record_id: str | None = None
    expires_at: datetime | None = None
    legal_basis: str | None = None
    policy_version: str | None = None
    proof: str | None = None


def faults_of(new: NewConsent, now: datetime) -> Iterator[CdpError]:
    """Each reason why a decision may not be recorded. No message quotes what was given."""
    for said, known, option in (
        (new.purpose, PURPOSES, "purpose"),
        (new.channel, CHANNELS, "channel"),
        (new.status, STATUSES, "status"),
    ):
        if said not in known:
            found = f"The {option} is none that is known" if said else f"The decision has no {option}"
            yield CdpError(found, remedy=f"Give --{option} one of {', '.join(known)}.")
    if new.legal_basis is not None and new.legal_basis not in LEGAL_BASES:
        yield CdpError("The legal basis is none that is known", remedy=f"Say one of {', '.join(LEGAL_BASES)}.")
    yield from _unproven(new)
    yield from _untimely(new, now)
    if not new.author.strip():
        yield CdpError("The decision has no author", remedy="Say who records it with --author.")


def _unproven(new: NewConsent) -> Iterator[CdpError]:
    """A refusal binds whatever is behind it; a permission has to be shown."""
    wanted = {"legal-basis": new.legal_basis, "policy-version": new.policy_version, "proof": new.proof}
    missing = [f"--{name}" for name, value in wanted.items() if not (value or "").strip()]
    if new.status == "granted" and missing:
        yield CdpError(
            f"A permission must be shown, and something is missing: {', '.join(missing)}",
            remedy="Say what it rests on, which policy was shown, and where the proof lies.",
        )


def _untimely(new: NewConsent, now: datetime) -> Iterator[CdpError]:
    if new.effective_at > now + CLOCKS_DIFFER:
        yield CdpError(
            f"The decision would begin on {new.effective_at:%Y-%m-%d %H:%M}, which is in the future",
            remedy="Record it on that day, or leave --effective out.",
        )
    if new.expires_at is None:
        return
    if new.status != "granted":
        yield CdpError("Only a permission runs out", remedy="Leave --expires out; a refusal holds until it is lifted.")
    elif new.expires_at <= max(now, new.effective_at):
        yield CdpError(
            f"The permission would run out on {new.expires_at:%Y-%m-%d %H:%M}, which is past",
            remedy="Name a later moment, or record --status expired.",
        )


def record(home: Home, new: NewConsent) -> str:
    """Store a decision; gives its id. Raises the first of what faults_of() finds."""
    now = utc_now()
    for fault in faults_of(new, now):
        raise fault
    values = asdict(new) | {"event_id": f"{OURS}:{uuid4().hex[:16]}", "recorded_at": now}
    row = [_stored(values[column]) for column in COLUMNS]
    with closing(open_state(home)) as state, state:
        return f"cns_{state.execute(INSERT, row).lastrowid}"


def consents_on(home: Home, points: Collection[tuple[str, str]] = (), records: Collection[str] = ()) -> list[Consent]:
    """Every decision on some contact points (type, standard form), oldest first.

    records: contact points that these records decided on are among them, whether or not they still hold them.
    """
    with closing(open_state(home)) as state:
        rows = state.execute(
            """
            with wanted as (
                select json_extract(value, '$[0]') as contact_point_type, json_extract(value, '$[1]') as contact_point
                from json_each(:points)
                union
                select contact_point_type, contact_point
                from consents
                where record_id in (select value from json_each(:records))
            )
            select consents.*
            from wanted
            inner join consents using (contact_point, contact_point_type)
            order by effective_at, sequence
            """,
            {"points": json.dumps(list(points)), "records": json.dumps(list(records))},
        ).fetchall()
    return [_read(dict(row)) for row in rows]


def sources_heard(home: Home) -> set[str]:
    """Every source that has a decision in the ledger, and our own name."""
    with closing(open_state(home)) as state:
        return {row["source"] for row in state.execute("select distinct source from consents")} | {OURS}


def utc_now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _stored(value: str | datetime | None) -> str | None:
    """Moments sort as text in the order of time; empty text is nothing."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="microseconds")
    return value.strip() or None if value else None


def _read(row: dict) -> Consent:
    moments = {name: row[name] and datetime.fromisoformat(row[name]) for name in MOMENTS}
    return Consent(**(row | moments))
