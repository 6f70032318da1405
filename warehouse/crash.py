"""Named points at which a fault test kills the process.

Belongs here: the point and the register of names met. Must not go here: any handling; a killed process handles nothing.
Concept: deterministic kill points make a crash reproducible where a random one is not.
"""

import os
import signal


def crash_point(name: str) -> None:
    """Die by SIGKILL here if CDP_CRASH_AT names this point; otherwise nothing."""
    if os.environ.get("CDP_CRASH_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
