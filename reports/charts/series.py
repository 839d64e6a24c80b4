"""Series: what charts draw over time, from the bins of many launches or of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.intervals import ENOUGH_LAUNCHES, middle
from simulator.units import NS_PER_S, Floats

LEVEL_POINTS = 240
"""At most so many points make a line: more of a level cannot be seen."""

Read = Callable[[Summary], Floats]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """A quantity over time: its mean over launches, and the middle 95 % of them (all, if they are few)."""

    at_s: Floats
    low: Floats
    mean: Floats
    high: Floats


def band(launches: Sequence[Summary], read: Read, width: int) -> Band:
    """The launches' quantity, ``width`` bins at a time."""
    values = np.array([read(summary) for summary in launches], dtype=np.float64)
    low, high = values.min(axis=0), values.max(axis=0)
    if has_middle(launches):
        low, high = middle(values)
    return Band(
        at_s=instants_s(launches[0], values.shape[1], width),
        low=low,
        mean=values.mean(axis=0),
        high=high,
    )


def has_middle(launches: Sequence[Summary]) -> bool:
    """Whether they are enough for a middle 95 %; if not, a band shows them all."""
    return len(launches) >= ENOUGH_LAUNCHES


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


def served_of(width: int) -> Read:
    """Served a second within each point's bins."""

    def read(summary: Summary) -> Floats:
        served = summary.bins.served
        whole = len(served) // width * width
        counts = served[:whole].reshape(-1, width).sum(axis=1)
        rates: Floats = counts / (width * summary.bin_ns / NS_PER_S)
        return rates

    return read
