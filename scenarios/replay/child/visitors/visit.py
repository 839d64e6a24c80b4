"""A visit of the replay: what is known of it so far, and what all visits share."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judged, taken_as_it_is
from scenarios.http.requests.person import Person
from scenarios.http.requests.sent import Sent
from scenarios.mail.boxes import Post
from scenarios.replay.child.clock import Clock
from scenarios.replay.child.visitors.budgets import Budgets
from scenarios.replay.orders import Orders
from scenarios.replay.templates import Templates
from simulator.outcomes.looks import LookRow
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.timetable.timetable import Timetable

AttemptRow = tuple[int, int, int, int, int, int, int]
VisitRow = tuple[int, int, int, int, int, int, int]

T = TypeVar("T")
Lived = Generator[int, None, T]
"""Something that takes its time. It yields each instant of the replay's clock until which nothing is to be
done for it, and returns what came of it; only a request keeps the greenlet in which it goes on."""
Life = Lived[None]
"""A whole visit."""


@dataclass(slots=True, eq=False)
class Visit:
    """What is known of one visit so far."""

    visitor: int
    group: int
    arrived_ns: int
    place: int = 0
    """In the plan: the first who comes has 0. His row of the launch's table."""
    joined_ns: int = UNKNOWN
    let_in_ns: int = UNKNOWN
    step: int = 0
    """Its number in the system that is rehearsed."""
    attempt: int = 0
    sent_ns: int = UNKNOWN
    """Of the attempt under way; UNKNOWN between attempts."""
    beside: list[AttemptRow] = field(default_factory=list)
    """Attempts under way at once, where the user of a locustfile makes them."""

    def row(self, fate: Fate, ended_ns: int = UNKNOWN) -> VisitRow:
        return (
            self.visitor,
            self.group,
            self.arrived_ns,
            self.joined_ns,
            self.let_in_ns,
            ended_ns,
            fate,
        )

    def tried(self, result: Result, started_ns: int, finished_ns: int) -> AttemptRow:
        return (
            self.visitor,
            self.step,
            self.attempt,
            self.sent_ns,
            started_ns,
            finished_ns,
            result,
        )

    def cut_short(self) -> tuple[VisitRow, list[AttemptRow]]:
        """The rows of somebody who is under way when everything ends.

        Whose own request is under way has entered: nobody has told him to wait.
        """
        if self.let_in_ns == UNKNOWN:
            self.let_in_ns = self.sent_ns
        if self.let_in_ns == UNKNOWN:
            return self.row(Fate.WAITING), []
        unfinished = [*self.beside]
        if self.sent_ns != UNKNOWN:
            unfinished.append(self.tried(Result.UNFINISHED, UNKNOWN, UNKNOWN))
        return self.row(Fate.UNFINISHED), unfinished


@dataclass(slots=True, eq=False)
class Room:
    """Where they wait in line, as the replay itself sees it."""

    people: int = 0


def uncounted(step: int, result: Result, status: int, reason: str) -> None:
    """Answers that nobody counts."""


def unheard(name: str) -> Callable[[bool], None]:  # noqa: ARG001
    """Requests of which nobody wants to hear."""
    return lambda _: None


def unkept(row: LookRow) -> None:
    """Looks that nobody keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all visitors of a replay share."""

    orders: Orders
    luck: Timetable
    clock: Clock
    budgets: Budgets
    tried: Callable[[AttemptRow], None]
    """Writes an attempt down."""
    ended: Callable[[Visit, Fate, int], None]
    """Writes the end of a visit down: its fate and instant."""
    answered: Callable[[Answer], None]
    """Hears of each answer, for the kill switch."""
    begun: Callable[[str], Callable[[bool], None]] = unheard
    """Hears of each request, by its name, that no session of ours sends; and then whether it failed, for the kill switch."""
    looked: Callable[[LookRow], None] = unkept
    """Writes down what the line told."""
    counted: Callable[[int, Result, int, str], None] = uncounted
    """Counts each answer: the step (or LINE), what it came to, the status, and why."""
    room: Room = field(default_factory=Room)
    """Counts who stands in the line."""
    data: Sequence[Mapping[str, str]] = ()
    """The rows of the launch's table, by the visitors' places in the plan."""
    takers: Mapping[int, Taker] = field(default_factory=dict)
    """Who takes a journey in the place of our own visitor, by its number."""
    post_of: Callable[[Person], Post] | None = None
    """Gives somebody his mails; None: nobody gets any."""
    ours: bool = False
    """Whether the target speaks the reference protocol, which is then checked exactly."""
    templates: Templates = field(init=False)
    """Everything that is asked for, read before anybody comes."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "templates", self.orders.templates)


class Session(Protocol):
    """How a visitor reaches the target (:class:`scenarios.replay.child.wire.browser.Browser`)."""

    def send(
        self,
        sent: Sent,
        *,
        timeout_ns: int,
        rule: Callable[[Answer], Judged] = taken_as_it_is,
        follow: bool = False,
    ) -> tuple[Answer, Judged]:
        """One request, its answer and what that came to.

        Whoever follows redirects has the answer that they lead to. By ``rule`` each answer is judged
        once, for Locust's statistics and for the visitor.
        """
        ...

    def close(self) -> None:
        """The next request gets a connection of its own."""
        ...


class Taker(Protocol):
    """Makes the visit of somebody who has been let in (:class:`scenarios.replay.child.visitors.brought.Cast`)."""

    def __call__(self, visit: Visit, stage: Stage, session: Session, person: Person) -> None:
        """Make it, to its fate."""
        ...
