"""Knobs: what a team may buy more or less of, and between which values."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.advice.change.turn import OF_CAPACITY
from simulator.advice.change.tweak import Tweak
from simulator.system.system import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """One thing that is varied."""

    key: str
    """As ``--vary`` and ``--set`` take it: ``station.signup.servers``."""
    tweak: Tweak
    """How a system is turned; ``tweak.now`` is the file's own value."""
    low: float
    high: float
    """The values between which it is varied; whole numbers where ``tweak.whole``. Rates in 1/s,
    durations in ns."""
    choices: tuple[float, ...] = ()
    """The only values, where they were listed; in rising order."""
    asked: bool = True
    """Whether somebody said between which values; False: they were chosen by us, and may be widened."""

    @property
    def bought(self) -> bool:
        """Whether more of it serves more, and is bought; else it is only set, at no cost."""
        return self.tweak.turn in OF_CAPACITY

    @property
    def now(self) -> float:
        """The file's own value."""
        return self.tweak.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A value for each knob, in their order."""

    values: tuple[float, ...]

    def with_value(self, number: int, value: float) -> Candidate:
        """The same with another value of one knob."""
        return Candidate(values=(*self.values[:number], value, *self.values[number + 1 :]))

    def applied(self, knobs: tuple[Knob, ...], system: System) -> System:
        """The system with every knob at its value.

        The line comes last: where it follows what stations can serve, these are turned by then.
        """
        for knob, value in zip(knobs, self.values, strict=True):
            if value != knob.now:
                system = knob.tweak.applied(system, value)
        return system
