"""dbt in this process: one parse, then each call in a fraction of the time of a subprocess.

Belongs here: invoking dbt and turning its failures into errors without values. Must not go here: which models a layer
holds (orchestration/), or what Dagster wants to hear of it.
Concept: dbtRunner, dbt's programmatic entry point; its manifest is kept between calls.
"""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from warehouse.errors import CdpError, sanitised
from warehouse.home import PROJECT, Home

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

DBT_PROJECT = PROJECT / "dbt_project"
_manifests: dict[Home, Any] = {}


def run_dbt(home: Home, args: Sequence[str], on_event: Callable[[Any], None] | None = None) -> "dbtRunnerResult":
    """Run one dbt command, for example ["build", "--select", "staging"].

    on_event gets every dbt event as it happens. Raises CdpError that names each failed node, without any value.
    """
    result = invoke(home, args, on_event)
    if not result.success:
        raise CdpError(
            failures(result), remedy=f"Its compiled SQL is under {home.dbt_target}; `cdp doctor` checks the rest."
        )
    return result


def invoke(home: Home, args: Sequence[str], on_event: Callable[[Any], None] | None = None) -> "dbtRunnerResult":
    """As run_dbt, but a failed node does not raise: the caller reads it from the events and the result."""
    from dbt.cli.main import dbtRunner

    _environment(home)
    if args[0] != "parse" and home not in _manifests:
        parse(home)
    runner = dbtRunner(manifest=_manifests.get(home), callbacks=[on_event] if on_event else [])
    return runner.invoke([*args, *_places(home)])


def parse(home: Home) -> None:
    """Read the project anew and write home.dbt_target/manifest.json."""
    result = invoke(home, ["parse"])
    if not result.success:
        raise CdpError(
            f"The dbt project cannot be read: {sanitised(result.exception or 'see above')}",
            remedy="Mend the file that it names under dbt_project/, then try again.",
        )
    _manifests[home] = result.result


def ensure_parsed(home: Home) -> None:
    """Parse only if a file of the project is newer than the manifest."""
    manifest = home.dbt_target / "manifest.json"
    if not manifest.exists() or _newest_file() > manifest.stat().st_mtime:
        home.prepare()
        parse(home)


def _newest_file() -> float:
    rooms = (DBT_PROJECT, PROJECT / "seeds" / "reference")
    files = (file for room in rooms for file in room.rglob("*") if file.suffix in {".sql", ".yml", ".csv"})
    return max(file.stat().st_mtime for file in files)


def _environment(home: Home) -> None:
    """dbt reads places from the environment, so that profiles.yml holds no path."""
    os.environ |= {
        "CDP_HOME": str(home.root),
        "CDP_PROJECT": str(PROJECT),
        "CDP_WAREHOUSE": str(home.warehouse),
        "DO_NOT_TRACK": "1",
    }


def _places(home: Home) -> list[str]:
    return [
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(home.dbt_target), "--log-path", str(home.dbt_target)),
        *("--log-level-file", "none", "--log-level", "none"),
    ]


def failures(result: Any) -> str:
    """Each failed node and why, without any value."""
    if result.exception is not None:
        return f"dbt stopped: {sanitised(result.exception)}"
    failed = [node for node in result.result if node.status in {"error", "fail", "runtime error"}]
    lines = [f"{node.node.name}: {sanitised(node.message or node.status)}" for node in failed]
    return "dbt failed at " + "; ".join(lines)
