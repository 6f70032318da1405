"""The report's sections on the data: who is who, how good the values are, which system is believed.

Belongs here: those sections. Must not go here: what the business came to (business.py), their order (report.py).
"""

from collections.abc import Iterable
from html import escape

from reporting.figures import Figures
from reporting.page import grid, paragraph
from reporting.words import bars_of, share, source_of, words

CANARY = {"pair_precision": "precision", "pair_recall": "recall", "pair_f1": "F1"}


def identity(figures: Figures) -> Iterable[str]:
    yield bars_of("Records that meet another system's", figures.of_sources("match_rate"), source_of, most=1.0)
    yield bars_of("Duplicates within a source", figures.of_sources("duplicate_reduction"), source_of, most=1.0)
    canary = [one for name in CANARY if (one := figures.one("canary", dimension=name))]
    yield bars_of("On records whose truth is known", canary, lambda one: CANARY[one.dimension], most=1.0)
    drift = sorted(figures.of_dimensions("population_stability_index"), key=lambda one: -one.value)
    if drift:
        yield paragraph(
            f"The field that has moved most since the model learned is {words(drift[0].dimension)}, by "
            f"{drift[0].value:.3f}; above 0.25 it would no longer be the data that taught it."
        )


def quality(figures: Figures) -> Iterable[str]:
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
            (source, words(field), *(share(part) for part in parts), f"{score:.0f}")
            for source, field, *parts, score in worst
        ],
        figures=range(2, 7),
    )


def _heat(scores: dict[tuple[str, str], float]) -> str:
    """Fields by sources; the colour is the fifth of the scale that a score is in, with the middle one left plain."""
    sources = sorted({source for _, source in scores})
    lines = "".join(
        f"<tr><td>{escape(words(field))}</td>{''.join(_cell(scores.get((field, source))) for source in sources)}</tr>"
        for field in sorted({field for field, _ in scores})
    )
    heads = "".join(f"<th class=figure>{escape(source)}</th>" for source in sources)
    return f'<div class="heat"><table><thead><tr><th></th>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'


def _cell(score: float | None) -> str:
    return "<td></td>" if score is None else f"<td class=s{min(5, 1 + int(score // 20))}>{score:.0f}</td>"


def sources_of_truth(figures: Figures) -> Iterable[str]:
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
        f"Fields on which systems disagree, most first. {ownerless:,} fields have no owner; {unused:,} are read by "
        "nothing, and need not be collected (field_report)."
    )
    if rows:
        yield grid(
            ["table", "field", "winning system", "owner", "compared", "disagree", "stale"],
            [
                (model, words(field), wins or "–", owner or "–", f"{compared:,}", f"{conflicts:,}",
                 "–" if stale is None else f"{stale:.1f} %")
                for model, field, wins, owner, compared, conflicts, stale in rows
            ],
            figures=range(4, 7),
        )  # fmt: skip
