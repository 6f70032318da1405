"""The plots of a run's metrics.

Belongs here: which figures are drawn, and in which order. Must not go here: drawing (bars.py), the figures themselves
(dbt_project/models/identity), or where plots are shown (orchestration/).
Concept: a figure is read beside its neighbours; names of sources, fields and measures, never a value of a record.
"""

import duckdb

from reporting.bars import draw_bars

SIZES = ("1", "2", "3-5", "6-10", "11-20", "21-50", "51 and more")
# Where expectations/identity__int_identity_metrics.yml warns of a shifted field.
SHIFTED_INDEX = 0.25
# What the canary's measures are called on its plot.
CANARY = {
    "pair_precision": "pairs: precision",
    "pair_recall": "pairs: recall",
    "pair_f1": "pairs: F1",
    "b3_precision": "B³: precision",
    "b3_recall": "B³: recall",
    "b3_f1": "B³: F1",
}
Figures = dict[tuple[str, str], dict[str, float]]


def plots(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Title → SVG, of the run in meta.run, from identity.int_identity_metrics; a plot without a figure is left out."""
    figures = _figures(con)
    drawn = {
        "Match rate per source": _shares(figures.get(("match_rate", "source"), {})),
        "Duplicates within a source": _shares(figures.get(("duplicate_reduction", "source"), {})),
        "Customers by number of records": _counts(figures.get(("customers_by_size", "dimension"), {})),
        "Evidence per field, mean bits": _decimals(figures.get(("mean_evidence", "dimension"), {}), 1),
        "Drift per field since training": _decimals(figures.get(("population_stability_index", "dimension"), {}), 3),
        "Canary": _measures(figures.get(("canary", "dimension"), {})),
    }
    most = {"Match rate per source": 1.0, "Duplicates within a source": 1.0, "Canary": 1.0}
    limits = {"Drift per field since training": SHIFTED_INDEX}
    return {title: draw_bars(title, bars, most.get(title), limits.get(title)) for title, bars in drawn.items() if bars}


def _figures(con: duckdb.DuckDBPyConnection) -> Figures:
    """By metric and what its figures are told apart by: the figure of each source, or of each dimension."""
    rows = con.execute("""
        select metric, source, dimension, value
        from identity.int_identity_metrics
        where run_id = (select run_id from meta.run) and (source <> 'all' or dimension <> 'all')
        order by all
    """).fetchall()
    found: Figures = {}
    for metric, source, dimension, value in rows:
        kind, name = ("dimension", dimension) if source == "all" else ("source", source)
        found.setdefault((metric, kind), {})[name] = value
    return found


def _shares(values: dict[str, float]) -> list[tuple[str, float, str]]:
    return [(name, value, f"{value:.1%}") for name, value in values.items()]


def _counts(values: dict[str, float]) -> list[tuple[str, float, str]]:
    return [(size, values.get(size, 0), f"{values.get(size, 0):,.0f}") for size in SIZES if values]


def _decimals(values: dict[str, float], places: int) -> list[tuple[str, float, str]]:
    ordered = sorted(values.items(), key=lambda item: -item[1])
    return [(name.replace("_", " "), value, f"{value:.{places}f}") for name, value in ordered]


def _measures(values: dict[str, float]) -> list[tuple[str, float, str]]:
    return [(name, values[measure], f"{values[measure]:.3f}") for measure, name in CANARY.items() if measure in values]
