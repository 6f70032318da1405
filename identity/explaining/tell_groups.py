"""A household or an account in sentences, for the terminal and the page alike.

Belongs here: what its rules are called, and the sections of the answer. Must not go here: the reasons themselves
(groups.py), how they are laid out (cli/, explain_page.py).
Concept: as in phrases.py; a rule without a phrase is a reason that nobody can read, so a test fails if one is missing.
"""

from collections.abc import Sequence
from datetime import datetime

from identity.explaining.groups import Cut, Group, Member, Stay, Tie
from identity.explaining.phrases import bits_in_words, bits_phrase, listed
from identity.roles import CUT_WEIGHT

CONTACT = "an e-mail address, a phone number or a device in common"
RULES = {
    "same_address_and_name": "the same home address and family name",
    "same_address_and_contact": f"the same home address, and {CONTACT}",
    "same_address": "the same home address, behind which hardly anybody else is known",
    "same_contact_and_name": f"the same family name, and {CONTACT}",
    "same_contact": CONTACT,
    "same_contact_other_address": CONTACT,
    "same_domain_and_name": "the same domain and name",
    "same_domain": "the same domain",
    "same_mailboxes_and_name": "the same name, and people of the one write from the domain of the other",
    "same_mailboxes": "people of the one write from the domain of the other",
    "same_name": "the same name, which no other company is known to have",
    "same_name_of_several": "the same name, which several companies have",
    "same_name_other_domain": "the same name, with different domains",
    "same_name_other_country": "the same name",
}
KINDS = {
    "email": "an e-mail address",
    "phone": "a phone number",
    "device": "a device",
    "address": "a home address",
    "domain": "a domain",
    "name": "a name",
}
# As account_members.linked_by has them; any other word is a system's name.
LINKS = {
    "company name": "the company's name on a record",
    "e-mail domain": "an e-mail address at its domain",
}
MOST_LISTED = 12
Lines = list[tuple[str, str]]


def group_answer(found: Group) -> str:
    """The plain answer in one sentence."""
    ties = [member.tie for member in found.members if member.tie]
    one, count = f"{found.group_id} is", len(found.members)
    if found.entity.name == "household" and count == 1:
        return f"{one} a household of one customer, alone at a private address: nobody had to be put together."
    if count == 1:
        return f"{one} an account of one record: nothing had to be put together."
    members = "customers" if found.entity.name == "household" else "records"
    held = "one edge" if len(ties) == 1 else f"{len(ties)} edges, the weakest"
    weakest = bits_in_words(min(tie.weight for tie in ties))
    return f"{one} {_article(found.entity.name)} of {count} {members}, held together by {held} of {weakest}."


def group_sections(found: Group) -> list[tuple[str, Lines]]:
    """Titles with lines below them, each a head and what is said of it; sections without a line are left out."""
    title = "Who is in it" if found.entity.name == "household" else "Its records"
    edges = f"{found.entity.name}_edges of activation.duckdb"
    sections: list[tuple[str, Lines]] = [
        (title, [_member(one) for one in found.members]),
        ("Who belongs to it", _some([_stay(one) for one in found.people], "account_members")),
        ("Who has left", _some([_left(one, found) for one in found.former], f"{found.entity.name}_members")),
        ("What joins nobody", _some([_apart(tie) for tie in found.apart], edges)),
        ("What was cut", [_cut(one) for one in found.cut]),
    ]
    if found.further_edges:
        more = "one more edge holds" if found.further_edges == 1 else f"{found.further_edges} more edges hold"
        sections[0][1].append((f"Beside these {more} them.", ""))
    return [(title, lines) for title, lines in sections if lines]


def _member(member: Member) -> tuple[str, str]:
    head = f"{member.name}, since {_day(member.since_at)}"
    if not member.tie:
        return head, ""
    return head, f"With {member.beside}: {RULES[member.tie.rule]} ({bits_in_words(member.tie.weight)})."


def _stay(stay: Stay) -> tuple[str, str]:
    return f"{stay.customer_id}, since {_day(stay.joined_at)}", _linked(stay.linked_by)


def _linked(linked_by: str | None) -> str:
    if not linked_by:
        return ""
    words = linked_by.split(", ")
    systems = [word for word in words if word not in LINKS]
    own = [f"the link{'s' if len(systems) > 1 else ''} of {listed(systems)}"] if systems else []
    return f"By {listed([*own, *(LINKS[word] for word in words if word in LINKS)])}."


def _left(stay: Stay, found: Group) -> tuple[str, str]:
    """An id that was merged has left; the person may be there still."""
    head = f"{stay.customer_id}, from {_day(stay.joined_at)} to {stay.left_at:%Y-%m-%d}"
    if stay.retired_at is None:
        return head, ""
    if stay.successor_id is None:
        return head, f"Its records are gone since {_day(stay.retired_at)}."
    here = stay.successor_id in {one.name for one in found.members} | {one.customer_id for one in found.people}
    return head, f"Merged into {stay.successor_id} on {_day(stay.retired_at)}{', who belongs to it' if here else ''}."


def _apart(tie: Tie) -> tuple[str, str]:
    if tie.cut_reason:
        why = f"kept apart, since {tie.cut_reason}"
    elif tie.weight < CUT_WEIGHT:
        why = f"{bits_phrase(tie.weight)}, and {bits_phrase(CUT_WEIGHT)} would join"
    else:
        why = f"{bits_phrase(tie.weight)}, outweighed by what else is known of the two and of those with them"
    return f"{tie.left} and {tie.right}", f"{_capital(RULES[tie.rule])}: {why}."


def _cut(cut: Cut) -> tuple[str, str]:
    members = listed(cut.members)
    if cut.kind == "group":
        return members, f"Taken apart: {cut.members_count} hung together, where {cut.cap} may."
    limit = f" ({cut.members_count:,}, where {cut.cap:,} may)" if cut.cap else ""
    return members, f"Of {KINDS[cut.kind]} that was cut: {cut.reason}{limit}."


def _some(lines: Sequence[tuple[str, str]], rest: str) -> Lines:
    more = len(lines) - MOST_LISTED
    return [*lines[:MOST_LISTED], *([(f"… and {more:,} more: {rest} has them all.", "")] if more > 0 else [])]


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _article(name: str) -> str:
    return f"an {name}" if name == "account" else f"a {name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
