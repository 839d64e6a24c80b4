"""How the services of a station wander within a launch: faster for some seconds, slower for others.

The logarithm of the factor is an Ornstein-Uhlenbeck process: stationary, normal with standard deviation
``sd``, and two instants ``t`` apart correlate by ``exp(-t / over)``. The mean of the factor is 1, since what
is drawn is less by half the variance. It is drawn on a grid of a quarter of ``over``,

    x' = r x + sd sqrt(1 - r^2) z,    r = exp(-step / over),

which is exact at the grid's instants. A horizon of more than ``MOST_STEPS`` of these has longer steps, each
of which has the mean of the process over it: with ``u = step / over`` and ``a = u - 1 + exp(-u)`` its variance
is ``2 sd^2 a / u^2``, and its correlation with the step before ``(1 - exp(-u))^2 / (2 a)``.

A launch draws it once, by the station's key, apart from all other luck: another station moves nobody's.

Source: Uhlenbeck and Ornstein 1930, "On the theory of the Brownian motion", Phys. Rev. 36.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from simulator.system.pace import Pace
from simulator.system.system import System
from simulator.system.uncertain import named
from simulator.timetable import draws

STEPS_OF_OVER = 4
MOST_STEPS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wandering:
    """How one station wanders."""

    key: str
    """Where it stands in the file: ``station.signup.drift``."""
    name: str
    """Of the station."""
    sd: float
    """Of the logarithm of the factor."""
    over_ns: int
    """The time after which little is left of how it was: the correlation is 1 / e."""

    def applied(self, system: System, seed: int, launch: int, end_ns: int) -> System:
        """The system whose station wanders as one launch draws it, beside any pace that it has."""
        pace = self.pace(seed, launch, end_ns)
        stations = (
            replace(each, pace=pace if each.pace is None else each.pace.times(pace))
            if each.name == self.name
            else each
            for each in system.stations
        )
        return replace(system, stations=tuple(stations))

    def pace(self, seed: int, launch: int, end_ns: int) -> Pace:
        """What one launch draws, from its opening to its end."""
        step_ns = self.step_ns(end_ns)
        starts = range(0, max(1, end_ns), step_ns)
        return Pace.of(starts, self._factors(seed, launch, step_ns, len(starts)))

    def step_ns(self, end_ns: int) -> int:
        """From one factor to the next."""
        return max(1, self.over_ns // STEPS_OF_OVER, -(-end_ns // MOST_STEPS))

    def _factors(self, seed: int, launch: int, step_ns: int, steps: int) -> Iterator[float]:
        sd, kept = self._of_steps(step_ns)
        stream = draws.stream(seed, launch, draws.WORLD)
        first = named(self.key)
        level = 0.0
        for number in range(steps):
            normal = draws.normal(draws.uniform(stream, (first + number) % (1 << 64)))
            level = normal if number == 0 else kept * level + math.sqrt(1 - kept * kept) * normal
            yield math.exp(sd * level - sd * sd / 2)

    def _of_steps(self, step_ns: int) -> tuple[float, float]:
        """Standard deviation of a step's factor, and its correlation with the one before."""
        u = step_ns / self.over_ns
        if u <= 1 / STEPS_OF_OVER + 1e-9:
            return self.sd, math.exp(-u)
        area = u - 1 + math.exp(-u)
        return self.sd * math.sqrt(2 * area) / u, (1 - math.exp(-u)) ** 2 / (2 * area)
