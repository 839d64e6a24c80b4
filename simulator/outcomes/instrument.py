"""How well the replay's own instrument did: what it planned, sent, and how late.

The replay's workers tell these facts beside the outcomes, and they lie in the run's store; only reports
judge them. Nothing here is about the target.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.outcomes import looks, workers
from simulator.outcomes.pulses import SECOND_NS, SLACK_NS, Pulse, Stall, read_pulses
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.outcomes.store import COMPLETE, read_part
from simulator.outcomes.workers import Worker, read_workers
from simulator.units import FOREVER, Ints

SCHEMA = (
    """
CREATE TABLE IF NOT EXISTS beats (
    part INTEGER NOT NULL, worker INTEGER NOT NULL, at_ns INTEGER NOT NULL, started INTEGER NOT NULL,
    finished INTEGER NOT NULL, in_flight INTEGER NOT NULL, waiting INTEGER NOT NULL,
    late INTEGER NOT NULL, at_cap INTEGER NOT NULL,
    cpu_share REAL NOT NULL, loop_lag_ns INTEGER NOT NULL,
    PRIMARY KEY (part, worker, at_ns)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS planned (
    part INTEGER NOT NULL, visitor INTEGER NOT NULL, people INTEGER NOT NULL,
    arrived INTEGER NOT NULL, PRIMARY KEY (part, visitor)
) WITHOUT ROWID;
"""
    + workers.SCHEMA
    + looks.SCHEMA
)
"""``planned`` is the timetable that was to be sent. ``beats`` has a row of each worker about each second,
the counts cumulative: sessions started and finished, now in flight and of these in the line, not sent
because too late or because the in-flight cap was reached; the share of one core that the generator
used since the last beat, and by how much its event loop overslept."""

BIN_NS = 100_000_000
ENOUGH = 20
"""Fewer visits have not even a median (ten beyond it)."""


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
    behind_ns: tuple[int, ...] = ()
    """By how much each of them was."""
    passed: int = 0
    """Visits that started before one of those, though planned after it: they had another's work behind them, not before."""
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
    """Until when all workers were alive; None: none ever told a beat."""
    workers: tuple[Worker, ...] = ()
    """Who sent; none in runs of older versions."""
    busiest: str = ""
    """The worker that used most of its core, where there are several."""
    slowest: str = ""
    """The worker whose loop overslept longest, where there are several."""

    @property
    def is_led(self) -> bool:
        """Whether a master led whoever sent, be it one; a process that sends alone goes by no other clock."""
        return len(self.workers) > 1 or any(each.bound_ns or each.lost for each in self.workers)

    @property
    def seen_ns(self) -> int | None:
        """Until when anything was seen, where the replay did not go on to its end."""
        return None if self.ended == COMPLETE else self.last_beat_ns

    @property
    def lost(self) -> tuple[Worker, ...]:
        """The workers whose parts cannot be judged."""
        return tuple(worker for worker in self.workers if worker.lost is not None)

    def later_than(self, limit_ns: int) -> int:
        """How many started later than that, which is at least ``SLACK_NS``."""
        return sum(lag_ns > limit_ns for lag_ns in self.behind_ns)

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
    pulses = read_pulses(db, part)
    who = read_workers(db, name)
    all_work = sum(int(pulse.work.max(initial=0)) for pulse in pulses)
    ended, started, unsent = db.execute(
        "SELECT how, started, unsent FROM ends WHERE part = ?", (part,)
    ).fetchone() or (None, len(sent), None)
    seen = start[start != UNKNOWN]
    until_ns = FOREVER if ended in (None, COMPLETE) else int(seen.max(initial=-1))
    worst_bin, busiest_bin = strays(planned[planned <= until_ns], seen)
    busiest_second, bins = shape(planned)
    return Instrument(
        planned=len(planned),
        started=started,
        unsent=len(planned) - started,
        unsent_reported=unsent,
        recorded=len(visits),
        tardy=int((lag > SLACK_NS).sum()),
        behind_ns=tuple(lag[lag > SLACK_NS].tolist()),
        passed=passing(sent["arrived"][start != UNKNOWN], seen),
        late=sum(pulse.late for pulse in pulses),
        at_cap=sum(pulse.at_cap for pulse in pulses),
        lag_p99_ns=int(np.sort(lag)[-1 - left_out(len(lag))]) if len(lag) else None,
        lag_max_ns=int(lag.max()) if len(lag) else None,
        worst_bin=worst_bin,
        busiest_bin=busiest_bin,
        busiest_second=busiest_second,
        bins=bins,
        cpu_share_peak=max((float(pulse.cpu_share.max()) for pulse in pulses), default=0.0),
        cpu_share_sustained=max((pulse.cpu_share_sustained for pulse in pulses), default=0.0),
        loop_lag_max_ns=max((int(pulse.lag_ns.max()) for pulse in pulses), default=0),
        stalls=tuple(stall for pulse in pulses for stall in pulse.stalls(all_work)),
        ended=ended,
        beats=sum(len(pulse.at_ns) for pulse in pulses),
        last_beat_ns=min((int(pulse.at_ns[-1]) for pulse in pulses), default=None),
        workers=who,
        busiest=named(who, pulses, lambda pulse: pulse.cpu_share_sustained),
        slowest=named(who, pulses, lambda pulse: float(pulse.lag_ns.max())),
    )


def named(
    who: Sequence[Worker], pulses: Sequence[Pulse], how_much: Callable[[Pulse], float]
) -> str:
    """The worker of which that is the most; nobody is named where there is one alone."""
    if len(pulses) < 2:
        return ""
    most = max(pulses, key=how_much).worker
    return next((each.name for each in who if each.number == most), "")


def passing(planned_ns: Ints, started_ns: Ints) -> int:
    """How many started before one who was planned before them, and who was late by more than ``SLACK_NS``.

    Who was late together, and started in the planned order, passed nobody.

    >>> passing(np.array([0, 10, 30, 50]) * 1_000_000, np.array([40, 11, 30, 51]) * 1_000_000)
    2
    """
    order = np.argsort(planned_ns, kind="stable")
    planned, started = planned_ns[order], started_ns[order]
    tardy = np.where(started - planned > SLACK_NS, started, planned)
    latest = np.maximum.accumulate(tardy, dtype=np.int64)
    return int((started[1:] < latest[:-1]).sum())


def left_out(starts: int) -> int:
    """How many of the latest starts a p99 leaves out.

    >>> left_out(19), left_out(20), left_out(199), left_out(200)
    (0, 1, 1, 2)
    """
    return max(starts // 100, int(starts >= ENOUGH))


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
