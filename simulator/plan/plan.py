"""What is simulated or replayed: a scenario resolved to numbers, for one subject.

The *launch* is predicted in full. The *rehearsal* is what can be sent to a real server: a window of
the launch, its demand scaled, its system measured. A verdict names its subject.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from simulator.outcomes.counts.places import Layout
from simulator.system.objectives import Objectives
from simulator.system.system import System
from simulator.system.uncertain import Uncertain
from simulator.system.wandering import Wandering
from simulator.timetable.demand import Demand
from simulator.timetable.timetable import Timetable


class Subject(enum.StrEnum):
    """What a verdict speaks of."""

    LAUNCH = "launch"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One launch or rehearsal, ready to be played by an engine or by the replay."""

    subject: Subject
    scenario: str
    variant: str | None
    demand: Demand
    system: System
    """The likely one."""
    objectives: Objectives
    horizon_ns: int
    end_ns: int
    bin_ns: int
    demand_factor: float = 1.0
    seed: int = 0
    uncertain: tuple[Uncertain, ...] = ()
    """What each launch draws of its system."""
    wandering: tuple[Wandering, ...] = ()
    """How its stations wander, of which each launch draws a course."""

    @property
    def draws_its_system(self) -> bool:
        """Whether launches meet systems that differ."""
        return bool(self.uncertain or self.wandering)

    def timetable(self, launch: int = 0) -> Timetable:
        """The luck of one launch.

        A rehearsal is one timetable, sent once: its launches differ only in what the plan cannot
        fix, the service times.
        """
        if self.subject is Subject.REHEARSAL:
            return self._timetable(0, launch)
        return self._timetable(launch, None)

    def system_of(self, launch: int = 0) -> System:
        """The system that one launch meets; the likely one itself, where all of it is certain."""
        system = self.system
        for each in self.uncertain:
            system = each.applied(system, each.factor(self.seed, launch))
        for course in self.wandering:
            system = course.applied(system, self.seed, launch, self.end_ns)
        return system

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedOnly:
    """Something of the launch that is predicted and not rehearsed."""

    key: str
    """Where it stands in the file."""
    instead: str = ""
    """How that is rehearsed without it, after the word "rehearsed"; empty: not at all."""

    def __str__(self) -> str:
        return f"{self.key} (rehearsed {self.instead})" if self.instead else self.key
