"""Surges as demand: each shape's cumulative arrivals, cut into blocks of time.

A block's mass is the exact difference of the cumulative curve at its edges; its tilt makes the
curve's value at the middle exact as well. Blocks are a millisecond wide at the opening, then a
fortieth of the time since, and a minute at most (more where a launch is looked at for months).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.special import ndtr

from simulator.demand import Component, Demand, Floats, Ints
from simulator.quantities import NS_PER_S
from simulator.surge_words import Countdown, Milestones, Point

NARROWEST_NS = 1_000_000
WIDEST_NS = 60 * NS_PER_S
GROWTH = 1 / 40
MOST_BLOCKS = 100_000
"""Of a minute; a launch of years has wider ones, so that it takes no longer than one of months."""

Cumulative = Callable[[Floats], Floats]
"""Expected arrivals by an instant, in seconds since the opening."""


def edges_until(horizon_ns: int, also_ns: Sequence[int] = ()) -> Ints:
    """Edges of blocks from the opening to the horizon, with some instants among them."""
    widest_ns = max(WIDEST_NS, horizon_ns // MOST_BLOCKS)
    at_ns, edges = 0, [0]
    while at_ns < horizon_ns:
        at_ns += min(widest_ns, max(NARROWEST_NS, int(at_ns * GROWTH)))
        edges.append(min(at_ns, horizon_ns))
    inside = [at for at in also_ns if 0 < at < horizon_ns]
    return np.unique(np.array([*edges, *inside], dtype=np.int64))


def component(people: int, cumulative: Cumulative, edges_ns: Ints) -> Component:
    """The blocks between the edges of a cumulative curve.

    With the share ``s`` of a block's arrivals in its first half, the tilt is ``2 (1 - 2 s)``:
    the rate of the block is linear, and half of it then holds ``(1 - tilt / 2) / 2``.
    """
    edges_s = edges_ns / NS_PER_S
    by_edge = cumulative(edges_s)
    mass = np.maximum(np.diff(by_edge), 0.0)
    first_half = cumulative((edges_s[:-1] + edges_s[1:]) / 2) - by_edge[:-1]
    share = np.divide(first_half, mass, out=np.full_like(mass, 0.5), where=mass > 0)
    return Component.of(people, edges_ns, mass, np.clip(2.0 * (1.0 - 2.0 * share), -1.0, 1.0))


@singledispatch
def to_component(surge: Milestones | Countdown, people: int, horizon_ns: int) -> Component:
    """The demand of one surge up to the horizon, for the group of that index."""
    raise NotImplementedError(type(surge).__name__)


@to_component.register
def _milestones(surge: Milestones, people: int, horizon_ns: int) -> Component:
    edges_ns = edges_until(horizon_ns, [point.at_ns for point in surge.points])
    return component(people, through(surge.points), edges_ns)


@to_component.register
def _countdown(surge: Countdown, people: int, horizon_ns: int) -> Component:
    return component(people, countdown(surge), edges_until(horizon_ns))


def through(points: Sequence[Point]) -> Cumulative:
    """The smooth curve through the opening and the points that never falls; flat after the last.

    Between two points more than one curve is possible: see :func:`band`.

    Source: Fritsch and Carlson 1980, "Monotone piecewise cubic interpolation" (PCHIP).
    """
    at_s, count = _knots(points)
    curve = PchipInterpolator(at_s, count, extrapolate=False)
    return lambda s: np.asarray(curve(np.minimum(s, at_s[-1])))


def _knots(points: Sequence[Point]) -> tuple[Floats, Floats]:
    """The points with the opening, at which nobody has come, before them."""
    later = [point for point in points if point.at_ns > 0]
    at_s = np.array([0.0, *(point.at_ns / NS_PER_S for point in later)])
    return at_s, np.array([0.0, *(float(point.count) for point in later)])


def countdown(surge: Countdown) -> Cumulative:
    """``N F(t) + r d (1 - exp(-t / d))``: the crowd by its reaction, the others by their decay.

    ``N`` crowd, ``F`` lognormal law of the reaction, ``r`` rate a second after the opening, ``d``
    decay in seconds.
    """
    median_s = surge.reaction.median_ns / NS_PER_S
    sigma = math.sqrt(math.log1p(surge.reaction.cv**2))
    rate_per_s, decay_s = surge.rate_per_s or 0.0, (surge.decay_ns or NS_PER_S) / NS_PER_S

    def cumulative(s: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            reacted = ndtr(np.log(s / median_s) / sigma)
        others = -rate_per_s * decay_s * np.expm1(-s / decay_s)
        return np.asarray(surge.crowd * reacted + others)

    return cumulative


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """What milestones leave open: every curve through them lies between ``lower`` and ``upper``."""

    at_ns: Ints
    lower: Floats
    """Everybody of an interval comes at its very end."""
    upper: Floats
    """Everybody of an interval comes at its very start."""
    pchip: Floats
    """The curve that is used."""
    log_pchip: Floats
    """Another smooth one: through the logarithms of instants and counts."""


def band(points: Sequence[Point], at_ns: Ints) -> Band:
    """The curves that the points allow, at the given instants."""
    knots_s, counts = _knots(points)
    at_s = at_ns / NS_PER_S
    last = len(counts) - 1
    before = np.clip(np.searchsorted(knots_s, at_s, side="right") - 1, 0, last)
    after = np.clip(np.searchsorted(knots_s, at_s, side="left"), 0, last)
    return Band(
        at_ns=at_ns,
        lower=counts[before],
        upper=counts[after],
        pchip=through(points)(at_s),
        log_pchip=_log_pchip(knots_s, counts, at_s),
    )


def _log_pchip(knots_s: Floats, counts: Floats, at_s: Floats) -> Floats:
    """A power law before the first point, a monotone curve in logarithms after it."""
    some = counts > 0
    log_at, log_count = np.log(knots_s[some]), np.log(counts[some])
    if len(log_at) < 2:
        return np.interp(at_s, knots_s, counts)
    curve = PchipInterpolator(log_at, log_count)
    with np.errstate(divide="ignore"):
        x = np.log(at_s)
    slope = (log_count[1] - log_count[0]) / (log_at[1] - log_at[0])
    inside = np.exp(curve(np.clip(x, log_at[0], log_at[-1])))
    return np.where(x < log_at[0], np.exp(log_count[0] + slope * (x - log_at[0])), inside)


def peak(demand: Demand) -> tuple[int, float]:
    """When most arrive, and how many a second then."""
    edges = np.unique(np.concatenate([c.edges_ns for c in demand.components]))
    after, before = np.zeros(len(edges)), np.zeros(len(edges))
    for part in demand.components:
        last = len(part.mass) - 1
        inside = (edges >= part.edges_ns[0]) & (edges <= part.edges_ns[-1])
        left = np.clip(np.searchsorted(part.edges_ns, edges, side="left") - 1, 0, last)
        right = np.clip(np.searchsorted(part.edges_ns, edges, side="right") - 1, 0, last)
        before += np.where(inside, part.rate_at(left, edges), 0.0)
        after += np.where(inside, part.rate_at(right, edges), 0.0)
    rate = np.maximum(before, after) * NS_PER_S
    where = int(np.argmax(rate))
    return int(edges[where]), float(rate[where])
