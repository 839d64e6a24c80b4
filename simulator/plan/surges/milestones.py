"""The curves through published counts, and what the counts leave open between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.interpolate import PchipInterpolator

from simulator.plan.surges.curve import Cumulative
from simulator.scenario.words.surges.milestones import Between, Milestones, Point
from simulator.units import NS_PER_S, Floats, Ints

RUSH_S = 60.0
"""Everybody of an interval comes within a minute, where people come as early or late as can be."""


def milestones(surge: Milestones) -> Cumulative:
    """The curve that a surge asks for."""
    if surge.peak_per_s is not None:
        return capped(surge.points, surge.peak_per_s)
    return CURVES[surge.between](surge.points)


def through(points: Sequence[Point]) -> Cumulative:
    """The smooth curve through the opening and the points that never falls; flat after the last.

    Between two points more than one curve is possible: see :func:`band`.

    Source: Fritsch and Carlson 1980, "Monotone piecewise cubic interpolation" (PCHIP).
    """
    at_s, count = knots(points)
    curve = PchipInterpolator(at_s, count, extrapolate=False)
    return lambda s: np.asarray(curve(np.minimum(s, at_s[-1])))


def evenly(points: Sequence[Point]) -> Cumulative:
    """At one rate from each point to the next."""
    at_s, count = knots(points)
    return lambda s: np.interp(s, at_s, count)


def rushed(points: Sequence[Point], *, early: bool) -> Cumulative:
    """All of an interval within its first (or last) minute, at one rate."""
    at_s, count = knots(points)
    minute_s = np.minimum(RUSH_S, np.diff(at_s))
    turns_s = at_s[:-1] + minute_s if early else at_s[1:] - minute_s
    turned = count[1:] if early else count[:-1]
    all_s, all_counts = np.concatenate([at_s, turns_s]), np.concatenate([count, turned])
    order = np.argsort(all_s, kind="stable")
    return lambda s: np.interp(s, all_s[order], all_counts[order])


def in_logarithms(points: Sequence[Point]) -> Cumulative:
    """A power law before the first point, a monotone curve in logarithms after it.

    With a single point, at one rate.
    """
    knots_s, counts = knots(points)
    some = counts > 0
    log_at, log_count = np.log(knots_s[some]), np.log(counts[some])
    if len(log_at) < 2:
        return evenly(points)
    curve = PchipInterpolator(log_at, log_count)
    slope = (log_count[1] - log_count[0]) / (log_at[1] - log_at[0])

    def cumulative(s: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            x = np.log(s)
        inside = np.exp(curve(np.clip(x, log_at[0], log_at[-1])))
        first = np.exp(log_count[0] + slope * (np.minimum(x, log_at[0]) - log_at[0]))
        return np.where(x < log_at[0], first, inside)

    return cumulative


CURVES: Mapping[Between, Callable[[Sequence[Point]], Cumulative]] = {
    "smooth": through,
    "even": evenly,
    "power": in_logarithms,
    "early": partial(rushed, early=True),
    "late": partial(rushed, early=False),
}  # fmt: skip


def capped(points: Sequence[Point], peak_per_s: float) -> Cumulative:
    """The smooth curve, in each interval as much more even as the peak asks.

    ``(1 - w) smooth + w even`` goes through the points as well; where ``m`` is the mean rate of the
    interval and ``p`` the smooth curve's peak in it, ``w = (p - peak) / (p - m)``, from 0 to 1.
    """
    at_s, _ = knots(points)
    smooth, even = through(points), evenly(points)
    mean, steepest = means(points), steepest_smooth(points)
    above = np.maximum(steepest - mean, 0.0)
    weight = np.divide(steepest - peak_per_s, above, out=np.zeros_like(above), where=above > 0)
    weight = np.clip(weight, 0.0, 1.0)

    def cumulative(s: Floats) -> Floats:
        interval = np.clip(np.searchsorted(at_s, s, side="right") - 1, 0, len(weight) - 1)
        return np.asarray(smooth(s) + weight[interval] * (even(s) - smooth(s)))

    return cumulative


def knots(points: Sequence[Point]) -> tuple[Floats, Floats]:
    """The points with the opening, at which nobody has come, before them."""
    later = [point for point in points if point.at_ns > 0]
    at_s = np.array([0.0, *(point.at_ns / NS_PER_S for point in later)])
    return at_s, np.array([0.0, *(float(point.count) for point in later)])


def turns_ns(surge: Milestones) -> list[int]:
    """Where the curve has a corner."""
    at_ns = [0, *(point.at_ns for point in surge.points)]
    rush_ns = int(RUSH_S * NS_PER_S)
    if surge.between == "early":
        return [*at_ns, *(at + rush_ns for at in at_ns)]
    if surge.between == "late":
        return [*at_ns, *(at - rush_ns for at in at_ns)]
    return at_ns


def means(points: Sequence[Point]) -> Floats:
    """The mean rate of each interval."""
    at_s, count = knots(points)
    return np.asarray(np.diff(count) / np.diff(at_s))


def steepest_smooth(points: Sequence[Point]) -> Floats:
    """The peak rate of the smooth curve in each interval.

    Its rate is a parabola there: the peak is at an end or at the vertex.
    """
    at_s, count = knots(points)
    cubic, square, linear, _ = PchipInterpolator(at_s, count).c
    width = np.diff(at_s)
    with np.errstate(divide="ignore", invalid="ignore"):
        vertex = np.clip(np.nan_to_num(-square / (3.0 * cubic)), 0.0, width)
    rates = [linear + x * (2.0 * square + x * 3.0 * cubic) for x in (0.0 * width, vertex, width)]
    return np.asarray(np.max(rates, axis=0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """What milestones leave open: every curve through them lies between ``lower`` and ``upper``."""

    at_ns: Ints
    lower: Floats
    """Everybody of an interval comes at its very end."""
    upper: Floats
    """Everybody of an interval comes at its very start."""
    used: Floats
    """The curve that the surge asks for."""
    pchip: Floats
    """The smooth one."""
    log_pchip: Floats
    """Another smooth one: through the logarithms of instants and counts."""


def band(surge: Milestones, at_ns: Ints) -> Band:
    """The curves that the points of a surge allow, at the given instants."""
    points = surge.points
    knots_s, counts = knots(points)
    at_s = at_ns / NS_PER_S
    last = len(counts) - 1
    before = np.clip(np.searchsorted(knots_s, at_s, side="right") - 1, 0, last)
    after = np.clip(np.searchsorted(knots_s, at_s, side="left"), 0, last)
    return Band(
        at_ns=at_ns,
        lower=counts[before],
        upper=counts[after],
        used=milestones(surge)(at_s),
        pchip=through(points)(at_s),
        log_pchip=in_logarithms(points)(at_s),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Peaks:
    """How high the peak may be that the milestones leave open, in arrivals a second."""

    lowest_per_s: float
    """No curve through the points has a lower one: the largest mean between two points."""
    smooth_per_s: float
    """That of the smooth curve."""
    rushed_per_s: float
    """All of the largest step between two points come within a minute. It is no bound: they could
    come within a second."""


def peaks(points: Sequence[Point]) -> Peaks:
    """The peaks of the curves through the points."""
    at_s, count = knots(points)
    within_s = np.minimum(np.diff(at_s), RUSH_S)
    return Peaks(
        lowest_per_s=float(means(points).max(initial=0.0)),
        smooth_per_s=float(steepest_smooth(points).max(initial=0.0)),
        rushed_per_s=float((np.diff(count) / within_s).max(initial=0.0)),
    )
