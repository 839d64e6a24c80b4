"""The moment: when a launch is disturbed, and when it is looked at again.

Disturbances begin at the peak of what wants to be served at the scarcest station. Of an open launch
that are the arrivals, weighted by what their journeys need there; of one with a line those who are let
in, undisturbed, from the first instant at which they are as many as ever but for chance.

What happens at the end of a launch leaves no time to recover in, so it is the peak of the first two
thirds. The *last window* is the end of the launch from when on the last quarter of those come who
want to be served after the disturbance has begun: as long as people come, and not when nobody is left
to be kept out. The time in between is the *room* to recover in; sizes are parts of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulator.outcomes.bins import Counts
from simulator.outcomes.counts.summary import Summary
from simulator.plan.peaks import peak
from simulator.plan.plan import Plan
from simulator.system.capacity import Resource, resources_of
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_S

BINS = 1_000
"""In so many a launch is looked at: a surge may be over in a hundredth of it."""
PEAK_BINS = 5
"""A peak is measured in so many at a time, the two hundredth part of a launch."""
LATEST = 2 / 3
"""Of the horizon: when a disturbance begins at the latest."""
LAST_SHARE = 0.25
"""Of those who want to be served from the disturbance on."""
LEAST_ROOM_BINS = 40
"""However short the surge is, the launch has so long to recover."""
PARTS = 40
"""A pulse lasts the fortieth part of the room, and the shortest dip that is tried first."""
CHANCE = 3.0
"""So many standard deviations of a count are no difference. A launch that recovers is taken for one that
does not once in 700, where it serves no more of the demand than it has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When and where a launch is disturbed."""

    at_ns: int
    per_s: float
    """So many a second want to be served then."""
    station: int
    """The scarcest one."""
    from_ns: int
    """When the last window begins."""
    peak_ns: int
    """When the launch's own peak is: later, where there is no time to recover after it."""
    peak_per_s: float

    @property
    def unit_ns(self) -> int:
        """How long a pulse lasts."""
        return max(1, (self.from_ns - self.at_ns) // PARTS)

    @property
    def unit_people(self) -> float:
        """Twice the demand while a pulse lasts: so many more than come."""
        return self.per_s * self.unit_ns / NS_PER_S

    @property
    def early(self) -> bool:
        """Whether it is disturbed before its peak."""
        return self.at_ns < self.peak_ns


def in_bins(plan: Plan) -> Plan:
    """The plan with bins as fine as stress needs them."""
    return replace(plan, bin_ns=-(-plan.horizon_ns // BINS))


def moment_of(plan: Plan, calm: Summary, launches: int) -> Moment:
    """Where so many undisturbed launches, merged, leave the most to be lost.

    ``plan`` is one of :func:`in_bins`.
    """
    shares = calm.step_shares
    busiest_ns, _ = _busiest(plan, plan.demand, calm, launches, plan.horizon_ns)
    scarcest = max(
        resources_of(plan.system, busiest_ns), key=lambda resource: resource.utilisation(shares)
    )
    wanted = weighted(plan, scarcest)
    latest_ns = round(LATEST * plan.horizon_ns)
    peak_ns, peak_per_s = _busiest(plan, wanted, calm, launches, plan.horizon_ns)
    at_ns, per_s = peak_ns, peak_per_s
    if peak_ns > latest_ns:
        at_ns, per_s = _busiest(plan, wanted, calm, launches, latest_ns)
    return Moment(
        at_ns=at_ns,
        per_s=per_s,
        station=scarcest.station,
        from_ns=last_window_ns(calm, at_ns),
        peak_ns=peak_ns,
        peak_per_s=peak_per_s,
    )


def weighted(plan: Plan, resource: Resource) -> Demand:
    """Those who need a resource, each as much as needs it the most of all."""
    system = plan.system
    needs = [
        _of_journey(resource.needs, system.first_step(each.journey), system.first_step(each.journey + 1))
        for each in system.people
    ]  # fmt: skip
    most = max(needs)
    components = plan.demand.components
    if not most:
        return plan.demand
    return Demand(
        components=tuple(
            replace(each, mass=each.mass * (needs[each.people] / most)) for each in components
        )
    )


def _of_journey(needs: Sequence[float], first: int, last: int) -> float:
    return sum(needs[first:last])


def _busiest(
    plan: Plan, wanted: Demand, calm: Summary, launches: int, until_ns: int
) -> tuple[int, float]:
    """When the most want to be served, and how many a second."""
    width_ns = PEAK_BINS * plan.bin_ns
    if not plan.system.has_line:
        found = peak(wanted, width_ns, until_ns)
        return found.at_ns, found.per_s
    first, people = first_of_most(calm.bins.let_in[: max(PEAK_BINS, until_ns // plan.bin_ns)])
    return first * plan.bin_ns, people / launches * NS_PER_S / width_ns


def first_of_most(counts: Counts) -> tuple[int, int]:
    """The first bin of the first stretch in which there are as many as ever but for chance.

    >>> first_of_most(np.array([0, 0, 100, 96, 101, 99, 103, 100, 110, 95, 0, 0]))
    (2, 499)
    """
    sums = np.convolve(counts, np.ones(PEAK_BINS, np.int64), mode="valid")
    most = int(sums.max())
    first = int(np.argmax(sums >= most - CHANCE * math.sqrt(most)))
    return first, int(sums[first])


def last_window_ns(calm: Summary, at_ns: int) -> int:
    """From when on the last quarter come of those who want to be served from an instant on."""
    last = calm.horizon_ns // calm.bin_ns
    first = min(at_ns // calm.bin_ns, last - 1)
    wanted = np.cumsum(calm.bins.let_in[first:last])
    passed = int(np.searchsorted(wanted, (1.0 - LAST_SHARE) * wanted[-1])) + 1
    return min(last - 1, first + max(LEAST_ROOM_BINS, passed)) * calm.bin_ns
