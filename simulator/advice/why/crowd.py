"""Crowds: the lines that form, in front of everything and of each station."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.shares import FLOOR, left, never_let_in, not_served
from simulator.outcomes.rows import Fate
from simulator.system.objectives import Objectives


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


HELD_UP = (Fate.TURNED_AWAY, Fate.BALKED, Fate.RENEGED, Fate.WAITING)
"""The fates of those whom a line kept out; who did not come when called kept himself out."""


def line_began_ns(summary: Summary, share: float, objectives: Objectives) -> int | None:
    """When the line kept people out, or more of them than asked, or waits grew beyond what is asked.

    Waits are read as if it were first in, first out. Where nothing is asked of how many get in, the
    line has kept out more than it may if most of those who came got nothing because of it.
    """
    bins, asked = summary.bins, objectives.line
    bad = bins.kept_out > share * bins.arrivals
    joined, gone = np.cumsum(bins.joined), np.cumsum(bins.left_line)
    if asked.wait_quantiles_ns:
        until = np.searchsorted(gone, joined)
        waited = (until - np.arange(len(joined))) * summary.bin_ns
        bad |= (bins.joined > 0) & (waited > min(limit for _, limit in asked.wait_quantiles_ns))
    if asked.left is not None and left()(summary).value > asked.left:
        bad |= bins.reneged > 0
    limit = asked.never_let_in
    too_many = limit is not None and never_let_in()(summary).value > limit
    if too_many or _line_took_most(summary, objectives):
        bad |= (bins.kept_out > 0) | (bins.reneged > 0) | ((bins.joined > 0) & (joined > gone[-1]))
    began = np.flatnonzero(bad)
    return int(began[0]) * summary.bin_ns if len(began) else None


def _line_took_most(summary: Summary, objectives: Objectives) -> bool:
    """Whether too few were served for any launch to hold, and the line lost the most of the others."""
    if not summary.bins.joined.any() and not summary.bins.kept_out.any():
        return False
    held_up = int(summary.fates[list(HELD_UP)].sum())
    lost_inside = int(summary.fates[[Fate.GAVE_UP, Fate.UNFINISHED]].sum())
    return not_served(objectives, summary).value > FLOOR and held_up > lost_inside
