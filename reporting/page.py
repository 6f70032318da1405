"""A page that stands alone: its frame, its policy and the style that all pages share.

Belongs here: what is true of every page. Must not go here: what one page says, or style that only it needs.
Concept: DESIGN, section 12; nothing is loaded and nothing runs, which the page's own policy enforces, and every word
that came from data is escaped.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape

DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b", re.ASCII)
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
section > p { margin: 0 0 12px; overflow-wrap: anywhere; }
ul.reasons { margin: 0; padding-left: 22px; }
ul.reasons li { margin: 0 0 8px; overflow-wrap: anywhere; }
.day { white-space: nowrap; }
.wide { overflow-x: auto; margin: 0 0 16px; }
table { border-collapse: collapse; width: 100%; background: var(--card); border: 1px solid var(--line);
  font-size: 15px; }
th, td { text-align: left; vertical-align: top; padding: 8px 12px; border-top: 1px solid var(--line);
  overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; font-size: 13px; }
footer { margin-top: 40px; color: var(--soft); font-size: 14px; border-top: 1px solid var(--line); padding-top: 12px; }
"""


def page(title: str, answer: str, sections: Sequence[str], footer: str, style: str = "") -> str:
    """The whole page. title and answer head it, sections are HTML; style is what only this page needs."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}{style}</style></head><body><main>"
        f"<header><p>{escape(title)}</p><h1>{escape(answer)}</h1></header>"
        f"{''.join(sections)}<footer>{escape(footer)}</footer></main></body></html>\n"
    )


def section(title: str, *content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{''.join(content)}</section>"


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def reasons(said: Iterable[str]) -> str:
    """A list of sentences. A day in one is not broken between lines."""
    lines = (DAY.sub(r'<span class="day">\g<0></span>', escape(one)) for one in said)
    return f'<ul class="reasons">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]], figures: Sequence[int] = ()) -> str:
    """A table of plain text; figures: the columns, from 0, that are numbers and stand to the right."""

    def line(cells: Sequence[str], tag: str) -> str:
        shown = (
            f"<{tag}{' class=figure' if at in figures else ''}>{escape(cell)}</{tag}>" for at, cell in enumerate(cells)
        )
        return f"<tr>{''.join(shown)}</tr>"

    body = "".join(line(row, "td") for row in rows)
    return f'<div class="wide"><table><thead>{line(heads, "th")}</thead><tbody>{body}</tbody></table></div>'
