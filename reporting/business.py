"""The report's sections on the business: customers, segments, accounts, service, scores.

Belongs here: those sections. Must not go here: the quality of the data (data.py), their order (report.py).
"""

from collections.abc import Iterable
from html import escape

from reporting.figures import Figures
from reporting.page import grid, paragraph
from reporting.words import bars_of, count, decimal, share, words

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
RISKS = ("high", "medium", "low", "none")


def key_figures(figures: Figures) -> Iterable[str]:
    tiles = [
        f"<div class=tile><b>{escape(one.shown)}</b>{escape(name)}<span>{escape(one.change)}</span></div>"
        for (metric, dimension), name in KEY_FIGURES.items()
        if (one := figures.one(metric, dimension=dimension))
    ]
    yield f'<div class="tiles">{"".join(tiles)}</div>'


def lifecycle(figures: Figures) -> Iterable[str]:
    stages = sorted(figures.of_dimensions("lifecycle_stage"), key=lambda one: -one.value)
    yield bars_of("Customers by lifecycle stage", stages, lambda one: words(one.dimension))


def segments(figures: Figures) -> Iterable[str]:
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
        "To e-mail and to text count the members with an address and consent whom no segment suppresses. Expected "
        "right is the share of members that the linkage is sure of."
    )
    yield grid(
        ["segment", "members", "of customers", "entered", "left", "to e-mail", "to text", "expected right", "owner"],
        [
            (words(name), f"{members:,}", share(members / of if of else None), _moved("+", came), _moved("−", gone),
             count(email), count(sms), share(right), owner)
            for name, members, of, came, gone, email, sms, right, owner in rows
        ],
        figures=range(1, 8),
    )  # fmt: skip


def _moved(sign: str, customers: int) -> str:
    return f"{sign}{customers:,}" if customers else "0"


def accounts(figures: Figures) -> Iterable[str]:
    levels = sorted(figures.of_dimensions("accounts_by_risk"), key=lambda one: RISKS.index(one.dimension))
    yield bars_of("Accounts by risk", levels, lambda one: one.dimension)


def service(figures: Figures) -> Iterable[str]:
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


def models(figures: Figures) -> Iterable[str]:
    rows = figures.con.execute("""
        select
            score, model, horizon_days, tested_rows_count, error, baseline_error, lift, calibration_error, drift,
            is_published, reason
        from score_models
        where run_id = (select max_by(run_id, recorded_at) from score_models)
        order by score
    """).fetchall()
    if rows:
        yield paragraph(
            "A score is published only if, from the data of before its horizon, it foretold what came after better "
            "than the naive answer did."
        )
        yield grid(
            ["score", "model", "days", "tested on", "error", "naive", "saved", "off by", "drift", ""],
            [
                (words(score), model, count(days), count(tested), decimal(error), decimal(naive), share(lift),
                 decimal(off), decimal(drift), "published" if published else reason or "not published")
                for score, model, days, tested, error, naive, lift, off, drift, published, reason in rows
            ],
            figures=range(2, 9),
        )  # fmt: skip
