"""An explanation as one self-contained page: the answer, the path, a waterfall per edge, what would break it.

Belongs here: the page's text and style. Must not go here: the chart (waterfall.py), the sentences (tell.py), writing
files (cli/).
Concept: DESIGN, section 12; nothing is loaded and nothing runs, which the page's own policy enforces, and every word
that came from data is escaped. It holds ids, fields, levels and rules, never a value.
"""

from collections.abc import Iterable, Sequence
from html import escape

from identity.explaining.apart import Apart
from identity.explaining.evidence import Edge
from identity.explaining.explain import Together
from identity.explaining.groups import Group
from identity.explaining.phrases import bits_phrase, weighed_sentence
from identity.explaining.tell import break_cells, lacking_sentence, steps, weakest_sentences
from identity.explaining.tell_groups import group_answer, group_sections
from identity.explaining.waterfall import draw

# A customer of hundreds of devices has as many edges; the weakest are those to look at.
MOST_CHARTS = 40
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; --paper: #fbfbfa; --card: #fff; --ink: #1d2430; --soft: #5b6472; --line: #dfe3e8;
  --for: #1f6fb2; --against: #c2570c; --start: #8a94a3; --total: #1d2430; --chip: #eef2f6; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181e; --card: #1c222b; --ink: #e8ebef; --soft: #a3adba;
  --line: #343c48; --for: #5aa9e6; --against: #f0924a; --start: #7c8797; --total: #e8ebef; --chip: #29313d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", sans-serif; }
main { max-width: 940px; margin: 0 auto; padding: 40px 24px 64px; }
header p { margin: 0 0 4px; color: var(--soft); font-size: 14px; letter-spacing: .02em; }
h1 { font-size: 24px; line-height: 1.3; margin: 0 0 20px; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 40px 0 12px; }
h3 { font-size: 15px; margin: 0; font-weight: 600; overflow-wrap: anywhere; }
section > p { margin: 0 0 12px; }
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
ul.reasons { margin: 0; padding-left: 22px; }
ul.reasons li { margin: 0 0 8px; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; background: var(--card); border: 1px solid var(--line);
  font-size: 15px; }
th, td { text-align: left; vertical-align: top; padding: 8px 12px; border-top: 1px solid var(--line);
  overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; font-size: 13px; }
td:nth-child(2) { white-space: nowrap; }
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
footer { margin-top: 40px; color: var(--soft); font-size: 14px; border-top: 1px solid var(--line); padding-top: 12px; }
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
        _section("The path", _path(found.edges)) if found.is_path and found.edges else "",
        _section("The evidence, edge by edge", _charts(ordered, found.prior) + _left_out(left_out)) if ordered else "",
        _section("The weakest bridge", *(f"<p>{escape(said)}</p>" for said in weakest_sentences(found)))
        if found.weakest
        else "",
        _section("What would break it", _breaks(found)) if found.weakest else "",
    ]
    return _page("Why are these one customer?", found.answer, body)


def apart_page(found: Apart) -> str:
    """The page of why two are two customers."""
    body = [
        _section("Why not", _reasons([*found.reasons, lacking_sentence(found)])),
        _section("The best edge between them", _charts([found.edge], found.prior)) if found.edge else "",
    ]
    return _page("Why are these two customers?", found.answer, body)


def group_page(found: Group) -> str:
    """The page of why some members are one household or account."""
    body = [
        _section(title, _reasons(": ".join(filter(None, line)) for line in lines))
        for title, lines in group_sections(found)
    ]
    return _page(f"Why is this one {found.entity.name}?", group_answer(found), body)


def _reasons(said: Iterable[str]) -> str:
    return f'<ul class="reasons">{"".join(f"<li>{escape(one)}</li>" for one in said)}</ul>'


def _page(title: str, answer: str, sections: Sequence[str]) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>"
        f"<header><p>{escape(title)}</p><h1>{escape(answer)}</h1></header>"
        f"{''.join(sections)}<footer>{escape(READING)}</footer></main></body></html>\n"
    )


def _section(title: str, *content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{''.join(content)}</section>"


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
    cells = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    heads = "<tr><th>without</th><th>worth</th><th>there would be</th></tr>"
    return f"<table><thead>{heads}</thead><tbody>{cells}</tbody></table>"
