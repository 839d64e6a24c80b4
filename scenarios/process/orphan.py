"""A child process that ends when its parent does, whatever ended the parent.

The parent holds the other end of the child's standard input. When the parent dies, even by SIGKILL,
the kernel closes that end, and a thread of the child's own, which waits for it, wakes at once. It
asks the process to end in good order, and ends it if it does not: its loop may stand still.
"""

from __future__ import annotations

import _thread
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable

SET_PARENT_DEATH_SIGNAL = 1
"""``PR_SET_PDEATHSIG`` of prctl(2)."""


def end_with_parent(ask: Callable[[], object], grace_s: float) -> None:
    """From now on: ``ask`` when the parent has died, and kill this process ``grace_s`` later.

    A process that imports gevent calls it before: then the thread is a real one.
    """
    wake_with_parents_death()
    sleep = time.sleep  # not what gevent may put in its place
    kill = os.kill

    def wait() -> None:
        while os.read(0, 1024):
            pass
        ask()
        sleep(grace_s)
        kill(os.getpid(), signal.SIGKILL)

    # Not by ``threading``: gevent could not put its own threads in the place of one that it knows.
    _thread.start_new_thread(wait, ())


def wake_with_parents_death() -> None:
    """A frozen process (SIGSTOP) runs no thread: the kernel lets it go on when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGCONT)
