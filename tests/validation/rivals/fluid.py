"""A fluid: people are water, and the server an outlet. It knows time, and no luck.

    Q' = lambda(t) - C while Q > 0 or lambda > C,    wait = Q / C

Source: Newell 1982, "Applications of Queueing Theory", chapter 2. Those whom no room is left for are
turned away; who waits longer than he would gives up, and is served all the same.
"""

from __future__ import annotations

import numpy as np

from simulator.units import Floats
from tests.validation.rivals.forecast import GENEROUS, Asked, Forecast


def fluid(asked: Asked) -> Forecast:
    """The queue second by second."""
    probed = asked.probed
    capacity = min(probed.capacity_per_s, asked.limit_per_s)
    room = asked.waiting_room if asked.waiting_room < GENEROUS else np.inf
    arrivals = np.array(asked.arrivals_a_s[: asked.lasts_s], float)
    if not arrivals.size:
        return Forecast(capacity_per_s=capacity)
    levels, refused = levels_of(arrivals, capacity, room)
    waits = (levels[:-1] + levels[1:]) / 2 / capacity
    responses = waits + probed.service_s + probed.round_trip_s
    came = arrivals.sum()
    in_vain = arrivals[responses > asked.timeout_s].sum()
    return Forecast(
        capacity_per_s=capacity,
        p50_s=weighted_quantile(responses, arrivals, 0.5),
        p95_s=weighted_quantile(responses, arrivals, 0.95),
        wait_s=float(waits @ arrivals / came),
        failing=float((refused + in_vain) / came),
        peak=float(levels.max()),
        cleared_s=cleared_s(levels, capacity),
        wait_p95_s=weighted_quantile(waits, arrivals, 0.95),
    )


def levels_of(arrivals: Floats, capacity_per_s: float, room: float) -> tuple[Floats, float]:
    """How much stands at the beginning of each second and at the end of the last, and what ran over.

    Exact where the rate is constant within a second.
    """
    levels, over = [0.0], 0.0
    for rate in arrivals.tolist():
        level = max(0.0, levels[-1] + rate - capacity_per_s)
        over += max(0.0, level - room)
        levels.append(min(room, level))
    return np.array(levels), over


def cleared_s(levels: Floats, capacity_per_s: float) -> float | None:
    """When nothing stands any more, if ever anything did: what is left at the end flows out."""
    if not levels.any():
        return None
    if levels[-1]:
        return float(len(levels) - 1 + levels[-1] / capacity_per_s)
    return float(np.flatnonzero(levels)[-1] + 1)


def weighted_quantile(values: Floats, weights: Floats, share: float) -> float:
    """The smallest value that at least this share of the weight does not exceed."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, share * reached[-1] - 1e-9))
    return float(values[order][min(place, len(values) - 1)])
