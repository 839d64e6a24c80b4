"""Until when a batch lasts: a window of time, which is longer where hardly anybody was answered in it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from scenarios.probe.ladder.bounds import VISIT_PEOPLE, visit_s
from scenarios.probe.ladder.rungs import Exchange

FEWEST_ANSWERS, MOST_WINDOWS = 5, 4
"""A batch with fewer answers goes on, for so many of its windows at most. It grows by whole windows: one that ended with
an answer would say of each that it took as long as from one answer to the next."""
BEGINS_AFTER = 1.5
"""Answers of the unloaded server, before who is counted: so long it takes until all are under way."""


@dataclass(slots=True)
class Window:
    """Instants in nanoseconds of ``time.perf_counter_ns``."""

    begin_ns: int
    end_ns: int
    length_ns: int
    enough: int
    """Answers after which it ends early: their mean is known well enough."""

    @classmethod
    def of(cls, unloaded_s: float, requests: int) -> Self:
        """From now on, of people who make so many requests, each of which takes so long where nobody disturbs it."""
        begin_ns = time.perf_counter_ns() + round(BEGINS_AFTER * unloaded_s * 1e9)
        length_ns = round(visit_s(unloaded_s, requests) * 1e9)
        return cls(begin_ns, begin_ns + length_ns, length_ns, VISIT_PEOPLE * requests)

    def is_over(self, kept: Sequence[Exchange]) -> bool:
        """Whether it is by now, with these answers."""
        now_ns = time.perf_counter_ns()
        if len(kept) >= self.enough and self.begin_ns < now_ns < self.end_ns:
            self.end_ns = now_ns
        longest_ns = self.begin_ns + MOST_WINDOWS * self.length_ns
        while now_ns >= self.end_ns < longest_ns and self.has_few(kept):
            self.end_ns += self.length_ns
        return now_ns >= self.end_ns

    def has_few(self, kept: Sequence[Exchange]) -> bool:
        """Whether hardly anybody was answered in it."""
        return sum(each.seen_ns >= self.begin_ns for each in kept) < FEWEST_ANSWERS

    def cut(self, kept: Sequence[Exchange]) -> tuple[Exchange, ...]:
        """Those that had anything to do with it, and it ends with the last answer; none where nobody was answered in it."""
        self.end_ns = min(self.end_ns, max((each.seen_ns for each in kept), default=0))
        if not any(self.begin_ns <= each.seen_ns <= self.end_ns for each in kept):
            return ()
        return tuple(e for e in kept if e.seen_ns >= self.begin_ns and e.sent_ns <= self.end_ns)
