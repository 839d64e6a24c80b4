"""Drift: how a mean moved over time, in windows that the values themselves choose.

Values that were measured one after the other, services or pieces of fixed work, are cut into windows of
equally many. A window's mean moves by chance too, so it is drawn towards the mean of all: with the
variance ``s2`` of values within windows, ``n`` values in each and ``t2`` between windows beyond chance,

    level = all + b (window - all),    b = t2 / (t2 + s2 / n).

Without that, who plays the levels and draws values around them puts the chance of the run into it
twice: independent values would wait as if their long-run variance were double. Of the numbers of
windows, 1, 2, 4, ..., the one is taken that foretells a value best from the others (leave one out); and
one window, unless that is better by two standard errors, since of several tries one is always best.

Source: Efron and Morris 1973, "Stein's estimation rule and its competitors" (empirical Bayes); Stone
1974, "Cross-validatory choice".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulator.system.pace import Pace
from simulator.units import Floats, Ints

LEAST = 20
"""Values in a window: its mean is off by less than a quarter of their coefficient of variation."""
STANDARD_ERRORS = 2.0
"""By which windows have to foretell better than their mean, to be more than chance."""


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
    whole, whole_errors = _windows(at_ns, values, 1)
    best, errors, windows = whole, whole_errors, 2
    while len(values) // windows >= LEAST:
        found, found_errors = _windows(at_ns, values, windows)
        if found_errors.mean() < errors.mean():
            best, errors = found, found_errors
        windows *= 2
    better = whole_errors - errors
    by_chance = float(better.std()) / math.sqrt(len(values))
    return best if better.mean() > STANDARD_ERRORS * by_chance else whole


def _windows(at_ns: Ints, values: Floats, windows: int) -> tuple[Drift, Floats]:
    """The levels of so many windows, and the squares by which values are foretold wrongly."""
    many, whole = len(values), float(values.mean())
    first = np.array([each[0] for each in np.array_split(np.arange(many), windows)])
    sizes = np.diff([*first, many])
    means = np.add.reduceat(values, first) / sizes
    window = np.repeat(np.arange(windows), sizes)
    weights = _weights(values, means, sizes, window)
    others = (sizes[window] * means[window] - values) / np.maximum(1, sizes[window] - 1)
    all_others = (many * whole - values) / max(1, many - 1)
    foretold = all_others + weights[window] * (others - all_others)
    starts_ns = at_ns[first].copy()
    starts_ns[0] = min(0, starts_ns[0])
    last = np.append(np.diff(starts_ns) > 0, True)  # of those that begin in one instant
    levels = whole + weights * (means - whole)
    return Drift(starts_ns=starts_ns[last], levels=levels[last]), np.square(values - foretold)


def _weights(values: Floats, means: Floats, sizes: Ints, window: Ints) -> Floats:
    """How much of a window's distance from all is more than chance."""
    if len(means) == 1:
        return np.zeros(1)
    within = float(np.square(values - means[window]).sum()) / (len(values) - len(means))
    by_chance = within / sizes
    between = max(0.0, float(means.var(ddof=1)) - float(by_chance.mean()))
    if not between:
        return np.zeros(len(means))
    return np.asarray(between / (between + by_chance))
