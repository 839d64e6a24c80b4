"""Remedies: the smallest single change that would have held, found by simulating it.

Every size of every change meets the same luck (common random numbers), so that a bigger one does not
look worse by chance. The size is doubled until a few launches hold, then halved in between; a change
is dropped as soon as it would have to be bigger than the smallest one known. The last word is had
by as many launches as were predicted. Nothing looks at a clock: the search ends after so many
launches, and says the same for the same seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from simulator.engine import Engine
from simulator.launches import play, predict
from simulator.plan import Plan
from simulator.summary import Summary
from simulator.tweak import REAL, Turn, Tweak

DOUBLINGS = 6
"""A change by more than 64 times is no change, but another system."""
FINENESS = 1.05
"""Rates are found to 5 %."""
FIRST_PAUSE_NS = 1_000_000_000.0
"""The first backoff that is tried where there is none."""
CONFIRMATIONS = 4
"""How many sizes are tried with all launches, at most."""

Holds = Callable[[Summary], bool]
Certain = Callable[[Sequence[bool]], bool]
"""Whether so many launches that hold, or do not, show that the launch holds."""
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A change that would have held."""

    tweak: Tweak
    value: float
    holds: int
    launches: int
    """So many launches hold with it, of so many."""


@dataclass(kw_only=True)
class Search:
    """A search among single changes."""

    plan: Plan
    engine: Engine
    holds: Holds
    certain: Certain
    few: Sequence[int]
    """The launches that a size has to pass first."""
    launches: int
    """How many have the last word."""
    budget: int
    """How many launches may be simulated before that."""
    told: Told | None = None
    played: int = field(default=0, init=False)

    def smallest(self, tweaks: Iterable[Tweak]) -> Remedy | None:
        """The smallest of all; None: none of them, or it was not found in time."""
        found: list[tuple[float, Tweak, float]] = []
        for tweak in tweaks:
            least = min((size for size, _, _ in found), default=math.inf)
            value = self._size_of(tweak, least)
            if value is not None:
                found.append((tweak.change_to(value), tweak, value))
        for _, tweak, value in sorted(found, key=lambda each: each[0]):
            remedy = self._confirmed(tweak, value)
            if remedy:
                return remedy
        return None

    def passes(self, tweak: Tweak, value: float) -> bool:
        """Whether the few launches hold with it; beyond the budget nothing does."""
        plan = replace(self.plan, system=tweak.applied(self.plan.system, value))
        for launch in self.few:
            if self.played >= self.budget:
                return False
            self.played += 1
            if self.told:
                self.told(self.played, self.budget)
            if not self.holds(play(plan, self.engine, launch)):
                return False
        return True

    def _size_of(self, tweak: Tweak, least: float) -> float | None:
        """The smallest value that passes, if its change is smaller than the least one known."""
        if tweak.at_once:
            return tweak.now if self.passes(tweak, tweak.now) else None
        fails, passes = tweak.now or FIRST_PAUSE_NS / 2, None
        for value in self._doubled(tweak, least):
            if self.passes(tweak, value):
                passes = value
                break
            fails = value
        if passes is None:
            return None
        return self._between(tweak, fails, passes)

    def _doubled(self, tweak: Tweak, least: float) -> Iterable[float]:
        """Ever bigger sizes; where a smaller change is known, only the biggest one below it."""
        if math.isfinite(least):
            size = tweak.now * math.exp(least if tweak.up else -least)
            value = inside(tweak, size)
            return [value] if value != tweak.now and value > 0 else []
        first = tweak.now or FIRST_PAUSE_NS / 2
        sizes = (first * 2.0**number for number in range(1, DOUBLINGS + 1))
        if not tweak.up:
            # A line is a change even if it lets in as many as can be served.
            start = 0 if tweak.turn is Turn.LINE else 1
            sizes = (first * 0.5**number for number in range(start, DOUBLINGS + 1))
        return (value for value in map(tweak.rounded, sizes) if value > 0)

    def _between(self, tweak: Tweak, fails: float, passes: float) -> float:
        """The border between a size that fails and one that passes."""
        while not near(tweak, fails, passes):
            real = tweak.turn in REAL and fails > 0
            middle = math.sqrt(fails * passes) if real else (fails + passes) / 2
            middle = middle if real else float(math.floor(middle))
            if self.passes(tweak, middle):
                passes = middle
            else:
                fails = middle
        return passes

    def _confirmed(self, tweak: Tweak, value: float) -> Remedy | None:
        """With all launches; a little more where that does not do."""
        for _ in range(CONFIRMATIONS):
            plan = replace(self.plan, system=tweak.applied(self.plan.system, value))
            prediction = predict(plan, self.engine, self.launches)
            held = [self.holds(summary) for summary in prediction.launches]
            if self.certain(held):
                return Remedy(tweak=tweak, value=value, holds=sum(held), launches=len(held))
            if tweak.at_once:
                return None
            value = further(tweak, value)
        return None


def inside(tweak: Tweak, size: float) -> float:
    """The biggest change that is possible and smaller than this."""
    if tweak.turn in REAL:
        return size / FINENESS if tweak.up else size * FINENESS
    return float(math.ceil(size) - 1) if tweak.up else float(math.floor(size) + 1)


def further(tweak: Tweak, value: float) -> float:
    """The next bigger change."""
    step = FINENESS if tweak.up else 1 / FINENESS
    more = value * step
    return more if tweak.turn in REAL else tweak.rounded(more)


def near(tweak: Tweak, fails: float, passes: float) -> bool:
    """Whether nothing worth trying lies between."""
    if fails > 0 and max(fails, passes) / min(fails, passes) <= FINENESS:
        return True
    return tweak.turn not in REAL and abs(passes - fails) <= 1
