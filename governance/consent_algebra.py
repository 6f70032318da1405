"""What a set of consent decisions amounts to: a pure algebra, which int_consent_words and consents repeat in SQL.

Belongs here: how decisions combine. Must not go here: where they are kept (consents.py), who holds a contact point.
Concept: DESIGN, section 7. Decisions are a set, so no order of hearing them matters, and hearing one twice changes
nothing. Of one source the latest word on a question counts; of several sources, contact points and merged customers
the strictest. Nothing heard is `never_asked`: it neither permits nor refuses, and gives way to any word.

A question is a contact point, a purpose and a channel. `Words` hold, per question and source, the latest decision:
they form a semilattice under join(), with no words at all as its least element.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce

# By how strict they are: of two that hold at once, the stricter counts.
STRICTNESS = {"never_asked": 0, "granted": 1, "expired": 2, "denied": 3, "withdrawn": 4}
NEVER_ASKED = "never_asked"
FOREVER = datetime.max


@dataclass(frozen=True)
class Question:
    """What may be done for which purpose, over which channel, with which contact point."""

    contact_point_type: str
    contact_point: str
    purpose: str
    channel: str

    @property
    def point(self) -> tuple[str, str]:
        return self.contact_point_type, self.contact_point


@dataclass(frozen=True)
class Decision:
    """One word of one source on one question. Moments are UTC without a time zone; only a grant expires."""

    event_id: str
    source: str
    question: Question
    status: str
    effective_at: datetime
    recorded_at: datetime
    expires_at: datetime | None = None

    def status_at(self, moment: datetime) -> str:
        """granted becomes expired at expires_at itself."""
        over = self.status == "granted" and self.expires_at is not None and self.expires_at <= moment
        return "expired" if over else self.status

    @property
    def precedence(self) -> tuple[datetime, int, timedelta, str]:
        """Of one source, the greatest counts: the latest; of one moment the strictest, then the one that ends first."""
        return self.effective_at, STRICTNESS[self.status], FOREVER - (self.expires_at or FOREVER), self.event_id


Words = Mapping[Question, Mapping[str, Decision]]


@dataclass(frozen=True)
class Standing:
    """What holds on one question. decision: the one that won; said: each source's own word; both as of one moment."""

    status: str
    decision: Decision
    said: Mapping[str, str]

    @property
    def is_conflicting(self) -> bool:
        """One source permits what another does not."""
        return len({status == "granted" for status in self.said.values()}) > 1


def heard(decisions: Iterable[Decision], at: datetime, known_at: datetime | None = None) -> Words:
    """The words as of a moment: decisions in force by then and, with known_at, recorded by then."""
    timely = (d for d in decisions if d.effective_at <= at and (known_at is None or d.recorded_at <= known_at))
    words: dict[Question, dict[str, Decision]] = {}
    for decision in timely:
        by_source = words.setdefault(decision.question, {})
        by_source[decision.source] = _later(by_source.get(decision.source, decision), decision)
    return words


def join(left: Words, right: Words) -> Words:
    """Both sets of words heard: what a merge makes of two sides."""
    joined = {question: dict(by_source) for question, by_source in left.items()}
    for question, by_source in right.items():
        mine = joined.setdefault(question, {})
        for source, decision in by_source.items():
            mine[source] = _later(mine.get(source, decision), decision)
    return joined


def held(words: Words, points: Iterable[tuple[str, str]]) -> Words:
    """The words on some contact points alone: what a split gives back to the side that holds them."""
    kept = set(points)
    return {question: by_source for question, by_source in words.items() if question.point in kept}


def standing(by_source: Mapping[str, Decision], at: datetime) -> Standing:
    """What the sources' words on one question amount to: the strictest, and of equals the latest."""
    winner = max(by_source.values(), key=lambda one: (STRICTNESS[one.status_at(at)], one.effective_at, one.source))
    return Standing(winner.status_at(at), winner, {name: one.status_at(at) for name, one in by_source.items()})


def strictest(statuses: Iterable[str]) -> str:
    """The strictest of some statuses; of none, never_asked."""
    return reduce(lambda a, b: max(a, b, key=STRICTNESS.__getitem__), statuses, NEVER_ASKED)


def status_of(words: Words, purpose: str, channel: str, at: datetime) -> str:
    """What holds for somebody with all these contact points: the strictest of what holds on each."""
    return strictest(
        standing(by_source, at).status
        for question, by_source in words.items()
        if (question.purpose, question.channel) == (purpose, channel)
    )


def _later(one: Decision, other: Decision) -> Decision:
    return max(one, other, key=lambda decision: decision.precedence)
