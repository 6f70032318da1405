"""`cdp consent`: recording what somebody decided, and showing what holds, now or at any past moment.

Belongs here: arguments and what is printed. Must not go here: what may be recorded (governance/consents.py), how
decisions combine (governance/consent_algebra.py), whose a contact point is (governance/contact_points.py).
"""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.show import table
from warehouse.errors import CdpError
from warehouse.home import Home

if TYPE_CHECKING:
    from governance.consent_algebra import Decision, Words
    from governance.consents import Consent
    from governance.contact_points import Belongings

app = typer.Typer(
    help="What people decided about being contacted and measured: record it, show it.", no_args_is_help=True
)
Type = Annotated[
    str | None,
    typer.Option("--type", help="email, phone, postal_address, device, user_id; by default what it looks like."),
]
ADDRESSEE = (
    "Give an e-mail, a telephone number with +, an address as street with number, postal code, country, a customer id, "
    "or any other contact point with --type."
)


@app.command("record")
def record(
    contact: Annotated[str, typer.Argument(help="The e-mail, telephone number or other contact point it is about.")],
    purpose: Annotated[str, typer.Option(help="marketing, service, analytics or personalisation.")] = "",
    channel: Annotated[str, typer.Option(help="email, sms, phone, ads, in_app or post.")] = "",
    status: Annotated[str, typer.Option(help="granted, denied, withdrawn or expired.")] = "",
    legal_basis: Annotated[str | None, typer.Option(help="What it rests on: consent, contract, …")] = None,
    policy_version: Annotated[str | None, typer.Option(help="The privacy policy that was shown.")] = None,
    proof: Annotated[str | None, typer.Option(help="Where the proof lies: a form, a letter, a recording.")] = None,
    expires: Annotated[str | None, typer.Option(metavar="TIME", help="Until when a permission holds.")] = None,
    effective: Annotated[str | None, typer.Option(metavar="TIME", help="When it was decided; by default now.")] = None,
    author: Annotated[str | None, typer.Option(help="Who records it; by default the user of this machine.")] = None,
    source: Annotated[str, typer.Option(help="The system whose earlier word this takes the place of.")] = "cdp",
    type_: Type = None,
    not_yet_known: Annotated[
        bool, typer.Option("--not-yet-known", help="Record it though no record holds it.")
    ] = False,
) -> None:
    """Record a decision, for ever; to change it, record the next.

    Examples: cdp consent record ada@example.org --purpose marketing --channel email --status withdrawn

    cdp consent record "Lindenstr. 5, 10969, DE" --purpose marketing --channel post --status withdrawn

    A permission also needs --legal-basis, --policy-version and --proof.
    """
    from governance.consents import NewConsent, faults_of, utc_now
    from governance.consents import record as store
    from governance.contact_points import contact_point
    from warehouse.moments import read_moment

    home, now = Home.from_environment(), utc_now()
    kind, value = contact_point(contact, type_)
    new = NewConsent(
        kind, value, purpose, channel, status, author or getpass.getuser(),
        read_moment(effective, said_of="--effective") if effective else now,
        source=_source(home, source),
        expires_at=read_moment(expires, said_of="--expires") if expires else None,
        legal_basis=legal_basis, policy_version=policy_version, proof=proof,
    )  # fmt: skip
    for fault in faults_of(new, now):
        raise fault
    holder = _holder(home, kind, value, not_yet_known)
    decision_id = store(home, NewConsent(**(vars(new) | {"record_id": holder})))
    print(f"{decision_id}: {purpose} by {channel} {status}. The next `cdp run` counts it.")
    _print_sum(home, kind, value, purpose, channel)


def _source(home: Home, name: str) -> str:
    from governance.consents import sources_heard

    if name not in (known := sources_heard(home)):
        raise CdpError("The source has no decision in the ledger", remedy=f"Say one of {', '.join(sorted(known))}.")
    return name


def _holder(home: Home, kind: str, value: str, not_yet_known: bool) -> str | None:
    """The first record that holds the contact point: in its customer's timeline the decision shows."""
    from governance.contact_points import records_holding

    if not_yet_known and not home.current.exists():
        return None
    holders = records_holding(home, kind, value)
    if not holders and not not_yet_known:
        raise CdpError(
            "No published record holds that contact point",
            remedy="Check how it is written. If it is right and the person is still to come, add --not-yet-known.",
        )
    return holders[0] if holders else None


def _print_sum(home: Home, kind: str, value: str, purpose: str, channel: str) -> None:
    """What now holds, where other sources have a word too: a grant does not lift another system's refusal."""
    from governance.consent_algebra import Question, heard, standing
    from governance.consents import consents_on, utc_now

    now = utc_now()
    words = heard((one.decision for one in consents_on(home, [(kind, value)])), now)
    found = standing(words[Question(kind, value, purpose, channel)], now)
    if len(found.said) > 1:
        print(f"What holds is {found.status}: {_said(found.said)}.")


@app.command("show")
def show(
    wanted: Annotated[
        str, typer.Argument(metavar="CONTACT|CUSTOMER_ID", help="A contact point, or a customer or record id.")
    ],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="TIME", help="What held then; by default now.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="TIME", help="By what had been recorded then.")
    ] = None,
    type_: Type = None,
) -> None:
    """What holds for a contact point or a customer, and every decision behind it.

    Examples: cdp consent show ada@example.org

    cdp consent show ada@example.org --as-of 2026-09-30

    Reads the ledger itself, so that it needs no run. A customer's contact points are those published now.
    """
    from governance.consent_algebra import heard
    from governance.consents import consents_on, utc_now
    from warehouse.moments import read_moment

    home = Home.from_environment()
    at = read_moment(as_of, said_of="--as-of", day_ends=True) if as_of else utc_now()
    known = read_moment(known_at, said_of="--known-at", day_ends=True) if known_at else None
    customer = None if type_ else _customer(home, wanted)
    found = _consents(home, wanted, type_) if customer is None else consents_on(home, customer.points, customer.records)
    timely = [one for one in found if one.effective_at <= at and (known is None or one.recorded_at <= known)]
    if not timely:
        print(f"Never asked: no decision by {at:%Y-%m-%d %H:%M}.")
        return
    words = heard((one.decision for one in timely), at, known)
    if customer:
        _print_customer(customer, words, at)
    _print_standing(words, at, {one.decision: one for one in timely}, with_points=customer is not None)
    _print_decisions(timely)


def _customer(home: Home, name: str) -> Belongings | None:
    from governance.contact_points import customer_named

    return customer_named(home, name) if home.current.exists() else None


def _consents(home: Home, wanted: str, kind: str | None) -> list[Consent]:
    from governance.consents import consents_on
    from governance.contact_points import contact_point, looks_like

    if kind is None and looks_like(wanted) == "unknown":
        raise CdpError("No customer is published under that id", remedy=ADDRESSEE)
    return consents_on(home, [contact_point(wanted, kind)])


def _print_customer(customer: Belongings, words: Words, at: datetime) -> None:
    from governance.consent_algebra import status_of

    asked = sorted({(question.purpose, question.channel) for question in words})
    rows = [(purpose, channel, status_of(words, purpose, channel, at)) for purpose, channel in asked]
    table(["purpose", "channel", "status"], rows, title=f"{customer.customer_id}, the strictest of all contact points")
    print()


def _print_standing(words: Words, at: datetime, told: dict[Decision, Consent], *, with_points: bool) -> None:
    from governance.consent_algebra import standing

    rows = []
    for question, by_source in sorted(
        words.items(), key=lambda item: (*item[0].point, item[0].purpose, item[0].channel)
    ):
        found = standing(by_source, at)
        winner = told[found.decision]
        since = winner.expires_at if found.status == "expired" and winner.expires_at else winner.effective_at
        point = [question.contact_point_type, question.contact_point] if with_points else []
        rows.append([
            *point, question.purpose, question.channel, found.status, _minute(since), winner.source, winner.legal_basis,
            winner.policy_version, _said(found.said) if found.is_conflicting else None,
        ])  # fmt: skip
    columns = ["purpose", "channel", "status", "since", "decided by", "legal basis", "policy", "sources disagree"]
    table([*(["type", "contact point"] if with_points else []), *columns], rows, title=f"as of {at:%Y-%m-%d %H:%M}")


def _print_decisions(consents: list[Consent]) -> None:
    rows = [
        (one.decision_id, one.source, one.purpose, one.channel, one.status, _minute(one.effective_at),
         _minute(one.recorded_at), _minute(one.expires_at), one.author, one.proof)
        for one in reversed(consents)
    ]  # fmt: skip
    print()
    columns = [
        "decision",
        "source",
        "purpose",
        "channel",
        "status",
        "effective",
        "recorded",
        "expires",
        "author",
        "proof",
    ]
    table(columns, rows, title="decisions, newest first")


def _said(said) -> str:
    return "; ".join(f"{source} {status}" for source, status in sorted(said.items()))


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
