"""Whatever kills a publish, readers find one whole generation, and the next run heals."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from governance.stores import uncovered
from publishing.files import current_generation
from publishing.flip import KEPT_GENERATIONS, flipped_generations, janitor
from publishing.publish import STEPS
from publishing.verify import verify_generation
from tests import processes
from tests.faults.publishing import child
from tests.faults.publishing.reader import read_once
from tests.unit.publishing.world import publish_version
from warehouse.home import PROJECT, Home

PUBLISHED_FROM = STEPS.index("flip.after_replace")
FIRST_RUN_STEPS = ("publish.after_build", "publish.after_rename", "flip.before_replace", "flip.after_replace")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).prepare()


@contextmanager
def a_reader_looping(home: Home) -> Iterator[None]:
    """Read in another process all the while; afterwards nothing it saw may have been wrong."""
    reader = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.publishing.reader", str(home.root)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield
    finally:
        output, errors = reader.communicate("stop", timeout=60)
    assert output, errors
    found = json.loads(output)
    print(f"{found['reads']} reads, versions {found['versions']}")
    assert found["wrong"] == []
    assert found["reads"] > 0


def killed_at(home: Home, step: str, version: int) -> None:
    done = processes.killed_at(step, child.main, str(home.root), str(version))
    assert done.returncode == -signal.SIGKILL, f"{step} was not met: {done.stderr[-500:]}"
    assert "published" not in done.stdout


def begun(home: Home, version: int) -> processes.Process:
    """A process that has started up and is about to publish."""
    started = processes.Process(child.main, (str(home.root), str(version)), os.environ)
    assert started.stdout.readline() == "begun\n"
    return started


def duration(home: Home, version: int) -> float:
    """Seconds that a publish takes that nobody kills."""
    publishing = begun(home, version)
    since = time.monotonic()
    assert publishing.communicate(timeout=120)[0] == "published\n"
    return time.monotonic() - since


def heal(home: Home, version: int) -> None:
    """The next run: it sweeps, publishes, and leaves nothing but the generations that are kept."""
    janitor(home)
    publish_version(home, version)
    kept = flipped_generations(home)
    assert read_once(home, restricted=True) == version
    assert {path.name for path in home.published.iterdir()} == {*kept, "current"}
    assert len(kept) <= KEPT_GENERATIONS
    assert list(uncovered(home)) == []


def test_a_kill_at_any_step_leaves_readers_with_one_whole_generation(home: Home) -> None:
    for version in range(KEPT_GENERATIONS):
        publish_version(home, version)
    last = KEPT_GENERATIONS - 1
    with a_reader_looping(home):
        for number, step in enumerate(STEPS):
            version = last + 1
            killed_at(home, step, version)

            expected = version if number >= PUBLISHED_FROM else last
            assert read_once(home, restricted=False) == expected, step
            verify_generation(home.current.resolve())
            last = version + 1
            heal(home, last)


@pytest.mark.parametrize(
    "step", [step if step in FIRST_RUN_STEPS else pytest.param(step, marks=pytest.mark.long) for step in STEPS[:-2]]
)
def test_a_kill_during_the_first_publish_leaves_nothing_or_a_whole_generation(home: Home, step: str) -> None:
    killed_at(home, step, 1)

    if STEPS.index(step) >= PUBLISHED_FROM:
        assert read_once(home, restricted=True) == 1
    else:
        assert current_generation(home) is None
    heal(home, 2)


@pytest.mark.parametrize("kills", [5, pytest.param(200, marks=pytest.mark.long)])
def test_kills_at_random_moments(home: Home, kills: int) -> None:
    seed = int(os.environ.get("CDP_TEST_SEED") or random.SystemRandom().randrange(10**6))
    print(f"CDP_TEST_SEED={seed}")
    chance = random.Random(seed)
    usual = duration(home, 1)
    acknowledged = seen = 1
    with a_reader_looping(home):
        for version in range(2, kills + 2):
            publishing = begun(home, version)
            time.sleep(chance.uniform(0, 1.5) * usual)
            publishing.kill()
            output, _ = publishing.communicate(timeout=60)
            acknowledged = version if output else acknowledged

            now = read_once(home, restricted=True)
            assert acknowledged <= now <= version
            assert now >= seen
            seen = now
    heal(home, kills + 2)


def test_every_crash_point_is_a_step_that_is_tested() -> None:
    sources = "\n".join(path.read_text() for path in (PROJECT / "publishing").glob("*.py"))
    files = {"publish.after_customers", "publish.after_restricted", "publish.after_activation"}

    named = set(re.findall(r'crash_point\("([^"]+)"\)', sources))

    assert named | files == set(STEPS)
    assert sources.count("crash_point(") == len(named) + 1
