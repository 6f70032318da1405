"""The UI as a person uses it: the asset graph with its groups, the job launched from the page, its green run,
the plots of what it measured."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reporting import bars
from tests.conftest import platform_environment
from warehouse.home import PROJECT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
LAYERS = ("landing", "raw", "staging", "conformed", "identity", "profiles", "segments", "measures", "published")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[str]:
    """`cdp ui` on a free port over an empty home."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open(tmp_path / "ui.log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "cli", "ui", "--port", str(port)],
            cwd=PROJECT,
            env=platform_environment(tmp_path / "home"),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, tmp_path / "ui.log")
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def test_the_graph_shows_the_layers_and_the_job_runs_green_from_the_page(pages: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect, sync_playwright

    shots = Path(os.environ.get("CDP_SCREENSHOTS", tmp_path))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1800, "height": 1100})
        page.goto(f"{pages}/asset-groups", wait_until="domcontentloaded")
        for layer in LAYERS:
            expect(page.get_by_text(layer, exact=True).first).to_be_visible(timeout=120_000)
        page.screenshot(path=shots / "asset-groups.png")

        page.goto(f"{pages}/locations/cdp/jobs/everything", wait_until="domcontentloaded")
        launch = page.get_by_role("button", name="Materialize all")
        expect(launch).to_be_enabled(timeout=120_000)
        page.screenshot(path=shots / "job.png")
        launch.click()
        run_id = _launched_run(pages)
        page.goto("about:blank")  # a page that draws each event takes as much of a small machine as the run
        _await_end(pages, run_id)
        page.goto(f"{pages}/runs/{run_id}", wait_until="domcontentloaded")
        expect(page.get_by_text("Success", exact=True).first).to_be_visible(timeout=120_000)
        page.screenshot(path=shots / "run.png")

        page.goto(f"{pages}/assets/identity/int_identity_metrics?view=events", wait_until="domcontentloaded")
        page.get_by_text("[Show Markdown]").click(timeout=120_000)
        plots = page.get_by_role("img", name="Match rate per source")
        expect(plots).to_be_visible()
        assert plots.evaluate("image => image.complete && image.naturalWidth") == bars.WIDTH
        page.screenshot(path=shots / "plots.png")
        browser.close()
    assert (tmp_path / "home" / "published" / "current" / "customers.duckdb").exists()


def _launched_run(address: str, seconds: float = 60) -> str:
    """The id of the run that the button has launched."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if runs := _asked(address, "{runsOrError{... on Runs{results{id}}}}")["runsOrError"]["results"]:
            return str(runs[0]["id"])
        time.sleep(1)
    raise AssertionError("the button launched no run")


def _await_end(address: str, run_id: str, seconds: float = 400) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        status = _asked(address, f'{{runOrError(runId:"{run_id}"){{... on Run{{status}}}}}}')["runOrError"]["status"]
        if status in {"SUCCESS", "FAILURE", "CANCELED"}:
            return
        time.sleep(1)
    raise AssertionError(f"the run did not end within {seconds:.0f} s")


def _asked(address: str, query: str) -> Any:
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


def _wait_for(address: str, log: Path, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/server_info", timeout=10):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"the pages did not come up:\n{log.read_text()[-2000:]}")
