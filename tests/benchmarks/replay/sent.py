"""What a generator sent of a plan, as the server saw it."""

from dataclasses import dataclass

import numpy as np

from simulator.units import Ints

BIN_NS = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One run of one generator. Times in seconds, shares of 1."""

    planned: int
    came: int
    """How many requests the server saw."""
    cpu_s: float
    """What the generator spent, from the opening on."""
    lag_s: tuple[float, float, float] | None
    """The median, the 99th percentile and the most by which a request came later than planned; None: it has no plan."""
    deviation: float
    """Per 100 ms, of the number planned: the mean difference, the plan's own bins."""

    @property
    def us_a_request(self) -> float:
        return self.cpu_s / max(1, self.came) * 1e6


def judged(plan_ns: Ints, came_ns: Ints, opening_ns: int, cpu_s: float) -> Sent:
    """Hold what came against what was planned: the first against the first, and so on.

    ``plan_ns``: since the opening, ascending; ``came_ns`` and ``opening_ns``: by the machine's clock.
    """
    came = np.sort(came_ns) - opening_ns
    many = min(len(plan_ns), len(came))
    lags = came[:many] - plan_ns[:many]
    p50, p99, most = np.quantile(lags, [0.5, 0.99, 1.0]).tolist() if many else (0, 0, 0)
    return Sent(
        planned=len(plan_ns),
        came=len(came),
        cpu_s=cpu_s,
        lag_s=(p50 / 1e9, p99 / 1e9, most / 1e9),
        deviation=deviation(plan_ns, came),
    )


def deviation(plan_ns: Ints, came_ns: Ints) -> float:
    """The mean absolute difference of the counts per 100 ms, over the plan's mean count.

    The wire takes a fifth of a millisecond, which moves a few requests of each bin into the next: what
    nearly all are late by is taken off first, so that what is left is unevenness and loss.
    """
    many = min(len(plan_ns), len(came_ns))
    shift = int(np.quantile(came_ns[:many] - plan_ns[:many], 0.01)) if many else 0
    edges = np.arange(0, int(plan_ns[-1]) + 2 * BIN_NS, BIN_NS)
    planned, _ = np.histogram(plan_ns, edges)
    came, _ = np.histogram(came_ns - shift, edges)
    return float(np.abs(planned - came).mean() / planned.mean())
