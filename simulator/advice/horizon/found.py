"""What is known of a launch of years: its busiest windows, the limit of today's system, and until when it holds."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

from simulator.advice.horizon.known import Known


class Course(enum.Enum):
    """One of the curves that published counts leave open, by its draw."""

    LOW = 0.1
    LIKELY = 0.5
    HIGH = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Busiest:
    """The busiest window of a period, along one of the curves."""

    course: Course
    at_ns: int
    per_s: float
    """People a second in it, in the mean."""
    holds: bool
    """Whether today's system holds in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of the years, and its busiest windows."""

    from_ns: int
    until_ns: int
    windows: tuple[Busiest, ...]
    """Low, likely, high."""
    known: Known
    """How much is known of its people."""

    def window(self, course: Course) -> Busiest:
        return next(each for each in self.windows if each.course is course)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many a second today's system holds."""

    held_per_s: float
    """0: none of those that come."""
    failed_per_s: float
    """Infinite: as many as ever come."""
    station: int | None
    """What runs out beyond; None: nothing does."""

    def needed(self, per_s: float) -> float:
        """So many times today's system hold so many a second, by proportion.

        That is enough, as far as the limit is right: many servers together wait for one another less
        than few do. 1 at the least; infinite where today's system holds nobody.
        """
        return max(1.0, per_s / self.held_per_s) if self.held_per_s else math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Until when today's system holds, along one of the curves."""

    course: Course
    at_ns: int | None
    """The beginning of the first day on which it may not; None: it holds to the end of the horizon."""
    known: Known | None
    order_by_ns: int | None
    """The last instant to order; None: never, or nobody knows how long it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LongHorizon:
    """What is to be said of a launch of years."""

    from_ns: int
    """Today: what came before is over."""
    window_ns: int
    launches: int
    """Of each window."""
    tried: int
    """So many windows were simulated."""
    periods: tuple[Period, ...]
    limit: Limit
    ends: tuple[End, ...]
    """Low, likely, high: the last one is the earliest."""

    def end(self, course: Course) -> End:
        return next(each for each in self.ends if each.course is course)
