"""Load: what somebody who works beside a target's jobs needs of the cores, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulator.outcomes.rows import UNKNOWN, Block, Rows
from simulator.units import NS_PER_S, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one thread needs, in seconds of processor time."""

    idle: float
    """A second, whatever is done."""
    attempt_s: float
    """An attempt, the connection of its visitor included."""
    look_s: float
    """A look of somebody who waits in line: his first one, and each poll."""

    def cores(self, traffic: Traffic) -> Floats:
        """Shape (bins,): no thread has more than one core."""
        sending = self.attempt_s * traffic.attempts_per_s + self.look_s * traffic.looks_per_s
        return np.asarray(np.minimum(1.0, self.idle + sending))

    def of_a_share(self, share: float) -> Load:
        """The same of somebody who does so much of it."""
        return replace(self, attempt_s=share * self.attempt_s, look_s=share * self.look_s)

    @property
    def of_attempts(self) -> Load:
        """The same of somebody who sends attempts and does nothing else."""
        return replace(self, idle=0.0, look_s=0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traffic:
    """What a launch asks for over time, in bins."""

    edges_ns: Ints
    """Shape (bins + 1,), from 0 on."""
    attempts_per_s: Floats
    looks_per_s: Floats

    @classmethod
    def of(cls, rows: Block, edges_ns: Ints, poll_every_ns: int) -> Traffic:
        """Of everybody in the rows; who waits in line looks once when he joins, and then so often."""
        attempts = in_bins(np.sort(rows.attempts["sent"]), edges_ns)
        joined, left = stays(rows.visits, int(edges_ns[-1]))
        joins = in_bins(joined, edges_ns)
        lengths = lengths_of(joined, left, edges_ns)
        widths_s = np.diff(edges_ns) / NS_PER_S
        polls_per_s = (lengths[1:] + lengths[:-1]) / 2.0 * NS_PER_S / poll_every_ns
        return cls(
            edges_ns=edges_ns,
            attempts_per_s=attempts / widths_s,
            looks_per_s=joins / widths_s + polls_per_s,
        )

    @classmethod
    def mean(cls, launches: Sequence[Traffic]) -> Traffic:
        """Of launches in the same bins, of which there is one at least."""
        return cls(
            edges_ns=launches[0].edges_ns,
            attempts_per_s=np.mean([each.attempts_per_s for each in launches], axis=0),
            looks_per_s=np.mean([each.looks_per_s for each in launches], axis=0),
        )


def stays(visits: Rows, end_ns: int) -> tuple[Ints, Ints]:
    """When each who stood in line joined it, and when he left it in whatever way, both in order."""
    lined = visits[visits["joined"] != UNKNOWN]
    left = np.where(lined["let_in"] != UNKNOWN, lined["let_in"], lined["ended"])
    left = np.maximum(lined["joined"], np.where(left != UNKNOWN, left, end_ns))
    return np.sort(lined["joined"]), np.sort(left)


def in_bins(sorted_ns: Ints, edges_ns: Ints) -> Ints:
    """How many lie in each bin; who lies on an edge is in the later one."""
    return np.diff(np.searchsorted(sorted_ns, edges_ns, side="left"))


def lengths_of(joined: Ints, left: Ints, at_ns: Ints) -> Ints:
    """How many stand in line at each instant."""
    came = np.searchsorted(joined, at_ns, side="right")
    return np.asarray(came - np.searchsorted(left, at_ns, side="right"))
