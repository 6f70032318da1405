"""How the report writes a value, and draws figures as bars.

Belongs here: forms that several sections share; a value that is not known is a dash. Must not go here: sections.
"""

from collections.abc import Callable

from reporting.bars import draw_bars
from reporting.figures import Figure


def bars_of(title: str, figures: list[Figure], name: Callable[[Figure], str], most: float | None = None) -> str:
    return draw_bars(title, [(name(one), one.value, one.shown) for one in figures], most) if figures else ""


def source_of(one: Figure) -> str:
    return one.source


def share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def count(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def words(name: str) -> str:
    return name.replace("_", " ")
