"""What the machine did while a replay went on: a yardstick's pieces of work, and who waited for a core.

Facts beside the outcomes of a part: the replay appends them, and only reports judge them. A run whose
target was elsewhere has no pieces, and its machine is the generator's; one of an older version has nothing.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass

import numpy as np

from simulator.units import Ints, frozen_ints

SCHEMA = """
CREATE TABLE IF NOT EXISTS openings (part INTEGER PRIMARY KEY, clock_ns INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS opened_at (part INTEGER PRIMARY KEY, unix_ns INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS pieces (
    part INTEGER NOT NULL, at_ns INTEGER NOT NULL, cpu_ns INTEGER NOT NULL, wall_ns INTEGER NOT NULL,
    PRIMARY KEY (part, at_ns)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS strain (
    part INTEGER NOT NULL, at_ns INTEGER NOT NULL, for_ns INTEGER NOT NULL, cores INTEGER NOT NULL,
    busy REAL NOT NULL, steal REAL NOT NULL, pressure REAL,
    target_cpu REAL, target_wait REAL, generator_cpu REAL, generator_wait REAL,
    PRIMARY KEY (part, at_ns)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS behind (
    part INTEGER NOT NULL, at_ns INTEGER NOT NULL, cpu REAL, PRIMARY KEY (part, at_ns)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS yardsticks (
    part INTEGER PRIMARY KEY, machine TEXT NOT NULL, piece_ns REAL, sd_ns REAL, probed_on TEXT
);
"""
"""``openings``: the machine's monotonic clock at the opening of a part; ``opened_at``: the clock of 1970, which runs of
older versions lack. ``pieces`` and ``strain`` have the fields of :class:`Machine` and :class:`Strain`; NULL is
unknown. ``yardsticks``: on what machine a part was replayed, and the yardstick while its target was probed, where that
is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The yardstick while a target was probed."""

    piece_ns: float
    """The mean of its pieces' own processor time."""
    sd_ns: float
    machine: str
    """A fingerprint of the machine: durations on two machines tell nothing of each other."""
    computing: float | None = None
    """The share of the target's services that was its own processor time; None: nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strain:
    """About one second of a machine. What is "in cores" is seconds of it a second."""

    at_ns: int
    """Its end, since the opening."""
    for_ns: int
    cores: int
    busy: float
    """In cores."""
    steal: float
    """In cores: what the hypervisor gave to others while somebody here wanted it."""
    pressure: float = math.nan
    """The share of the time in which somebody waited for a core."""
    target_cpu: float = math.nan
    """In cores, as the three that follow: what runs as the target, and what sends the load."""
    target_wait: float = math.nan
    """Ready to run, and waiting for a core: of each thread."""
    generator_cpu: float = math.nan
    generator_wait: float = math.nan
    behind_cpu: float = math.nan
    """In cores: what serves the target on this machine, as a proxy's servers and their database do."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Machine:
    """What the machine did during one replay."""

    at_ns: Ints
    """When each piece of the yardstick was done, since the opening, rising."""
    cpu_ns: Ints
    """Its own processor time: waiting for a core is not in it."""
    wall_ns: Ints
    """How long it took by the clock."""
    strain: tuple[Strain, ...] = ()
    probed: Baseline | None = None
    here: str = ""
    """The fingerprint of the machine; empty: nobody measured."""

    @property
    def comparable(self) -> bool:
        """Whether probe and replay ran on one machine, with the yardstick beside both."""
        return self.probed is not None and self.probed.machine == self.here and len(self.at_ns) > 0

    @property
    def idle(self) -> float:
        """The share of all cores that nobody used, in the mean; NaN where the target was elsewhere."""
        if not self.here or not self.strain:
            return math.nan
        return 1.0 - (self.mean("busy") + self.mean("steal")) / self.strain[0].cores

    @property
    def others(self) -> float:
        """The cores that neither target, nor who serves it, nor generator used, nor nobody, in the mean; NaN: nobody knows."""
        if not self.here:
            return math.nan
        ours = self.mean("target_cpu") + self.mean("generator_cpu")
        behind = self.mean("behind_cpu")  # of which runs of older versions know nothing
        return (
            self.mean("busy") + self.mean("steal") - ours - (0.0 if math.isnan(behind) else behind)
        )

    def mean(self, field: str) -> float:
        """Of a field of the strain, over the time in which it is known; NaN: never."""
        known = [
            (float(getattr(each, field)), each.for_ns)
            for each in self.strain
            if not math.isnan(getattr(each, field))
        ]
        lasted_ns = sum(for_ns for _, for_ns in known)
        return sum(value * for_ns for value, for_ns in known) / lasted_ns if lasted_ns else math.nan


def open_clock(db: sqlite3.Connection, part: int, clock_ns: int, ahead_ns: int = 0) -> None:
    """Write down the machine's monotonic clock at the opening; the clock of 1970 is ahead of it by ``ahead_ns``."""
    with db:
        insert_opening(db, part, clock_ns, ahead_ns)


def insert_opening(db: sqlite3.Connection, part: int, clock_ns: int, ahead_ns: int) -> None:
    """The same within the transaction under way."""
    db.execute("INSERT OR REPLACE INTO openings VALUES (?, ?)", (part, clock_ns))
    db.execute("INSERT OR REPLACE INTO opened_at VALUES (?, ?)", (part, clock_ns + ahead_ns))


def read_opened_ns(db: sqlite3.Connection, name: str) -> int | None:
    """When the part of that name opened, in nanoseconds since 1970; None: it did not, or nobody wrote it down."""
    found = db.execute(
        "SELECT unix_ns FROM opened_at JOIN parts USING (part) WHERE name = ?", (name,)
    ).fetchone()
    return None if found is None else int(found[0])


def write_machine(
    db: sqlite3.Connection,
    part: int,
    pieces: Iterable[tuple[int, int, int]],
    strain: Sequence[Strain],
    *,
    here: str,
    probed: Baseline | None,
) -> None:
    """Write everything that was measured during a part, in one transaction.

    Instants are by the machine's monotonic clock: they are turned into time since the opening. What was
    before it is left out, and nothing is written of a part that never opened.
    """
    found = db.execute("SELECT clock_ns FROM openings WHERE part = ?", (part,)).fetchone()
    if found is None:
        return
    (opening_ns,) = found
    with db:
        db.executemany(
            "INSERT INTO pieces VALUES (?, ?, ?, ?)",
            [
                (part, at_ns - opening_ns, cpu_ns, wall_ns)
                for at_ns, cpu_ns, wall_ns in pieces
                if at_ns - wall_ns >= opening_ns
            ],
        )
        # SQLite keeps NaN as NULL.
        db.executemany(
            "INSERT INTO strain VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (part, each.at_ns - opening_ns, *astuple(each)[1:-1])
                for each in strain
                if each.at_ns - each.for_ns >= opening_ns
            ],
        )
        db.executemany(
            "INSERT INTO behind VALUES (?, ?, ?)",
            [
                (part, each.at_ns - opening_ns, each.behind_cpu)
                for each in strain
                if each.at_ns - each.for_ns >= opening_ns
            ],
        )
        known = (
            (None, None, None)
            if probed is None
            else (probed.piece_ns, probed.sd_ns, probed.machine)
        )
        db.execute("INSERT INTO yardsticks VALUES (?, ?, ?, ?, ?)", (part, here, *known))


def read_machine(db: sqlite3.Connection, name: str) -> Machine | None:
    """What is known of the machine during the part of that name, up to its end; None where nothing was kept."""
    found = db.execute(
        "SELECT part, end_ns, machine, piece_ns, sd_ns, probed_on FROM yardsticks JOIN parts USING (part)"
        " WHERE name = ?",
        (name,),
    ).fetchone()
    if found is None:
        return None
    part, end_ns, here, piece_ns, sd_ns, probed_on = found
    pieces = np.array(
        db.execute(
            "SELECT at_ns, cpu_ns, wall_ns FROM pieces WHERE part = ? AND at_ns <= ? ORDER BY at_ns",
            (part, end_ns),
        ).fetchall(),
        np.int64,
    ).reshape(-1, 3)
    return Machine(
        at_ns=frozen_ints(pieces[:, 0]),
        cpu_ns=frozen_ints(pieces[:, 1]),
        wall_ns=frozen_ints(pieces[:, 2]),
        strain=tuple(each for each in strains(db, part) if each.at_ns <= end_ns),
        probed=None
        if piece_ns is None
        else Baseline(piece_ns=piece_ns, sd_ns=sd_ns, machine=probed_on),
        here=here,
    )


def strains(db: sqlite3.Connection, part: int) -> Iterator[Strain]:
    rows = db.execute(
        "SELECT at_ns, for_ns, cores, busy, steal, pressure, target_cpu, target_wait, generator_cpu,"
        " generator_wait, behind.cpu FROM strain LEFT JOIN behind USING (part, at_ns) WHERE part = ? ORDER BY at_ns",
        (part,),
    )
    for at_ns, for_ns, cores, *in_cores in rows:
        busy, steal, *others = (math.nan if value is None else value for value in in_cores)
        pressure, target_cpu, target_wait, generator_cpu, generator_wait, behind_cpu = others
        yield Strain(
            at_ns=at_ns,
            for_ns=for_ns,
            cores=cores,
            busy=busy,
            steal=steal,
            pressure=pressure,
            target_cpu=target_cpu,
            target_wait=target_wait,
            generator_cpu=generator_cpu,
            generator_wait=generator_wait,
            behind_cpu=behind_cpu,
        )
