"""Mutants of what comes first of one instant, of luck, and of how a launch ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.engine import rules as engine
from simulator.engine.readable.clock import Clock, Key
from simulator.engine.readable.launch import Launch
from simulator.engine.readable.visit import Visit
from simulator.outcomes.rows import Fate
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.agreement.mutants.mutant import add, wrong, wrong_launch
from tests.agreement.rules import LAWS

ORDER = "order of simultaneous events"


def swapping(place: int, first: int, second: int) -> type[Clock]:
    """Two classes of events, or two kinds of one, change places among those of one instant."""
    swapped = {first: second, second: first}

    class Swapping(Clock):
        def at(self, at_ns: int, key: Key, action: Callable[..., None], *of: Any) -> None:
            if place == 0 or key[0] == engine.CONTROL:
                found = swapped.get(key[place], key[place])
                key = (*key[:place], found, *key[place + 1 :])  # type: ignore[assignment]
            super().at(at_ns, key, action, *of)

    return Swapping


NEIGHBOURS = (
    "CHANGE CONTROL",
    "CONTROL COMPLETION",
    "COMPLETION TOKEN",
    "TOKEN FREED",
    "FREED SEND",
    "SESSION ENTRY",
    "EXPIRY RELEASE",
    "RELEASE ARRIVAL",
    "ARRIVAL ENTRY",
    "ENTRY SEND",
    "SEND TIMEOUT",
    "RELEASE REFERRAL",
    "REFERRAL REFRESH",
    "REFRESH PATIENCE",
)
"""Classes whose order is seen. Three neighbours of the list commute: what a seat, a session and an
expired call free is used by later events, and a timeout has nothing to do with a referral."""

KINDS = ("BOOT SCALING", "REPAIRED SCALING", "FAILS SCALING", "FAILS FEEDBACK")
"""The others commute: they touch different instances, or different halves of a launch."""


def swap(place: int, pair: str) -> None:
    first, second = pair.split()
    clock = swapping(place, getattr(engine, first), getattr(engine, second))
    name = f"{second} before {first}"
    add(name, ORDER, type(name, (Launch,), {"clock_type": clock}))


for pair in NEIGHBOURS:
    swap(0, pair)
for pair in KINDS:
    swap(1, pair)


def of_one_class(name: str, place: int) -> None:
    """Of one class and instant the later visitor, step or attempt comes first.

    An attempt never has two calls at a time: their order is not seen.
    """

    class Backwards(Clock):
        def at(self, at_ns: int, key: Key, action: Callable[..., None], *of: Any) -> None:
            back = (*key[:place], -key[place], *key[place + 1 :])
            super().at(at_ns, back, action, *of)  # type: ignore[arg-type]

    add(name, ORDER, type(name, (Launch,), {"clock_type": Backwards}))


of_one_class("LaterVisitorFirst", 1)
of_one_class("LaterStepFirst", 2)
of_one_class("LaterAttemptFirst", 3)


def lasting(law: int, name: str) -> None:
    """All durations of a law last as long as they do on average."""

    class Lasting(Launch):
        def drawn_ns(
            self, law_of: Duration, role: int, visitor: int, step: int = 0, attempt: int = 0
        ) -> int:
            if law_of.law == law:
                return int(law_of.mean_ns()) + (law == draws.FIXED)
            return super().drawn_ns(law_of, role, visitor, step, attempt)

    add(f"No {name}", name, Lasting)


for law, name in LAWS.items():
    lasting(law, name)


@wrong_launch("one fate each")
class WhoWaitsHasLeft(Launch):
    def leave(self, visit: Visit, fate: Fate, ended_ns: int) -> None:
        super().leave(visit, Fate.RENEGED if fate is Fate.WAITING else fate, ended_ns)


@wrong_launch("one fate each")
class WhoIsOnHisWayGaveUp(Launch):
    def leave(self, visit: Visit, fate: Fate, ended_ns: int) -> None:
        super().leave(visit, Fate.GAVE_UP if fate is Fate.UNFINISHED else fate, ended_ns)


@wrong("horizon and end", "clock_type")
class LineClosesAnInstantLate(Clock):
    def __init__(self, timetable: Timetable) -> None:
        super().__init__(timetable)
        self.closes_ns = min(self.closes_ns + 1, self.end_ns)


@wrong("horizon and end", "clock_type")
class LineClosesAtTheEnd(Clock):
    def __init__(self, timetable: Timetable) -> None:
        super().__init__(timetable)
        self.closes_ns = self.end_ns


@wrong("horizon and end", "clock_type")
class EndIsAnInstantLate(Clock):
    def __init__(self, timetable: Timetable) -> None:
        super().__init__(timetable)
        self.end_ns += 1
