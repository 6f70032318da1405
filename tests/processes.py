"""Processes of their own for what tests run and kill: forks of one that has imported the platform once.

Belongs here: starting such a process, what it prints, how it ends. Must not go here: what it does.
Concept: the standard library's fork server. It imports and does nothing else, so a fork of it is what a newly started
interpreter would be, without the seconds that Dagster, dbt and Great Expectations take to import.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from threading import Timer
from typing import Any

from warehouse.home import PROJECT

# What a run imports by and by; of one that is missing here a process takes its time, and all else stays as it is.
IMPORTED = (
    *("dagster_dbt", "dbt.adapters.duckdb", "dbt.cli.main", "great_expectations", "pandas", "pytest", "splink"),
    *("cli.main", "cli.summary", "expectations.translate", "identity.groups.resolve", "identity.resolve"),
    *("ingestion.load", "orchestration.definitions", "orchestration.instance", "publishing.publish", "scoring.tables"),
)
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # as expectations/engine.py: it is read at the import
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(list(IMPORTED))
LONGEST_S = 900


class Process:
    """A function called in a process of its own; its methods are those of subprocess.Popen."""

    def __init__(self, function: Callable[..., object], args: tuple[Any, ...], environment: Mapping[str, str]) -> None:
        (output, printed), (errors, complained) = FORKS.Pipe(duplex=False), FORKS.Pipe(duplex=False)
        self._process = FORKS.Process(target=_call, args=(function, args, dict(environment), printed, complained))
        self._process.start()
        printed.close()
        complained.close()
        self.stdout, self.stderr = (os.fdopen(os.dup(pipe.fileno())) for pipe in (output, errors))

    @property
    def returncode(self) -> int | None:
        """What it exited with, or the negative of the signal that killed it; None while it goes on."""
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def communicate(self, timeout: float = LONGEST_S) -> tuple[str, str]:
        """What is left of its output and its errors, once it has ended; after `timeout` seconds it is killed."""
        timer = Timer(timeout, self.kill)
        timer.start()
        with self.stdout, self.stderr, ThreadPoolExecutor(2) as readers:
            output, errors = readers.map(lambda stream: stream.read(), (self.stdout, self.stderr))
        self._process.join()
        timer.cancel()
        return output, errors


def run(
    function: Callable[..., object], *args: Any, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Call a module's function in a process with this environment; gives what subprocess.run gives of a command."""
    process = Process(function, args, environment)
    output, errors = process.communicate()
    return subprocess.CompletedProcess(args, process.returncode or 0, output, errors)


def killed_at(point: str, function: Callable[..., object], *args: Any) -> subprocess.CompletedProcess[str]:
    """As run, in a process that dies when it comes to this point (warehouse/crash.py)."""
    return run(function, *args, environment=os.environ | {"CDP_CRASH_AT": point})


def _call(
    function: Callable[..., object],
    args: tuple[Any, ...],
    environment: dict[str, str],
    output: Connection,
    errors: Connection,
) -> None:
    os.dup2(output.fileno(), sys.stdout.fileno())
    os.dup2(errors.fileno(), sys.stderr.fileno())
    output.close()
    errors.close()
    os.chdir(PROJECT)
    os.environ.clear()
    os.environ |= environment
    function(*args)


def command(*words: str) -> None:
    """`cdp` with these words, as a shell starts it."""
    from cli.main import entry

    sys.argv = ["cdp", *words]
    entry()
