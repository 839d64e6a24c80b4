"""Drift: how the mean of values moved that were measured one after the other.

Services, or pieces of fixed work, are cut into windows of ten. A window's mean moves by chance, with the
variance ``r`` of values within windows over their number, and because the level moves: a process that
wanders around the mean of all with the variance ``t2``, and forgets a share ``1 - f`` of where it was from
one window to the next,

    level[k + 1] = f level[k] + noise of variance (1 - f^2) t2,    window[k] = level[k] + noise of variance r.

The level of each window is its mean given all windows (Kalman's filter, smoothed by Rauch, Tung and
Striebel), for the ``f`` and ``t2`` that make what was measured most likely; and the mean of all, unless
twice the logarithm of that likelihood exceeds that of no drift by what a right "no drift" exceeds once in
twenty times. Without this, who plays the windows' means and draws values around them puts the chance of
the run into it twice: independent values would wait as if their long-run variance were double.

Source: Kalman 1960; Rauch, Tung and Striebel 1965, "Maximum likelihood estimates of linear dynamic
systems". That twice a likelihood ratio of two parameters is chi-square of 2 degrees of freedom (Wilks 1938) does
not hold where a variance is at its bound; here it is a bound that was tried: of 600 runs without drift, of
gamma, exponential and lognormal values, at most 2 % exceed it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.system.pace import Pace
from simulator.units import Floats, Ints

LEAST = 20
"""Values that have a law: their mean is off by less than a quarter of their coefficient of variation."""
IN_A_WINDOW = 10
MOST_WINDOWS = 1_000
"""Windows of long runs are longer."""
LOWEST = 0.01
"""Of the mean: a level is a factor of services, and above 0."""
CHANCE = 5.991
"""The 95 % quantile of chi-square of 2 degrees of freedom."""
WINDOWS_REMEMBERED = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0])
NOISES = np.array([0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0])
"""The spreads of the level that are tried, in multiples of that of a window's mean by chance."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drift:
    """Levels of windows, and when these begin."""

    starts_ns: Ints
    """The first window holds from the beginning."""
    levels: Floats

    @property
    def pace(self) -> Pace:
        return Pace.of(self.starts_ns.tolist(), self.levels.tolist())

    def at(self, instants_ns: Ints) -> Floats:
        """The level at each instant."""
        places = np.searchsorted(self.starts_ns, instants_ns, side="right") - 1
        return np.asarray(self.levels[np.maximum(places, 0)])


def drift_of(at_ns: Ints, values: Floats) -> Drift:
    """How the mean of values moved, of which there is one at least, in the order of their instants."""
    whole = float(values.mean())
    windows = min(MOST_WINDOWS, len(values) // IN_A_WINDOW)
    still = Drift(starts_ns=np.minimum(at_ns[:1], 0), levels=np.array([whole]))
    if windows < 2:
        return still
    first = np.linspace(0, len(values), windows + 1).astype(np.int64)[:-1]
    sizes = np.diff([*first, len(values)])
    means = np.add.reduceat(values, first) / sizes
    within = float(np.square(values - np.repeat(means, sizes)).sum()) / (len(values) - windows)
    if not within:  # values that move from window to window, and never within one
        moved = None if np.ptp(means) == 0 else means - whole
    else:
        moved = smoothed(means - whole, within * windows / len(values))
    if moved is None:
        return still
    starts_ns = at_ns[first].copy()
    starts_ns[0] = min(0, starts_ns[0])
    last = np.append(np.diff(starts_ns) > 0, True)  # of those that begin in one instant
    levels = np.maximum(whole + moved, LOWEST * whole)
    return Drift(starts_ns=starts_ns[last], levels=levels[last])


def smoothed(windows: Floats, by_chance: float) -> Floats | None:
    """The levels given all windows; None where chance explains how these differ.

    ``by_chance`` is the variance that each window has if the level does not move.
    """
    forgets, spreads = np.meshgrid(np.exp(-1.0 / WINDOWS_REMEMBERED), NOISES**2 * by_chance)
    tried = Filter(keeps=forgets.ravel(), spread=spreads.ravel(), by_chance=by_chance)
    likely = tried.likelihood(windows)
    best = int(likely.argmax())
    none = -0.5 * float((np.log(by_chance) + np.square(windows) / by_chance).sum())
    if 2.0 * (float(likely[best]) - none) <= CHANCE:
        return None
    return tried.smooth(windows, best)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filter:
    """Levels that wander, for several parameters at once: shape (p,)."""

    keeps: Floats
    """The share of where it was that a level keeps until the next window."""
    spread: Floats
    """The variance of a level."""
    by_chance: float

    def likelihood(self, windows: Floats) -> Floats:
        """The logarithm of each one's, but for what all have in common."""
        level, variance = np.zeros_like(self.keeps), self.spread.copy()
        found = np.zeros_like(self.keeps)
        for window in windows:
            total = variance + self.by_chance
            apart = window - level
            found -= 0.5 * (np.log(total) + apart * apart / total)
            gain = variance / total
            level = self.keeps * (level + gain * apart)
            variance = self.spread + self.keeps**2 * ((1.0 - gain) * variance - self.spread)
        return found

    def smooth(self, windows: Floats, number: int) -> Floats:
        """The levels given all windows, for one of the parameters."""
        keeps, spread = float(self.keeps[number]), float(self.spread[number])
        filtered, variances = np.zeros(len(windows)), np.zeros(len(windows))
        level, variance = 0.0, spread
        for place, window in enumerate(windows.tolist()):
            gain = variance / (variance + self.by_chance)
            filtered[place] = level + gain * (window - level)
            variances[place] = (1.0 - gain) * variance
            level = keeps * filtered[place]
            variance = spread + keeps * keeps * (variances[place] - spread)
        found = filtered.copy()
        for place in range(len(windows) - 2, -1, -1):
            ahead = spread + keeps * keeps * (variances[place] - spread)
            back = keeps * variances[place] / ahead
            found[place] += back * (found[place + 1] - keeps * filtered[place])
        return found
