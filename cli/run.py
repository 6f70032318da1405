"""`cdp run`: everything, from landing to published.

Belongs here: starting a run and telling how it went. Must not go here: stages (orchestration/).
"""

import gc
import re
import sys
import time
from typing import Annotated, Any

import typer

from warehouse.errors import CdpError
from warehouse.home import Home


def run(
    accept_volume: Annotated[
        bool, typer.Option("--accept-volume", help="Accept files of unusual size this once; it is recorded.")
    ] = False,
    accept_changes: Annotated[
        bool,
        typer.Option(
            "--accept-changes", help="Publish changes of who is who beyond their budgets this once; it is recorded."
        ),
    ] = False,
) -> None:
    """Load new files, rebuild and gate every layer, publish a generation.

    Exits with 75 when another run is in progress.

    Example: cdp run
    """
    from cli.summary import print_summary

    home = Home.from_environment()
    if not run_once(home, accept_volume=accept_volume, accept_changes=accept_changes):
        raise typer.Exit(1)
    print_summary(home)


def run_once(home: Home, *, accept_volume: bool = False, accept_changes: bool = False) -> bool:
    """Run everything under the run lock, printing each step; False when a step or a gate failed.

    A job may end well and yet have left out its last step; a run has succeeded when it published.
    """
    from warehouse.lock import run_lock

    # A run makes millions of objects that live to its end: there is little garbage to look for.
    gc.set_threshold(100_000, 50, 100)
    with run_lock(home):
        print("  starting …", file=sys.stderr, flush=True)
        from orchestration.instance import run_everything

        run_id, succeeded = run_everything(
            home, on_event=_Progress(), accept_volume=accept_volume, accept_changes=accept_changes
        )
        if succeeded and not _has_published(home, run_id):
            raise CdpError(
                "Every step that ran succeeded, but the publish step did not run",
                remedy="Look at the run in `cdp ui`, and at `cdp doctor`; readers still have the generation before.",
            )
    return succeeded


def _has_published(home: Home, run_id: str) -> bool:
    from cli.summary import last_run

    run = last_run(home)
    return run is not None and run["run_id"] == run_id and run["generation"] is not None


class _Progress:
    """Prints a line per finished step, and what a failed step or gate said."""

    def __init__(self) -> None:
        self.begun: dict[str, float] = {}

    def __call__(self, entry: Any) -> None:
        event = entry.dagster_event
        if event is None:
            return
        kind = event.event_type_value
        if kind == "STEP_START":
            self.begun[event.step_key] = time.monotonic()
        elif kind == "STEP_SUCCESS":
            self._say(f"  {event.step_key}  {time.monotonic() - self.begun[event.step_key]:.1f} s")
        elif kind == "STEP_FAILURE":
            self._say(f"  {event.step_key}  FAILED: {_reason(event.step_failure_data.error)}")
        elif kind == "ASSET_CHECK_EVALUATION":
            self._check(event.asset_check_evaluation_data)

    def _check(self, check: Any) -> None:
        if check.passed:
            return
        table = "/".join(check.asset_key.path)
        findings = check.metadata.get("findings")
        word = "blocks" if check.severity.value == "ERROR" else "warns"
        self._say(f"    {table}: {check.check_name} {word}" + (f"\n{findings.value}" if findings else ""))

    def _say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


def _reason(error: Any) -> str:
    """The innermost message of a step's error; an error of ours says all, any other is sanitised."""
    from warehouse.errors import sanitised

    while error.cause is not None:
        error = error.cause
    ours = {CdpError.__name__, *(kind.__name__ for kind in CdpError.__subclasses__()), "Failure"}
    text = re.sub(r"^[\w.]+: ", "", error.message.strip(), count=1)  # Dagster puts the class before the message
    return text if error.cls_name in ours else sanitised(text)
