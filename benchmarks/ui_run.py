"""The job launched from Dagster's pages over the demo of 5,000 people: from the launch to success.

Belongs here: the launch and the wait. Must not go here: a browser (tests/integration/test_browser.py has that).
Concept: the page's button sends this same GraphQL mutation; the daemon dequeues the run and starts a worker for it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from benchmarks.measure import machine, measured
from warehouse.home import PROJECT

LAUNCH = """
mutation($job: String!) {
  launchRun(executionParams: {selector: {
    repositoryName: "__repository__", repositoryLocationName: "cdp", jobName: $job}}) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  }
}
"""
STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
LONGEST_SECONDS = 900


def main(people: int = 5_000, seed: int = 7) -> None:
    """Print how long a run takes that the pages launched."""
    print(f"# run from the UI — {machine()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured("cli", "demo-data", "--people", str(people), "--seed", str(seed), "--out", str(folder / "company"))
        with _pages(folder) as address:
            begun = time.monotonic()
            status = _finished(address, _launched(address))
            print(f"{people:>9,} people  launch to {status}  {time.monotonic() - begun:.1f} s  (target: at most 90)")


@contextmanager
def _pages(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "cli", "ui", "--port", str(port)],
        cwd=PROJECT,
        env=os.environ | {"CDP_HOME": str(folder / "home"), "CDP_SOURCES": str(folder / "company" / "inbox")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _until(lambda: _answer(f"{address}/server_info") is not None, LONGEST_SECONDS)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def _launched(address: str) -> str:
    """Launch the job; the code location may still be loading, so a refusal is asked again."""
    found: list[str] = []

    def launched() -> bool:
        result = _asked(address, LAUNCH, {"job": "everything"}).get("launchRun", {})
        found.extend([result["run"]["runId"]] if "run" in result else [])
        return bool(found)

    _until(launched, LONGEST_SECONDS)
    return found[0]


def _finished(address: str, run_id: str) -> str:
    status = ""

    def ended() -> bool:
        nonlocal status
        status = _asked(address, STATUS, {"id": run_id}).get("runOrError", {}).get("status", "")
        return status in {"SUCCESS", "FAILURE", "CANCELED"}

    _until(ended, LONGEST_SECONDS)
    return status


def _asked(address: str, query: str, variables: dict[str, str]) -> Any:
    """The data of an answer; empty where the server did not answer, or answered with errors alone."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    return (_answer(f"{address}/graphql", body) or {}).get("data") or {}


def _answer(address: str, body: bytes | None = None) -> Any:
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.URLError:
        return None


def _until(is_done: Any, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > until:
            raise TimeoutError(f"not done after {seconds:.0f} s")
        time.sleep(0.5)


if __name__ == "__main__":
    typer.run(main)
