"""What is asked of a probe, and what it would send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scenarios.http.allow import Target
from scenarios.probe.ladder.bounds import Bounds
from scenarios.probe.probe import WARM_UP
from simulator.errors import UsageError
from simulator.scenario.words.rehearsal.requests import Request
from simulator.text.wording import format_rate
from surgeproof.options import duration_of

MOST_AT_ONCE = Bounds().at_most


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked of a ladder."""

    ladder: bool = False
    """Whether one is wanted in any case."""
    bounds: Bounds = field(default_factory=Bounds)
    pid: int | None = None

    def leaving(self, spare_s: float) -> Wish:
        """The same with so much of the time kept for what comes after; at least half of it is the ladder's."""
        within_s = max(self.bounds.within_s / 2, self.bounds.within_s - spare_s)
        return replace(self, bounds=replace(self.bounds, within_s=within_s))


def wished(*, ladder: bool, at_most: int | None, within: str | None, pid: int | None) -> Wish:
    """What the options ask of a ladder: each of them asks for one.

    Raises UsageError.
    """
    bounds = Bounds(at_most=MOST_AT_ONCE if at_most is None else at_most)
    if within is not None:
        bounds = replace(bounds, within_s=duration_of("--within", within) / 1e9)
        if not 1 <= bounds.within_s <= 3600:
            raise UsageError("--within is from 1 s to 1 h")
    asked = ladder or any(option is not None for option in (at_most, within, pid))
    return Wish(ladder=asked, bounds=bounds, pid=pid)


def announced(
    target: Target,
    wanted: Sequence[Request],
    wish: Wish,
    requests: int,
    rate_per_s: float,
    *,
    given: bool,
) -> list[str]:
    """What would be sent."""
    each = tuple(dict.fromkeys(wanted))
    many = (requests + WARM_UP) * (len(each) + 1)
    quick = (
        f"to {target.url}: {many:,} requests at most, one at a time, at most {format_rate(rate_per_s)};"
        f" {requests + WARM_UP} new people, whose addresses end in .invalid, each make"
        f" {', '.join(map(str, each))}, and one for /healthz"
    )
    climbed = f"the ladder sends {wish.bounds.in_words(each, target.url)}"
    if wish.ladder:
        return [climbed]
    if given:
        return [f"the probe sends {quick}"]
    return [
        f"if the target tells its servers in /healthz or /metrics, the probe sends {quick}",
        f"if not, {climbed}",
    ]
