"""How `cdp` prints: tables, durations, progress.

Belongs here: presentation that several commands share. Must not go here: queries.
Concept: progress on anything longer than two seconds. A terminal gets lines folded to its width; a pipe gets every line
and every row whole, however long, so that what is searched for stands on one line.
"""

import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

MINUS = "\u2212"
NULL = "NULL"


def say(text: str, indent: str = "") -> None:
    """Print a sentence: folded to a terminal's width, its further lines below its first; whole on a pipe."""
    if not sys.stdout.isatty():
        print(indent + text)
        return
    width = max(shutil.get_terminal_size().columns, 2 * len(indent) + 20)
    print(textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False))


def table(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str | None = None, as_data: bool = False
) -> None:
    """Print rows under their columns, aligned.

    as_data: as a query gave them, for whoever copies them: null is NULL and no empty cell, a minus sign is a hyphen.
    """
    cells = [[_data(cell) if as_data else _shown(cell) for cell in row] for row in rows]
    right = [_is_numeric(rows, at) for at in range(len(columns))]
    if not sys.stdout.isatty():
        _aligned(columns, cells, right, title)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name, is_right in zip(columns, right, strict=True):
        drawn.add_column(name, overflow="fold", justify="right" if is_right else "left")
    for row in cells:
        drawn.add_row(*map(Text, row))
    Console(highlight=False).print(drawn)


def _aligned(columns: Sequence[str], cells: list[list[str]], right: list[bool], title: str | None) -> None:
    lines = [list(columns), *cells]
    widths = [max(len(line[at]) for line in lines) for at in range(len(columns))]
    if title:
        print(title)
    place = [str.rjust if is_right else str.ljust for is_right in right]
    for line in lines:
        print("  ".join(put(cell, width) for put, cell, width in zip(place, line, widths, strict=True)).rstrip())


def _is_numeric(rows: Sequence[Sequence[Any]], at: int) -> bool:
    found = {type(row[at]) for row in rows if row[at] is not None}
    return bool(found) and found <= {int, float, Decimal}


def _shown(cell: Any) -> str:
    if isinstance(cell, int | float | Decimal) and cell < 0:
        return _plain(cell).replace("-", MINUS, 1)
    return "" if cell is None else _plain(cell)


def _data(cell: Any) -> str:
    return NULL if cell is None else _plain(cell)


def _plain(cell: Any) -> str:
    """A cell as one printable line: control and direction marks out, so that data cannot move the cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in str(cell))


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
