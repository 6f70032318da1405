"""`cdp identity judge`, `judgements` and `undo`: what people decide about records, and taking it back.

Belongs here: arguments and what is printed. Must not go here: what a valid judgement is (governance/judgements.py),
who is meant by an id (identity/judging/subjects.py).
"""

from __future__ import annotations

import getpass
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.show import table
from warehouse.errors import CdpError
from warehouse.home import Home

if TYPE_CHECKING:
    from governance.judgements import Decision, Judgement

TWO_IDS = "Two ids are judged: cdp identity judge A B --different --reason …"
NEXT_RUN = "The next `cdp run` honours it."
Author = Annotated[str | None, typer.Option(help="Who decides; by default the user of this machine.")]
Subject = Annotated[str | None, typer.Argument(help="A record id, such as hubspot:10000004, or a customer id.")]


def judge(
    left: Subject = None,
    right: Subject = None,
    same: Annotated[bool, typer.Option("--same", help="One person: joined whatever the data say.")] = False,
    different: Annotated[bool, typer.Option("--different", help="Two people: never in one customer.")] = False,
    unsure: Annotated[bool, typer.Option("--unsure", help="Looked at and undecided: changes nothing.")] = False,
    reason: Annotated[str, typer.Option(help="Why; kept for ever, so without personal values.")] = "",
    author: Author = None,
    expires: Annotated[str | None, typer.Option(metavar="DATE", help="Counts until this date.")] = None,
    file: Annotated[Path | None, typer.Option(help="Judgements from a CSV file instead.")] = None,
) -> None:
    """Say that two records, or two customers, are the same, different, or that it cannot be told.

    Example: cdp identity judge hubspot:10000004 pos:L-10020 --different --reason "father and son"

    A file has the columns record_id_l, record_id_r, verdict, reason, author, expires_at.
    """
    from governance.judgements import record

    home, author = Home.from_environment(), author or getpass.getuser()
    if file:
        decisions = _from_file(home, file, author, others=any((left, right, same, different, unsure, reason, expires)))
    else:
        verdict = _verdict(same=same, different=different, unsure=unsure)
        decisions = [_from_arguments(home, left, right, verdict, author, reason, expires)]
    ids = record(home, decisions)
    _print_stored(ids, decisions)
    _print_overruled(home)


def _from_file(home: Home, file: Path, author: str, *, others: bool) -> list[Decision]:
    from identity.judging.judgement_files import read_decisions

    if others:
        raise CdpError("A file and a judgement were given", remedy="Give --file alone, or two ids without it.")
    return read_decisions(home, file, author)


def _verdict(**given: bool) -> str:
    said = [verdict for verdict, is_given in given.items() if is_given]
    if len(said) != 1:
        found = f"{len(said)} verdicts were given" if said else "No verdict was given"
        raise CdpError(found, remedy="Give one of --same, --different, --unsure.")
    return said[0]


def _from_arguments(
    home: Home, left: str | None, right: str | None, verdict: str, author: str, reason: str, expires: str | None
) -> Decision:
    from governance.judgements import new_decision
    from identity.judging.subjects import pairs_between, records_named
    from warehouse.moments import read_moment

    if not left or not right:
        raise CdpError("An id is missing", remedy=TWO_IDS)
    pairs = pairs_between(records_named(home, {left, right}), left, right, verdict)
    expires_at = read_moment(expires, said_of="--expires") if expires else None
    return new_decision(pairs, verdict, author=author, reason=reason, expires_at=expires_at)


def _print_stored(ids: list[str], decisions: list[Decision]) -> None:
    if len(ids) == 1:
        pairs = len(decisions[0].pairs)
        print(f"{ids[0]}: {_counted(pairs, 'pair')} of records judged {decisions[0].verdict}. {NEXT_RUN}")
        return
    pairs = sum(len(decision.pairs) for decision in decisions)
    print(f"{_counted(len(ids), 'judgement')} on {_counted(pairs, 'pair')} of records stored, for the next `cdp run`.")


def _print_overruled(home: Home) -> None:
    """Say which judgements the newer ones rule out, so that nobody learns it from a later run alone."""
    from governance.judgements import counting, overruled

    judged = counting(home)
    losers = [judged[at] for at in overruled((one.record_id_l, one.record_id_r, one.verdict) for one in judged)]
    for loser in losers:
        print(f"Overruled by newer ones: {loser.judgement_id}, {_pair(loser)} {loser.verdict}.")


def judgements() -> None:
    """List the judgements that count now, newest first.

    Example: cdp identity judgements
    """
    from governance.judgements import counting, overruled

    found = counting(Home.from_environment())
    if not found:
        print("Nobody has judged anything yet, or all of it is withdrawn or expired.")
        return
    losers = set(overruled((one.record_id_l, one.record_id_r, one.verdict) for one in found))
    pairs: dict[str, list[Judgement]] = {}
    overruled_pairs: Counter[str] = Counter()
    for at, one in enumerate(found):
        pairs.setdefault(one.judgement_id, []).append(one)
        overruled_pairs[one.judgement_id] += at in losers
    columns = ["judgement", "record", "record", "more pairs", "verdict", "author", "recorded", "expires", "reason"]
    table(columns, [_line(of_one, overruled_pairs[name]) for name, of_one in pairs.items()])


def _line(pairs: list[Judgement], overruled_count: int) -> tuple[str | int | None, ...]:
    """One judgement: its first pair, and how many more it is about."""
    one = pairs[-1]
    return (
        one.judgement_id,
        one.record_id_l,
        one.record_id_r,
        len(pairs) - 1 or None,
        f"{one.verdict} ({overruled_count} overruled)" if overruled_count else one.verdict,
        one.author,
        one.recorded_at[:16],
        (one.expires_at or "")[:16],
        one.reason,
    )


def undo(
    first: Annotated[str, typer.Argument(metavar="JUDGEMENT|A", help="A judgement's id, or the first of two ids.")],
    second: Annotated[str | None, typer.Argument(metavar="B", help="The second of two ids.")] = None,
    reason: Annotated[str, typer.Option(help="Why it is taken back.")] = "taken back",
    author: Author = None,
) -> None:
    """Withdraw a judgement: the one with this id, or what counts between two records or customers.

    Examples: cdp identity undo jdg_3f9a1c2b7d10

    cdp identity undo hubspot:10000004 pos:L-10020
    """
    from governance.judgements import standing_under, withdraw

    home = Home.from_environment()
    undone = _between(home, first, second) if second else standing_under(home, first)
    withdraw(home, undone, author=author or getpass.getuser(), reason=reason)
    ids = ", ".join(sorted({one.judgement_id for one in undone}))
    print(f"{ids}: withdrawn on {_counted(len(undone), 'pair')} of records, from the next `cdp run` on.")


def _between(home: Home, left: str, right: str) -> list[Judgement]:
    """What counts between two ids; a record that is no longer published still goes by its own id."""
    from governance.judgements import counting
    from identity.judging.subjects import records_named

    named = records_named(home, {left, right}) if home.current.exists() else {}
    lefts, rights = set(named.get(left, [left])), set(named.get(right, [right]))
    found = [
        one
        for one in counting(home)
        if (one.record_id_l in lefts and one.record_id_r in rights)
        or (one.record_id_l in rights and one.record_id_r in lefts)
    ]
    if not found:
        raise CdpError(
            "No judgement counts between the two", remedy="`cdp identity judgements` lists those that count."
        )
    return found


def _pair(judgement: Judgement) -> str:
    return f"{judgement.record_id_l} and {judgement.record_id_r}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
