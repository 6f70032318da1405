"""dbt in this process: read once per change of the project, then each call in a fraction of a subprocess's time.

Belongs here: invoking dbt and turning its failures into errors without values. Must not go here: which models a layer
holds (orchestration/), or what Dagster wants to hear of it.
Concept: dbtRunner, dbt's programmatic entry point. What dbt reads of the project is the same for every home, so it is
kept beside the project; what a run writes holds messages about data, so it stays in the home.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.errors import CdpError, sanitised
from warehouse.home import PROJECT, Home

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

DBT_PROJECT = PROJECT / "dbt_project"
PARSED = DBT_PROJECT / "target" / "cdp"  # of its own: dbt by hand writes into target/ itself, perhaps of a part
MANIFEST = PARSED / "manifest.json"
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
    runner = dbtRunner(manifest=_parsed(home), callbacks=[on_event] if on_event else [])
    result = runner.invoke([*args, *_places(home.dbt_target)])
    if not result.success:
        _redact(home.dbt_target / "run_results.json")
    return result


def _redact(results: Path) -> None:
    """Take the values out of what dbt keeps of its failures: an engine's message quotes what it stumbled over."""
    if results.exists():
        kept = json.loads(results.read_text())
        for each in kept["results"]:
            each["message"] = each["message"] and sanitised(each["message"])
        results.write_text(json.dumps(kept))


def ensure_parsed(home: Home) -> None:
    """Read the dbt project anew if a file of it changed since, and leave its manifest in home.dbt_target."""
    home.prepare()
    PARSED.mkdir(parents=True, exist_ok=True)
    with open(PARSED / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not MANIFEST.exists() or _newest_file() > MANIFEST.stat().st_mtime:
            _parse(home)
        copy = home.dbt_target / MANIFEST.name
        if not copy.exists() or copy.stat().st_mtime < MANIFEST.stat().st_mtime:
            shutil.copy(MANIFEST, copy)


def _parsed(home: Home) -> Any:
    """The project as dbt holds it in memory; kept for this process."""
    from dbt.contracts.graph.manifest import Manifest

    if home not in _manifests:
        ensure_parsed(home)
        manifest = Manifest.from_msgpack((PARSED / "partial_parse.msgpack").read_bytes())
        manifest.build_flat_graph()
        _manifests[home] = manifest
    return _manifests[home]


def _parse(home: Home) -> None:
    from dbt.cli.main import dbtRunner

    _environment(home)
    result = dbtRunner().invoke(["parse", *_places(PARSED)])
    if not result.success:
        MANIFEST.unlink(missing_ok=True)
        raise CdpError(
            f"The dbt project cannot be read: {sanitised(result.exception or 'see above')}",
            remedy="Mend the file that it names under dbt_project/, then try again.",
        )


def _newest_file() -> float:
    """When the project last changed; folders count, since a deleted file changes only its folder."""
    rooms = (DBT_PROJECT / "models", DBT_PROJECT / "macros", DBT_PROJECT / "tests", PROJECT / "seeds" / "reference")
    files = [file for room in rooms for file in room.rglob("*")]
    return max(file.stat().st_mtime for file in [*files, *DBT_PROJECT.glob("*.yml")])


def _environment(home: Home) -> None:
    """dbt reads places from the environment, so that profiles.yml holds no path."""
    os.environ |= {
        "CDP_HOME": str(home.root),
        "CDP_PROJECT": str(PROJECT),
        "CDP_WAREHOUSE": str(home.warehouse),
        "DO_NOT_TRACK": "1",
    }


def _places(target: Path) -> list[str]:
    return [
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(target), "--log-path", str(target)),
        *("--log-level-file", "none", "--log-level", "none"),
    ]


def failures(result: Any) -> str:
    """Each failed node and why, without any value."""
    if result.exception is not None:
        return f"dbt stopped: {sanitised(result.exception)}"
    failed = [node for node in result.result if node.status in {"error", "fail", "runtime error"}]
    lines = [f"{node.node.name}: {sanitised(node.message or node.status)}" for node in failed]
    return "dbt failed at " + "; ".join(lines)
