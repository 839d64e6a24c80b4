"""What was found of a launch that was disturbed: how many launches do not recover, and what heals them."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.advice.change.toll import Toll
from simulator.advice.change.tweak import Tweak
from simulator.advice.disturbance.moment import Moment
from simulator.advice.disturbance.trigger import Disturbance, Trigger
from simulator.advice.why.ending import RECOVERED_SHARE
from simulator.outcomes.figures.intervals import interval_of_share
from simulator.verdict.chance import decided
from simulator.verdict.criteria import Outcome, conclusion_of

WANTED = 100
"""Fewer people in the last window, over all launches, say nothing."""
HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What became of launches after a trigger."""

    trigger: Trigger
    launches: int
    """Those that serve their demand undisturbed."""
    lost: tuple[int, ...]
    """Those of them, by their numbers, that do not recover."""
    share: float
    """Goodput in the last window, of that of the undisturbed launches, over all."""
    lost_share: float = 0.0
    """The same of those that do not recover."""
    recovered_ns: int | None
    """How long after the trigger had gone the others had recovered; None: not seen."""

    @property
    def probability(self) -> float:
        """That a launch does not recover, as estimated."""
        return len(self.lost) / self.launches

    @property
    def interval(self) -> tuple[float, float]:
        """Where that probability lies, with 95 % confidence."""
        return interval_of_share(len(self.lost), self.launches)

    @property
    def outcome(self) -> Outcome:
        """Whether 95 % of launches recover, as far as these can tell: the rule of a prediction."""
        return decided(self.launches, self.launches - len(self.lost), len(self.lost))[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """A single change with which the launch heals from a trigger."""

    tweak: Tweak
    value: float
    healed: int
    launches: int
    """So many launches recover with it, of so many."""
    toll: Toll | None = None
    """What it costs people in the line while nothing disturbs the launch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """All sizes of one kind of trigger that were tried, the smallest first."""

    reactions: tuple[Reaction, ...]
    cures: tuple[Cure, ...] = ()
    """From the trigger to be healed."""

    @property
    def kind(self) -> Disturbance:
        return self.reactions[0].trigger.kind

    @property
    def some(self) -> Reaction | None:
        """The smallest from which a launch does not recover: P is surely above 0."""
        return next((each for each in self.reactions if each.lost), None)

    @property
    def half(self) -> Reaction | None:
        """The smallest from which every other launch does not recover."""
        return next((each for each in self.reactions if each.probability >= HALF), None)

    @property
    def harmless(self) -> Reaction | None:
        """The largest below these: from it and from all that is smaller, every launch recovers."""
        some = self.some
        before = [
            each for each in self.reactions if some is None or each.trigger.size < some.trigger.size
        ]
        return before[-1] if before else None

    @property
    def worst(self) -> Reaction:
        """From which the most launches do not recover; the smallest of these."""
        return max(self.reactions, key=lambda each: len(each.lost))

    @property
    def to_heal(self) -> Reaction | None:
        """What a cure has to heal the launch from: where P crosses one half, or is highest."""
        return self.half or (self.worst if self.worst.lost else None)

    @property
    def outcome(self) -> Outcome:
        """Fails where from some size too few recover for certain."""
        return conclusion_of(each.outcome for each in self.reactions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stressed:
    """What was found of a launch."""

    launches: int
    moment: Moment
    wanted: int
    """People in the last window, over all launches."""
    undisturbed: float
    """Goodput in the last window without any trigger, of the demand."""
    undisturbed_lost: int = 0
    """In how many launches it is too little, by more than chance."""
    sweeps: tuple[Sweep, ...]
    """None, where that is not enough already."""

    @property
    def outcome(self) -> Outcome:
        """Holds: at least 95 % recover from everything that was tried, with 95 % confidence."""
        if not self.judged:
            return Outcome.INCONCLUSIVE
        return conclusion_of([self.calm, *(sweep.outcome for sweep in self.sweeps)])

    @property
    def judged(self) -> bool:
        """Whether enough people come in the last window to say anything."""
        return self.wanted >= WANTED

    @property
    def calm(self) -> Outcome:
        """Whether 95 % of launches serve their demand undisturbed."""
        if self.undisturbed < RECOVERED_SHARE:
            return Outcome.FAILS
        stand = self.launches - self.undisturbed_lost
        return decided(self.launches, stand, self.undisturbed_lost)[0]
