"""The report on a generation: one page of what the platform and the business came to.

Belongs here: the order of the sections, the headline, the history. Must not go here: the other sections (data.py,
business.py), the frame (page.py), drawing (bars.py, trend.py).
Concept: it reads the masked file alone, so it cannot hold a raw personal value; every word is escaped. Its figures are
those of the tables: a test holds them equal.
"""

from collections.abc import Callable, Iterable

import duckdb

from reporting.business import accounts, key_figures, lifecycle, models, segments, service
from reporting.data import identity, quality, sources_of_truth
from reporting.figures import Figures, read_figures
from reporting.page import page, section
from reporting.trend import draw_trend

STYLE = """
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 12px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.tile b { display: block; font-size: 24px; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 13px; display: block; }
@media (max-width: 600px) { .tiles { grid-template-columns: repeat(2, 1fr); } }
.charts { display: flex; flex-wrap: wrap; gap: 16px; }
svg { display: block; max-width: 100%; height: auto; margin: 0 0 16px; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; }
td.figure { white-space: nowrap; }
.wide td:last-child:not(.figure) { min-width: 9em; }
.heat { overflow-x: auto; margin: 0 0 16px; }
.wide td, .wide th, .heat td, .heat th { overflow-wrap: normal; padding: 6px 8px; font-size: 14px; }
.heat td { padding: 4px 8px; font-size: 13px; text-align: right; }
.heat td:first-child { text-align: left; white-space: nowrap; }
.heat td.s1 { background: #c2570c40; } .heat td.s2 { background: #c2570c20; }
.heat td.s4 { background: #1f6fb220; } .heat td.s5 { background: #1f6fb240; }
"""
FOOTER = (
    "Made from what is published, masked: it holds counts, shares and sums, and no personal value. "
    "docs/measures.md says what each figure is; cdp sql reads the tables behind it."
)
TRENDS = {
    ("customers", "all"): "Customers",
    ("duplicate_reduction", "all"): "Duplicate reduction",
    ("data_quality_score", "all"): "Data quality",
    ("lifetime_value", "total"): "Lifetime value, all customers",
}


def report_page(con: duckdb.DuckDBPyConnection, generation: str) -> str:
    """The page on the generation that con reads (publishing.read.open_published, masked)."""
    figures = read_figures(con)
    sections = [
        section(title, *parts)
        for title, parts in ((title, [part for part in make(figures) if part]) for title, make in SECTIONS.items())
        if parts
    ]
    return page("Report on the customer data", _headline(con, generation), sections, FOOTER, STYLE)


def _headline(con: duckdb.DuckDBPyConnection, generation: str) -> str:
    [(customers, visitors)] = con.execute(
        "select (select count(*) from customers), (select count(*) from visitors)"
    ).fetchall()
    return f"{_counted(customers, 'customer')} and {_counted(visitors, 'visitor')} in generation {generation}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _history(figures: Figures) -> Iterable[str]:
    charts = [
        draw_trend(title, points)
        for (metric, dimension), title in TRENDS.items()
        if len(points := figures.history(metric, dimension)) > 1
    ]
    if charts:
        yield f'<div class="charts">{"".join(charts)}</div>'


SECTIONS: dict[str, Callable[[Figures], Iterable[str]]] = {
    "At a glance": key_figures,
    "Over the runs": _history,
    "Customers": lifecycle,
    "Who is who": identity,
    "Quality of the data": quality,
    "Sources of truth": sources_of_truth,
    "Segments": segments,
    "Accounts": accounts,
    "Service": service,
    "Scores": models,
}
