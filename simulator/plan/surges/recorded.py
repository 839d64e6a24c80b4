"""The arrivals of a launch that was recorded: as many in each stretch of time as came then."""

from __future__ import annotations

import numpy as np

from simulator.plan.surges.curve import Cumulative
from simulator.plan.surges.requests import instants_ns
from simulator.scenario.words.surges.recorded import Recorded
from simulator.units import NS_PER_S, Ints


def recorded(surge: Recorded) -> Cumulative:
    """Cumulative counts, linear within each stretch; flat after the last."""
    edges_s = stretches_ns(surge) / NS_PER_S
    by_edge = np.concatenate([[0.0], np.cumsum(np.array(surge.counts))])
    return lambda s: np.interp(s, edges_s, by_edge)


def recorded_edges(surge: Recorded, horizon_ns: int) -> Ints:
    """The stretches themselves."""
    edges_ns = stretches_ns(surge)
    return np.append(edges_ns[edges_ns < horizon_ns], horizon_ns)


def came_after(surge: Recorded, horizon_ns: int) -> float:
    """How many of those recorded came after the horizon, and so are left out of the launch."""
    if surge.requests is not None:
        return float((instants_ns(surge, surge.requests) >= horizon_ns).sum())
    within = recorded(surge)(np.array([horizon_ns / NS_PER_S]))
    return float(sum(surge.counts or ()) - within[0])


def came(surge: Recorded) -> int:
    """How many were recorded."""
    if surge.requests is not None:
        return len(surge.requests.came_ns)
    return round(sum(surge.counts or ()))


def stretches_ns(surge: Recorded) -> Ints:
    assert surge.counts is not None
    assert surge.every_ns is not None
    return np.arange(len(surge.counts) + 1, dtype=np.int64) * surge.every_ns
