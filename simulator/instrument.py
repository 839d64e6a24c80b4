"""How well the replay's own instrument did: what it planned, sent, and how late.

The replay's child appends these facts to the run's store beside the outcomes; only reports judge
them. Nothing here is about the target.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np

from simulator.demand import Ints
from simulator.outcomes import UNKNOWN, Fate, read_part

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
SLACK_NS = 20_000_000
"""A start that is not later than this is on time."""


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
    """Of the started ones; None without any."""
    lag_max_ns: int | None
    worst_bin: int
    """Visits in the worst bin of 100 ms that starts within ``SLACK_NS`` cannot explain."""
    busiest_bin: int
    """Most visits planned for one bin of 100 ms."""
    cpu_share_peak: float
    loop_lag_max_ns: int
    ended: str | None
    """The end record's word ("complete", ...); None: the child never wrote one."""
    beats: int
    last_beat_ns: int | None = None
    """When its child was last alive; None: it never wrote a beat."""

    @property
    def seen_ns(self) -> int | None:
        """Until when anything was seen, where the replay did not go on to its end."""
        return None if self.ended == "complete" else self.last_beat_ns


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
    late, at_cap, cpu_share, loop_lag_ns, beats, last_beat_ns = db.execute(
        "SELECT max(late), max(at_cap), max(cpu_share), max(loop_lag_ns), count(*), max(at_ns)"
        " FROM beats WHERE part = ?",
        (part,),
    ).fetchone()
    ended, started, unsent = db.execute(
        "SELECT how, started, unsent FROM ends WHERE part = ?", (part,)
    ).fetchone() or (None, len(sent), None)
    worst_bin, busiest_bin = strays(planned, start[start != UNKNOWN])
    return Instrument(
        planned=len(planned),
        started=started,
        unsent=len(planned) - started,
        unsent_reported=unsent,
        recorded=len(visits),
        tardy=int((lag > SLACK_NS).sum()),
        late=late or 0,
        at_cap=at_cap or 0,
        lag_p99_ns=int(np.quantile(lag, 0.99, method="higher")) if len(lag) else None,
        lag_max_ns=int(lag.max()) if len(lag) else None,
        worst_bin=worst_bin,
        busiest_bin=busiest_bin,
        cpu_share_peak=cpu_share or 0.0,
        loop_lag_max_ns=loop_lag_ns or 0,
        ended=ended,
        beats=beats,
        last_beat_ns=last_beat_ns,
    )


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
