"""Writes the committed sample again: 300 people in sample/ (a folder per system) and who they are in sample_truth/.

Run `python -m seeds.demo.renew_sample` after a change of the generator, and commit what it writes.
"""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from seeds.demo.generate import generate_demo

HERE = Path(__file__).parent
SAMPLE, SAMPLE_TRUTH = HERE / "sample", HERE / "sample_truth"
SAMPLE_PEOPLE, SAMPLE_SEED = 300, 7
SAMPLE_UNTIL = datetime(2026, 11, 1, tzinfo=UTC)


def make_sample(out: Path) -> dict[str, int]:
    return generate_demo(SAMPLE_PEOPLE, SAMPLE_SEED, out, SAMPLE_UNTIL)


def renew() -> None:
    with tempfile.TemporaryDirectory() as folder:
        make_sample(Path(folder))
        for made, kept in (("inbox", SAMPLE), ("truth", SAMPLE_TRUTH)):
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(Path(folder) / made, kept)


if __name__ == "__main__":
    renew()
