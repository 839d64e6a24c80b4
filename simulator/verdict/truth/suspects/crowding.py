"""Crowding: services that take longer the more of them are under way, beyond what a probe knew.

With ``k`` under way when a service began, itself included, it is taken to last

    took / predicted = a (1 + g (k - 1)).

Where all of them need one thing that one has at a time (a lock, one connection), it is that of those before
him that each waits for, so ``g`` is 1; where they share too few cores it is less; where each has what he needs
it is 0. Who is slowed down by something else meets more of the others too, for whose services it is as slow,
and looks a little crowded: ``g`` is told from 0.15 on alone.

Where a lock makes all of them wait there are hardly any who began beside fewer. But each lasts then as long as its own
work and that of those before him at the lock, of whom the next one shares all but one: with ``k`` under way, services that
follow one another correlate by ``1 - 1 / k``, and those that are ``k`` apart do not. What slows a server down for some
seconds is in both. So a lock that is taken in turn is told by the difference of the two. And where all get on with it at once,
by turns, nothing is left but that ``k`` services, of two and a half or more in the mean, take ``k`` times as long as one of
them, within a tenth: that is thought no accident. ``a`` is taken to be 1 in both, as it was probed.

``g`` is fitted by least squares, and its interval is made by leaving out one after the other of twenty
stretches of time, since services that follow one another are alike (a jackknife of blocks, Kunsch 1989, "The
jackknife and the bootstrap for general stationary observations", with Student's t).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from simulator.outcomes.machine import Machine
from simulator.system.system import System
from simulator.units import Floats
from simulator.verdict.truth.played.services import Services, running_of
from simulator.verdict.truth.took import predicted_of, ratio_of

BLOCKS = 20
FEWEST = 3 * BLOCKS
LEAST_G = 0.15
"""Of rehearsals of servers that wander, are slower or busier, and hide nothing, the lower bound of ``g`` is beyond it in 1 or
2 of a hundred (tests/statistical/test_suspects.py)."""
ALIKE = 0.25
"""By how much neighbours correlate more than those ``k`` apart, where they wait for one another: half of what a lock of two
makes, and more than was seen of any of 400 that hide nothing."""
SURE = 2.5
"""In standard errors of that difference, which is about sqrt(2 / n): once in 150 times by chance."""
BY_TURNS = 0.1
"""How far what took so many times as long as there were services may be off, as a share. Of 400 rehearsals that hide nothing (as
of ``LEAST_G``) 96 come to be asked this, and none of them is within half."""
SEVERAL = 2.5
"""How many are under way in the mean, at least: that two take twice as long happens for other reasons, in 3 of these 400."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowding:
    """Of one station."""

    station: str
    each: float
    """By how much of a service alone each other one that is under way makes it longer."""
    low: float
    high: float
    """The 95 % interval of that."""
    most: int
    """How many were under way at most."""
    idle: float = math.nan
    """The share of the target's cores that nobody used meanwhile; NaN: nobody knows."""


def crowding(system: System, services: Services, machine: Machine | None = None) -> Crowding | None:
    """What is seen of it; None where there is none, or too little to tell."""
    predicted = predicted_of(system, services)
    sure = (services.is_exact == 1) & (predicted > 0)
    if sure.sum() < FEWEST:
        return None
    running, took_ns = running_of(services)[sure], services.took_ns[sure].astype(np.float64)
    each, low, high = slope(running - 1.0, took_ns / predicted[sure])
    if not low > LEAST_G:
        if high < 1.0:
            return None
        ratios = took_ns / predicted[sure]
        within = math.inf if in_turn(running, ratios) else BY_TURNS
        each, low, high = by_turns(running, took_ns, predicted[sure], within)
    if not low > LEAST_G:
        return None
    return Crowding(
        station=services.station,
        each=each,
        low=low,
        high=high,
        most=int(running.max()),
        idle=math.nan if machine is None else machine.idle,
    )


def in_turn(running: Floats, ratios: Floats) -> bool:
    """Whether neighbours share what those do not who are as many apart as were under way, in the mean."""
    many, logs = round(float(running.mean())), np.log(ratios) - np.log(ratios).mean()
    spread = float(logs @ logs)
    if many < 2 or not spread or len(logs) < FEWEST:
        return False
    near, far = (float(logs[:-apart] @ logs[apart:]) / spread for apart in (1, many))
    return near - far > max(ALIKE, SURE * math.sqrt(2.0 / len(logs)))


def by_turns(
    running: Floats, took_ns: Floats, predicted: Floats, within: float
) -> tuple[float, float, float]:
    """``g`` and its interval if those under way took turns, as long as probed each; else without end.

    ``within``: how far they may be off.
    """
    many = float(running.mean())
    ratio, low, high, _ = ratio_of(took_ns, predicted * running)
    known = 1.0 - within <= low and high <= 1.0 + within
    if (
        not known
        or (math.isfinite(within) and (many < SEVERAL or not low <= 1.0 <= high))
        or many <= 1
    ):
        return math.nan, -math.inf, math.inf
    each, least, most = ((times * many - 1.0) / (many - 1.0) for times in (ratio, low, high))
    return each, least, most


def slope(others: Floats, ratios: Floats) -> tuple[float, float, float]:
    """``g`` and its 95 % interval; without end where it cannot be told."""
    blocks = np.arange(len(ratios)) * BLOCKS // len(ratios)
    every = fitted(others, ratios)
    without = np.array([fitted(others[blocks != b], ratios[blocks != b]) for b in range(BLOCKS)])
    if not np.isfinite([every, *without]).all():
        return every, -math.inf, math.inf
    error = math.sqrt((BLOCKS - 1) / BLOCKS * float(np.square(without - without.mean()).sum()))
    half = float(special.stdtrit(BLOCKS - 1, 0.975)) * error
    return every, every - half, every + half


def fitted(others: Floats, ratios: Floats) -> float:
    """``g`` by least squares; NaN where all began beside as many, or alone they take no time."""
    centred = others - others.mean()
    spread = float(centred @ centred)
    if not spread:
        return math.nan
    rise = float(centred @ ratios) / spread
    alone = float(ratios.mean()) - rise * float(others.mean())
    return rise / alone if alone > 0 else math.nan
