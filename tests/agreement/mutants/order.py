"""Mutants of what comes first of one instant, of luck, and of how a launch ends."""

from collections.abc import Callable
from typing import Any

from simulator.engine import rules as engine
from simulator.engine.readable.visit import Visit
from simulator.engine.readable.world import Clock, World
from simulator.engine.rules import Key
from simulator.outcomes.rows import Fate
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.agreement.mutants.mutant import Mutant, parts_with, wrong
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


NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "CHANGE CONTROL": ("failures",),
    "CONTROL COMPLETION": ("failures",),
    "COMPLETION TOKEN": ("quota",),
    "TOKEN FREED": ("quota", "holds"),
    "FREED SEND": ("holds",),
    "SESSION ENTRY": ("by minute",),
    "EXPIRY RELEASE": ("expiry, to the end",),
    "RELEASE ARRIVAL": ("full line",),
    "ARRIVAL ENTRY": ("change of policy", "waiting room"),
    "ENTRY SEND": (),
    "SEND TIMEOUT": (),
    "RELEASE REFERRAL": ("referrals",),
    "REFERRAL REFRESH": ("referrals", "refreshes"),
    "REFRESH PATIENCE": ("refreshes",),
    "CHANGE COMPLETION": (),
    "COMPLETION SEND": (),
    "COMPLETION TIMEOUT": (),
    "RELEASE PATIENCE": (),
    "ENTRY PATIENCE": (),
}
"""Classes whose order is seen, and the rules with which it is. The last ones are neighbours where
the others never happen. Three neighbours of the list commute: what a seat, a session and an expired
call free is used by later events, and a timeout has nothing to do with a referral."""

KINDS: dict[str, tuple[str, ...]] = {
    "BOOT SCALING": ("autoscaler",),
    "REPAIRED SCALING": ("autoscaler", "failures"),
    "FAILS SCALING": ("autoscaler", "failures"),
    "FAILS FEEDBACK": ("failures", "feedback on attempts in flight"),
}
"""The others commute: they touch different instances, or different halves of a launch."""


def swap(place: int, pair: str, needs: tuple[str, ...]) -> Mutant:
    first, second = pair.split()
    clock = swapping(place, getattr(engine, first), getattr(engine, second))
    return Mutant(f"{second} before {first}", ORDER, parts_with(clock), needs)


def later_first(name: str, place: int, *needs: str) -> Mutant:
    """Of one class and instant the later visitor, step or attempt comes first.

    An attempt never has two calls at a time: their order is not seen. That of steps and attempts is
    where a station still works for a visitor who has given that up, and calls another one.
    """

    class Backwards(Clock):
        def at(self, at_ns: int, key: Key, action: Callable[..., None], *of: Any) -> None:
            back = (*key[:place], -key[place], *key[place + 1 :])
            super().at(at_ns, back, action, *of)  # type: ignore[arg-type]

    return Mutant(name, ORDER, parts_with(Backwards), needs)


def lasting(law: int, name: str) -> Mutant:
    """All durations of a law last as long as they do on average."""

    class Lasting(World):
        def drawn_ns(
            self, law_of: Duration, role: int, visitor: int, step: int = 0, attempt: int = 0
        ) -> int:
            if law_of.law == law:
                return int(law_of.mean_ns()) + (law == draws.FIXED)
            return super().drawn_ns(law_of, role, visitor, step, attempt)

    return Mutant(f"No {name}", name, parts_with(Lasting))


class WhoWaitsHasLeft(World):
    def leave(self, visit: Visit, fate: Fate, ended_ns: int) -> None:
        super().leave(visit, Fate.RENEGED if fate is Fate.WAITING else fate, ended_ns)


class WhoIsOnHisWayGaveUp(World):
    def leave(self, visit: Visit, fate: Fate, ended_ns: int) -> None:
        super().leave(visit, Fate.GAVE_UP if fate is Fate.UNFINISHED else fate, ended_ns)


class LineClosesAnInstantLate(Clock):
    def __init__(self, timetable: Timetable) -> None:
        super().__init__(timetable)
        self.closes_ns = min(self.closes_ns + 1, self.end_ns)


class LineClosesAtTheEnd(Clock):
    def __init__(self, timetable: Timetable) -> None:
        super().__init__(timetable)
        self.closes_ns = self.end_ns


class EndIsAnInstantLate(Clock):
    def __init__(self, timetable: Timetable) -> None:
        super().__init__(timetable)
        self.end_ns += 1


MUTANTS = (
    *(swap(0, pair, needs) for pair, needs in NEIGHBOURS.items()),
    *(swap(1, pair, needs) for pair, needs in KINDS.items()),
    later_first("LaterVisitorFirst", 1),
    later_first("LaterStepFirst", 2, "calls", "failures", "client timeout"),
    later_first("LaterAttemptFirst", 3, "calls", "several steps"),
    *(lasting(law, name) for law, name in LAWS.items()),
    *wrong("one fate each", WhoWaitsHasLeft, WhoIsOnHisWayGaveUp),
    *wrong("horizon and end", LineClosesAnInstantLate, LineClosesAtTheEnd, EndIsAnInstantLate),
)  # fmt: skip
