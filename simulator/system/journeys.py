"""The journeys of a launch, as the engines see them: steps, what they call and what they hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.timetable.laws import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Work at another station, done while the server of the step is held."""

    station: int
    service: Duration | None = None
    """None: the station's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A server of another station that is kept for a while once the step is done: a seat."""

    station: int
    lasts: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody does at a station."""

    station: int = 0
    """Index in :attr:`simulator.system.system.System.stations`."""
    service: Duration | None = None
    """None: the station's own."""
    think: Duration = field(default_factory=lambda: Duration.fixed(0))
    """Before the first attempt, from the answer of the step before (from the entry)."""
    calls: tuple[Call, ...] = ()
    """After its own service, one after the other."""
    holds: Hold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What people do once they are in, step by step."""

    name: str = "signup"
    steps: tuple[Step, ...] = (Step(),)
