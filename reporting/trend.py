"""A line of one figure over runs as static SVG that stands alone.

Belongs here: drawing. Must not go here: which figures are drawn (report.py).
Concept: the axis begins at zero, so that a small change looks small; the first and last figure are written out.
"""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from reporting.bars import CARD, FILL, INK, LINE, SOFT

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 430, 120, 16, 90, 44, 28


def draw_trend(title: str, points: Sequence[tuple[datetime, float, str]]) -> str:
    """An SVG of one line, points in order of time, each (moment, value, the value as shown); at least one."""
    most = max(value for _, value, _ in points) or 1.0
    first, last = points[0][0].timestamp(), points[-1][0].timestamp()

    def at(moment: datetime, value: float) -> tuple[float, float]:
        share = (moment.timestamp() - first) / (last - first) if last > first else 1.0
        return LEFT + share * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - max(value, 0.0) / most * (HEIGHT - TOP - BOTTOM)

    places = [at(moment, value) for moment, value, _ in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    x, y = places[-1]
    return (
        f'<svg role="img" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif" font-size="13">'
        f"<title>{escape(title)}</title><desc>{escape(f'From {points[0][2]} to {points[-1][2]}.')}</desc>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{CARD}" stroke="{LINE}"/>'
        f'<text x="16" y="27" font-size="15" font-weight="600" fill="{INK}">{escape(title)}</text>'
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM}" stroke="{LINE}"/>'
        f'<polyline points="{line}" fill="none" stroke="{FILL}" stroke-width="2"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{FILL}"/>'
        f'<text x="{x + 10:.1f}" y="{y + 4.5:.1f}" fill="{INK}">{escape(points[-1][2])}</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 9}" font-size="12" fill="{SOFT}">{points[0][0]:%Y-%m-%d}</text>'
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 9}" font-size="12" text-anchor="end" fill="{SOFT}">'
        f"{points[-1][0]:%Y-%m-%d}</text></svg>"
    )
