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

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from simulator.advice.horizon.bench import WINDOW_NS, Bench, Told
from simulator.advice.horizon.found import Busiest, Course, End, Limit, LongHorizon, Period
from simulator.advice.horizon.known import Counted, known_of
from simulator.engine.rules import Engine
from simulator.plan.meaning.costs import lead_times
from simulator.plan.peaks import peak
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_DAY

LONG_NS = 30 * NS_PER_DAY
"""A launch of more than that is sized by its peak days."""
PERIOD_NS = 91 * NS_PER_DAY
MOST_PERIODS = 60
LAUNCHES = 10


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
