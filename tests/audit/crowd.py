"""A crowd at a line of the reference target, in virtual time: what each is told, look by look.

Each request takes a while to arrive, and its answer a while to be seen; who waits asks again after what he was
told, some leave, and the target may be restarted. All of it is a function of the seed.
"""

from __future__ import annotations

import asyncio
import heapq
import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from scenarios.http.line import LineSettings, Policy
from scenarios.service.store.opened import open_database
from scenarios.service.store.tickets import Place, Tickets
from scenarios.service.work.line import Line
from simulator.outcomes.looks import LOOK, LookRow, Told
from simulator.outcomes.rows import UNKNOWN, VISIT, Fate, Rows
from simulator.verdict.line.promises import Promises
from tests.audit.faults import Make

S = 1_000_000_000
OPENED_NS = 1_700_000_000 * S
RATE_PER_S = 10.0
SETTINGS = LineSettings(policy=Policy.FIFO, release_rate_per_s=RATE_PER_S, poll_every_s=0.5)
PROMISES = Promises(rate_per_s=RATE_PER_S, wait_factor=1.5)
"""Those of that line."""


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Who comes, and over what network."""

    people: int = 90
    within_s: float = 2.0
    slow_s: float = 0.05
    """So long a request or an answer takes at most."""
    leaves: float = 0.0
    """The share of those who give up."""
    restart_s: float | None = None
    """When the target is restarted."""
    away_s: float = 0.8
    """For how long nobody answers then."""


@dataclass
class Person:
    number: int
    patient_until_s: float
    ticket: str = ""
    asked_s: float | None = None
    """Since when he has asked without being heard."""


@dataclass
class Play:
    """One crowd at one line."""

    make: Make
    crowd: Crowd
    luck: random.Random
    tickets: Tickets
    now_s: float = 0.0
    looks: list[LookRow] = field(default_factory=list)
    coming: list[tuple[float, int, Person | None, float]] = field(default_factory=list)
    """When a request is answered, whose it is (None: the restart), and when it was sent."""
    known: dict[str, int] = field(default_factory=dict)
    """Tickets by what stands for each."""
    gone: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.line = self.opened()

    def opened(self) -> Line:
        return self.make(self.tickets, SETTINGS, lambda: OPENED_NS + round(self.now_s * S))

    def run(self) -> None:
        crowd, luck = self.crowd, self.luck
        for number in range(crowd.people):
            at_s = luck.uniform(0, crowd.within_s)
            leaves = luck.random() < crowd.leaves
            until_s = at_s + luck.uniform(1, 6) if leaves else float("inf")
            self.ask(Person(number, until_s), at_s)
        if crowd.restart_s is not None:
            heapq.heappush(self.coming, (crowd.restart_s, -1, None, 0.0))
        while self.coming:
            self.now_s, _, person, sent_s = heapq.heappop(self.coming)
            if person is None:
                self.line.close()
                self.line = self.opened()
            else:
                self.answer(person, sent_s)
        self.line.close()

    def ask(self, person: Person, at_s: float) -> None:
        arrives_s = at_s + self.luck.uniform(0, self.crowd.slow_s)
        heapq.heappush(self.coming, (arrives_s, person.number, person, at_s))

    @property
    def is_away(self) -> bool:
        at_s = self.crowd.restart_s
        return at_s is not None and at_s <= self.now_s < at_s + self.crowd.away_s

    def answer(self, person: Person, sent_s: float) -> None:
        """What the line says to one request, and what he does then."""
        seen_s = self.now_s + self.luck.uniform(0.001, self.crowd.slow_s)
        if self.is_away:
            self.told(person, sent_s, seen_s, Told.NOTHING, None)
        elif seen_s > person.patient_until_s and person.ticket:
            self.line.leave(person.ticket)
            self.gone.add(person.number)
            return  # a replay keeps no look of it: of his visit it says that he gave up
        elif not person.ticket:
            person.ticket, place = self.line.join()
            self.told(person, sent_s, seen_s, self.said(place, Told.PLACED), place)
        elif (found := self.line.look(person.ticket)) is None:
            self.told(person, sent_s, seen_s, Told.FORGOTTEN, None)
            person.ticket = ""
        else:
            self.told(person, sent_s, seen_s, self.said(found, Told.WAITS), found)
        if self.looks[-1][2] != Told.LETS_IN and seen_s < self.last_s:
            self.ask(person, seen_s + SETTINGS.poll_every_s * self.luck.uniform(1, 1.3))

    @property
    def last_s(self) -> float:
        """Nobody asks any more, so that who is never called makes no endless line."""
        return self.crowd.within_s + 3 * self.crowd.people / RATE_PER_S

    @staticmethod
    def said(place: Place, waiting: Told) -> Told:
        return Told.LETS_IN if place.admitted else waiting

    def told(
        self, person: Person, sent_s: float, seen_s: float, said: Told, place: Place | None
    ) -> None:
        position, wait_ns = UNKNOWN, UNKNOWN
        if place is not None and not place.admitted:
            position = place.position
            wait_ns = round(self.line.expected_wait_s(place) * S)
        ticket = self.known.setdefault(person.ticket, len(self.known)) if place else UNKNOWN
        row = (
            person.number,
            round(seen_s * S),
            int(said),
            position,
            wait_ns,
            ticket,
            round(sent_s * S),
        )
        self.looks.append(row)


def played(make: Make, crowd: Crowd, seed: int) -> tuple[Rows, Rows]:
    """Looks in the order in which they are read of a store, and visits."""

    async def play() -> Play:
        """In a loop, whose timers have no time to ring."""
        with tempfile.TemporaryDirectory() as home:
            database = open_database(Path(home) / "line.sqlite")
            try:
                found = Play(make, crowd, random.Random(seed), Tickets(database))
                found.run()
            finally:
                database.close()
        return found

    found = asyncio.run(play())
    visits = np.zeros(crowd.people, VISIT)
    visits["visitor"], visits["fate"] = np.arange(crowd.people), Fate.SERVED
    visits["fate"][sorted(found.gone)] = Fate.RENEGED
    return np.sort(np.array(found.looks, LOOK), order=["visitor", "seen"]), visits
