"""The words of surges that a formula describes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, Strict

from simulator.scenario.words.surges.base import Crowd, Surging, until_after_from
from simulator.scenario.words.terms import (
    Contradiction,
    Count,
    DurationNs,
    Name,
    PositiveNs,
    RateFromZero,
    RatePerS,
    Table,
)


class Constant(Surging):
    """People come at one rate."""

    shape: Literal["constant"]
    name: Name = "constant"
    """What --set and variants call this surge."""
    rate_per_s: RatePerS
    """How fast."""
    from_ns: DurationNs = 0
    """From when on, after the opening."""
    until_ns: PositiveNs | None = None
    """Until when; without it, for ever."""

    def contradictions(self) -> Iterator[Contradiction]:
        yield from until_after_from(self.from_ns, self.until_ns)


class Ramp(Surging):
    """People come faster and faster, or slower and slower, and then no more."""

    shape: Literal["ramp"]
    name: Name = "ramp"
    """What --set and variants call this surge."""
    first_per_s: RateFromZero | None = None
    """The rate at the beginning; without it (or "0/s"), nobody comes then."""
    last_per_s: RateFromZero | None = None
    """The rate at the end; without it (or "0/s"), nobody comes then."""
    from_ns: DurationNs = 0
    """When it begins, after the opening."""
    until_ns: PositiveNs
    """When it ends."""

    def contradictions(self) -> Iterator[Contradiction]:
        yield from until_after_from(self.from_ns, self.until_ns)
        if not self.first_per_s and not self.last_per_s:
            yield Contradiction("", "has rate 0 at both ends", 'add last = "40/s"')


class Reaction(Table):
    """How soon a waiting crowd reacts to the opening: a lognormal law."""

    median_ns: PositiveNs
    """Half of them have acted by then."""
    cv: Annotated[float, Strict(), Field(gt=0, le=100)]
    """Standard deviation over mean."""


class Countdown(Surging):
    """A crowd at the door reacts to the opening, and others follow, fewer and fewer."""

    shape: Literal["countdown"]
    name: Name = "countdown"
    """What --set and variants call this surge."""
    crowd: Count
    """How many wait for the opening."""
    reaction: Reaction
    """How soon they act."""
    rate_per_s: RatePerS | None = None
    """How fast others come right after the opening."""
    decay_ns: PositiveNs | None = None
    """After this long, others come at 1/e (37 %) of that rate."""

    def contradictions(self) -> Iterator[Contradiction]:
        if (self.rate_per_s is None) != (self.decay_ns is None):
            remedy = "give both, or neither for a crowd alone"
            yield Contradiction("", "rate and decay belong together", remedy)


class Spike(Surging):
    """Something happens: people come faster and faster, and then the surge relaxes."""

    shape: Literal["spike"]
    name: Name = "spike"
    """What --set and variants call this surge."""
    at_ns: DurationNs = 0
    """When it begins, after the opening."""
    size: Crowd | None = None
    """How many come in total, however long it lasts."""
    peak_per_s: RatePerS | None = None
    """How fast they come at the peak; instead of the size."""
    rise_ns: DurationNs = 0
    """How long the rate takes to rise to its peak, evenly; 0 is at once."""
    decay_ns: PositiveNs
    """How fast it relaxes: this long after the peak, people come at 1/e (37 %) of its rate."""
    exponent: Annotated[float, Strict(), Field(gt=0, le=10)] | None = None
    """With it the surge relaxes as a power law, (1 + t / decay) to minus this, with a long tail."""

    def contradictions(self) -> Iterator[Contradiction]:
        if (self.size is None) == (self.peak_per_s is None):
            problem = "has neither size nor peak" if self.size is None else "has size and peak"
            yield Contradiction("", problem, "give one of the two")
        if self.size is not None and self.exponent is not None and self.exponent <= 1:
            problem = f"is {self.exponent:g}, and with such a tail the number of people is infinite"
            yield Contradiction("exponent", problem, "give peak instead of size, or more than 1")


class Bass(Surging):
    """People come by themselves, and because others have come (an adoption over days)."""

    shape: Literal["bass"]
    name: Name = "bass"
    """What --set and variants call this surge."""
    market: Crowd
    """How many come in total."""
    p_per_s: RatePerS
    """Innovation: the rate at which each of those left comes independently, as in "0.03/day"."""
    q_per_s: RatePerS
    """Imitation: the rate at which each of those left would come if all others had come."""
    from_ns: DurationNs = 0
    """When it begins, after the opening."""


class Logistic(Surging):
    """People come faster and faster until half of them are there, and then slower and slower."""

    shape: Literal["logistic"]
    name: Name = "logistic"
    """What --set and variants call this surge."""
    capacity: Crowd
    """How many come in all, from the opening on."""
    midpoint_ns: DurationNs
    """When they come fastest, after the opening."""
    growth_ns: PositiveNs
    """Long before the midpoint, people come e (2.7) times as fast after each such time."""
