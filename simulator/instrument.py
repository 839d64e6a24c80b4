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


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """The facts about one replay that validity is judged on."""

    planned: int
    started: int
    unsent: int
    """Late, at the cap, or never reached; ``planned = started + unsent``."""
    late: int
    at_cap: int
    lag_p99_ns: int | None
    """Of the started ones; None without any."""
    lag_max_ns: int | None
    worst_bin_share: float
    """Largest |started - planned| in a bin of 100 ms, as a share of the busiest bin's plan."""
    cpu_share_peak: float
    loop_lag_max_ns: int
    ended: str | None
    """The end record's word ("complete", ...); None: the child never wrote one."""
    beats: int


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
    late, at_cap, cpu_share, loop_lag_ns, beats = db.execute(
        "SELECT max(late), max(at_cap), max(cpu_share), max(loop_lag_ns), count(*) FROM beats"
        " WHERE part = ?",
        (part,),
    ).fetchone()
    ended = db.execute("SELECT how FROM ends WHERE part = ?", (part,)).fetchone()
    return Instrument(
        planned=len(planned),
        started=len(sent),
        unsent=len(planned) - len(sent),
        late=late or 0,
        at_cap=at_cap or 0,
        lag_p99_ns=int(np.quantile(lag, 0.99, method="higher")) if len(lag) else None,
        lag_max_ns=int(lag.max()) if len(lag) else None,
        worst_bin_share=worst_bin_share(planned, start[start != UNKNOWN]),
        cpu_share_peak=cpu_share or 0.0,
        loop_lag_max_ns=loop_lag_ns or 0,
        ended=ended[0] if ended else None,
        beats=beats,
    )


def worst_bin_share(planned_ns: Ints, started_ns: Ints) -> float:
    """How far the sent surge strays from the planned one, 100 ms by 100 ms."""
    if not len(planned_ns):
        return 0.0
    size = int(max(planned_ns.max(), started_ns.max(initial=0)) // BIN_NS) + 1
    plan = np.bincount(planned_ns // BIN_NS, minlength=size)
    sent = np.bincount(np.maximum(started_ns, 0) // BIN_NS, minlength=size)
    return float(np.abs(plan - sent).max() / plan.max())
