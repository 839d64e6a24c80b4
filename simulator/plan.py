"""What is simulated or replayed: a scenario resolved to numbers, for one subject.

The *launch* is predicted in full. The *rehearsal* is what can be sent to a real server: a window of
the launch, its demand scaled, its system measured. A verdict names its subject.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace

from simulator.demand import Demand
from simulator.layout import ANY_RESPONSE_NS, Layout
from simulator.system import System
from simulator.timetable import Timetable


class Subject(enum.StrEnum):
    """What a verdict speaks of."""

    LAUNCH = "launch"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyObjective:
    """What "holds" means for those let in on one journey; None: not asked."""

    journey: str
    quantiles_ns: tuple[tuple[float, int], ...] = ()
    """Pairs of (quantile, limit): (0.95, 2_000_000_000) says p95 within 2 s."""
    errors: float | None = None
    """Largest share of those let in who may leave without what they came for."""

    @property
    def good_within_ns(self) -> int:
        """A visit counts as goodput if its response is within the largest quantile limit."""
        return max((limit for _, limit in self.quantiles_ns), default=ANY_RESPONSE_NS)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineObjective:
    """What "holds" means for the line."""

    forgotten: int | None = None
    """How many may be lost by the system: known to be planned, with no fate at all."""
    wait_quantiles_ns: tuple[tuple[float, int], ...] = ()
    never_let_in: float | None = None
    """Largest share of those who came to the line that may not have been let in by the end."""
    left: float | None = None
    """Largest share of those who stood in line that may have left it: patience ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objectives:
    """All that a verdict judges."""

    journeys: tuple[JourneyObjective, ...] = ()
    """Of the journeys of which anything is asked."""
    line: LineObjective = field(default_factory=LineObjective)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One launch or rehearsal, ready to be played by an engine or by the replay."""

    subject: Subject
    scenario: str
    variant: str | None
    demand: Demand
    system: System
    objectives: Objectives
    horizon_ns: int
    end_ns: int
    bin_ns: int
    demand_factor: float = 1.0
    seed: int = 0

    def timetable(self, launch: int = 0) -> Timetable:
        """The luck of one launch.

        A rehearsal is one timetable, sent once: its launches differ only in what the plan cannot
        fix, the service times.
        """
        if self.subject is Subject.REHEARSAL:
            return self._timetable(0, launch)
        return self._timetable(launch, None)

    def _timetable(self, launch: int, service_launch: int | None) -> Timetable:
        return Timetable(
            demand=self.demand,
            horizon_ns=self.horizon_ns,
            end_ns=self.end_ns,
            seed=self.seed,
            launch=launch,
            service_launch=service_launch,
        )

    @property
    def layout(self) -> Layout:
        """What is counted apart."""
        limits_ns = {asked.journey: asked.good_within_ns for asked in self.objectives.journeys}
        quantiles_ns = {
            asked.journey: tuple(limit for _, limit in asked.quantiles_ns)
            for asked in self.objectives.journeys
        }
        waits_ns = tuple(limit for _, limit in self.objectives.line.wait_quantiles_ns)
        people = tuple(component.people for component in self.demand.components)
        layout = Layout.of(self.system, limits_ns, quantiles_ns, waits_ns)
        return replace(layout, people_of_components=people)
