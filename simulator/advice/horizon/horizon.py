"""The long horizon: until when today's system holds, and by when the next one has to be ordered.

A launch of years is too long to be sized by all of its visits, and need not be: what decides is the busiest
time of the busiest day. So years are cut into periods, and of each the busiest window is found, for three of the
curves that the published counts leave open: the one that one launch in ten stays below, the likely one, and
the one that one in ten goes beyond. A busier window is harder to serve than another, so they are put in order
and the border is searched for by halving: each window that is tried is simulated many times, as it comes out of
an empty system. Between the busiest window that holds and the first that does not, the rate is narrowed down with
more or fewer people in the latter.

Today's system no longer does from the first day on whose busiest window has more people than it surely holds. Who
has to order it does so a lead time before.

What is beyond the last published count is extrapolated, by so many times as many people as were counted.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from simulator.advice.horizon.known import Counted, Known, known_of
from simulator.engine.rules import Engine
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import predict
from simulator.plan.meaning.costs import lead_times
from simulator.plan.meaning.grace import grace_ns
from simulator.plan.peaks import peak
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving
from simulator.system.capacity import resources_of
from simulator.system.later import shifted, within
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_DAY, NS_PER_MINUTE, NS_PER_S
from simulator.verdict.chance import certain
from simulator.verdict.criteria import Outcome
from simulator.verdict.objectives import outcome_of

LONG_NS = 30 * NS_PER_DAY
"""A launch of more than that is sized by its peak days."""
PERIOD_NS = 91 * NS_PER_DAY
MOST_PERIODS = 60
WINDOW_NS = 15 * NS_PER_MINUTE
"""Long enough for a queue to grow where more come than are served: of 1 % too many, nine seconds."""
BINS = 200
LAUNCHES = 10
FINENESS = 1.02
"""The border is found this closely, as a ratio of rates."""

Told = Callable[[str], None]


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


def long_horizon(
    people: Arriving,
    engine: Engine,
    *,
    seed: int = 0,
    launches: int = LAUNCHES,
    from_ns: int | None = None,
    told: Told | None = None,
) -> LongHorizon:
    """When today's system no longer holds, and how long before the next one must be ordered.

    ``from_ns`` is today, since the opening; without it, the last published count within the horizon.
    Lead times are those of the file's stations, as far as it says them.
    """
    plan = people.plan(seed)
    counts = known_of(people)
    since_ns = counts.last_ns if from_ns is None else from_ns
    courses = {course: plan.demand.drawn(course.value) for course in Course}
    bench = Bench(plan=plan, engine=engine, launches=launches, told=told)
    spans = list(periods(since_ns, plan.horizon_ns))
    windows = [
        busiest(demand, course, start_ns, end_ns)
        for start_ns, end_ns in spans
        for course, demand in courses.items()
    ]
    limit = bench.limit(windows, courses)
    lead_ns = lead_of(limit, plan, lead_times(people.launch.scenario))
    found = tuple(period(span, windows, limit, counts, courses[Course.LIKELY]) for span in spans)
    ends = [
        end(course, demand, found, limit, counts, lead_ns) for course, demand in courses.items()
    ]
    return LongHorizon(
        from_ns=since_ns,
        window_ns=WINDOW_NS,
        launches=launches,
        tried=bench.tried,
        periods=found,
        limit=limit,
        ends=tuple(ends),
    )


def periods(from_ns: int, until_ns: int) -> Iterator[tuple[int, int]]:
    """Quarters of a year, or longer ones where there would be too many; the last one may be shorter."""
    length_ns = max(PERIOD_NS, -(-(until_ns - from_ns) // MOST_PERIODS))
    yield from pairwise([*range(from_ns, until_ns, length_ns), until_ns])


def busiest(demand: Demand, course: Course, from_ns: int, until_ns: int) -> Busiest:
    """The busiest window of a period; nobody knows yet whether today's system holds in it."""
    found = peak(demand, WINDOW_NS, until_ns, from_ns)
    return Busiest(course=course, at_ns=found.at_ns, per_s=found.per_s, holds=False)


def period(
    span: tuple[int, int], windows: Sequence[Busiest], limit: Limit, counts: Counted, likely: Demand
) -> Period:
    """One of them, with what today's system makes of its windows."""
    from_ns, until_ns = span
    own = [each for each in windows if from_ns <= each.at_ns < until_ns]
    at_ns = next(each.at_ns for each in own if each.course is Course.LIKELY)
    return Period(
        from_ns=from_ns,
        until_ns=until_ns,
        windows=tuple(replace(each, holds=each.per_s <= limit.held_per_s) for each in own),
        known=counts.at(at_ns, likely),
    )


def end(
    course: Course,
    demand: Demand,
    found: Sequence[Period],
    limit: Limit,
    counts: Counted,
    lead_ns: int | None,
) -> End:
    """Until when today's system holds along a curve."""
    at_ns = first_day(demand, [each for each in found if not each.window(course).holds], limit)
    if at_ns is None:
        return End(course=course, at_ns=None, known=None, order_by_ns=None)
    order_by_ns = None if lead_ns is None else at_ns - lead_ns
    return End(course=course, at_ns=at_ns, known=counts.at(at_ns, demand), order_by_ns=order_by_ns)


def first_day(demand: Demand, failing: Sequence[Period], limit: Limit) -> int | None:
    """The beginning of the first day, counted from today, that is busier than surely holds."""
    for period in failing:
        for day_ns in range(period.from_ns, period.until_ns, NS_PER_DAY):
            end_ns = min(period.until_ns, day_ns + NS_PER_DAY)
            if peak(demand, WINDOW_NS, end_ns, day_ns).per_s > limit.held_per_s:
                return day_ns
    return None


def lead_of(limit: Limit, plan: Plan, lead_times_ns: Mapping[str, int]) -> int | None:
    """How long it takes to get more of what runs out first; None where nobody says so."""
    if limit.station is None:
        return None
    return lead_times_ns.get(plan.system.stations[limit.station].name)


@dataclass(kw_only=True)
class Bench:
    """Windows of a launch, met by today's system."""

    plan: Plan
    engine: Engine
    launches: int
    told: Told | None
    tried: int = 0

    def limit(self, windows: Sequence[Busiest], courses: dict[Course, Demand]) -> Limit:
        """How many a second hold: between windows by halving, then by more or fewer in one of them."""
        ordered = sorted(windows, key=lambda each: each.per_s)
        first, last = 0, len(ordered)
        while first < last:
            middle = (first + last) // 2
            window = ordered[middle]
            if self.holds(courses[window.course], window.at_ns, 1.0):
                first = middle + 1
            else:
                last = middle
        if first == len(ordered):
            most = ordered[-1].per_s if ordered else 0.0
            return Limit(held_per_s=most, failed_per_s=math.inf, station=None)
        beyond = ordered[first]
        held = ordered[first - 1].per_s / beyond.per_s if first else 0.0
        held, failed = self._narrowed(courses[beyond.course], beyond.at_ns, held)
        return Limit(
            held_per_s=held * beyond.per_s,
            failed_per_s=failed * beyond.per_s,
            station=self.scarcest(courses[beyond.course], beyond.at_ns),
        )

    def _narrowed(self, demand: Demand, at_ns: int, held: float) -> tuple[float, float]:
        """The factors of a window's people that hold and do not, close to one another."""
        failed = 1.0
        while not held and failed > FINENESS - 1.0:
            if self.holds(demand, at_ns, failed / 2):
                held = failed / 2
            else:
                failed /= 2
        while held and failed / held > FINENESS:
            middle = math.sqrt(held * failed)
            if self.holds(demand, at_ns, middle):
                held = middle
            else:
                failed = middle
        return held, failed

    def holds(self, demand: Demand, at_ns: int, factor: float) -> bool:
        """Whether today's system holds in a window, with so many times the people."""
        plan = self.window(demand, at_ns, factor)
        self.tried += 1
        if self.told:
            self.told(f"window {self.tried}")
        if not plan.demand.total:
            return True
        launches = predict(plan, self.engine, self.launches).launches
        return certain([self._held(summary) for summary in launches])

    def _held(self, summary: Summary) -> bool:
        return outcome_of(self.plan.objectives, summary, closes=True) is Outcome.HOLDS

    def scarcest(self, demand: Demand, at_ns: int) -> int:
        """The station that is needed the most in a window."""
        plan = self.window(demand, at_ns, 1.0)
        shares = predict(plan, self.engine, 1).launches[0].step_shares
        most = max(resources_of(plan.system), key=lambda resource: resource.utilisation(shares))
        return most.station

    def window(self, demand: Demand, at_ns: int, factor: float) -> Plan:
        """The window by itself: nobody is there when it begins."""
        system = shifted(self.plan.system, at_ns)
        end_ns = WINDOW_NS + grace_ns(system, WINDOW_NS)
        return replace(
            self.plan,
            demand=demand.window(at_ns, at_ns + WINDOW_NS, factor),
            system=within(system, end_ns),
            horizon_ns=WINDOW_NS,
            end_ns=end_ns,
            bin_ns=max(NS_PER_S, WINDOW_NS // BINS),
        )
