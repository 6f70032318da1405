"""The whole job: on a near-empty input (the fixed cost), on the demo, and on 100,000 people.

Belongs here: runs of `cdp` measured from outside. Must not go here: parts of a run.
"""

import shutil
import tempfile
from pathlib import Path

import typer

from benchmarks.measure import Figure, machine, measured


def main(people: list[int] = typer.Option([20, 5_000, 100_000]), seed: int = 7) -> None:  # noqa: B008
    """Time `cdp run` over demo companies of these sizes, each in a fresh home."""
    print(f"# whole job — {machine()}")
    for size in people:
        with tempfile.TemporaryDirectory() as folder:
            _one(size, seed, Path(folder))


def _one(people: int, seed: int, folder: Path) -> None:
    company = folder / "company"
    made = measured("cli", "demo-data", "--people", str(people), "--seed", str(seed), "--out", str(company))
    _say(people, "demo data", made)
    ran = measured("cli", "run", CDP_HOME=str(folder / "home"), CDP_SOURCES=str(company / "inbox"))
    _say(people, "cdp run", ran)
    if ran.exit_code:
        print(ran.output)
    shutil.rmtree(folder / "home", ignore_errors=True)


def _say(people: int, what: str, figure: Figure) -> None:
    note = "" if figure.exit_code == 0 else f"  EXIT {figure.exit_code}"
    print(f"{people:>9,} people  {what:<10} {figure.seconds:7.1f} s  {figure.peak_mib:7.0f} MiB{note}", flush=True)


if __name__ == "__main__":
    typer.run(main)
