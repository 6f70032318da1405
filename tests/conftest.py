"""What every test may use: a fresh home, and one whole run over the committed sample, shared by all who read it.

Belongs here: fixtures of more than one room. Must not go here: helpers of one room's tests.
"""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import processes
from warehouse.home import PROJECT, Home

SAMPLE = PROJECT / "seeds" / "demo" / "sample"
TRUTH = PROJECT / "seeds" / "demo" / "sample_truth"
SAMPLE_UNTIL = "2026-11-01"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home; CDP_HOME points to it."""
    monkeypatch.setenv("CDP_HOME", str(tmp_path / "home"))
    return Home.from_environment().prepare()


def platform_environment(home: Path, sources: Path = SAMPLE) -> dict[str, str]:
    """The environment of a `cdp` that works on a home of its own, on the sample's last day."""
    return os.environ | {
        "CDP_HOME": str(home),
        "CDP_SOURCES": str(sources),
        "CDP_TRUTH": str(TRUTH),
        "CDP_AS_OF": SAMPLE_UNTIL,
    }


def cdp(home: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `cdp` as a user would, in a process of its own."""
    return processes.run(processes.command, *args, environment=platform_environment(home) | environment)


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of one `cdp run` over the sample, made once for all workers. Read it; copy it before you change it."""
    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "sample_run"
    shared.mkdir(exist_ok=True)
    with open(shared / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "done").exists():
            result = cdp(shared / "home", "run")
            (shared / "output.txt").write_text(result.stdout + result.stderr)
            (shared / "done").write_text(str(result.returncode))
    assert (shared / "done").read_text() == "0", (shared / "output.txt").read_text()
    return shared / "home"


@pytest.fixture
def sample_copy(sample_run: Path, tmp_path: Path) -> Path:
    """A copy of the sample run's home that a test may change."""
    shutil.copytree(sample_run, tmp_path / "home", symlinks=True)
    return tmp_path / "home"
