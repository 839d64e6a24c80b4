"""Fading: services that are long at the beginning and then fall, as those of a cold cache do.

The means of windows, as :mod:`simulator.verdict.truth.drift` has them, are taken to be

    a (1 + h exp(-t / over)) + wandering + chance,    h > 0,

with the wandering and the chance that are there. It is told where this makes the windows so much more
likely than wandering and chance alone that twice the logarithm of the ratio exceeds what a wandering
without a fall exceeds once in twenty times: two more figures, and the likelier of several ``over``. Tried on 240
simulated replays of services that wander by 20 to 30 %: one in twenty-five at most is told to fade.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.system.system import System
from simulator.units import NS_PER_S, Floats
from simulator.verdict.truth.drift import IN_A_WINDOW, NOISES, WINDOWS_REMEMBERED, Filter
from simulator.verdict.truth.played.services import Services
from simulator.verdict.truth.took import predicted_of

FEWEST_WINDOWS = 8
CHANCE = 7.8
"""Of rehearsals of servers that hide nothing 3 in a hundred gain more (tests/statistical/test_suspects.py)."""
OVERS = np.array([1 / 32, 1 / 16, 1 / 8, 1 / 4])
"""Of the time from the first window to the last one."""
LEAST_H = 0.25
"""What is less than a quarter longer at first is no cold cache that anybody would look for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fading:
    """Of one station."""

    station: str
    first: float
    """How many times as long as later services took at the very beginning."""
    over_s: float
    """The time after which 1/e of the surplus is left."""


def fading(system: System, services: Services) -> Fading | None:
    """What is seen of it; None where there is none, or too little to tell."""
    seen = windows(system, services)
    if seen is None:
        return None
    means, times, by_chance = seen
    h, over_s, gained = likeliest(times, means, by_chance)
    if gained <= CHANCE or h < LEAST_H:
        return None
    return Fading(station=services.station, first=1.0 + h, over_s=over_s)


def windows(system: System, services: Services) -> tuple[Floats, Floats, float] | None:
    """The mean of each window as a multiple of what was predicted, when it was (s), and its variance by chance.

    None where they are too few, or all alike.
    """
    predicted = predicted_of(system, services)
    some = predicted > 0
    ratios = services.took_ns[some] / predicted[some]
    at_s = services.begun_ns[some] / NS_PER_S
    many = len(ratios) // IN_A_WINDOW
    if many < FEWEST_WINDOWS:
        return None
    first = np.linspace(0, len(ratios), many + 1).astype(np.int64)[:-1]
    sizes = np.diff([*first, len(ratios)])
    means = np.add.reduceat(ratios, first) / sizes
    times = np.add.reduceat(at_s, first) / sizes - at_s[0]
    within = float(np.square(ratios - np.repeat(means, sizes)).sum()) / (len(ratios) - many)
    if not (within and times[-1]):
        return None
    return means, times, within * many / len(ratios)


def likeliest(times: Floats, means: Floats, by_chance: float) -> tuple[float, float, float]:
    """``h``, ``over``, and by how much twice the log-likelihood is better than without a fall."""
    still = best(means - means.mean(), by_chance)
    found = (0.0, 0.0, 0.0)
    for over_s in OVERS * times[-1]:
        shape = np.exp(-times / over_s)
        design = np.stack([np.ones_like(shape), shape], axis=1)
        (level, surplus), *_ = np.linalg.lstsq(design, means, rcond=None)
        gained = 2.0 * (best(means - level - surplus * shape, by_chance) - still)
        if surplus > 0 < level and gained > found[2]:
            found = float(surplus / level), float(over_s), gained
    return found


def best(left: Floats, by_chance: float) -> float:
    """The highest log-likelihood of what is left, over all wanderings, none included."""
    keeps, spread = np.meshgrid(
        np.exp(-1.0 / WINDOWS_REMEMBERED), np.append(0.0, NOISES**2) * by_chance
    )
    tried = Filter(keeps=keeps.ravel(), spread=spread.ravel(), by_chance=by_chance)
    return float(tried.likelihood(left).max())
