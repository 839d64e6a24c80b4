"""Crowds: the lines that form, in front of everything and of each station."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """A line, in front of everything or of one station."""

    peak: int
    peak_ns: int
    longest_ns: int
    """The longest wait that was seen, whether it ended or not."""
    longest_open: bool = False
    """Whether some waits were not seen to their end, so that the longest may be longer still."""


def line_of(summary: Summary) -> Crowd | None:
    if not summary.bins.joined.any():
        return None
    line = summary.bins.line[: max(1, summary.horizon_ns // summary.bin_ns)]
    return Crowd(
        peak=int(line.max()),
        peak_ns=(int(np.argmax(line)) + 1) * summary.bin_ns,
        longest_ns=summary.wait.longest_ns(),
        longest_open=summary.wait.longest_is_open,
    )


def crowd_at(summary: Summary, station: int) -> Crowd | None:
    numbers = summary.layout.places_at(station)
    line = summary.steps.line[numbers].sum(axis=0)
    if not line.any():
        return None
    return Crowd(
        peak=int(line.max()),
        peak_ns=(int(np.argmax(line)) + 1) * summary.bin_ns,
        longest_ns=max(summary.waits[number].longest_ns() for number in numbers),
        longest_open=any(summary.waits[number].longest_is_open for number in numbers),
    )


def line_began_ns(summary: Summary, share: float, limits_ns: Sequence[int]) -> int | None:
    """When the line kept people out or, first in first out, waits grew beyond what is asked."""
    bins = summary.bins
    bad = bins.kept_out > share * bins.arrivals
    if limits_ns:
        joined, left = np.cumsum(bins.joined), np.cumsum(bins.left_line)
        until = np.searchsorted(left, joined)
        waited = (until - np.arange(len(joined))) * summary.bin_ns
        bad |= (bins.joined > 0) & (waited > min(limits_ns))
    began = np.flatnonzero(bad)
    return int(began[0]) * summary.bin_ns if len(began) else None
