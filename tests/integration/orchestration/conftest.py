"""The platform as Dagster loads it, and selections run as the UI would run them.

Belongs here: fixtures of these tests. Must not go here: expectations of any one of them.
Concept: the definitions are read in this process; whatever writes to a warehouse runs in a process of its own
(child.py), since dbt's adapter belongs to one warehouse per process.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from tests import processes
from tests.conftest import TRUTH, platform_environment
from tests.integration.orchestration import child


@pytest.fixture(scope="session")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.Definitions]:
    """The platform's definitions, with the truth present."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CDP_HOME", str(tmp_path_factory.mktemp("definitions")))
        environment.setenv("CDP_TRUTH", str(TRUTH))
        from orchestration.definitions import defs

        yield defs()


@pytest.fixture(scope="session")
def graph(definitions: dg.Definitions) -> Any:
    return definitions.resolve_asset_graph()


def run_selections(home: Path, *selections: str, **environment: str) -> list[dict[str, Any]]:
    """Run each selection as a Dagster run of its own, one after the other; gives what each did (child.py)."""
    result = processes.run(child.main, *selections, environment=platform_environment(home) | environment)
    lines = [line for line in result.stdout.splitlines() if line.startswith("{")]
    assert len(lines) == len(selections), result.stdout[-2000:] + result.stderr[-4000:]
    return [json.loads(line) for line in lines]
