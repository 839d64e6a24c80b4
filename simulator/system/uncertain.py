"""What of a system nobody knows for sure: factors that each launch draws once, apart from all other luck.

A factor has the law of the volume (:mod:`simulator.timetable.volume`), and each one a draw of its own:
calibration, patience and persistence are wrong for reasons that have nothing to do with one another. A
draw is named by the key of what is uncertain, so that another station moves nobody's factor.

A release that was set as a share of what stations can serve stays as it was set: who sets it knows the
likely service, and not the one that a launch draws.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from simulator.system.journeys import Step
from simulator.system.people import People
from simulator.system.system import System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.volume import FARTHEST, Volume

MOST_FURTHER = 1_000_000_000
"""Attempts beyond the first one: as many as a file can say."""


class Matter(enum.StrEnum):
    """What a factor multiplies."""

    SERVICE = "service"
    """How long a station works on a job, whatever the job."""
    PATIENCE = "patience"
    """How long a group of people stays in the line."""
    RETRIES = "retries"
    """How many attempts a group makes after the first one, rounded to a whole number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """One factor: of what, and how far it varies around the likely one, which the system has."""

    key: str
    """Where it stands in the file: ``station.signup.service_factor``."""
    matter: Matter
    name: str
    """Of the station, or the group of people."""
    spread: Volume
    further: float = 0.0
    """RETRIES: how many further attempts are likely, before they are rounded."""

    def factor(self, seed: int, launch: int) -> float:
        """What a launch draws; of the likely one."""
        stream = draws.stream(seed, launch, draws.WORLD)
        return self.spread.factor(draws.uniform(stream, named(self.key)))

    @property
    def highest(self) -> float:
        """No launch draws a higher factor."""
        return float(self.spread.high**FARTHEST)

    def applied(self, system: System, factor: float) -> System:
        """The likely system with it that many times as long, or as often."""
        if self.matter is Matter.SERVICE:
            return served_in(system, self.name, factor)
        change = self._patient if self.matter is Matter.PATIENCE else self._trying
        people = (
            change(each, factor) if each.name == self.name else each for each in system.people
        )
        return replace(system, people=tuple(people))

    def _patient(self, people: People, factor: float) -> People:
        return replace(people, patience=people.patience.times(factor))

    def _trying(self, people: People, factor: float) -> People:
        attempts = 1 + further_attempts(self.further * factor)
        return replace(people, retries=replace(people.retries, attempts=attempts))


def named(key: str) -> int:
    """Which draw of the world is that of a key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])


def most_retried(system: System, uncertain: Iterable[Uncertain]) -> System:
    """The system in which everybody tries as often as any launch can draw."""
    for each in uncertain:
        if each.matter is Matter.RETRIES:
            system = each.applied(system, each.highest)
    return system


def further_attempts(number: float) -> int:
    """A whole number of attempts, halves rounded up.

    >>> further_attempts(2.5), further_attempts(0.4)
    (3, 0)
    """
    return min(MOST_FURTHER, int(number + 0.5))


def served_in(system: System, name: str, factor: float) -> System:
    """The system with all work at a station taking that many times as long.

    How long a seat is held, and how many tokens a quota gives, is no work of the station.
    """
    numbers = [number for number, each in enumerate(system.stations) if each.name == name]

    def longer(station: int, law: Duration | None) -> Duration | None:
        return law.times(factor) if law is not None and station in numbers else law

    stations = (
        replace(each, service=each.service.times(factor)) if number in numbers else each
        for number, each in enumerate(system.stations)
    )
    journeys = (
        replace(journey, steps=tuple(_step(step, longer) for step in journey.steps))
        for journey in system.journeys
    )
    return replace(system, stations=tuple(stations), journeys=tuple(journeys))


def _step(step: Step, longer: Callable[[int, Duration | None], Duration | None]) -> Step:
    calls = (replace(call, service=longer(call.station, call.service)) for call in step.calls)
    return replace(step, service=longer(step.station, step.service), calls=tuple(calls))
