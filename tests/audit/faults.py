"""Lines of the reference target with one fault each.

Each is the service's own line with one rule broken, so that it can be played in virtual time
(:mod:`tests.audit.crowd`) and served to a real replay (:mod:`tests.audit.target`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from scenarios.http.line import LineSettings
from scenarios.service.store.tickets import Place, Tickets
from scenarios.service.work.line import Line
from simulator.verdict.criteria import Asks

EVERY = 12
"""One in so many is treated wrongly."""
AT_ONCE = 40
"""A bucket that is promised to hold one holds so many."""

Clock = Callable[[], int]
Make = Callable[[Tickets, LineSettings, Clock], Line]


class Numbered(Line):
    """Knows the how many-th each ticket was, and how often it was looked at."""

    def __init__(self, tickets: Tickets, settings: LineSettings, clock: Clock) -> None:
        self.numbers: dict[str, int] = {}
        self.looks: Counter[str] = Counter()
        super().__init__(tickets, settings, clock)

    def join(self) -> tuple[str, Place]:
        ticket, place = super().join()
        self.numbers[ticket] = len(self.numbers) + 1
        return ticket, place

    def look(self, ticket: str) -> Place | None:
        place = super().look(ticket)
        self.looks[ticket] += 1
        return place if place is None or not self.is_chosen(ticket) else self.spoilt(ticket, place)

    def is_chosen(self, ticket: str) -> bool:
        return self.numbers.get(ticket, 1) % EVERY == 0

    def spoilt(self, ticket: str, place: Place) -> Place | None:
        """What somebody who is treated wrongly is told."""
        return place


class Forgets(Numbered):
    def spoilt(self, ticket: str, place: Place) -> Place | None:
        return place if place.admitted or self.looks[ticket] < 2 else None


class NeverCalls(Numbered):
    def spoilt(self, ticket: str, place: Place) -> Place | None:
        return replace(place, admitted=False, position=max(place.position, 1))


class LetsJump(Numbered):
    def spoilt(self, ticket: str, place: Place) -> Place | None:
        return replace(place, admitted=True)


class MovesBack(Numbered):
    def spoilt(self, ticket: str, place: Place) -> Place | None:
        behind = 7 if self.looks[ticket] % 2 == 0 else 0
        return replace(place, position=place.position + behind)


class LastFirst(Numbered):
    """As many are in as should be, and they are those who came last."""

    def __init__(self, tickets: Tickets, settings: LineSettings, clock: Clock) -> None:
        self.stack: list[str] = []
        self.called: set[str] = set()
        super().__init__(tickets, settings, clock)

    def join(self) -> tuple[str, Place]:
        ticket, place = super().join()
        self.stack.append(ticket)
        return ticket, self.turned(ticket, place)

    def look(self, ticket: str) -> Place | None:
        place = super().look(ticket)
        return None if place is None else self.turned(ticket, place)

    def turned(self, ticket: str, place: Place) -> Place:
        while self.stack and len(self.called) < self._tickets.lengths().admitted:
            self.called.add(self.stack.pop())
        if ticket in self.called:
            return replace(place, admitted=True)
        return replace(place, admitted=False, position=len(self.stack) - self.stack.index(ticket))


class SharesTickets(Numbered):
    """Some are given the ticket of the one before them."""

    def join(self) -> tuple[str, Place]:
        if len(self.numbers) % EVERY == EVERY - 1:
            ticket = next(reversed(self.numbers))
            self.numbers[f"{ticket}, too"] = len(self.numbers) + 1
            return ticket, self._known(ticket)
        return super().join()


class LetsInTwice(Numbered):
    """Some are given a ticket by which somebody has entered already, and enter by it as well."""

    def join(self) -> tuple[str, Place]:
        used = [each for each in self.numbers if (at := self.look(each)) and at.admitted]
        if len(used) >= EVERY and len(self.numbers) % EVERY == EVERY - 1:
            self.numbers[f"{used[-1]}, too"] = len(self.numbers) + 1
            return used[-1], self._known(used[-1])
        return super().join()


class AnnouncesHalf(Line):
    def expected_wait_s(self, place: Place) -> float:
        return super().expected_wait_s(place) / 2


class AnnouncesFourTimes(Line):
    def expected_wait_s(self, place: Place) -> float:
        return super().expected_wait_s(place) * 4


class AnnouncesNothing(Line):
    def expected_wait_s(self, place: Place) -> float:
        return 0.0


def with_levers(*, times: float = 1.0, burst: int = 1) -> Make:
    """A line that is released otherwise than it says."""

    def make(tickets: Tickets, settings: LineSettings, clock: Clock) -> Line:
        faster = replace(settings, release_rate_per_s=settings.release_rate_per_s * times)
        line = Line(tickets, replace(faster, burst=burst), clock)
        line.settings = settings
        return line

    return make


class ForgetsAtRestart(Line):
    def __init__(self, tickets: Tickets, settings: LineSettings, clock: Clock) -> None:
        tickets.clear_line(clock())
        super().__init__(tickets, settings, clock)


class TurnsRoundAtRestart(Line):
    """Who waited keeps his ticket, and the last of them is now the first."""

    def __init__(self, tickets: Tickets, settings: LineSettings, clock: Clock) -> None:
        super().__init__(tickets, settings, clock)
        db = tickets._db
        with db.transaction():
            rows = db.rows("SELECT place FROM tickets WHERE place > (SELECT front FROM line)")
            for row in rows:  # beside the line first, since no two may stand at one place
                db.rows("UPDATE tickets SET place = -place WHERE place = :at", {"at": row[0]})
            for old, new in zip(rows, reversed(rows), strict=True):
                values = {"old": -int(old[0]), "new": new[0]}
                db.rows("UPDATE tickets SET place = :new WHERE place = :old", values)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A line that breaks a promise."""

    make: Make
    breaks: Asks
    also: frozenset[Asks] = frozenset()
    """What else is wrong with it, and may be found as well."""
    restarted: bool = False
    """Whether it shows only where the target is restarted."""


FAULTS = {
    "one in twelve is forgotten after his first look":
        Fault(make=Forgets, breaks=Asks.PLACES_LOST),
    "one in twelve is never called":
        Fault(make=NeverCalls, breaks=Asks.OVERTAKEN),
    "one in twelve is let in at his first look":
        Fault(make=LetsJump, breaks=Asks.OVERTAKEN),
    "who came last is called first":
        Fault(make=LastFirst, breaks=Asks.OVERTAKEN, also=frozenset({Asks.MOVED_BACK, Asks.WAIT_ANNOUNCED})),
    "one in twelve moves back by seven places at every other look":
        Fault(make=MovesBack, breaks=Asks.MOVED_BACK),
    "one in twelve is given the ticket of the one before him":
        Fault(make=SharesTickets, breaks=Asks.PLACES_SHARED),
    "a ticket lets in twice: some are given one by which somebody has entered":
        Fault(make=LetsInTwice, breaks=Asks.PLACES_SHARED, also=frozenset({Asks.OVERTAKEN})),
    "half of the wait is announced (a factor of 1.5 is promised)":
        Fault(make=AnnouncesHalf, breaks=Asks.WAIT_ANNOUNCED),
    "four times the wait is announced":
        Fault(make=AnnouncesFourTimes, breaks=Asks.WAIT_ANNOUNCED),
    "a wait of 0 s is announced to everybody":
        Fault(make=AnnouncesNothing, breaks=Asks.WAIT_ANNOUNCED),
    "people are let in twice as fast as promised":
        Fault(make=with_levers(times=2.0), breaks=Asks.ENTERED_BEYOND, also=frozenset({Asks.WAIT_ANNOUNCED})),
    f"{AT_ONCE} are let in at once, where one is promised":
        Fault(make=with_levers(burst=AT_ONCE), breaks=Asks.ENTERED_BEYOND),
    "the line is forgotten at a restart":
        Fault(make=ForgetsAtRestart, breaks=Asks.PLACES_LOST, restarted=True),
    "the line is turned round at a restart":
        Fault(make=TurnsRoundAtRestart, breaks=Asks.OVERTAKEN, restarted=True,
              also=frozenset({Asks.MOVED_BACK, Asks.WAIT_ANNOUNCED})),
}  # fmt: skip
RIGHT = Line
