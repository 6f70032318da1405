"""The report on a generation: one page of what the platform and the business came to.

Belongs here: the sections, their figures and their words. Must not go here: the frame (page.py), drawing (bars.py,
trend.py), the figures themselves (dbt_project/models/measures).
Concept: it reads the masked file alone, so it cannot hold a raw personal value; every word is escaped. Its figures are
those of the tables: a test holds them equal.
"""

from collections.abc import Callable, Iterable
from html import escape

import duckdb

from reporting.bars import draw_bars
from reporting.figures import Figure, Figures, read_figures
from reporting.page import grid, page, paragraph, section
from reporting.trend import draw_trend

STYLE = """
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 12px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.tile b { display: block; font-size: 24px; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 13px; display: block; }
.charts { display: flex; flex-wrap: wrap; gap: 16px; }
svg { display: block; max-width: 100%; height: auto; margin: 0 0 16px; }
.heat { margin: 0 0 16px; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; }
.heat { overflow-x: auto; }
.heat td { padding: 4px 8px; font-size: 13px; text-align: right; }
.heat td:first-child { text-align: left; white-space: nowrap; }
.heat td.s1 { background: #c2570c40; } .heat td.s2 { background: #c2570c20; }
.heat td.s4 { background: #1f6fb220; } .heat td.s5 { background: #1f6fb240; }
"""
FOOTER = (
    "Made from what is published, masked: it holds counts, shares and sums, and no personal value. "
    "docs/measures.md says what each figure is; cdp sql reads the tables behind it."
)
# metric, dimension → its name on the first screen
KEY_FIGURES = {
    ("customers", "all"): "customers",
    ("duplicate_reduction", "all"): "of records were duplicates",
    ("match_rate", "all"): "of records matched across systems",
    ("data_quality_score", "all"): "data quality, of 100",
    ("lifetime_value", "mean"): "mean lifetime value",
    ("churn_rate", "subscriptions"): "of subscribers left in 90 days",
    ("churn_rate", "orders"): "of buyers did not buy again in 90 days",
    ("conversion_rate", "leads"): "of new leads became customers",
    ("renewal_rate", "subscriptions"): "of subscriptions due were renewed",
    ("cost_to_serve", "tickets"): "cost to serve a customer",
    ("resolution_rate", "all"): "of tickets are resolved",
    ("first_reply_hours", "all"): "to the first reply, median",
}
TRENDS = {
    ("customers", "all"): "Customers",
    ("duplicate_reduction", "all"): "Duplicate reduction",
    ("data_quality_score", "all"): "Data quality",
    ("lifetime_value", "total"): "Lifetime value, all customers",
}
RISKS = ("high", "medium", "low", "none")
CANARY = {"pair_precision": "precision", "pair_recall": "recall", "pair_f1": "F1"}


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
    return f"{customers:,} customers and {visitors:,} visitors in generation {generation}"


def _key_figures(figures: Figures) -> Iterable[str]:
    tiles = [
        f"<div class=tile><b>{escape(one.shown)}</b>{escape(name)}<span>{escape(one.change)}</span></div>"
        for (metric, dimension), name in KEY_FIGURES.items()
        if (one := figures.one(metric, dimension=dimension))
    ]
    yield f'<div class="tiles">{"".join(tiles)}</div>'


def _history(figures: Figures) -> Iterable[str]:
    charts = [
        draw_trend(title, points)
        for (metric, dimension), title in TRENDS.items()
        if len(points := figures.history(metric, dimension)) > 1
    ]
    if charts:
        yield f'<div class="charts">{"".join(charts)}</div>'


def _identity(figures: Figures) -> Iterable[str]:
    yield _bars("Records that meet another system's", figures.of_sources("match_rate"), _source, most=1.0)
    yield _bars("Duplicates within a source", figures.of_sources("duplicate_reduction"), _source, most=1.0)
    canary = [one for name in CANARY if (one := figures.one("canary", dimension=name))]
    yield _bars("On records whose truth is known", canary, lambda one: CANARY[one.dimension], most=1.0)
    drift = sorted(figures.of_dimensions("population_stability_index"), key=lambda one: -one.value)
    if drift:
        yield paragraph(
            f"The field that has moved most since the model learned is {_words(drift[0].dimension)}, by "
            f"{drift[0].value:.3f}; above 0.25 it would no longer be the data that taught it."
        )


def _quality(figures: Figures) -> Iterable[str]:
    rows = figures.con.execute("""
        select field, source, score_pct
        from data_quality
        where measured_on = (select max(measured_on) from data_quality)
        order by all
    """).fetchall()
    if rows:
        yield paragraph(
            "The score of a field in a source is the mean of completeness, validity, freshness and consistency, as far "
            "as they are known; data_quality has the parts and the formula of each."
        )
        yield _heat({(field, source): score for field, source, score in rows})
    worst = figures.con.execute("""
        select source, field, completeness, validity, freshness, consistency, score_pct
        from data_quality
        where measured_on = (select max(measured_on) from data_quality)
        order by score_pct, source, field
        limit 5
    """).fetchall()
    yield grid(
        ["lowest", "", "completeness", "validity", "freshness", "consistency", "score"],
        [
            (source, _words(field), *(_share(part) for part in parts), f"{score:.0f}")
            for source, field, *parts, score in worst
        ],
        figures=range(2, 7),
    )


def _sources_of_truth(figures: Figures) -> Iterable[str]:
    rows = figures.con.execute("""
        select model, field, winning_system, owner, compared_count, conflicts_count, stale_pct
        from field_report
        where run_id = (select max_by(run_id, effective_at) from field_report) and conflicts_count > 0
        order by conflicts_count desc, model, field
        limit 8
    """).fetchall()
    [(ownerless, unused)] = figures.con.execute("""
        select count(*) filter (where is_ownerless), count(*) filter (where not is_used)
        from field_report
        where run_id = (select max_by(run_id, effective_at) from field_report)
    """).fetchall()
    yield paragraph(
        f"Fields on which systems disagree, most first. {ownerless:,} fields have no owner; {unused:,} are read by nothing, "
        "and need not be collected (field_report)."
    )
    if rows:
        yield grid(
            ["table", "field", "winning system", "owner", "compared", "disagree", "stale"],
            [
                (model, _words(field), wins or "–", owner or "–", f"{compared:,}", f"{conflicts:,}",
                 "–" if stale is None else f"{stale:.1f} %")
                for model, field, wins, owner, compared, conflicts, stale in rows
            ],
            figures=range(4, 7),
        )  # fmt: skip


def _accounts(figures: Figures) -> Iterable[str]:
    levels = sorted(figures.of_dimensions("accounts_by_risk"), key=lambda one: RISKS.index(one.dimension))
    yield _bars("Accounts by risk", levels, lambda one: one.dimension)


def _segments(figures: Figures) -> Iterable[str]:
    rows = figures.con.execute("""
        select
            segments.segment, segments.members_count, segments.considered_count, segments.entered_count,
            segments.left_count, reach.email, reach.sms, accuracy.expected_precision, segments.owner
        from segments
        left join (
            select
                segment,
                max(sendable_count) filter (where channel = 'email') as email,
                max(sendable_count) filter (where channel = 'sms') as sms
            from segment_reach
            group by segment
        ) as reach on reach.segment = segments.segment
        left join segment_accuracy as accuracy on accuracy.segment = segments.segment
        order by segments.members_count desc, segments.segment
    """).fetchall()
    yield paragraph(
        "To write to are the members with an address and consent, whom no segment suppresses. Expected right is the share "
        "of members that the linkage is sure of."
    )
    yield grid(
        ["segment", "members", "of customers", "entered", "left", "to e-mail", "to text", "expected right", "owner"],
        [
            (_words(name), f"{members:,}", _share(members / of if of else None), f"+{came:,}", f"−{gone:,}",
             _count(email), _count(sms), _share(right), owner)
            for name, members, of, came, gone, email, sms, right, owner in rows
        ],
        figures=range(1, 8),
    )  # fmt: skip


def _models(figures: Figures) -> Iterable[str]:
    rows = figures.con.execute("""
        select score, model, horizon_days, tested_rows_count, measure, error, baseline_error, lift, calibration_error, drift,
            is_published, reason
        from score_models
        where run_id = (select max_by(run_id, recorded_at) from score_models)
        order by score
    """).fetchall()
    if rows:
        yield paragraph(
            "A score is published only if, on the data of before its horizon, it foretold what came after better than the "
            "naive answer did."
        )
        yield grid(
            ["score", "model", "days", "tested on", "error", "naive", "saved", "off by", "drift", ""],
            [
                (_words(score), model, _count(days), _count(tested), _decimal(error), _decimal(naive), _share(lift),
                 _decimal(off), _decimal(drift), "published" if published else reason or "not published")
                for score, model, days, tested, _, error, naive, lift, off, drift, published, reason in rows
            ],
            figures=range(2, 9),
        )  # fmt: skip


def _service(figures: Figures) -> Iterable[str]:
    names = {
        "tickets_count": "tickets in 90 days",
        "resolution_rate": "resolved",
        "first_reply_hours": "to the first reply, median",
        "resolution_hours": "to the solution, median",
        "resolution_hours_p90": "to the solution, nine in ten",
        "reopen_rate": "were opened again",
        "satisfaction": "of those who answered were satisfied",
    }
    rows = [(name, one.shown, one.change) for metric, name in names.items() if (one := figures.one(metric))]
    if rows:
        yield grid(["", "", "since the run before"], rows, figures=(1,))


def _lifecycle(figures: Figures) -> Iterable[str]:
    stages = sorted(figures.of_dimensions("lifecycle_stage"), key=lambda one: -one.value)
    yield _bars("Customers by lifecycle stage", stages, lambda one: _words(one.dimension))


SECTIONS: dict[str, Callable[[Figures], Iterable[str]]] = {
    "At a glance": _key_figures,
    "Over the runs": _history,
    "Customers": _lifecycle,
    "Who is who": _identity,
    "Quality of the data": _quality,
    "Sources of truth": _sources_of_truth,
    "Segments": _segments,
    "Accounts": _accounts,
    "Service": _service,
    "Scores": _models,
}


def _bars(title: str, figures: list[Figure], name: Callable[[Figure], str], most: float | None = None) -> str:
    return draw_bars(title, [(name(one), one.value, one.shown) for one in figures], most) if figures else ""


def _heat(scores: dict[tuple[str, str], float]) -> str:
    """Fields by sources; the colour is the fifth of the scale that a score is in, with the middle one left plain."""
    sources = sorted({source for _, source in scores})
    lines = "".join(
        f"<tr><td>{escape(_words(field))}</td>{''.join(_cell(scores.get((field, source))) for source in sources)}</tr>"
        for field in sorted({field for field, _ in scores})
    )
    heads = "".join(f"<th class=figure>{escape(source)}</th>" for source in sources)
    return f'<div class="heat"><table><thead><tr><th></th>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'


def _cell(score: float | None) -> str:
    return "<td></td>" if score is None else f"<td class=s{min(5, 1 + int(score // 20))}>{score:.0f}</td>"


def _source(one: Figure) -> str:
    return one.source


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _count(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _words(name: str) -> str:
    return name.replace("_", " ")
