"""Tweaks: single things about a system that could be provisioned or set otherwise, and how far.

A tweak has one value now, and turning it one way can only help, or so one hopes; whether it does is
simulated (:mod:`simulator.advice.change.remedy`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from simulator.advice.change.turn import AT_ONCE, NARROW, OF_PEOPLE, OF_STATIONS, WHOLE, Turn
from simulator.advice.change.turned.line import with_line
from simulator.advice.change.turned.people import with_people
from simulator.advice.change.turned.stations import with_station
from simulator.system.capacity import following
from simulator.system.system import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Tweak:
    """One thing that could be otherwise."""

    turn: Turn
    station: int = 0
    now: float
    up: bool = True
    """Whether more of it is the way to go."""
    slows: bool = False
    """Whether whoever is served slows down the others, the more of them there are."""
    bearable: float | None = None
    """Of a rate: how many the stations can serve for ever, which is worth trying."""

    @property
    def at_once(self) -> bool:
        """Whether there is only one other value."""
        return self.turn in AT_ONCE

    @property
    def narrow(self) -> bool:
        """Whether too much of it does harm as well."""
        return self.turn in NARROW or self.slows

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are possible."""
        return self.turn in WHOLE

    def rounded(self, value: float) -> float:
        """The nearest value that is possible and goes at least as far."""
        if not self.whole:
            return value
        return float(math.ceil(value - 1e-9) if self.up else math.floor(value + 1e-9))

    def change_to(self, value: float) -> float:
        """How big a change is: the same for doubling and for halving. Of nothing, without end."""
        return abs(math.log(value / self.now)) if value > 0 and self.now > 0 else math.inf

    def applied(self, system: System, value: float) -> System:
        """The system with it set to a value."""
        if self.turn in OF_STATIONS:
            return following(with_station(system, self.station, self.turn, self.now, value))
        if self.turn in OF_PEOPLE:
            factor = value / self.now if self.now else 0.0
            people = (with_people(each, self.turn, factor, value) for each in system.people)
            return replace(system, people=tuple(people))
        return with_line(system, self.turn, value)
