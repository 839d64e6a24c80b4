"""One launch as its rows tell it, beside the timetable and the system that it was played from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simulator.outcomes.rows import UNKNOWN, Fate, Rows
from simulator.system.line import Policy
from simulator.system.stations import Station
from simulator.system.system import Change, Lever, System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Arrivals, Timetable
from simulator.units import FOREVER, Ints

Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class SamplePath:
    """Visits sorted by visitor, attempts by (visitor, step, attempt), and where they come from."""

    visits: Rows
    attempts: Rows
    timetable: Timetable
    system: System

    @property
    def closes_ns(self) -> int:
        """When the line closes."""
        return min(self.timetable.horizon_ns, self.timetable.end_ns)

    @cached_property
    def expected(self) -> Arrivals:
        """Everybody who comes before the line closes, sorted by visitor."""
        chunks = [Arrivals.nobody(), *self.timetable.arrivals()]
        visitor, people, arrived_ns = (
            np.concatenate([getattr(chunk, name) for chunk in chunks])
            for name in ("visitor", "people", "arrived_ns")
        )
        order = np.argsort(visitor)
        order = order[arrived_ns[order] < self.closes_ns]
        return Arrivals(visitor=visitor[order], people=people[order], arrived_ns=arrived_ns[order])

    @cached_property
    def visit_of(self) -> Ints:
        """The index of each attempt's visit."""
        return np.searchsorted(self.visits["visitor"], self.attempts["visitor"])

    @cached_property
    def group_of(self) -> Ints:
        """The group of each attempt's visitor."""
        return np.asarray(self.visits["people"][self.visit_of], np.int64)

    @cached_property
    def station_of(self) -> Ints:
        """The station of each attempt's step."""
        of_step = np.array([step.station for step in self.system.steps])
        return np.asarray(of_step[self.attempts["step"]], np.int64)

    @cached_property
    def round_trip_ns(self) -> Ints:
        """Of each attempt's station."""
        of_station = np.array([station.round_trip_ns for station in self.system.stations])
        return np.asarray(of_station[self.station_of], np.int64)

    @cached_property
    def deadline_ns(self) -> Ints:
        """When the client of each attempt gives it up."""
        of_group = np.array([people.client_timeout_ns for people in self.system.people])
        return np.asarray(self.attempts["sent"] + of_group[self.group_of], np.int64)

    @cached_property
    def starts_step(self) -> Flags:
        """Which attempts are the first rows of their visitor and step."""
        return changes_at(self.attempts["visitor"]) | changes_at(self.attempts["step"])

    @cached_property
    def starts_visit(self) -> Flags:
        """Which attempts are the first rows of their visitor."""
        return changes_at(self.attempts["visitor"])

    @cached_property
    def patience_ns(self) -> Ints:
        """When each of those who joined the line loses patience, counted from the opening."""
        ends_ns = np.full(len(self.visits), FOREVER)
        for group, people in enumerate(self.system.people):
            his = np.flatnonzero(
                (self.visits["people"] == group) & (self.visits["joined"] != UNKNOWN)
            )
            lasts = self.drawn_ns(people.patience, draws.PATIENCE, self.visits["visitor"][his])
            ends_ns[his] = self.visits["joined"][his] + lasts
        return ends_ns

    @cached_property
    def left_line_ns(self) -> Ints:
        """When each visitor was no longer in the line: by entering, by leaving, or as it closed."""
        left = np.where(
            self.visits["let_in"] == UNKNOWN, self.visits["ended"], self.visits["let_in"]
        )
        return np.where(self.visits["fate"] == Fate.WAITING, self.closes_ns, left)

    @cached_property
    def openings_ns(self) -> Ints:
        """The instants at which a change of policy opens the line."""
        opened = [c.at_ns for c in self.changes(Lever.POLICY) if c.value == Policy.OPEN]
        return np.array(opened, np.int64)

    @cached_property
    def released(self) -> Flags:
        """Which visits entered from the line in its ordinary way, not because it was opened."""
        let_in = self.visits["let_in"]
        from_line = (self.visits["joined"] != UNKNOWN) & (let_in != UNKNOWN)
        return np.asarray(from_line & ~np.isin(let_in, self.openings_ns))

    @property
    def told_at_once(self) -> bool:
        """Whether everybody who is called and comes at all enters at the instant of the call."""
        nothing = Duration.fixed(0)
        return self.system.waitlist.poll_every_ns == 0 and all(
            people.answers_after == nothing for people in self.system.people
        )

    def changes(self, lever: Lever, station: int = 0) -> list[Change]:
        return [c for c in self.system.changes if c.lever is lever and c.station == station]

    def most(self, lever: Lever, at_first: int, station: int = 0) -> int:
        """The highest value that a lever ever has."""
        return max([at_first, *(change.value for change in self.changes(lever, station))])

    def refusers(self, step: int) -> list[Station]:
        """The stations that can refuse an attempt at a step: its own, those called, the seat's."""
        said = self.system.steps[step]
        indices = [said.station, *(call.station for call in said.calls)]
        if said.holds is not None:
            indices.append(said.holds.station)
        return [self.system.stations[index] for index in indices]

    def drawn_ns(
        self,
        law: Duration,
        role: int,
        visitors: Ints,
        steps: Ints | int = 0,
        attempts: Ints | int = 0,
    ) -> Ints:
        """A duration for each visitor, step and attempt."""
        if law.law == draws.FIXED or law.law == draws.NEVER:
            return np.full(len(visitors), self.timetable.duration_ns(law, role, 0))
        names = np.broadcast_arrays(visitors, steps, attempts)
        rows = zip(*(name.tolist() for name in names), strict=True)
        lasts = [self.timetable.duration_ns(law, role, *name) for name in rows]
        return np.array(lasts, np.int64)


def changes_at(column: Ints) -> Flags:
    """Where a value differs from the one before it, the first one included."""
    return np.append(True, np.diff(column) != 0)[: len(column)]
