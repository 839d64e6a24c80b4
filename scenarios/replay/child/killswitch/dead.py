"""A target that has died.

The rule: ``LIMIT`` connections in a row broke, with no answer of any kind between them, and then
the health check fails ``LOOKS`` times, ``BETWEEN_NS`` apart. Timeouts and refusals do not count: a
target that is too slow or says no is what a rehearsal is for. Twenty in a row, because a restart of
a worker breaks a handful; a health check, because a broken proxy path is not a dead target; several
looks, because a supervisor may bring it back within a second. Where an operator did something to the target
(``--at``, ``--run``) it may be away for ``AWAY_NS`` after that. A target that breaks the very first
health check, before the opening, is sent nobody (:mod:`scenarios.replay.child.conducting`).
"""

from __future__ import annotations

from collections.abc import Callable

from scenarios.http.answers.answer import Answer
from scenarios.replay.child.clock import Clock

LIMIT = 20
LOOKS = 3
BETWEEN_NS = 300_000_000
WATCH_EVERY_NS = 100_000_000
AWAY_NS = 10_000_000_000
"""A service that is started again takes some seconds."""


class Dead:
    """Listens to all answers of a replay."""

    def __init__(self, acted_ns: tuple[int, ...] = ()) -> None:
        self.acted_ns = acted_ns
        self.broke_in_a_row = 0
        self.answered = 0
        """Answers of any kind: each says that the target is there."""

    def hear(self, answer: Answer) -> None:
        if answer.status:
            self.answered += 1
            self.broke_in_a_row = 0
        else:
            self.broke_in_a_row = self.broke_in_a_row + 1 if answer.broke else 0

    @property
    def suspected(self) -> bool:
        return self.broke_in_a_row >= LIMIT

    def watch(self, clock: Clock, is_healthy: Callable[[], bool]) -> str:
        """Wait until it is, and say so."""
        at_ns = clock.now_ns()
        while not (self.suspected and self.confirmed(clock, is_healthy)):
            at_ns += WATCH_EVERY_NS
            clock.sleep_until(at_ns)
        return str(self)

    def may_be_away(self, now_ns: int) -> bool:
        """Whether an operator did something to it just now."""
        return any(at_ns <= now_ns < at_ns + AWAY_NS for at_ns in self.acted_ns)

    def __str__(self) -> str:
        return (
            f"the target died: {self.broke_in_a_row} connections in a row broke,"
            " and then its health check failed as well"
        )

    def confirmed(self, clock: Clock, is_healthy: Callable[[], bool]) -> bool:
        """Whether the health check says the same, look after look; not asked while it may be away."""
        if self.may_be_away(clock.now_ns()):
            return False
        for look in range(LOOKS):
            if look:
                clock.sleep_until(clock.now_ns() + BETWEEN_NS)
            if is_healthy() or not self.suspected:
                self.broke_in_a_row = 0
                return False
        return True
