"""An explanation as one self-contained page: the answer, the path, a waterfall per edge, what would break it.

Belongs here: the page's text and its own style. Must not go here: the frame (reporting/page.py), the chart
(waterfall.py), the sentences (tell.py), writing files (cli/).
Concept: it holds ids, fields, levels and rules, never a value.
"""

from collections.abc import Sequence
from html import escape

from identity.explaining.apart import Apart
from identity.explaining.evidence import Edge
from identity.explaining.explain import Together
from identity.explaining.groups import Group
from identity.explaining.phrases import bits_phrase, weighed_sentence
from identity.explaining.tell import break_cells, lacking_sentence, steps, weakest_sentences
from identity.explaining.tell_groups import group_answer, group_sections
from identity.explaining.waterfall import draw
from reporting.page import grid, page, paragraph, reasons, section

# A customer of hundreds of devices has as many edges; the weakest are those to look at.
MOST_CHARTS = 40
STYLE = """
.path { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 0; list-style: none; margin: 0; padding: 0; }
.path .record { background: var(--chip); border: 1px solid var(--line); border-radius: 999px; padding: 4px 14px;
  font-family: ui-monospace, "SF Mono", Menlo, monospace; font-size: 14px; overflow-wrap: anywhere; }
.path .tie { min-width: 92px; text-align: center; font-size: 13px; color: var(--soft); position: relative;
  padding: 0 8px 14px; }
.path .tie::after { content: ""; position: absolute; left: 0; right: 0; bottom: 10px;
  border-top: 2px solid var(--line); }
article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px 12px;
  margin: 0 0 16px; overflow-x: auto; }
article p { margin: 2px 0 10px; color: var(--soft); }
td:nth-child(2) { white-space: nowrap; }
@media (max-width: 600px) { .wide table { min-width: 560px; } }
svg.waterfall { display: block; width: 100%; min-width: 600px; height: auto;
  font: 14px system-ui, "Segoe UI", sans-serif; }
svg text { fill: var(--ink); }
svg .label { text-anchor: end; } svg .strong { font-weight: 650; }
svg .figure { text-anchor: end; font-variant-numeric: tabular-nums; }
svg .tick { text-anchor: middle; fill: var(--soft); font-size: 12px; }
svg .grid { stroke: var(--line); } svg .zero { stroke: var(--soft); }
svg .link { stroke: var(--soft); stroke-dasharray: 2 2; }
svg .for { fill: var(--for); } svg .against { fill: var(--against); }
svg .start { fill: var(--start); } svg .total { fill: var(--total); }
"""
READING = (
    "Bits are powers of two: 1 bit is two to one, 10 bits a thousand to one, 0 even odds; below zero the evidence is "
    "against. A chart starts from the odds of two records drawn at random and adds what each field says."
)


def together_page(found: Together) -> str:
    """The page of why some records are one customer."""
    shown = sorted(found.edges, key=lambda edge: edge.weight)[:MOST_CHARTS]
    ordered = found.edges if len(shown) == len(found.edges) else tuple(shown)
    left_out = len(found.edges) - len(ordered)
    body = [
        section("The path", _path(found.edges)) if found.is_path and found.edges else "",
        section("The evidence, edge by edge", _charts(ordered, found.prior) + _left_out(left_out)) if ordered else "",
        section("The weakest bridge", *(paragraph(said) for said in weakest_sentences(found))) if found.weakest else "",
        section("What would break it", _breaks(found)) if found.weakest else "",
    ]
    return _page("Why are these one customer?", found.answer, body)


def apart_page(found: Apart) -> str:
    """The page of why two are two customers."""
    body = [
        section("Why not", reasons([*found.reasons, lacking_sentence(found)])),
        section("The best edge between them", _charts([found.edge], found.prior)) if found.edge else "",
    ]
    return _page("Why are these two customers?", found.answer, body)


def group_page(found: Group) -> str:
    """The page of why some members are one household or account."""
    body = [
        section(title, reasons(": ".join(filter(None, line)) for line in lines))
        for title, lines in group_sections(found)
    ]
    return _page(f"Why is this one {found.entity.name}?", group_answer(found), body)


def _page(title: str, answer: str, sections: Sequence[str]) -> str:
    return page(title, answer, sections, READING, STYLE)


def _path(edges: Sequence[Edge]) -> str:
    """The records in order, with the bits between them."""
    records = walk(edges)
    parts = [f'<li class="record">{escape(records[0])}</li>']
    for edge, record in zip(edges, records[1:], strict=True):
        bits = bits_phrase(edge.weight)
        parts += [f'<li class="tie">{escape(bits)}</li>', f'<li class="record">{escape(record)}</li>']
    return f'<ol class="path">{"".join(parts)}</ol>'


def walk(edges: Sequence[Edge]) -> list[str]:
    """The records along a path of edges."""
    first, *others = edges
    start = first.left
    if others and first.left in (others[0].left, others[0].right):
        start = first.right
    records = [start]
    for edge in edges:
        records.append(edge.right if edge.left == records[-1] else edge.left)
    return records


def _charts(edges: Sequence[Edge], prior: float | None) -> str:
    return "".join(
        f"<article><h3>{escape(edge.left)} – {escape(edge.right)}</h3><p>{escape(weighed_sentence(edge))}</p>"
        f"{draw(f'Bits of the edge between {edge.left} and {edge.right}', steps(edge, prior))}</article>"
        for edge in edges
    )


def _left_out(count: int) -> str:
    return f"<p>{count} stronger edges are not drawn; identity_explanations has them all.</p>" if count else ""


def _breaks(found: Together) -> str:
    rows = [break_cells(broken) for broken in (*found.bridges, *found.fields)]
    if not rows:
        return "<p>Neither the loss of one edge nor of one field would split it.</p>"
    return grid(["without", "worth", "there would be"], rows)
