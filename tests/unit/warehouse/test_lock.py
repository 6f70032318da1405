"""One writer at a time; the kernel frees the lock of a killed one."""

import os
import signal
import subprocess
import sys

import pytest

from warehouse.home import PROJECT, Home
from warehouse.lock import RunInProgress, is_running, run_lock

HOLD = "import sys; from warehouse.home import Home; from warehouse.lock import run_lock\n"
HOLD += "with run_lock(Home.from_environment()): print('held', flush=True); sys.stdin.read()"


def _holder() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_told_who_holds_the_lock_and_exits_with_75(home: Home) -> None:
    holder = _holder()
    try:
        assert is_running(home)
        with pytest.raises(RunInProgress, match=str(holder.pid)) as raised, run_lock(home):
            pass
        assert raised.value.exit_code == 75
    finally:
        holder.communicate("")


def test_a_killed_holder_leaves_the_lock_free(home: Home) -> None:
    holder = _holder()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()

    with run_lock(home):
        assert is_running(home)
    assert not is_running(home)


def test_a_run_may_take_its_own_lock_again(home: Home) -> None:
    with run_lock(home), run_lock(home):
        assert is_running(home)
