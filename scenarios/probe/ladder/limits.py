"""What refusals have in common: a limit of the rate, a ban, or no room left. Pure.

A token bucket of rate r and burst b lets n requests pass within t only where n <= b + r t: whatever was
seen to pass bounds b from below, and a closed loop that asks on while it is refused gets r. Where each
refusal came while as many were in flight as hardly any that passed had beside it, it is not the rate but the room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from scenarios.probe.ladder.rungs import Exchange
from simulator.text.wording import format_duration, format_rate

FEWEST_PASSES = 4
RARE = 20
BELOW, ADMITTED = 3, 0.9
"""Requests that met a place, and the share of them that passes. A limit of the rate does not look at who is under way: then those
that met few are refused as often as the others. A room lets them in, but for who came before somebody's answer was seen."""
CLUMP = 10.0
"""A pause so many times as long as the usual one parts two windows of a limit that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What was refused, and by what rule as far as one can see."""

    status: int
    kind: str
    """rate, window, room, ban, or unknown."""
    rate_per_s: float = 0.0
    burst: int = 0
    window_s: float = 0.0
    room: int = 0
    """How many may be in flight."""
    passed: int = 0
    refused: int = 0
    told: str = ""

    @property
    def in_words(self) -> str:
        said = f" (it says {self.told})" if self.told else ""
        seen = f"{self.refused} of {self.passed + self.refused} refused with {self.status}{said}"
        return f"{seen}: {self.rule}"

    @property
    def rule(self) -> str:
        """As far as one can see."""
        if self.kind == "rate":
            return (
                f"a limit of {format_rate(self.rate_per_s)} with a burst of {self.burst}; whether per"
                " address or for all, one machine cannot tell"
            )
        if self.kind == "window":
            return (
                f"a limit of {self.burst} in each {format_duration(self.window_s * 1e9)}; whether per"
                " address or for all, one machine cannot tell"
            )
        if self.kind == "room":
            return f"room for {self.room} at once, and no limit of the rate was met"
        if self.kind == "ban":
            return "nothing passes any more: it shuts out who asks as the probe does"
        return "too few passed to tell its rule"


def limit_of(seen: Sequence[Exchange]) -> Limit | None:
    """The rule behind what passed and what was refused; None where nothing was refused."""
    refused = [e for e in seen if e.refused]
    passed = sorted((e for e in seen if not e.refused), key=lambda e: e.sent_ns)
    if not refused:
        return None
    seen_so = Limit(
        status=refused[0].status,
        kind="unknown",
        passed=len(passed),
        refused=len(refused),
        told=next((e.told for e in refused if e.told), ""),
    )
    room = least_met(refused, passed)
    first_ns = min(e.sent_ns for e in refused)
    if room >= 2 and is_room(room, passed, refused, first_ns):
        return replace(seen_so, kind="room", room=room)
    after = [e.sent_ns / 1e9 for e in passed if e.sent_ns > first_ns]
    if not after and len(refused) >= FEWEST_PASSES and refused[0].status == 403:
        return replace(seen_so, kind="ban")
    if len(after) < FEWEST_PASSES:
        return seen_so
    if (parts := clumps(after)) is not None:
        window_s, many = parts
        rate = many / window_s
        return replace(seen_so, kind="window", window_s=window_s, burst=many, rate_per_s=rate)
    rate = (len(after) - 1) / max(1e-9, after[-1] - after[0])
    burst = burst_of([e.sent_ns / 1e9 for e in passed], rate)
    return replace(seen_so, kind="rate", rate_per_s=rate, burst=burst)


def burst_of(instants_s: Sequence[float], rate_per_s: float) -> int:
    """The smallest bucket that lets all of them pass: the most above ``r t`` in any interval.

    >>> burst_of([0, 0, 0, 1, 2], 1.0)
    3
    """
    most, low = 1.0, float("inf")
    for number, at_s in enumerate(instants_s):
        low = min(low, number - rate_per_s * at_s)
        most = max(most, number - rate_per_s * at_s - low + 1)
    return round(most)


def clumps(after_s: Sequence[float]) -> tuple[float, int] | None:
    """Window and number of a limit that counts in windows: what passes comes in clumps."""
    gaps = [b - a for a, b in pairwise(after_s)]
    usual = sorted(gaps)[len(gaps) // 2]
    starts = [b for (a, b) in pairwise(after_s) if b - a > CLUMP * max(usual, 1e-3)]
    if len(starts) < 2:
        return None
    window_s = (starts[-1] - starts[0]) / (len(starts) - 1)
    inside = [at for at in after_s if starts[0] <= at < starts[-1]]
    return window_s, max(1, round(len(inside) / (len(starts) - 1)))


def in_flight_at(at_ns: int, passed: Sequence[Exchange]) -> int:
    return sum(e.sent_ns < at_ns < e.seen_ns for e in passed)


def is_room(
    room: int, passed: Sequence[Exchange], refused: Sequence[Exchange], since_ns: int
) -> bool:
    """Whether those that met fewer, since somebody was refused first, were let in."""
    below = sum(e.sent_ns > since_ns and in_flight_at(e.sent_ns, passed) < room for e in passed)
    turned = sum(met(e, passed) < room for e in refused)
    return below >= BELOW and below >= ADMITTED * (below + turned)


def met(refusal: Exchange, passed: Sequence[Exchange]) -> int:
    """How many were under way: at the instant of the refusal's own answer, or of its sending, whichever found more.

    Who is answered at this moment may count still.
    """
    return max(in_flight_at(refusal.sent_ns, passed), in_flight_at(refusal.seen_ns, passed))


def least_met(refused: Sequence[Exchange], passed: Sequence[Exchange]) -> int:
    """How many were under way at least when somebody was refused; one in twenty may have met fewer."""
    found = sorted(met(each, passed) for each in refused)
    return found[len(found) // RARE]
