"""The figures of platform_metrics as the report asks for them, and how a figure is written.

Belongs here: looking up a metric of the last run, its run before and its history; units in words. Must not go here:
which figures are shown (report.py).
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb

ALL = "all"


@dataclass(frozen=True)
class Figure:
    """One metric of the last run. previous: of the run before, None where it had none."""

    metric: str
    source: str
    dimension: str
    value: float
    previous: float | None
    unit: str

    @property
    def shown(self) -> str:
        return written(self.value, self.unit)

    @property
    def change(self) -> str:
        """How it moved since the run before, in words."""
        if self.previous is None:
            return "first measured"
        moved = self.value - self.previous
        if written(abs(moved), self.unit) == written(0, self.unit):
            return "as before"
        return f"{'+' if moved > 0 else '−'}{written(abs(moved), self.unit, is_difference=True)}"


@dataclass(frozen=True)
class Figures:
    """Every metric of the last run, and the connection that its history is read from."""

    con: duckdb.DuckDBPyConnection
    found: dict[tuple[str, str, str], Figure]

    def one(self, metric: str, source: str = ALL, dimension: str = ALL) -> Figure | None:
        return self.found.get((metric, source, dimension))

    def of_sources(self, metric: str) -> list[Figure]:
        return [one for one in self.found.values() if one.metric == metric and one.source != ALL]

    def of_dimensions(self, metric: str) -> list[Figure]:
        return [
            one for one in self.found.values() if one.metric == metric and one.source == ALL and one.dimension != ALL
        ]

    def history(self, metric: str, dimension: str = ALL) -> list[tuple[datetime, float, str]]:
        """Moment, value and the value as shown, of every run in order."""
        rows = self.con.execute(
            "select recorded_at, value, unit from platform_metrics where metric = $metric and source = $source "
            "and dimension = $dimension order by recorded_at",
            {"metric": metric, "source": ALL, "dimension": dimension},
        ).fetchall()
        return [(moment, value, written(value, unit)) for moment, value, unit in rows]


def read_figures(con: duckdb.DuckDBPyConnection) -> Figures:
    """The last run's, of a connection that sees platform_metrics."""
    rows = con.execute("""
        select metric, source, dimension, value, previous_value, unit
        from platform_metrics
        where run_id = (select max_by(run_id, recorded_at) from platform_metrics)
        order by all
    """).fetchall()
    return Figures(con, {row[:3]: Figure(*row) for row in rows})


def written(value: float, unit: str, *, is_difference: bool = False) -> str:
    """A figure with its unit: 0.627 share → 62.7 %, 1234.5 usd → $1,234."""
    if unit == "share":
        return f"{100 * value:.1f} {'points' if is_difference else '%'}"
    if unit == "percent":
        return f"{value:.1f}"
    if unit == "usd":
        return f"${value:,.0f}" if value >= 100 else f"${value:,.2f}"
    if unit == "hours":
        return f"{value:,.1f} h"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
