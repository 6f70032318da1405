"""`cdp identity train`: learn the linkage model anew, or take that back.

Belongs here: the command and its printing. Must not go here: training (identity/).
"""

import sys
from typing import Annotated

import typer

from cli.show import MINUS, say, table
from warehouse.home import Home


def train(
    undo: Annotated[
        bool, typer.Option("--undo", help="Make the model that the last training replaced ours again.")
    ] = False,
) -> None:
    """Learn the linkage model anew from the records of today; the next `cdp run` matches by it.

    A run never does this by itself. What it would change says `cdp identity preview --retrain`, beforehand. Exits with
    75 when a run is in progress.

    Example: cdp identity train
    """
    from identity.watching.retrain import retrain, take_back

    home = Home.from_environment()
    found = take_back(home) if undo else retrain(home, progress=_tell)
    before = f", in place of {found.before.version}" if found.before else ""
    print(f"Model {found.now.version}{before}. The next `cdp run` matches by it.")
    taught = found.now.calibration
    if taught.labels:
        said = f"{taught.slope:.2f} times its own bits, {_signed(taught.shift)}"
        say(f"{taught.labels} reviewed pairs calibrate it: {said}.")
    was = found.before.bits if found.before else {}
    rows = [
        (field, level, _signed(bits), _signed(was.get((field, level))))
        for (field, level), bits in found.now.bits.items()
    ]
    table(["field", "agrees", "bits", "before"], rows)


def _signed(bits: float | None) -> str | None:
    return None if bits is None else f"{bits:+.1f}".replace("-", MINUS)


def _tell(stage: str) -> None:
    print(f"  {stage} …", file=sys.stderr, flush=True)
