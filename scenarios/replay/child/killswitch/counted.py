"""The answers of one process, request by request, as the kill switch counts them from its opening on.

What is told of them is cumulative, so that one that is told twice, or lost on its way, does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from scenarios.replay.child.clock import Clock


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one request: all that was answered until now, and what is under way."""

    answers: int
    errors: int
    slow: tuple[int, ...]
    """How many took longer, by the limits of the alarms."""
    waiting: tuple[int, ...]
    """How many have had no answer for longer, by the same."""

    def without_waiting(self) -> Counts:
        return Counts(self.answers, self.errors, self.slow, (0,) * len(self.waiting))


class Asked:
    """One request of the launch."""

    def __init__(self, limits: int) -> None:
        self.answers = self.errors = 0
        self.slow = [0] * limits
        self.under_way: dict[int, int] = {}
        """When each was sent, in their order, by a number of its own."""

    def add(self, took_ns: int, limits_ns: Collection[int], *, error: bool) -> None:
        self.answers += 1
        self.errors += error
        for number, limit_ns in enumerate(limits_ns):
            self.slow[number] += took_ns > limit_ns

    def older_than(self, limit_ns: int, now_ns: int) -> int:
        """How many have been under way for longer."""
        count = 0
        for sent_ns in self.under_way.values():
            if now_ns - sent_ns <= limit_ns:
                break
            count += 1
        return count


class Counted:
    """All requests of one process."""

    def __init__(self, limits_ns: Collection[int], clock: Clock) -> None:
        """``limits_ns``: from when on an answer is slow."""
        self.limits_ns, self.clock = tuple(limits_ns), clock
        self.requests: dict[str, Asked] = {}
        self.numbers = 0

    def sent(self, name: str) -> int:
        """That a request is under way; its number."""
        if name not in self.requests:
            self.requests[name] = Asked(len(self.limits_ns))
        self.numbers += 1
        self.requests[name].under_way[self.numbers] = self.clock.now_ns()
        return self.numbers

    def left(self, name: str, number: int) -> None:
        """That nobody waits for its answer any more."""
        self.requests[name].under_way.pop(number, None)

    def answered(self, name: str, number: int, *, error: bool) -> None:
        asked = self.requests[name]
        sent_ns = asked.under_way.pop(number, None)
        if sent_ns is not None:
            asked.add(self.clock.now_ns() - sent_ns, self.limits_ns, error=error)

    def begun(self, name: str) -> Callable[[bool], None]:
        """That a request is under way; what is to be told whether it failed."""
        number = self.sent(name)
        return lambda error: self.answered(name, number, error=error)

    def told(self) -> dict[str, Counts]:
        """What there is to tell now, by the requests' names."""
        now_ns = self.clock.now_ns()
        return {
            name: Counts(
                asked.answers,
                asked.errors,
                tuple(asked.slow),
                tuple(asked.older_than(limit_ns, now_ns) for limit_ns in self.limits_ns),
            )
            for name, asked in self.requests.items()
        }
