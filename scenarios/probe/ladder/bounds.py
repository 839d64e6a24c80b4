"""How far a ladder goes: the next rung, when its batches agree, and what it may cost at most. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.probe.ladder.estimate.estimate import Estimate
from scenarios.probe.ladder.rungs import Rung
from simulator.text.wording import format_duration

RUNGS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
SLOWEST = 3.0
"""A rung that answers so many times as slowly as the first is the last."""
AGREED = 0.02
"""Batch means agree where the standard error of a rung's X is at most this share of it..."""
FEWEST_SWEEPS, MOST_SWEEPS = 4, 12
"""... after at least so many batches; and there are at most so many."""
SHORTEST_VISIT_S, LONGEST_VISIT_S = 1.5, 6.0
ANSWERS_A_VISIT = 16
"""A visit lasts so many answers of the unloaded server, within these limits."""
ROUNDS = 2
"""And long enough for one person to make all requests so often."""
VISIT_PEOPLE = 300
"""It ends earlier once so many people were served: their mean is known well enough."""
MOST_PEOPLE = 10_000
BURST, BURSTS = 8, 16
WARM_UP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a ladder may do at most."""

    at_most: int = 16
    """In flight at once."""
    within_s: float = 180.0
    people: int = MOST_PEOPLE

    @property
    def rungs(self) -> tuple[int, ...]:
        return (*(n for n in RUNGS if n < self.at_most), self.at_most)

    def in_words(self, requests: Sequence[object], url: str) -> str:
        """What will be sent, before anything is."""
        each = ", ".join(map(str, requests))
        many = self.people * len(requests)
        return (
            f"to {url} at most {many:,} requests within {format_duration(self.within_s * 1e9)},"
            f" at most {self.at_most} at once (each is sent when an answer has come, so a slow server is"
            f" sent less); up to {self.people:,} new people, whose addresses end in .invalid, each make"
            f" {each}; besides, at most 100 requests for health. It never again asks so many at once as were refused"
            " (but for at most 10 s that tell the limit), and keeps what it has at Ctrl-C"
        )


def visit_s(unloaded_s: float, requests: int = 1) -> float:
    """How long a batch lasts, of people who make so many requests: two of them make all within it.

    >>> visit_s(0.001), visit_s(0.2), visit_s(3.0), visit_s(3.0, 5)
    (1.5, 3.2, 6.0, 30.0)
    """
    usual_s = min(LONGEST_VISIT_S, max(SHORTEST_VISIT_S, ANSWERS_A_VISIT * unloaded_s))
    return max(usual_s, ROUNDS * requests * unloaded_s)


def next_rung(rungs: Sequence[Rung], found: Estimate, bounds: Bounds, refused: bool) -> int | None:
    """Another rung that is needed: higher up, or between two; None where there is none.

    It goes up until one more gains confidently less than 5 %, and not beyond a refusal or three times
    the unloaded answer.
    """
    measured = [rung.n for rung in rungs]
    top, first = rungs[-1], rungs[0]
    slow = top.answer_s.value > SLOWEST * first.answer_s.value
    if not refused and not slow and not ended(measured, found):
        return next((n for n in bounds.rungs if n > top.n), None) or between(measured, found)
    return between(measured, found)


def ended(measured: Sequence[int], found: Estimate) -> bool:
    """Whether enough rungs lie above the servers: one that is confirmed, else two."""
    above = [n for n in measured if n > found.servers]
    return len(above) >= (1 if found.confirmed and len(measured) > 2 else 2)


def between(measured: Sequence[int], found: Estimate) -> int | None:
    """The rung in the middle of the servers and the rung below, which may be the true number."""
    if not found.kink_seen:
        return None
    below = max((n for n in measured if n < found.servers), default=0)
    middle = (below + found.servers) // 2
    return middle if middle not in (below, found.servers, 0) else None


def agreed(rungs: Sequence[Rung], found: Estimate) -> bool:
    """Whether the batch means of every rung agree, and the number of servers is confirmed."""
    enough = all(len(rung.visits) >= FEWEST_SWEEPS for rung in rungs)
    precise = all(rung.per_s.relative_error <= AGREED for rung in rungs)
    return enough and precise and (found.confirmed or not found.kink_seen)


def sweeps_over(rungs: Sequence[Rung]) -> bool:
    return all(len(rung.visits) >= MOST_SWEEPS for rung in rungs)
