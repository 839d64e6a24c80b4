"""How a person ends a rehearsal, so that it counts as stopped (exit code 4): a signal, or a file.

Ctrl-C and SIGTERM end the command; SIGUSR1 and the file of [replay.stop] end the load, and what was
measured is judged as stopped. Who watches a launch from another machine, or a job of CI, makes the file.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from scenarios.http.manners import beside
from simulator.errors import Stopped, UsageError
from simulator.scenario.scenario import Scenario


class Wished:
    """Whether somebody wants the rehearsal to end, and how that was said."""

    def __init__(self, file: Path | None) -> None:
        self.file, self.signalled = file, False
        self.asked = False
        """Whether a replay asks by itself, by now."""

    def __call__(self) -> str:
        """Asked five times a second while a replay goes on, so that nobody need be interrupted any more."""
        self.asked = True
        return self.why

    @property
    def why(self) -> str:
        if self.signalled:
            return "stopped by a signal (SIGUSR1)"
        if self.file is not None and os.path.exists(self.file):  # noqa: PTH110 - never raises
            return f"stopped by the file {self.file} (replay.stop.file)"
        return ""

    def heed(self) -> None:
        """Raises Stopped where somebody wants it to end: for what goes on before the replay."""
        if why := self.why:
            raise Stopped(why)

    def hear(self, _number: int, _frame: FrameType | None) -> None:
        """What the signal does: before the replay whatever goes on is broken off."""
        self.signalled = True
        if not self.asked:
            self.heed()


@contextmanager
def halting(scenario: Scenario) -> Iterator[Wished]:
    """From now on both are heeded.

    Raises UsageError where the file is there already: it would end everything before it begins.
    """
    wished = Wished(stop_file(scenario))
    if wished.why:
        raise UsageError(f"{wished.file} is there already: remove it, since it ends the rehearsal")
    if threading.current_thread() is not threading.main_thread():
        yield wished  # only the main thread is told of signals
        return
    before = signal.signal(signal.SIGUSR1, wished.hear)
    try:
        yield wished
    finally:
        signal.signal(signal.SIGUSR1, signal.SIG_DFL if before is None else before)


def stop_file(scenario: Scenario) -> Path | None:
    """The one that a launch names, seen from its own folder."""
    replay = scenario.words.replay
    stop = None if replay is None else replay.stop
    return None if stop is None or stop.file is None else beside(scenario, stop.file)
