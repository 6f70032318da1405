"""Kills at random moments inside every stage: nothing lost, nothing doubled, readers never see half a generation."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLE_UNTIL
from tests.faults.trials import STAGES
from warehouse.home import PROJECT

PEOPLE, KILLS, KILLS_OF_THE_JOB = 200, 15, 10


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of 200 people."""
    from datetime import datetime

    from seeds.demo.generate import generate_demo

    out = tmp_path_factory.mktemp("company")
    generate_demo(people=PEOPLE, seed=int(os.environ.get("CDP_SEED", "11")), out=out, until=datetime(2026, 11, 1))
    return out / "inbox"


def _trials(stage: str, kills: int, sources: Path, work: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.faults.trials", stage, "--kills", str(kills), "--sources", str(sources)]
    result = subprocess.run(
        [*command, "--work", str(work), "--seed", os.environ.get("CDP_SEED", "11")],
        cwd=PROJECT,
        env=os.environ | {"CDP_AS_OF": SAMPLE_UNTIL},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    verdict = json.loads(result.stdout.splitlines()[-1])
    print(json.dumps(verdict))
    return verdict


def _nothing_went_wrong(verdict: dict[str, Any]) -> None:
    wrong = ("lost_rows", "doubled_rows", "different_tables", "unbalanced_files", "bad_reads")
    assert not any(verdict[what] for what in wrong), verdict
    assert verdict["reads"] > verdict["kills"], "the reader hardly read"
    struck = sum(count for stage, count in verdict["landed_in"].items() if stage != "finished before the kill")
    assert struck >= verdict["kills"] / 2, "most kills came too late to prove anything"


def test_a_run_killed_while_dbt_builds_is_healed_by_the_next(company: Path, tmp_path: Path) -> None:
    _nothing_went_wrong(_trials("dbt", 1, company, tmp_path))


@pytest.mark.long
@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "job"])
def test_kills_inside_a_stage(stage: str, company: Path, tmp_path: Path) -> None:
    _nothing_went_wrong(_trials(stage, KILLS, company, tmp_path))


@pytest.mark.long
def test_kills_over_the_whole_job(company: Path, tmp_path: Path) -> None:
    _nothing_went_wrong(_trials("job", KILLS_OF_THE_JOB, company, tmp_path))
