"""A bar chart as static SVG that stands alone: it brings its own colours, loads nothing and runs nothing.

Belongs here: drawing. Must not go here: which figures are drawn (report.py, identity/watching/plots.py).
Concept: DESIGN, section 12. In a page it takes the page's colours, light or dark; shown as an image, which no page's
style reaches, it is dark ink on a light card. It is narrow enough to be read on a telephone without scrolling.
"""

from collections.abc import Sequence
from html import escape

WIDTH, LABELS, FIGURES = 520, 156, 76
ROW, BAR, TOP, BOTTOM = 26, 16, 44, 12
LABEL_LETTERS = 22
CARD, LINE = "var(--card, #ffffff)", "var(--line, #dfe3e8)"
INK, SOFT = "var(--ink, #1d2430)", "var(--soft, #5b6472)"
FILL, LIMIT = "var(--for, #1f6fb2)", "var(--against, #c2570c)"


def draw_bars(
    title: str, bars: Sequence[tuple[str, float, str]], most: float | None = None, limit: float | None = None
) -> str:
    """An SVG of horizontal bars, each (label, value, the value as shown); a value below zero is drawn as none.

    most: the end of the axis; by default the largest value. limit: where a line says that it becomes too much.
    """
    height = TOP + ROW * len(bars) + BOTTOM
    end = max([most or 0.0, 1.2 * (limit or 0.0), *(value for _, value, _ in bars)]) or 1.0

    def at(value: float) -> float:
        return LABELS + max(value, 0.0) / end * (WIDTH - LABELS - FIGURES)

    rows = "".join(_row(place, label, shown, at(value)) for place, (label, value, shown) in enumerate(bars))
    said = "; ".join(f"{label} {shown}" for label, _, shown in bars)
    return (
        f'<svg role="img" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif" font-size="13">'
        f"<title>{escape(title)}</title><desc>{escape(said)}.</desc>"
        f'<rect width="{WIDTH}" height="{height}" rx="6" fill="{CARD}" stroke="{LINE}"/>'
        f'<text x="16" y="27" font-size="15" font-weight="600" fill="{INK}">{escape(title)}</text>'
        f"{rows}{_line(at(limit), height) if limit else ''}</svg>"
    )


def _row(place: int, label: str, shown: str, end: float) -> str:
    middle = TOP + ROW * place + ROW / 2
    short = label if len(label) <= LABEL_LETTERS else f"{label[: LABEL_LETTERS - 1]}…"
    return (
        f'<text x="{LABELS - 10}" y="{middle + 4.5:.1f}" text-anchor="end" fill="{INK}">{escape(short)}</text>'
        f'<rect x="{LABELS}" y="{middle - BAR / 2:.1f}" width="{max(end - LABELS, 1.0):.1f}" height="{BAR}" rx="2" '
        f'fill="{FILL}"/>'
        f'<text x="{end + 8:.1f}" y="{middle + 4.5:.1f}" fill="{SOFT}">{escape(shown)}</text>'
    )


def _line(x: float, height: int) -> str:
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 4}" y2="{height - BOTTOM}" stroke="{LIMIT}" stroke-width="1.5" '
        f'stroke-dasharray="4 3"/>'
    )
