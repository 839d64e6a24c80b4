"""Reasons: on what a criterion rests, as figures. :mod:`reports.sentences.reasons` says them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from simulator.plan.plan import Subject
from simulator.verdict.line.audit import Finding


class Plain(enum.Enum):
    """What needs no figure."""

    NOBODY_CAME = enum.auto()
    NOBODY_LET_IN = enum.auto()
    NO_LINE = enum.auto()
    NOBODY_WAITED = enum.auto()
    """Although many were predicted to."""
    NO_FATE = enum.auto()
    """Who counts as forgotten: giving up does not."""
    NOT_ALL_REPLAYED = enum.auto()
    """Nobody knows what became of the others."""
    NOTHING_PLANNED = enum.auto()
    NOTHING_STARTED = enum.auto()
    NO_BEATS = enum.auto()
    """The replay wrote nothing about its generator."""
    STARTS = enum.auto()
    """From the intended start to the real one."""


# Of objectives ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFew:
    """Samples that do not carry the figure."""

    samples: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfVisits:
    """A quantile of so many."""

    visits: int
    ended: bool
    """Whether all of them had, when all was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """A share of those who came to the line."""

    people: int
    waiting: float | None
    """Who still stood in it at the end; None: nobody of whom it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn:
    """A share of those who were let in."""

    people: int
    unanswered: float | None
    """Who still had no answer at the end; None: nobody of whom it is not known."""
    timeout: bool
    """Whether clients give up waiting at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FewServed:
    """How many of those who came were served, where no objective says that so few are meant to be."""

    served: int
    came: int
    kept_out: float
    """The share of those who came to the line who did not get in."""
    line: bool
    """Whether most were lost there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FewServedOn:
    """The same of those let in on one of several journeys."""

    journey: str
    served: int
    let_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """The objective that a share of errors breaks for sure."""

    limit: float
    quantile: float | None = None
    """Whose objective it is, which bears no more errors than that; None: it is one of errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guessed:
    """Successes that nobody saw, more than may fail."""

    visits: int
    forbidden: Forbidden


# Of many launches ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of the simulated ones hold, how many do not, and what that says of all."""

    subject: Subject
    launches: int
    hold: int
    fail: int
    bound: float
    """Of the share of all that hold, with 95 % confidence: upper where they do not hold, else lower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """An objective that so many launches meet."""

    subject: Subject
    launches: int
    met: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """An objective that cannot be judged in so many launches, and why not in the first of them."""

    subject: Subject
    launches: int
    unjudged: int
    first: OfObjective


# Of the instrument --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the replay ended, by its own word; None: it never wrote it."""

    how: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What became of those who were planned."""

    planned: int
    started: int
    unsent: int
    reported: int | None
    """How many unsent were counted where they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Of how many the fate is not in the store."""

    planned: int
    missing: int
    by_workers: bool = False
    """Whether workers were lost, who had not told it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Who was not sent, and why."""

    planned: int
    unsent: int
    late: int
    at_cap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistimed:
    """Beside how many planned visits the strays stand."""

    busiest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """The share of one core that the generator used for so many seconds in a row."""

    share: float
    seconds: int
    worker: str = ""
    """Whose it was, where there were several; as in the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUp:
    """The share of what happened that was seen late, from how late on that counts, and the longest lag."""

    share: float
    limit_s: float
    longest_s: float
    worker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What became of so many workers."""

    workers: int
    lost: tuple[tuple[str, str], ...] = ()
    """The name of each that was lost, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Of so many workers' clocks, whose is known worst, and to how much."""

    workers: int
    worker: str
    bound_s: float


OfObjective = (
    Plain | TooFew | OfVisits | InLine | LetIn | FewServed | FewServedOn | Guessed | Finding
)
OfLaunches = Tally | Met | Unjudged
OfInstrument = Ended | Accounts | Kept | NotSent | Mistimed | Busy | HeldUp | Lost | Clocks
Reason = OfObjective | OfLaunches | OfInstrument
