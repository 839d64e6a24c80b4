"""What a target counted of itself during a replay, as its page of metrics told it, look by look.

Facts beside the outcomes of a part, which only reports show: no verdict rests on what a target says of itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulator.units import NS_PER_S, Floats, Ints, frozen_floats, frozen_ints

SCHEMA = """
CREATE TABLE IF NOT EXISTS told_pages (
    part INTEGER PRIMARY KEY, url TEXT NOT NULL, looks INTEGER NOT NULL, failed INTEGER NOT NULL,
    why TEXT NOT NULL, left_out INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS told_series (
    part INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, labels TEXT NOT NULL,
    grows INTEGER NOT NULL, PRIMARY KEY (part, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS told (
    part INTEGER NOT NULL, number INTEGER NOT NULL, at_ns INTEGER NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (part, number, at_ns)
) WITHOUT ROWID;
"""
"""``told_pages`` has the page of a part: how often it was asked for, how often in vain and why, and how many of
its series were too many to be kept. ``told`` has the values of a series at instants since the opening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series of the page."""

    name: str
    labels: str = ""
    """As Prometheus writes them: method="GET",status="200"."""
    grows: bool = False
    """Whether it is a counter, of which the growth says something."""

    def __str__(self) -> str:
        return f"{self.name}{{{self.labels}}}" if self.labels else self.name


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """A series over time."""

    series: Series
    at_ns: Ints
    values: Floats

    @property
    def moves(self) -> bool:
        """Whether it was anything else than one and the same number."""
        return len(self.values) > 1 and bool((self.values != self.values[0]).any())

    @property
    def points(self) -> tuple[Floats, Floats]:
        """Seconds since the opening, and what is drawn: of a counter its growth a second since the look before.

        A counter that is smaller than before began anew with its process: its growth is what it has now, as
        Prometheus' ``rate`` takes it.
        """
        at_s = self.at_ns / NS_PER_S
        if not self.series.grows:
            return at_s, self.values
        grown = np.diff(self.values)
        grown = np.where(grown < 0, self.values[1:], grown)
        return at_s[1:], grown / np.diff(at_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything that a target told of itself."""

    url: str
    looks: int
    failed: int = 0
    """Of the looks, those without an answer that could be read."""
    why: str = ""
    """Of the first of them."""
    left_out: int = 0
    courses: tuple[Course, ...] = field(default=())


def write_told(
    db: sqlite3.Connection,
    part: int,
    told: Told,
    values: Mapping[Series, Sequence[tuple[int, float]]],
) -> None:
    """Write down a page and the values of its series, in one transaction.

    Instants are by the machine's monotonic clock: they are turned into time since the opening. What was
    before it is left out, and nothing is written of a part that never opened.
    """
    found = db.execute("SELECT clock_ns FROM openings WHERE part = ?", (part,)).fetchone()
    if found is None:
        return
    (opening_ns,) = found
    page = (part, told.url, told.looks, told.failed, told.why, told.left_out)
    with db:
        db.execute("INSERT INTO told_pages VALUES (?, ?, ?, ?, ?, ?)", page)
        for number, (series, points) in enumerate(values.items()):
            db.execute(
                "INSERT INTO told_series VALUES (?, ?, ?, ?, ?)",
                (part, number, series.name, series.labels, series.grows),
            )
            db.executemany(
                "INSERT INTO told VALUES (?, ?, ?, ?)",
                [
                    (part, number, at_ns - opening_ns, value)
                    for at_ns, value in points
                    if at_ns >= opening_ns
                ],
            )


def read_told(db: sqlite3.Connection, name: str) -> Told | None:
    """What the target told during the part of that name; None where it was not asked."""
    found = db.execute(
        "SELECT part, url, looks, failed, why, left_out FROM told_pages JOIN parts USING (part)"
        " WHERE name = ?",
        (name,),
    ).fetchone()
    if found is None:
        return None
    part, url, looks, failed, why, left_out = found
    series = db.execute(
        "SELECT number, name, labels, grows FROM told_series WHERE part = ? ORDER BY number",
        (part,),
    ).fetchall()
    courses = []
    for number, called, labels, grows in series:
        points = db.execute(
            "SELECT at_ns, value FROM told WHERE part = ? AND number = ? ORDER BY at_ns",
            (part, number),
        ).fetchall()
        courses.append(
            Course(
                series=Series(name=called, labels=labels, grows=bool(grows)),
                at_ns=frozen_ints([at_ns for at_ns, _ in points]),
                values=frozen_floats([value for _, value in points]),
            )
        )
    return Told(
        url=url, looks=looks, failed=failed, why=why, left_out=left_out, courses=tuple(courses)
    )
