"""Criteria: one thing that is asked, what was found, and what follows from it."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.verdict.reasons import Reason


class Outcome(enum.StrEnum):
    """What can be said."""

    HOLDS = "holds"
    FAILS = "does not hold"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not applicable"


class Kind(enum.StrEnum):
    """What a criterion speaks of: the generator, the launch, or how many launches hold."""

    INSTRUMENT = "instrument"
    OBJECTIVE = "objective"
    LAUNCHES = "launches"


class Asks(enum.Enum):
    """What a criterion asks about: nothing is decided by a name, and a journey may be called "wait"."""

    RESPONSE = enum.auto()
    ERRORS = enum.auto()
    WAIT = enum.auto()
    NEVER_LET_IN = enum.auto()
    LEFT = enum.auto()
    FORGOTTEN = enum.auto()
    NOT_SERVED = enum.auto()
    """What nobody needs to write down (:mod:`simulator.verdict.floor`)."""
    SUCCESSES_UNSEEN = enum.auto()
    LINE_UNSEEN = enum.auto()
    PLACES_LOST = enum.auto()
    """Of the line's promises, which nobody needs to write down (:mod:`simulator.verdict.kept`)."""
    PLACES_SHARED = enum.auto()
    OVERTAKEN = enum.auto()
    MOVED_BACK = enum.auto()
    WAIT_ANNOUNCED = enum.auto()
    ENTERED_BEYOND = enum.auto()
    LAUNCHES_THAT_HOLD = enum.auto()
    CUT_SHORT = enum.auto()
    UNACCOUNTED = enum.auto()
    FATES_NOT_KEPT = enum.auto()
    UNSENT = enum.auto()
    MISTIMED = enum.auto()
    START_LAG = enum.auto()
    GENERATOR_CPU = enum.auto()
    LOOP_LAG = enum.auto()
    WORKERS_LOST = enum.auto()
    CLOCKS = enum.auto()


OF_LINE = {Asks.WAIT, Asks.NEVER_LET_IN, Asks.LEFT}
OF_INSTRUMENT = {
    Asks.CUT_SHORT, Asks.UNACCOUNTED, Asks.FATES_NOT_KEPT, Asks.UNSENT, Asks.MISTIMED, Asks.START_LAG,
    Asks.GENERATOR_CPU, Asks.LOOP_LAG, Asks.WORKERS_LOST, Asks.CLOCKS,
}  # fmt: skip
OF_PROMISES = {
    Asks.PLACES_LOST, Asks.PLACES_SHARED, Asks.OVERTAKEN, Asks.MOVED_BACK, Asks.WAIT_ANNOUNCED,
    Asks.ENTERED_BEYOND,
}  # fmt: skip
IN_SECONDS = {Asks.RESPONSE, Asks.WAIT, Asks.START_LAG, Asks.CLOCKS}
COUNTS = {
    Asks.FORGOTTEN, Asks.CUT_SHORT, Asks.UNACCOUNTED, Asks.FATES_NOT_KEPT, Asks.MISTIMED, Asks.WORKERS_LOST,
    *(OF_PROMISES - {Asks.WAIT_ANNOUNCED}),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that is asked."""

    asks: Asks
    journey: str = ""
    """Whose responses, errors or people are asked about; empty where it is nobody's."""
    alone: bool = False
    """Whether nothing is asked of any other journey, so that errors need not name theirs."""
    quantile: float | None = None
    """Of responses and waits."""
    limit: float
    """What is allowed at most (for launches that hold: at least)."""
    measured: float
    """NaN where nothing could be measured; infinite for what never ended."""
    outcome: Outcome
    reason: Reason
    open: bool = False
    """Whether what was measured is a lower bound: not all of it was seen to its end."""

    @property
    def kind(self) -> Kind:
        """What it speaks of."""
        if self.asks is Asks.LAUNCHES_THAT_HOLD:
            return Kind.LAUNCHES
        return Kind.INSTRUMENT if self.asks in OF_INSTRUMENT else Kind.OBJECTIVE

    @property
    def unit(self) -> str:
        """Of the limit and of what was measured: "s", "share", or "" for a count."""
        if self.asks in IN_SECONDS:
            return "s"
        return "" if self.asks in COUNTS else "share"

    @property
    def strain(self) -> float:
        """How much of what is allowed was used: 1 at the limit. NaN where it cannot be said."""
        if math.isnan(self.measured) or math.isnan(self.limit):
            return math.nan
        if self.limit == 0:
            return 0.0 if self.measured == 0 else math.inf
        return self.measured / self.limit

    @property
    def of_line(self) -> bool:
        """Whether it speaks of the line in front of everything."""
        return self.asks in OF_LINE


def conclusion(criteria: Iterable[Criterion]) -> Outcome:
    """A failure decides; without one, whatever cannot be judged does."""
    return conclusion_of(criterion.outcome for criterion in criteria)


def conclusion_of(outcomes: Iterable[Outcome]) -> Outcome:
    """The same of outcomes by themselves.

    >>> str(conclusion_of([Outcome.HOLDS, Outcome.INCONCLUSIVE]))
    'inconclusive'
    """
    found = set(outcomes)
    for decisive in (Outcome.FAILS, Outcome.INCONCLUSIVE, Outcome.HOLDS):
        if decisive in found:
            return decisive
    return Outcome.INCONCLUSIVE


def worst_of(criteria: Sequence[Criterion]) -> Criterion | None:
    """The criterion that decides: of the worst outcome, the one under the greatest strain.

    What nobody asked for decides only where all that was asked for holds.
    """
    known = [one for one in criteria if not math.isnan(one.strain)]
    failing = [one for one in known if one.outcome is Outcome.FAILS]
    failing = [one for one in failing if one.asks is not Asks.NOT_SERVED] or failing
    return max(failing or known, key=lambda one: one.strain, default=None)
