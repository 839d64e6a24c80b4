"""A request that tells how the target is, asked beside everything else.

Asked each ``EVERY_NS``, whatever became of the one before, with ``WITHIN_NS`` for its answer: where the target
fails right after one that was answered, the next two have failed 1.8 s later. Two in a row, because one may
fall into the instant at which a worker is replaced.
"""

from __future__ import annotations

from collections.abc import Callable

from scenarios.replay.child.clock import Clock

EVERY_NS = 400_000_000
WITHIN_NS = 1_000_000_000

Ask = Callable[[], str]
"""Asks once: what was wrong, or nothing."""
Start = Callable[[Callable[[], None]], object]
"""Has something done while one goes on."""


class Looks:
    """The looks of one replay."""

    def __init__(self, called: str, ask: Ask, start: Start, clock: Clock) -> None:
        self.called, self.ask, self.start, self.clock = called, ask, start, clock
        self.faults: dict[int, str] = {}
        """Of each that failed, by its number."""

    def watch(self) -> str:
        """Wait until two in a row have failed, and say so."""
        number, at_ns = 0, self.clock.now_ns()
        while not (why := self.fault()):
            self.start(self.look(number))
            number, at_ns = number + 1, at_ns + EVERY_NS
            self.clock.sleep_until(at_ns)
        return why

    def look(self, number: int) -> Callable[[], None]:
        def once() -> None:
            if why := self.ask():
                self.faults[number] = why

        return once

    def fault(self) -> str:
        """That two in a row failed; empty where none did."""
        for number, why in self.faults.items():
            if number + 1 in self.faults:
                return f"{self.called} failed twice in a row ({why}; replay.stop.health)"
        return ""
