"""Station tracks: what each station did over time, as engines know it and rows do not tell.

An engine adds up, for each station and bin of time, the area under what is busy, what is there, how
many instances are up, and how many jobs wait; work whose client has left is in it. Areas are whole
numbers of *moments*: nanoseconds where a bin is short, else the bin's 2**30th part or a little
more, counted from the bin's beginning and rounded down, so that a million jobs that wait for days
still fit into 64 bits, over a hundred launches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from simulator.outcomes.bins import Binned, Counts

MOMENTS_OF_A_BIN = 30
"""At most two to the power of this and one."""


@dataclass(slots=True, eq=False)
class Tracks(Binned):
    """A row of bins for each station."""

    busy: Counts
    """Of a POOL servers with a job, calling or held as a seat; of a CPU cores that run; of a QUOTA
    the time in which its bucket is not full. Of instances that are up."""
    there: Counts
    """The same as far as it is there: servers, cores, or the one bucket, of instances that are up."""
    instances: Counts
    """Instances that are up."""
    waiting: Counts
    """Jobs that wait, wanted or not."""
    offered: Counts
    """How many jobs have come, called ones too: a number, not an area."""


class Grid(NamedTuple):
    """How a launch is cut into bins, and bins into moments."""

    bin_ns: int
    shift: int
    """A moment is two to the power of this, in nanoseconds."""
    moments: int
    """In a bin."""
    bins: int

    @classmethod
    def of(cls, bin_ns: int, end_ns: int) -> Grid:
        shift = max(0, bin_ns.bit_length() - 1 - MOMENTS_OF_A_BIN)
        bins = -(-end_ns // bin_ns)
        return cls(bin_ns=bin_ns, shift=shift, moments=bin_ns >> shift, bins=bins)

    def tracks(self, stations: int) -> Tracks:
        """Nothing has happened."""
        return Tracks.zeros(stations, self.bins)
