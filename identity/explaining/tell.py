"""Explanations in sentences, for the terminal and the page alike.

Belongs here: what a break, a split and a step of the waterfall are called. Must not go here: the reasons themselves
(explain.py, apart.py), how they are laid out (cli/, explain_page.py).
"""

from collections.abc import Sequence

from identity.explaining.apart import Apart
from identity.explaining.evidence import Edge, waterfall
from identity.explaining.explain import Break, Together
from identity.explaining.phrases import MINUS, bar_phrase, bits_in_words, bits_phrase, field_name, figure, listed

NAMED_RECORDS = 3


def weakest_sentences(found: Together) -> list[str]:
    """Where the customer holds least, and its weakest bridge where that is another place."""
    if not found.weakest:
        return []
    weakest, edges = found.weakest, found.weakest.edges
    if len(edges) == 1:
        return [f"The weakest bridge is {_bridge(weakest)}."]
    said = [
        f"At its weakest place {len(edges)} edges hold, the strongest of {bits_in_words(weakest.weight)}; "
        f"all would have to go to leave {parts_phrase(weakest.parts)}."
    ]
    if found.bridges:
        return [*said, f"The weakest bridge is {_bridge(found.bridges[0])}."]
    return [*said, "No single edge could split this customer."]


def _bridge(broken: Break) -> str:
    edge = broken.edges[0]
    return (
        f"the edge between {edge.left} and {edge.right} ({bits_in_words(edge.weight)}); "
        f"without it there would be {parts_phrase(broken.parts)}"
    )


def break_cells(broken: Break) -> tuple[str, str, str]:
    """A break as cells: without what, its bits or how many edges use it, and what would be left."""
    if broken.field:
        used = len(broken.edges)
        return f"any {field_name(broken.field)}", f"{used} edge{'' if used == 1 else 's'}", parts_phrase(broken.parts)
    edge = broken.edges[0]
    return f"{edge.left} – {edge.right}", bits_phrase(edge.weight), parts_phrase(broken.parts)


def parts_phrase(parts: Sequence[Sequence[str]]) -> str:
    """The largest part is counted, the others are named: 5 records, and apart from them pos:1 and pos:2."""
    largest, *others = parts
    rest = "record" if len(largest) == 1 else "records"
    return f"{len(largest)} {rest}, and apart from {'it' if len(largest) == 1 else 'them'} " + listed(
        _part(part) for part in others
    )


def _part(records: Sequence[str]) -> str:
    named = [*records[:NAMED_RECORDS]]
    more = len(records) - len(named)
    if more:
        named.append(f"{more} more")
    return " + ".join(named)


def steps(edge: Edge, prior: float | None) -> list[tuple[str, float]]:
    """The waterfall as (what, bits), from the prior to the last field."""
    return [(bar_phrase(bar), bar.bits) for bar in waterfall(edge, prior)]


def lacking_sentence(found: Apart) -> str:
    one = found.pairs_count == 1
    pairs = "the one pair of records" if one else f"the {found.pairs_count:,} pairs of records"
    mean = f"Taken together, {pairs} between them {'is' if one else 'are'} worth {bits_phrase(found.mean_weight)}"
    if not one:
        mean += " on average"
    if found.lacking_bits:
        return f"{mean}; {bits_phrase(found.lacking_bits)} more would make them one."
    return f"{mean}: by weight alone they would be one."


def signed(bits: float) -> str:
    shown = figure(bits)
    return shown if shown.startswith(MINUS) or shown == "0" else f"+{shown}"
