"""What of an answer occupies no server. Pure.

A service is c / X among servers that are always busy, and what R(c) has beyond it occupies none. By chance that may be
anything, so a request for nothing has its say; but it may be more than that takes: a server that has waited answers
later than one that works without a pause (its core sleeps, its caches are cold).
"""

from __future__ import annotations

import math

from scenarios.probe.ladder.estimate.chance import chance_of
from scenarios.probe.ladder.estimate.sweeps import SHORTEST_S, Sweeps

MOST_AWAY = 0.3
"""Share of an answer that a request for nothing takes, at most: else there is no service to measure."""
LATER = 0.1
"""Of an answer: by more than this no server that has waited answers later. At the true number of servers of 20 ladders (two
rounds of docs/validation.md, 29 November 2026) R(c) less c / X and a request for nothing was below a tenth in 18, and
12 % at most, with a short ladder's chance of some 5 % in it."""
WAKES = 0.02
"""Of a service: by so much more than a request for nothing takes an answer may be longer, as a standard deviation."""


def away_s(
    sweeps: Sweeps, c: int, answer_s: float, service_s: float, bounds_s: tuple[float, float]
) -> float:
    """What of an answer occupies no server: what was seen of it, and what a request for nothing lets expect.

    ``answer_s`` is R(c), and ``service_s`` what a service takes while all servers are busy.
    """
    least_s, most_s = bounds_s
    expected_s, sd_s = (least_s + most_s) / 2, (most_s - least_s) / math.sqrt(12)
    sd_s += WAKES * service_s
    chance = chance_of(sweeps, c, c.__eq__) + chance_of(sweeps, c, c.__lt__)
    noise = service_s**2 * chance
    seen_s = answer_s - service_s
    found_s = (seen_s * sd_s**2 + expected_s * noise) / max(SHORTEST_S**2, sd_s**2 + noise)
    quickest_s = min(
        (b.quickest_s for sweep in sweeps.values() for b in sweep.values() if b.n == 1), default=0.0
    )
    later_s = LATER * min(answer_s, quickest_s or answer_s)
    return min(most_s + later_s, max(least_s, found_s))
