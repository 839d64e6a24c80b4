"""How each worker of a replay fared, second by second: its processor, and its event loop's oversleeps.

A beat is about a second. Everything here is of one worker: a core that is busy is not made idle by
another one's, so nothing is averaged over workers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np

from simulator.units import Floats, Ints

SECOND_NS = 1_000_000_000
SLACK_NS = 20_000_000
"""A start that is not later than this is on time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """The longest time that the event loop overslept within one beat."""

    lag_ns: int
    touched: float
    """Of all starts and ends of visits, the share that fell into this beat's oversleeps."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pulse:
    """The beats of one worker."""

    worker: int
    at_ns: Ints
    work: Ints
    """Visits started and finished until then."""
    late: int
    at_cap: int
    lag_ns: Ints
    """By how much the loop overslept at most, since the beat before."""
    cpu_share: Floats

    @property
    def cpu_share_sustained(self) -> float:
        return sustained(self.at_ns, self.cpu_share)

    def stalls(self, of_work: int) -> tuple[Stall, ...]:
        """Its stalls, their shares of all the work that the workers did together."""
        own = int(self.work.max(initial=0))
        part = own / max(of_work, 1)
        stalls = stalls_of(at_ns=self.at_ns, work=self.work, lag_ns=self.lag_ns)
        return tuple(Stall(lag_ns=each.lag_ns, touched=each.touched * part) for each in stalls)


def read_pulses(db: sqlite3.Connection, part: int) -> tuple[Pulse, ...]:
    """Of a part, by the workers' numbers; a run of an older version has one worker, and no column for it."""
    columns = [name for _, name, *_ in db.execute("PRAGMA table_info(beats)")]
    worker = "worker" if "worker" in columns else "0"
    rows = db.execute(
        f"SELECT {worker}, at_ns, started + finished, late, at_cap, loop_lag_ns, cpu_share"  # noqa: S608
        " FROM beats WHERE part = ? ORDER BY 1, 2",
        (part,),
    )
    return tuple(_pulses(rows))


def _pulses(rows: sqlite3.Cursor) -> Iterator[Pulse]:
    for worker, own in groupby(rows, itemgetter(0)):
        _, at_ns, work, late, at_cap, lag_ns, cpu_share = zip(*own, strict=True)
        yield Pulse(
            worker=worker,
            at_ns=np.array(at_ns, np.int64),
            work=np.array(work, np.int64),
            late=max(late),
            at_cap=max(at_cap),
            lag_ns=np.array(lag_ns, np.int64),
            cpu_share=np.array(cpu_share, np.float64),
        )


def sustained(at_ns: Ints, cpu_share: Floats) -> float:
    """The largest share that two beats in a row reached; of a single beat, its own.

    A beat that follows within half a second, as the last one does, repeats the one before it.
    """
    apart = np.diff(at_ns, prepend=-SECOND_NS) >= SECOND_NS // 2
    shares = cpu_share[apart]
    pairs = np.minimum(shares[1:], shares[:-1]) if len(shares) > 1 else shares
    return float(pairs.max(initial=0.0))


def stalls_of(*, at_ns: Ints, work: Ints, lag_ns: Ints) -> tuple[Stall, ...]:
    """The longest oversleep of each beat, and what it and its like may have touched.

    A beat sleeps for a second in all, so what it lasts beyond that it overslept in all; at least
    once by ``lag_ns``. ``work`` counts starts and ends of visits, cumulatively; within a beat they are
    taken to come evenly.
    """
    lasted_ns = np.diff(at_ns, prepend=0)
    done = np.diff(work, prepend=0)
    overslept_ns = np.maximum(lasted_ns - SECOND_NS, lag_ns)
    touched = (
        done * np.minimum(overslept_ns / np.maximum(lasted_ns, 1), 1) / max(work.max(initial=0), 1)
    )
    return tuple(
        Stall(lag_ns=int(lag), touched=float(share))
        for lag, share in zip(lag_ns, touched, strict=True)
        if lag > SLACK_NS and share > 0
    )
