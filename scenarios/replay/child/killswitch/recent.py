"""The answers of the last two seconds, request by request: too many of them failed, or took too long.

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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scenarios.http.answers.alarm import Alarms
from scenarios.replay.child.clock import Clock

WINDOW_NS = 2_000_000_000
LOOK_EVERY_NS = 100_000_000
CHANCE = 1e-6


@dataclass(slots=True)
class Bin:
    """What was answered between two looks."""

    at_ns: int
    answers: int = 0
    errors: int = 0
    slow: list[int] = field(default_factory=list)
    """By the limits of the alarms."""


class Course:
    """One request of the launch, as it went lately."""

    def __init__(self, limits: int, fewest: int) -> None:
        self.fewest = fewest
        self.bins = deque([Bin(0, slow=[0] * limits)])
        self.whole = Bin(0, slow=[0] * limits)
        self.under_way: dict[int, int] = {}
        """When each was sent, in their order, by a number of its own."""

    def add(self, took_ns: int, limits_ns: list[int], *, error: bool) -> None:
        for count in (self.bins[-1], self.whole):
            count.answers += 1
            count.errors += error
            for number, limit_ns in enumerate(limits_ns):
                count.slow[number] += took_ns > limit_ns

    def roll(self, now_ns: int) -> None:
        """Let go what is too old to count, and begin a new bin."""
        self.bins[-1].at_ns = now_ns
        while len(self.bins) > 1 and self.is_stale(self.bins[0], now_ns):
            old = self.bins.popleft()
            self.whole.answers -= old.answers
            self.whole.errors -= old.errors
            for number, slow in enumerate(old.slow):
                self.whole.slow[number] -= slow
        if self.bins[-1].answers:
            self.bins.append(Bin(now_ns, slow=[0] * len(self.whole.slow)))

    def is_stale(self, old: Bin, now_ns: int) -> bool:
        return now_ns - old.at_ns >= WINDOW_NS and self.whole.answers - old.answers >= self.fewest

    def older_than(self, limit_ns: int, now_ns: int) -> int:
        """How many have been under way for longer."""
        count = 0
        for sent_ns in self.under_way.values():
            if now_ns - sent_ns <= limit_ns:
                break
            count += 1
        return count


class Recent:
    """All requests of a replay, as they went lately."""

    def __init__(self, alarms: Alarms, clock: Clock) -> None:
        self.alarms, self.clock = alarms, clock
        self.limits_ns = [limit_ns for _, limit_ns in alarms.slower]
        self.fewest = max((fewest(share) for share in self.allowed()), default=0)
        self.courses: dict[str, Course] = {}
        self.numbers = 0

    def allowed(self) -> Iterator[float]:
        """The shares that the alarms leave."""
        if self.alarms.errors is not None:
            yield self.alarms.errors
        yield from (1 - quantile for quantile, _ in self.alarms.slower)

    def sent(self, name: str) -> int:
        """That a request is under way; its number."""
        if name not in self.courses:
            self.courses[name] = Course(len(self.limits_ns), self.fewest)
        self.numbers += 1
        self.courses[name].under_way[self.numbers] = self.clock.now_ns()
        return self.numbers

    def left(self, name: str, number: int) -> None:
        """That nobody waits for its answer any more."""
        self.courses[name].under_way.pop(number, None)

    def answered(self, name: str, number: int, *, error: bool) -> None:
        course = self.courses[name]
        sent_ns = course.under_way.pop(number, None)
        if sent_ns is not None:
            course.add(self.clock.now_ns() - sent_ns, self.limits_ns, error=error)

    def begun(self, name: str) -> Callable[[bool], None]:
        """That a request is under way; what is to be told whether it failed."""
        number = self.sent(name)
        return lambda error: self.answered(name, number, error=error)

    def watch(self) -> str:
        """Wait until too many failed, or took too long, and say so."""
        at_ns = self.clock.now_ns()
        while not (why := self.fault()):
            at_ns += LOOK_EVERY_NS
            self.clock.sleep_until(at_ns)
        return why

    def fault(self) -> str:
        """What is wrong now; empty where nothing is."""
        now_ns = self.clock.now_ns()
        for name, course in self.courses.items():
            course.roll(now_ns)
            if why := self.failing(course) or self.slow(course, now_ns):
                return f"{name}: {why}"
        return ""

    def failing(self, course: Course) -> str:
        failed, of, limit = course.whole.errors, course.whole.answers, self.alarms.errors
        if limit is None or not is_beyond(failed, of, limit):
            return ""
        return f"{failed:,} of the last {of:,} answers failed (replay.stop.errors = {limit:g})"

    def slow(self, course: Course, now_ns: int) -> str:
        for number, (quantile, limit_ns) in enumerate(self.alarms.slower):
            waiting = course.older_than(limit_ns, now_ns)
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
