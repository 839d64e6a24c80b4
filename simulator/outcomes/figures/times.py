"""How long something took: quantiles and means."""

from __future__ import annotations

import math
from collections.abc import Callable

from simulator.outcomes.counts.histogram import Histogram, samples_needed
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.reading import Read, Reading
from simulator.units import NS_PER_S


def quantile_of(histogram: Callable[[Summary], Histogram], quantile: float) -> Read:
    """Reads a quantile in seconds."""

    def read(summary: Summary) -> Reading:
        counts = histogram(summary)
        least_ns, most_ns = counts.quantile_bounds_ns(quantile)
        known = least_ns > 0 or most_ns < math.inf
        return Reading(
            least_ns / NS_PER_S if known else math.nan,
            counts.total,
            known and counts.enough_for(quantile),
            samples_needed(quantile),
            most_ns / NS_PER_S,
            # A lower bound is the lower end of its bucket, and not interpolated.
            0.0 if least_ns < most_ns else counts.blur_ns(quantile) / NS_PER_S,
        )

    return read


def mean_of(histogram: Callable[[Summary], Histogram]) -> Read:
    """Reads a mean in seconds: of requests that cost differently, no quantile says how fast all are."""

    def read(summary: Summary) -> Reading:
        durations = histogram(summary)
        least_ns, most_ns = durations.mean_bounds_ns()
        total = durations.total
        return Reading(least_ns / NS_PER_S, total, total > 0, above=most_ns / NS_PER_S)

    return read


def response_of(journey: int, quantile: float) -> Read:
    """Reads how long those let in on a journey took to get what they came for."""
    return quantile_of(lambda summary: summary.response_of(journey), quantile)
