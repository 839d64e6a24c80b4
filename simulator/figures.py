"""What each printed figure means: the only place that defines a percentile, a rate or a share."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from simulator.histogram import Histogram, samples_needed
from simulator.outcomes import Fate, Result
from simulator.quantities import NS_PER_S
from simulator.summary import Summary


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure read from a Summary. ``value`` is NaN where nothing can be read."""

    value: float
    samples: int
    enough: bool = True
    """Whether the samples carry the figure; if not, it is reported as "too few"."""
    needed: int = 1
    """How many samples would carry it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure: its key, what people call it, its unit, and how it is read."""

    key: str
    label: str
    unit: str
    read: Callable[[Summary], Reading]


def _count_of(read: Callable[[Summary], int]) -> Callable[[Summary], Reading]:
    return lambda summary: Reading(float(read(summary)), summary.arrivals)


def _share_of(
    part: Callable[[Summary], int], whole: Callable[[Summary], int]
) -> Callable[[Summary], Reading]:
    def read(summary: Summary) -> Reading:
        total = whole(summary)
        return Reading(part(summary) / total if total else math.nan, total, total > 0)

    return read


def quantile_of(
    histogram: Callable[[Summary], Histogram], quantile: float
) -> Callable[[Summary], Reading]:
    """Reads a quantile in seconds."""

    def read(summary: Summary) -> Reading:
        counts = histogram(summary)
        return Reading(
            counts.quantile_ns(quantile) / NS_PER_S,
            counts.total,
            counts.enough_for(quantile),
            samples_needed(quantile),
        )

    return read


def _goodput(summary: Summary) -> Reading:
    """Served within the objective, a second, from the opening to the horizon."""
    last = summary.horizon_ns // summary.bin_ns
    good = int(summary.bins.good[:last].sum())
    return Reading(good / (last * summary.bin_ns / NS_PER_S) if last else math.nan, good, last > 0)


def _line_peak(summary: Summary) -> int:
    return int(summary.bins.line.max(initial=0))


FIGURES: tuple[Figure, ...] = (
    Figure("arrivals", "arrivals", "", _count_of(lambda s: s.arrivals)),
    Figure("let_in", "let in", "", _count_of(lambda s: s.let_in)),
    Figure("line_peak", "line at its peak", "", _count_of(_line_peak)),
    Figure("wait_p50", "wait p50, let in", "s", quantile_of(lambda s: s.wait, 0.50)),
    Figure("wait_p95", "wait p95, let in", "s", quantile_of(lambda s: s.wait, 0.95)),
    Figure("response_p50", "signup p50", "s", quantile_of(lambda s: s.response, 0.50)),
    Figure("response_p95", "signup p95", "s", quantile_of(lambda s: s.response, 0.95)),
    Figure("response_p99", "signup p99", "s", quantile_of(lambda s: s.response, 0.99)),
    Figure("service_p50", "served in p50", "s", quantile_of(lambda s: s.service, 0.50)),
    Figure("exchange_p50", "send to last byte p50", "s", quantile_of(lambda s: s.exchange, 0.50)),
    Figure("exchange_p95", "send to last byte p95", "s", quantile_of(lambda s: s.exchange, 0.95)),
    Figure(
        "errors",
        "errors",
        "share",
        _share_of(lambda s: int(s.fates[Fate.GAVE_UP]), lambda s: s.let_in),
    ),
    Figure(
        "turned_away",
        "turned away",
        "",
        _count_of(lambda s: int(s.results[Result.TURNED_AWAY])),
    ),
    Figure("timed_out", "timed out", "", _count_of(lambda s: int(s.results[Result.TIMED_OUT]))),
    Figure("served", "signed up", "", _count_of(lambda s: int(s.fates[Fate.SERVED]))),
    Figure("reneged", "left the line", "", _count_of(lambda s: int(s.fates[Fate.RENEGED]))),
    Figure("waiting", "still in line", "", _count_of(lambda s: int(s.fates[Fate.WAITING]))),
    Figure("unfinished", "unfinished", "", _count_of(lambda s: int(s.fates[Fate.UNFINISHED]))),
    Figure("goodput", "goodput", "1/s", _goodput),
)
"""Every figure, in the order in which it is printed."""
