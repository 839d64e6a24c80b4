"""The answers of the last two seconds, request by request: too many of them failed, or took too long.

*Whose.* Those of all processes that send: one whose own visitors fare badly is outvoted, and a target that fails a
little everywhere is found out by all of them together. What each counts (:mod:`~scenarios.replay.child.killswitch.counted`)
is heard ten times a second.

*Which.* Those of the last ``WINDOW_NS``, and where these are few the latest ones, as many as it takes for
all of them together to say anything. Each request of the launch is counted by itself, for a line that
answers all who wait would hide a signup that fails for everybody.

*Beyond chance.* Of n answers k are too many where a share at its limit p would bring so many less than once
in a million: P(X >= k) <= exp(-n D(k/n, p)) < ``CHANCE``, with D(q, p) = q ln(q/p) + (1-q) ln((1-q)/(1-p)), the
Kullback-Leibler divergence. It is looked ten times a second, so in ten minutes right at its limit a
request ends a run by chance once in 160 times at most, and below it hardly ever. Where everything fails from
one instant on and half of it may, 20 answers say so, or 1.4 s of a hundred a second.

Source: Chernoff 1952; Hoeffding 1963, theorem 1.

*Under way.* A request that has had no answer for longer than a limit counts among those that took longer: a
frozen target answers nothing.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scenarios.http.answers.alarm import Alarms
from scenarios.replay.child.clock import Clock
from scenarios.replay.child.killswitch.counted import Counts

WINDOW_NS = 2_000_000_000
LOOK_EVERY_NS = 100_000_000
CHANCE = 1e-6

Told = Mapping[str, Counts]
"""What a process counted until now, by the requests' names."""


@dataclass(slots=True)
class Bin:
    """What was answered between two tellings, or in all that count."""

    at_ns: int
    answers: int
    errors: int
    slow: list[int]
    """By the limits of the alarms."""

    def add(self, other: Bin, sign: int = 1) -> None:
        self.answers += sign * other.answers
        self.errors += sign * other.errors
        for number, slow in enumerate(other.slow):
            self.slow[number] += sign * slow


class Course:
    """One request of the launch, as it went lately."""

    def __init__(self, limits: int, fewest: int) -> None:
        self.fewest = fewest
        self.nothing = Counts(0, 0, (0,) * limits, (0,) * limits)
        self.bins: deque[Bin] = deque()
        self.whole = Bin(0, 0, 0, [0] * limits)
        self.last: dict[int, Counts] = {}
        """What each process told last."""

    def hear(self, worker: int, told: Counts, now_ns: int) -> None:
        before = self.last.get(worker, self.nothing)
        self.last[worker] = told
        slow = [now - then for now, then in zip(told.slow, before.slow, strict=True)]
        news = Bin(now_ns, told.answers - before.answers, told.errors - before.errors, slow)
        if news.answers > 0:
            self.bins.append(news)
            self.whole.add(news)

    def forget(self, now_ns: int) -> None:
        """Let go what is too old to count."""
        while len(self.bins) > 1 and self.is_stale(self.bins[0], now_ns):
            self.whole.add(self.bins.popleft(), -1)

    def is_stale(self, old: Bin, now_ns: int) -> bool:
        return now_ns - old.at_ns >= WINDOW_NS and self.whole.answers - old.answers >= self.fewest

    def waiting(self, number: int) -> int:
        """How many have been under way for longer than that limit."""
        return sum(told.waiting[number] for told in self.last.values())


class Recent:
    """All requests of a replay, as they went lately."""

    def __init__(self, alarms: Alarms) -> None:
        self.alarms = alarms
        self.fewest = max((fewest(share) for share in self.allowed()), default=0)
        self.courses: dict[str, Course] = {}

    def allowed(self) -> Iterator[float]:
        """The shares that the alarms leave."""
        if self.alarms.errors is not None:
            yield self.alarms.errors
        yield from (1 - quantile for quantile, _ in self.alarms.slower)

    def hear(self, worker: int, told: Told, now_ns: int) -> None:
        """What one process has counted until now."""
        for name, counts in told.items():
            if name not in self.courses:
                self.courses[name] = Course(len(self.alarms.slower), self.fewest)
            self.courses[name].hear(worker, counts, now_ns)

    def lose(self, worker: int) -> None:
        """That one says nothing any more: of what it had under way nobody knows."""
        for course in self.courses.values():
            if worker in course.last:
                course.last[worker] = course.last[worker].without_waiting()

    def watch(self, clock: Clock, told: Callable[[], Told]) -> str:
        """Wait until too many of the only process failed, or took too long, and say so."""
        at_ns = clock.now_ns()
        while True:
            self.hear(0, told(), clock.now_ns())
            if why := self.fault(clock.now_ns()):
                return why
            at_ns += LOOK_EVERY_NS
            clock.sleep_until(at_ns)

    def fault(self, now_ns: int) -> str:
        """What is wrong now; empty where nothing is."""
        for name, course in self.courses.items():
            course.forget(now_ns)
            if why := self.failing(course) or self.slow(course):
                return f"{name}: {why}"
        return ""

    def failing(self, course: Course) -> str:
        failed, of, limit = course.whole.errors, course.whole.answers, self.alarms.errors
        if limit is None or not is_beyond(failed, of, limit):
            return ""
        return f"{failed:,} of the last {of:,} answers failed (replay.stop.errors = {limit:g})"

    def slow(self, course: Course) -> str:
        for number, (quantile, limit_ns) in enumerate(self.alarms.slower):
            waiting = course.waiting(number)
            slow, of = course.whole.slow[number] + waiting, course.whole.answers + waiting
            if is_beyond(slow, of, 1 - quantile):
                limit_s = limit_ns / 1e9
                return (
                    f"{slow:,} of the last {of:,} requests took longer than {limit_s:g} s"
                    f" (replay.stop.p{100 * quantile:g})"
                )
        return ""


def is_beyond(count: int, of: int, share: float) -> bool:
    """Whether so many are more than a true share brings by chance.

    >>> is_beyond(20, 20, 0.5), is_beyond(19, 20, 0.5), is_beyond(137, 200, 0.5), is_beyond(136, 200, 0.5)
    (True, False, True, False)
    """
    if not of or count <= share * of:
        return False
    seen = count / of
    rest = (1 - seen) * math.log((1 - seen) / (1 - share)) if count < of else 0.0
    return of * (seen * math.log(seen / share) + rest) >= -math.log(CHANCE)


def fewest(share: float) -> int:
    """How many answers it takes for all of them to be beyond chance.

    >>> fewest(0.5), fewest(0.05), fewest(0.9)
    (20, 5, 132)
    """
    return math.ceil(math.log(CHANCE) / math.log(share))
