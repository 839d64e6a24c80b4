"""Reactions: what became of a launch after each trigger, and what makes it heal."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.advice.ending import RECOVERED_SHARE
from simulator.advice.toll import Toll
from simulator.advice.trigger import Trigger
from simulator.advice.tweak import Tweak

WANTED = 100
"""Fewer people in the last window, over all launches, say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What became of a launch after a trigger."""

    trigger: Trigger
    share: float
    """Goodput in the last window, of the demand, over all launches."""
    lost: int = 0
    """In how many launches it is less than that of a launch that healed, by more than chance."""
    lost_share: float = 0.0
    """Their goodput in it, of their demand."""
    recovered_ns: int | None
    """How long after the trigger had gone; None: not before people stopped coming."""

    @property
    def healed(self) -> bool:
        """Over all launches, and in each of them: a mean would hide one that collapses."""
        return self.share >= RECOVERED_SHARE and not self.lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """A single change with which the launch heals from a trigger."""

    tweak: Tweak
    value: float
    toll: Toll | None = None
    """What it costs people in the line while nothing disturbs the launch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """All sizes of one kind of trigger that were tried, the smallest first."""

    reactions: tuple[Reaction, ...]
    cures: tuple[Cure, ...] = ()
    """From the smallest that does not heal."""

    @property
    def fatal(self) -> Reaction | None:
        """The smallest that does not heal."""
        return next((each for each in self.reactions if not each.healed), None)

    @property
    def harmless(self) -> Reaction | None:
        """The largest below it."""
        before = [each for each in self.reactions if each.healed]
        fatal = self.fatal
        if fatal is not None:
            before = [each for each in before if size_of(each.trigger) < size_of(fatal.trigger)]
        return before[-1] if before else None


def size_of(trigger: Trigger) -> float:
    """By which triggers of one kind are compared."""
    return trigger.times * trigger.lasts_ns or float(trigger.lasts_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stressed:
    """What was found of a launch."""

    launches: int
    wanted: int
    """People in the last window, over all launches."""
    undisturbed: float
    """Goodput in the last window without any trigger, of the demand."""
    undisturbed_lost: int = 0
    """In how many launches it is too little, by more than chance."""
    sweeps: tuple[Sweep, ...]
    """None, where that is not enough already."""

    @property
    def judged(self) -> bool:
        """Whether enough people come in the last window to say anything."""
        return self.wanted >= WANTED

    @property
    def heals(self) -> bool:
        """From everything that was tried."""
        fatal = any(sweep.fatal for sweep in self.sweeps)
        calm = self.undisturbed >= RECOVERED_SHARE and not self.undisturbed_lost
        return calm and not fatal
