"""Series: what charts draw over time, from the bins of many launches or of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.demand import Floats
from simulator.intervals import CONFIDENCE
from simulator.quantities import NS_PER_S
from simulator.summary import Summary

LEVEL_POINTS, RATE_POINTS = 240, 60
"""At most so many points make a line: more of a level cannot be seen, more of a rate is noise."""

Read = Callable[[Summary], Floats]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """A quantity over time: its mean over launches, and the middle 95 % of them."""

    at_s: Floats
    low: Floats
    mean: Floats
    high: Floats


def band(launches: Sequence[Summary], read: Read, width: int) -> Band:
    """The launches' quantity, ``width`` bins at a time."""
    values = np.array([read(summary) for summary in launches])
    low, high = (1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2
    return Band(
        at_s=instants_s(launches[0], values.shape[1], width),
        low=np.quantile(values, low, axis=0, method="lower").astype(np.float64),
        mean=values.mean(axis=0),
        high=np.quantile(values, high, axis=0, method="higher").astype(np.float64),
    )


def coarseness(summary: Summary, points: int) -> int:
    """How many bins make one point of a chart of at most so many."""
    return max(1, -(-(summary.end_ns // summary.bin_ns) // points))


def instants_s(summary: Summary, points: int, width: int) -> Floats:
    """The end of each point's bins."""
    ends: Floats = np.arange(1, points + 1, dtype=np.float64)
    return ends * (width * summary.bin_ns / NS_PER_S)


def line_of(width: int) -> Read:
    """The length of the line until it closes, at the end of each point's bins."""

    def read(summary: Summary) -> Floats:
        last = summary.horizon_ns // summary.bin_ns
        return summary.bins.line[:last][width - 1 :: width].astype(np.float64)

    return read


def signups_of(width: int) -> Read:
    """Signups a second within each point's bins."""

    def read(summary: Summary) -> Floats:
        served = summary.bins.served
        whole = len(served) // width * width
        counts = served[:whole].reshape(-1, width).sum(axis=1)
        rates: Floats = counts / (width * summary.bin_ns / NS_PER_S)
        return rates

    return read
