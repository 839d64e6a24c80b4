"""The arrivals of people who go by the clocks on their own walls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np

from simulator.plan.surges.curve import Clock, Cumulative, edges_until
from simulator.scenario.words.surges.diurnal import Diurnal
from simulator.units import NS_PER_S, Floats, Ints

HOUR_S, DAY_S = 3_600.0, 86_400.0


def diurnal(surge: Diurnal, opening: datetime) -> Cumulative:
    """``r sum_z w_z (P(o_z + t) - P(o_z + from))``: each zone lives its day.

    ``r`` mean rate, ``w_z`` share of the zone, ``o_z`` what its clocks show at the opening, and ``P``
    the integral of the profile, whose mean over a day is 1. Offsets are those of one day: no clock
    is put forward or back while the launch is looked at.
    """
    from_s = surge.from_ns / NS_PER_S
    until_s = np.inf if surge.until_ns is None else surge.until_ns / NS_PER_S
    shown_s = [(zone.share, clock_s(opening) + zone.offset_s) for zone in surge.zones]

    def cumulative(s: Floats) -> Floats:
        t = np.clip(s, from_s, max(from_s, until_s))
        zones = (w * (profile(surge, o + t) - profile(surge, o + from_s)) for w, o in shown_s)
        return np.asarray(surge.rate_per_s * sum(zones, 0.0 * s))

    return cumulative


def clock_s(opening: datetime) -> float:
    """Seconds since midnight in Greenwich."""
    there = opening.astimezone(UTC)
    return (there - there.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()


def profile(surge: Diurnal, local_s: Floats | float) -> Floats:
    """The integral of the day's profile since some midnight: a wave, or by hours and linear in each."""
    t = np.asarray(local_s, dtype=np.float64)
    if surge.hours is None:
        assert surge.peak_hour is not None
        assert surge.depth is not None
        return wave(surge.peak_hour, surge.depth, t)
    weights = np.array(surge.hours)
    by_hour = np.concatenate([[0.0], np.cumsum(weights)]) * DAY_S / weights.sum()
    days, of_day = np.divmod(t, DAY_S)
    return np.asarray(days * DAY_S + np.interp(of_day, np.arange(25) * HOUR_S, by_hour))


def wave(peak_hour: float, depth: float, local_s: Floats | float) -> Floats:
    """``t + (d / w) sin(w (t - peak))`` with ``w = 2 pi / day``: 1 a second in the mean of a day."""
    t, w = np.asarray(local_s, dtype=np.float64), 2.0 * np.pi / DAY_S
    return np.asarray(t + depth / w * np.sin(w * (t - peak_hour * HOUR_S)))


def diurnal_edges(surge: Diurnal, clock: Clock) -> Ints:
    """Blocks with the full hours of every zone among their edges."""
    also = [surge.from_ns, *([] if surge.until_ns is None else [surge.until_ns])]
    if surge.hours is not None:
        also += [int(at) for at in _full_hours_ns(surge, clock)]
    return edges_until(clock.horizon_ns, also, [surge.from_ns])


def _full_hours_ns(surge: Diurnal, clock: Clock) -> Iterator[float]:
    past_s = {(clock_s(clock.opening) + zone.offset_s) % HOUR_S for zone in surge.zones}
    for past in past_s:
        yield from np.arange((HOUR_S - past) * NS_PER_S, clock.horizon_ns, HOUR_S * NS_PER_S)
