"""A waterfall as static SVG: the bits of each step, from two records at random to the edge's weight.

Belongs here: drawing. Must not go here: what the steps are (evidence.py), the page around them (explain_page.py).
Concept: DESIGN, section 12; charts are our own, escaped, and load nothing. Colours are classes of the page's style, so
that a chart is legible on light and on dark; direction is told by sign and place too, never by colour alone.
"""

from collections.abc import Sequence
from html import escape

from identity.explaining.phrases import STEPS, figure
from identity.explaining.tell import signed

# Figures stand beside their labels: both are seen where a narrow page shows only the left of a chart.
WIDTH, LABELS, FIGURES, LEFT = 860, 316, 384, 400
ROW, BAR, TOP, BOTTOM = 30, 18, 8, 26
LABEL_LETTERS = 42
LEAST_SPAN_BITS = 10.0
TICK_BITS = (1, 2, 5, 10, 20, 50)
MOST_TICKS = 7


def draw(title: str, steps: Sequence[tuple[str, float]]) -> str:
    """An SVG of the steps, each (what, bits), and their sum below them."""
    total = sum(bits for _, bits in steps)
    ends = [0.0]
    for _, bits in steps:
        ends.append(ends[-1] + bits)
    low, high = _span(ends)
    height = TOP + ROW * (len(steps) + 1) + BOTTOM

    def at(bits: float) -> float:
        return LEFT + (bits - low) / (high - low) * (WIDTH - LEFT)

    rows = [
        _row(place, what, signed(bits), at(start), at(start + bits), _kind(what, bits))
        for place, ((what, bits), start) in enumerate(zip(steps, ends[:-1], strict=True))
    ]
    links = [_link(place, at(end)) for place, end in enumerate(ends[1:])]
    rows.append(_row(len(steps), "all together", figure(total), at(0), at(total), "total"))
    said = "; ".join(f"{what} {signed(bits)}" for what, bits in steps)
    return (
        f'<svg class="waterfall" role="img" viewBox="0 0 {WIDTH} {height}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title><desc>Bits per field: {escape(said)}; all together {figure(total)}.</desc>"
        f"{_grid(low, high, at, height)}{''.join(links)}{''.join(rows)}</svg>"
    )


def _span(ends: Sequence[float]) -> tuple[float, float]:
    """The axis from its least to its greatest value: zero is always on it, and little evidence looks little."""
    low, high = min(ends), max(ends)
    spare = max(LEAST_SPAN_BITS - (high - low), (high - low) * 0.06) / 2
    return low - spare, high + spare


def _kind(what: str, bits: float) -> str:
    if what == STEPS["prior"]:
        return "start"
    return "for" if bits >= 0 else "against"


def _row(place: int, what: str, shown: str, start: float, end: float, kind: str) -> str:
    middle = TOP + ROW * place + ROW / 2
    left, width = min(start, end), max(abs(end - start), 1.5)
    label = what if len(what) <= LABEL_LETTERS else f"{what[: LABEL_LETTERS - 1]}…"
    return (
        f'<text class="{"label strong" if kind == "total" else "label"}" x="{LABELS}" y="{middle + 5:.1f}">'
        f"{escape(label)}</text>"
        f'<rect class="{kind}" x="{left:.1f}" y="{middle - BAR / 2:.1f}" width="{width:.1f}" height="{BAR}" rx="2"/>'
        f'<text class="figure" x="{FIGURES}" y="{middle + 5:.1f}">{shown}</text>'
    )


def _link(place: int, x: float) -> str:
    """The thin line that carries a step's end to the next step."""
    top = TOP + ROW * place + (ROW + BAR) / 2
    return f'<line class="link" x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{top + ROW - BAR:.1f}"/>'


def _grid(low: float, high: float, at, height: int) -> str:
    step = next((tick for tick in TICK_BITS if (high - low) / tick <= MOST_TICKS), TICK_BITS[-1])
    first = int(low // step + 1) * step
    lines = []
    for bits in range(first, int(high) + 1, step):
        kind = "zero" if bits == 0 else "grid"
        lines.append(
            f'<line class="{kind}" x1="{at(bits):.1f}" x2="{at(bits):.1f}" y1="0" y2="{height - BOTTOM + 4}"/>'
            f'<text class="tick" x="{at(bits):.1f}" y="{height - 6}">{"even" if bits == 0 else figure(bits)}</text>'
        )
    return "".join(lines)
