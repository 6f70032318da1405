"""How a command is measured: wall time and peak memory of a whole process, and what machine it was.

Belongs here: the measuring. Must not go here: what is measured.
"""

import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from warehouse.home import PROJECT


@dataclass(frozen=True)
class Figure:
    """One finished command: wall seconds, and peak memory of its largest process in MiB."""

    seconds: float
    peak_mib: float
    exit_code: int
    output: str


def machine() -> str:
    """Processor, cores, memory and Python, in one line."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}, {platform.system()}"


def measured(*args: str, **environment: str) -> Figure:
    """Run `python -m ARGS` in the project and wait for it."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", *args],
        cwd=PROJECT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Figure(time.monotonic() - begun, usage.ru_maxrss / 1024, process.returncode, output)
