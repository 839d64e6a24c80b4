"""How much is known of people who have not come yet: counted, between counts, or beyond the last one."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from simulator.plan.resolve import Arriving
from simulator.scenario.words.surges.adoption import Adoption
from simulator.scenario.words.surges.surge import Milestones, Point
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_DAY


class Basis(enum.StrEnum):
    """What a figure rests on."""

    MEASURED = "measured"
    """A count was published within a day of it."""
    INTERPOLATED = "interpolated"
    """Between two counts."""
    EXTRAPOLATED = "extrapolated"
    """Beyond the last one."""
    ASSUMED = "assumed"
    """Nothing was counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the people of a time rest on."""

    basis: Basis
    ratio: float = 1.0
    """So many times as far as what was counted, in time or in people, whichever is more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The published counts of a launch."""

    points: tuple[Point, ...]
    come: bool
    """Whether they count those who come, each once."""
    horizon_ns: int

    @property
    def last_ns(self) -> int:
        """When the last one within the horizon was; the opening, where there is none."""
        inside = [point.at_ns for point in self.points if point.at_ns < self.horizon_ns]
        return max(inside, default=0)

    def at(self, at_ns: int, demand: Demand) -> Known:
        """Of an instant, along a curve."""
        if not self.points:
            return Known(basis=Basis.ASSUMED)
        last = self.points[-1]
        if any(abs(at_ns - point.at_ns) <= NS_PER_DAY for point in self.points):
            return Known(basis=Basis.MEASURED)
        if at_ns <= last.at_ns:
            return Known(basis=Basis.INTERPOLATED)
        ratio = at_ns / last.at_ns
        if self.come and last.count:
            ratio = max(ratio, demand.expected_by(at_ns) / last.count)
        return Known(basis=Basis.EXTRAPOLATED, ratio=ratio)


def known_of(people: Arriving) -> Counted:
    """The counts that decide the demand: those of the surge that has the latest."""
    surges = [
        surge
        for surge in people.launch.scenario.words.surge
        if isinstance(surge, Adoption | Milestones) and surge.points[-1].at_ns
    ]
    latest = max(surges, key=lambda surge: surge.points[-1].at_ns, default=None)
    return Counted(
        points=() if latest is None else latest.points,
        come=isinstance(latest, Adoption) and latest.daily is None,
        horizon_ns=people.launch.clock.horizon_ns,
    )
