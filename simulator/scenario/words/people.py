"""The words of people: how a group behaves in the line and before an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, Strict

from simulator.scenario.words.laws import NEVER, AnyLaw, EndingLaw, RecurringLaw
from simulator.scenario.words.terms import (
    AtLeastOne,
    Between,
    Contradiction,
    DurationNs,
    Flag,
    Name,
    PositiveNs,
    Share,
    Table,
)

Class = Literal["invited", "referred", "everybody"]
CLASSES: tuple[Class, ...] = ("invited", "referred", "everybody")
"""In the order in which policy = "priority" lets them in, unless the file says another."""


class Retries(Table):
    """What a client does after a refusal or a timeout."""

    attempts: AtLeastOne = 1
    """All attempts at a step together, the first one included."""
    backoff_ns: DurationNs = 0
    """The pause after the first attempt; it doubles after each one."""
    cap_ns: DurationNs | None = None
    """The longest pause."""
    jitter: Literal["none", "full"] = "full"
    """full: the pause is drawn between zero and its full length, so that retries spread out."""
    budget: Annotated[float, Strict(), Field(ge=1e-6, le=1000)] | None = None
    """How many retries the group may make for each first attempt, on each of its journeys: 0.1 is
    one in ten, however many fail. Without it, all that attempts allows."""
    budget_burst: AtLeastOne = 1
    """How many retries of the budget may be saved up; so many are there at the opening."""

    def contradictions(self) -> Iterator[Contradiction]:
        if self.budget is None and self.mentions("budget_burst"):
            yield Contradiction(
                "budget_burst", "has no effect without a budget", "add budget = 0.1"
            )


class Refers(Table):
    """Some of those in the line bring somebody, and move ahead for it."""

    share: Share
    """How many of those who join do so."""
    after: EndingLaw
    """How long after joining."""
    places: AtLeastOne
    """By how many places they move ahead."""


class People(Table):
    """A group of people who behave alike.

    Where a law is expected, a duration alone is the mean of an exponential one.
    """

    name: Name
    """What other tables call them."""
    class_: Class = "everybody"
    """How they came to know of the launch; policy = "priority" goes by it."""
    journeys: dict[str, Share] = Field(default_factory=dict)
    """Which share of them takes which journey: { signup = 0.7, browse = 0.3 }; without it, all take
    the only one."""

    client_timeout_ns: PositiveNs | None = None
    """How long their client waits for an answer; without it, for ever."""
    cancels: Flag = False
    """Whether the server hears of a timeout and drops the work; otherwise it works on."""
    retries: Retries = Retries()
    """What their client does about a refusal or a timeout."""
    honours_retry_after: Share = 0.0
    """Which share waits as long as a refusal asks."""
    gives_up_after_ns: PositiveNs | None = None
    """Nobody tries again later than this after being let in."""

    patience: AnyLaw = NEVER
    """How long they stay in the line: a mean as in "30 min" (exponential), a law, or "never"."""
    balks: AnyLaw = NEVER
    """Who is told of a longer wait than this does not join: a mean, a law, or "never". Told is how
    long those in line take at the rate at which they are let in; with session slots, how long until
    enough of them are free, by how long slots were held of late (who is in counts)."""
    silent: Share = 0.0
    """Which share leaves a waiting room without a word, so that the place stays taken."""
    shows_up: Share = 1.0
    """Which share comes when called."""
    answers_after: EndingLaw | None = None
    """How long after the call they notice it; without it, at once."""
    refreshes: RecurringLaw = NEVER
    """Who still waits after this long reloads the page, and so goes to the end of the line."""
    refers: Refers | None = None
    """Who brings others and moves ahead for it."""

    patience_factor: Between | None = None
    """How sure their patience is, as factors of it: { low = 0.5, high = 2 }; what is rehearsed has the
    likely one."""
    retries_factor: Between | None = None
    """How sure it is how often they try again, as factors of the number of further attempts, rounded to
    a whole one: { low = 0.5, high = 2 }; what is rehearsed has the likely one."""

    def contradictions(self) -> Iterator[Contradiction]:
        if self.patience_factor is not None and self.patience.law == "never":
            problem = "has no effect: their patience does not end"
            yield Contradiction("patience_factor", problem, 'add patience = "30 min"')
        if self.retries_factor is not None and self.retries.attempts == 1:
            problem = "has no effect: nobody tries again"
            yield Contradiction("retries_factor", problem, "add retries = { attempts = 3 }")
