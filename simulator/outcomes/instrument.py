"""How well the replay's own instrument did: what it planned, sent, and how late.

The replay's child appends these facts to the run's store beside the outcomes; only reports judge
them. Nothing here is about the target.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np

from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.outcomes.store import COMPLETE, read_part
from simulator.units import Floats, Ints

SCHEMA = """
CREATE TABLE IF NOT EXISTS beats (
    part INTEGER NOT NULL, at_ns INTEGER NOT NULL, started INTEGER NOT NULL,
    finished INTEGER NOT NULL, in_flight INTEGER NOT NULL, waiting INTEGER NOT NULL,
    late INTEGER NOT NULL, at_cap INTEGER NOT NULL,
    cpu_share REAL NOT NULL, loop_lag_ns INTEGER NOT NULL,
    PRIMARY KEY (part, at_ns)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS planned (
    part INTEGER NOT NULL, visitor INTEGER NOT NULL, people INTEGER NOT NULL,
    arrived INTEGER NOT NULL, PRIMARY KEY (part, visitor)
) WITHOUT ROWID;
"""
"""``planned`` is the timetable that was to be sent. ``beats`` has a row about each second, the
counts cumulative: sessions started and finished, now in flight and of these in the line, not sent
because too late or because the in-flight cap was reached; the share of one core that the generator
used since the last beat, and by how much its event loop overslept."""

BIN_NS = 100_000_000
SECOND_NS = 1_000_000_000
SLACK_NS = 20_000_000
"""A start that is not later than this is on time."""
ENOUGH = 20
"""Fewer visits have not even a median (ten beyond it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """The longest time that the event loop overslept within one beat."""

    lag_ns: int
    touched: float
    """Of all starts and ends of visits, the share that fell into this beat's oversleeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """The facts about one replay that validity is judged on."""

    planned: int
    started: int
    """As the end record counts them; without one, those whose fate is known."""
    unsent: int
    """Late, at the cap, or never reached; ``planned = started + unsent``."""
    unsent_reported: int | None
    """What the end record says of them; None without one."""
    recorded: int
    """Visitors whose fate was written down, UNSENT included."""
    tardy: int
    """Of the started ones, those more than ``SLACK_NS`` behind their instant."""
    late: int
    at_cap: int
    lag_p99_ns: int | None
    """The largest of the started ones, once the latest hundredth is left out, and at least the latest
    one where there are ``ENOUGH``: of fewer than a hundred the p99 would be the maximum. None: no
    visits."""
    lag_max_ns: int | None
    worst_bin: int
    """Visits in the worst bin of 100 ms that starts within ``SLACK_NS`` cannot explain."""
    busiest_bin: int
    """Most visits planned for one bin of 100 ms."""
    busiest_second: int
    """Most visits planned for ten bins in a row."""
    bins: int
    """Of 100 ms, from the opening to the last planned visit."""
    cpu_share_peak: float
    cpu_share_sustained: float
    """The largest share that two beats in a row reached."""
    loop_lag_max_ns: int
    stalls: tuple[Stall, ...]
    """Of the beats in which the loop overslept by more than ``SLACK_NS``."""
    ended: str | None
    """The end record's word ("complete", ...); None: the child never wrote one."""
    beats: int
    last_beat_ns: int | None = None
    """When its child was last alive; None: it never wrote a beat."""

    @property
    def seen_ns(self) -> int | None:
        """Until when anything was seen, where the replay did not go on to its end."""
        return None if self.ended == COMPLETE else self.last_beat_ns

    def held_up(self, limit_ns: int) -> float:
        """The share of starts and ends of visits that the loop was later for than the limit.

        What comes within an oversleep of length L, evenly, is seen late by L at most and by more
        than the limit for the first L - limit of it.
        """
        longer = [stall for stall in self.stalls if stall.lag_ns > limit_ns]
        return sum(stall.touched * (1 - limit_ns / stall.lag_ns) for stall in longer)


def read_instrument(db: sqlite3.Connection, name: str) -> Instrument:
    """The facts of the observed part of that name, from the run's store alone.

    Raises KeyError where there is no such part.
    """
    outcomes = read_part(db, name)
    (part,) = db.execute("SELECT part FROM parts WHERE name = ?", (name,)).fetchone()
    planned = np.array(
        db.execute("SELECT arrived FROM planned WHERE part = ?", (part,)).fetchall(), np.int64
    ).ravel()
    visits = outcomes.rows().visits
    sent = visits[visits["fate"] != Fate.UNSENT]
    start = np.where(sent["joined"] != UNKNOWN, sent["joined"], sent["let_in"])
    lag = (start - sent["arrived"])[start != UNKNOWN]
    beats = db.execute(
        "SELECT at_ns, started + finished, late, at_cap, loop_lag_ns, cpu_share FROM beats"
        " WHERE part = ? ORDER BY at_ns",
        (part,),
    ).fetchall()
    counts = np.array([beat[:-1] for beat in beats], np.int64).reshape(len(beats), 5)
    cpu_share = np.array([beat[-1] for beat in beats], np.float64)
    most = counts.max(axis=0, initial=0).tolist()
    ended, started, unsent = db.execute(
        "SELECT how, started, unsent FROM ends WHERE part = ?", (part,)
    ).fetchone() or (None, len(sent), None)
    worst_bin, busiest_bin = strays(planned, start[start != UNKNOWN])
    busiest_second, bins = shape(planned)
    return Instrument(
        planned=len(planned),
        started=started,
        unsent=len(planned) - started,
        unsent_reported=unsent,
        recorded=len(visits),
        tardy=int((lag > SLACK_NS).sum()),
        late=most[2],
        at_cap=most[3],
        lag_p99_ns=int(np.sort(lag)[-1 - left_out(len(lag))]) if len(lag) else None,
        lag_max_ns=int(lag.max()) if len(lag) else None,
        worst_bin=worst_bin,
        busiest_bin=busiest_bin,
        busiest_second=busiest_second,
        bins=bins,
        cpu_share_peak=float(cpu_share.max(initial=0.0)),
        cpu_share_sustained=sustained(counts[:, 0], cpu_share),
        loop_lag_max_ns=most[4],
        stalls=stalls_of(at_ns=counts[:, 0], work=counts[:, 1], lag_ns=counts[:, 4]),
        ended=ended,
        beats=len(beats),
        last_beat_ns=int(counts[-1, 0]) if len(counts) else None,
    )


def left_out(starts: int) -> int:
    """How many of the latest starts a p99 leaves out.

    >>> left_out(19), left_out(20), left_out(199), left_out(200)
    (0, 1, 1, 2)
    """
    return max(starts // 100, int(starts >= ENOUGH))


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


def shape(planned_ns: Ints) -> tuple[int, int]:
    """Most visits planned for one second, and how many bins of 100 ms the plan has."""
    if not len(planned_ns):
        return 0, 0
    plan = np.sort(planned_ns)
    bins = int(max(plan[-1], 0) // BIN_NS) + 1
    ends = BIN_NS * (np.arange(bins) + 1)
    within = np.searchsorted(plan, ends) - np.searchsorted(plan, ends - SECOND_NS)
    return int(within.max()), bins


def strays(planned_ns: Ints, started_ns: Ints) -> tuple[int, int]:
    """How many visits of the worst 100 ms no timely start explains, and the busiest bin's plan.

    If every visit starts between 0 and ``SLACK_NS`` after its instant, a bin receives at least
    those planned from its beginning to ``SLACK_NS`` before its end, and at most those planned from
    ``SLACK_NS`` before its beginning to its end. What lies outside of these bounds is a stray.
    """
    if not len(planned_ns):
        return 0, 0
    plan = np.sort(planned_ns)
    size = int(max(plan[-1], started_ns.max(initial=0)) // BIN_NS) + 1
    begins = BIN_NS * np.arange(size)
    ends = begins + BIN_NS
    before = np.searchsorted(plan, begins)
    least = np.searchsorted(plan, ends - SLACK_NS) - before
    most = np.searchsorted(plan, ends) - np.searchsorted(plan, begins - SLACK_NS)
    sent = np.bincount(np.maximum(started_ns, 0) // BIN_NS, minlength=size)
    outside = np.maximum(least - sent, sent - most)
    busiest = int((np.searchsorted(plan, ends) - before).max())
    return max(int(outside.max()), 0), busiest
