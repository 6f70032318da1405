"""One writer: the run's worker holds `flock` on run.lock.

Belongs here: taking and explaining the lock. Must not go here: what a run does.
Concept: the kernel frees the lock when the holder dies, so a killed run never has to be cleaned up after.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.errors import CdpError
from warehouse.home import Home

_held: set[Path] = set()


class RunInProgress(CdpError):
    """Another process is writing; EX_TEMPFAIL tells a scheduler to try again later."""

    exit_code = 75


@contextmanager
def run_lock(home: Home, *, wait: bool = False) -> Iterator[None]:
    """Hold the run lock; a second taker in this process shares it.

    wait: queue behind another process (runs from the UI) instead of raising RunInProgress at once.
    """
    if home.run_lock in _held:
        yield
        return
    home.prepare()
    with open(home.run_lock, "a+", opener=_private) as file:
        _take(home, file.fileno(), wait)
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "since": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}))
        file.flush()
        _held.add(home.run_lock)
        try:
            yield
        finally:
            _held.discard(home.run_lock)


def is_running(home: Home) -> bool:
    """True while some process holds the run lock."""
    if home.run_lock in _held:
        return True
    if not home.run_lock.exists():
        return False
    with open(home.run_lock) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _take(home: Home, descriptor: int, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise RunInProgress(
            f"Another run is writing to {home.root} ({_holder(home)})",
            remedy="Wait for it to end (`cdp status` shows it), then run again.",
        ) from None


def _holder(home: Home) -> str:
    try:
        holder = json.loads(home.run_lock.read_text())
        return f"process {holder['pid']}, since {holder['since']}"
    except (ValueError, KeyError, OSError):
        return "its process id is not known yet"
