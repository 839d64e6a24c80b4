"""Peaks of demand: the most people that are expected within a window, and when it begins.

A rate has no height without a window. Every command tells the same two: that of one second, and that
of a bin of the charts. Windows may begin at any instant. Arrivals are linear in rate between the
edges of blocks, so what comes within a window is a parabola in its beginning between any two
instants at which it meets an edge, and its top is found exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.plan.plan import Plan
from simulator.text.wording import format_duration, format_rate
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_S, Floats

POINTS = 60
"""At most so many bins make a chart of a rate: more of it is noise."""
EVEN = 1.005
"""With three digits, a peak below this multiple of the mean rate reads like it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """The busiest window of a width."""

    at_ns: int
    """When it begins."""
    width_ns: int
    people: float
    """Who are expected in it."""

    @property
    def per_s(self) -> float:
        return self.people * NS_PER_S / self.width_ns

    @property
    def window(self) -> str:
        """What the peak is of.

        >>> Peak(at_ns=0, width_ns=10**9, people=1.0).window
        'the busiest second'
        """
        if self.width_ns == NS_PER_S:
            return "the busiest second"
        return f"the busiest {format_duration(self.width_ns)}"


def chart_bins(end_ns: int, bin_ns: int, points: int = POINTS) -> int:
    """How many bins make one point of a chart of at most so many."""
    return max(1, -(-(end_ns // bin_ns) // points))


def chart_bin_ns(plan: Plan) -> int:
    """The bin in which charts count people."""
    return plan.bin_ns * chart_bins(plan.end_ns, plan.bin_ns)


def peaks(plan: Plan) -> tuple[Peak, Peak]:
    """Of one second, and of a bin of the charts."""
    second, of_chart = (
        peak(plan.demand, width_ns, plan.horizon_ns) for width_ns in (NS_PER_S, chart_bin_ns(plan))
    )
    return second, of_chart


def peak(demand: Demand, width_ns: int, until_ns: int, from_ns: int = 0) -> Peak:
    """The busiest window within the launch, or a part of it; the first one, where several are."""
    last_ns = max(from_ns, until_ns - width_ns)
    every = np.concatenate([part.edges_ns for part in demand.components])
    edges = np.unique(every[(every >= from_ns) & (every <= until_ns)])
    meets = np.concatenate([[from_ns, last_ns], edges, edges - width_ns]).astype(np.float64)
    begins = np.unique(np.clip(meets, from_ns, last_ns))
    middles = (begins[:-1] + begins[1:]) / 2
    at_begin, at_middle = (_within(demand, at_ns, width_ns) for at_ns in (begins, middles))
    tops = _tops(begins, at_begin, at_middle)
    at = np.concatenate([begins, tops])
    people = np.concatenate([at_begin, _within(demand, tops, width_ns)])
    most = float(people.max())
    at_ns = float(at[people >= most * (1.0 - 1e-9)].min())
    return Peak(at_ns=round(at_ns), width_ns=width_ns, people=most)


def _within(demand: Demand, begins_ns: Floats, width_ns: int) -> Floats:
    found = np.zeros(len(begins_ns))
    for part in demand.components:
        ends = part.by_instant(part.mass, begins_ns + width_ns)
        found += ends - part.by_instant(part.mass, begins_ns)
    return found


def _tops(begins: Floats, at_begin: Floats, at_middle: Floats) -> Floats:
    """Where the parabolas through beginning, middle and end of each stretch have their tops."""
    left, right = at_begin[:-1], at_begin[1:]
    bend = left + right - 2.0 * at_middle
    x = np.divide(
        3.0 * left + right - 4.0 * at_middle, 4.0 * bend, where=bend < 0, out=np.zeros_like(bend)
    )
    inside = (bend < 0) & (x > 0) & (x < 1)
    return np.asarray(begins[:-1][inside] + x[inside] * np.diff(begins)[inside])


def in_words(plan: Plan) -> str:
    """Both peaks, each with its window; of people who come evenly, their rate."""
    second, of_chart = peaks(plan)
    if not plan.demand.total:
        return "nobody"
    even = _evenly(plan)
    if even.width_ns >= of_chart.width_ns and second.per_s <= EVEN * even.per_s:
        whole = even.at_ns == 0 and even.width_ns >= plan.horizon_ns
        when = "" if whole else f", {_from(even.at_ns)} for {format_duration(even.width_ns)}"
        return f"{format_rate(even.per_s)}, evenly{when}"
    both = [second] if of_chart.width_ns == second.width_ns else [second, of_chart]
    return ", ".join(
        f"{format_rate(each.per_s)} in {each.window} ({opened(each.at_ns)})" for each in both
    )


def short(found: Peak) -> str:
    """A peak for a column of a table, its window beside it."""
    return f"{format_rate(found.per_s)} in {format_duration(found.width_ns)}"


def opened(at_ns: int) -> str:
    """An instant of the launch."""
    return f"after {format_duration(at_ns)}" if at_ns else "at the opening"


def _from(at_ns: int) -> str:
    return f"from {format_duration(at_ns)} on" if at_ns else "from the opening on"


def _evenly(plan: Plan) -> Peak:
    """Everybody, from the first block in which anybody comes to the last."""
    first_ns, last_ns = plan.horizon_ns, 0
    for part in plan.demand.components:
        some = np.flatnonzero(part.mass)
        if len(some):
            first_ns = min(first_ns, int(part.edges_ns[some[0]]))
            last_ns = max(last_ns, int(part.edges_ns[some[-1] + 1]))
    width_ns = max(1, last_ns - first_ns)
    return Peak(at_ns=first_ns, width_ns=width_ns, people=plan.demand.total)
