"""Counts by the bin of time in which something happened: integer arrays, mergeable by addition."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Binned:
    """Arrays of one shape, whose last axis is time."""

    @classmethod
    def zeros(cls, *shape: int) -> Self:
        return cls(*(np.zeros(shape, np.int64) for _ in fields(cls)))

    def merged(self, other: Self) -> Self:
        return type(self)(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def to_json(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name).tolist() for f in fields(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(*(np.array(data[f.name], np.int64) for f in fields(cls)))


@dataclass(slots=True, eq=False)
class Bins(Binned):
    """Of visits, a row of bins each."""

    arrivals: Counts
    joined: Counts
    left_line: Counts
    """Entered, lost patience, or were called in vain."""
    let_in: Counts
    gone: Counts
    served: Counts
    good: Counts
    kept_out: Counts
    """Did not join the line, by their arrivals: it was full, or too long for them."""
    reneged: Counts

    @property
    def line(self) -> Counts:
        """The length of the line at the end of each bin."""
        return np.cumsum(self.joined - self.left_line)

    @property
    def present(self) -> Counts:
        """How many have come and not gone, at the end of each bin; more than that within one."""
        return np.cumsum(self.arrivals - self.gone)


@dataclass(slots=True, eq=False)
class Steps(Binned):
    """Of attempts, a row of bins for each place: a journey's steps at one station.

    Results are counted in the bin in which the attempt was *sent*, so that they are shares of
    ``sent``: of those sent then, so many were turned away.
    """

    sent: Counts
    answered: Counts
    """Succeeded."""
    late: Counts
    """Succeeded, but took longer than the whole journey may."""
    turned_away: Counts
    timed_out: Counts
    failed: Counts
    queued: Counts
    """Stood in the station's line, if only for a moment: all but those turned away before their
    service began. By the instant of sending."""
    dequeued: Counts
    """The same by the instant at which service began or, if it never did, their client left."""
    over: Counts
    """Ended in any way, by the instant of the end."""

    @property
    def line(self) -> Counts:
        """How many wait for service, as far as their clients know, at the end of each bin.

        Work whose client has left is not seen. Where nobody tells when service began (a replay),
        this is everybody who awaits an answer.
        """
        return np.cumsum(self.queued - self.dequeued, axis=-1)

    @property
    def awaited(self) -> Counts:
        """How many clients await an answer at the end of each bin."""
        return np.cumsum(self.sent - self.over, axis=-1)
