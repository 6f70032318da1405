"""How `cdp` prints: tables, durations, progress.

Belongs here: presentation that several commands share. Must not go here: queries.
Concept: progress on anything longer than two seconds; on a pipe, plain lines.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

CELL = 60


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str | None = None) -> None:
    """Print rows under their columns: aligned on a terminal, tab-separated on a pipe."""
    if not sys.stdout.isatty():
        _aligned(columns, rows, title)
        return
    from rich.console import Console
    from rich.table import Table

    drawn = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for at, name in enumerate(columns):
        drawn.add_column(name, overflow="fold", justify="right" if _is_numeric(rows, at) else "left")
    for row in rows:
        drawn.add_row(*(_plain(cell) for cell in row))
    Console(highlight=False).print(drawn)


def _aligned(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None) -> None:
    cells = [list(columns), *([_plain(cell) for cell in row] for row in rows)]
    widths = [min(CELL, max(len(line[at]) for line in cells)) for at in range(len(columns))]
    if title:
        print(title)
    place = [str.rjust if _is_numeric(rows, at) else str.ljust for at in range(len(columns))]
    for line in cells:
        print("  ".join(put(cell, width) for put, cell, width in zip(place, line, widths, strict=True)).rstrip())


def _is_numeric(rows: Sequence[Sequence[Any]], at: int) -> bool:
    found = {type(row[at]) for row in rows if row[at] is not None}
    return bool(found) and found <= {int, float, Decimal}


def _plain(cell: Any) -> str:
    """A cell as one printable line: control and direction marks out, so that data cannot move the cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in ("" if cell is None else str(cell)))


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what is going on, then how long it took."""
    live = sys.stderr.isatty()
    if live:
        print(f"  {name} …", end="", file=sys.stderr, flush=True)
    begun = time.monotonic()
    yield
    print(f"{chr(13) if live else ''}  {name}  {time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)


def counted(things: str) -> Callable[[int, int], None]:
    """A callback that shows how many of how many are done, on a terminal only."""

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r  {done:,} of {total:,} {things}", end="\r" if done >= total else "", file=sys.stderr, flush=True)

    return show
