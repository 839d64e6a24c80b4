"""The line in the database: its tickets, its bucket, and who has left.

Every change is a transaction that locks the line, so that the tokens of the bucket and the places of
people change hands together, whoever else writes.
"""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.http.line import LineSettings
from scenarios.service.store.database import Database

NEVER_NS = (1 << 63) - 1

HEAD = """
    SELECT place, joined_ns FROM tickets
    WHERE left_ns IS NULL AND place > (SELECT front FROM line) ORDER BY place LIMIT 1
"""

DUE = "greatest(full_at_ns - (burst - 1) * spacing_ns, head.joined_ns)"
"""When the first in line is called: he is there, and the bucket holds a token."""

ADMIT_NEXT = f"""
    UPDATE line SET
        front = head.place,
        admitted = admitted + 1,
        full_at_ns = greatest(full_at_ns, {DUE}) + spacing_ns
    FROM ({HEAD}) AS head WHERE {DUE} <= :now_ns
    RETURNING front
"""  # noqa: S608
"""One statement, so that token and place change hands together: reading first and writing then
would let two connections call the same person. The bucket moves by the instant at which the call
was due, not by the later one at which a timer got round to it, so that lateness never adds up."""

ADMIT_EVERYBODY = """
    UPDATE line SET
        front = (SELECT coalesce(max(place), 0) FROM tickets),
        admitted = (SELECT coalesce(max(place), 0) FROM tickets) - gone
"""

JOIN = """
    INSERT INTO tickets (place, ticket, joined_ns)
    SELECT coalesce(max(place), 0) + 1, :ticket, :now_ns FROM tickets
"""

LOOK = """
    WITH RECURSIVE
        me AS (SELECT place, left_ns FROM tickets WHERE ticket = :ticket),
        node(i) AS (
            SELECT place FROM me UNION ALL SELECT i & (i - 1) FROM node WHERE (i & (i - 1)) <> 0)
    SELECT me.left_ns IS NOT NULL, me.place <= line.front, me.place - line.admitted
        - (SELECT coalesce(sum(count), 0) FROM leavers WHERE node IN (SELECT i FROM node))
    FROM me, line
"""
"""Whoever joined before somebody who waits has been called, is gone, or is ahead. Cost: the
logarithm of the place (SQLite: 9 µs in a line of 200,000), however many have left."""

LEAVE = """
    UPDATE tickets SET left_ns = :now_ns WHERE ticket = :ticket AND left_ns IS NULL
    RETURNING place, place > (SELECT front FROM line)
"""

COUNT_LEAVER = """
    WITH RECURSIVE node(i) AS (
        SELECT CAST(:place AS BIGINT)
        UNION ALL SELECT i + (i & (0 - i)) FROM node WHERE i + (i & (0 - i)) <= 1 << 30)
    INSERT INTO leavers SELECT i, 1 FROM node WHERE true
    ON CONFLICT (node) DO UPDATE SET count = leavers.count + 1
"""
"""At most 31 rows (SQLite: 40 µs), for lines of up to a billion."""

OPEN = """
    INSERT INTO line (id, policy, spacing_ns, burst, full_at_ns, front, admitted, gone)
    VALUES (1, :policy, :spacing_ns, :burst, :now_ns, 0, 0, 0) ON CONFLICT DO NOTHING
"""

SET = "UPDATE line SET policy = :policy, spacing_ns = :spacing_ns, burst = :burst"

FILL_AT_MOST = """
    UPDATE line SET
        full_at_ns = least(greatest(full_at_ns, :now_ns), :now_ns + burst * spacing_ns)
"""

CLEAR = "UPDATE line SET full_at_ns = :now_ns, front = 0, admitted = 0, gone = 0"

LENGTHS = """
    SELECT (SELECT coalesce(max(place), 0) FROM tickets) - admitted - gone, admitted, gone FROM line
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket stands; ``position`` means something while it waits: 1 is next."""

    left: bool
    admitted: bool
    position: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """The line in numbers."""

    waiting: int
    admitted: int
    gone: int


class Tickets:
    """The line as the database knows it; :class:`scenarios.service.work.line.Line` knows the time."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def open_line(self, settings: LineSettings, now_ns: int) -> None:
        """Make the line, with a full bucket, or give an older one these settings.

        The bucket of an older line is at most full: the tokens of the time in which the service was
        down are lost, and a clock that was set back does not close the line.
        """
        with self._db.transaction(locks="line"):
            self._db.rows(OPEN, levers(settings) | {"now_ns": now_ns})
            self._db.rows(SET, levers(settings))
            self._db.rows(FILL_AT_MOST, {"now_ns": now_ns})

    def set_line(self, settings: LineSettings) -> None:
        with self._db.transaction(locks="line"):
            self._db.rows(SET, levers(settings))

    def clear_line(self, now_ns: int) -> None:
        """Forget every ticket and fill the bucket."""
        with self._db.transaction(locks="line"):
            self._db.rows("DELETE FROM tickets")
            self._db.rows("DELETE FROM leavers")
            self._db.rows(CLEAR, {"now_ns": now_ns})

    def join(self, ticket: str, now_ns: int) -> None:
        with self._db.transaction(locks="line"):
            self._db.rows(JOIN, {"ticket": ticket, "now_ns": now_ns})

    def admit_next(self, now_ns: int) -> int | None:
        """Call the first in line if he is due, and return his place."""
        with self._db.transaction(locks="line"):
            called = self._db.rows(ADMIT_NEXT, {"now_ns": now_ns})
        return int(called[0][0]) if called else None

    def admit_everybody(self) -> None:
        with self._db.transaction(locks="line"):
            self._db.rows(ADMIT_EVERYBODY)

    def next_due_ns(self) -> int:
        """When the first in line will be called; NEVER_NS if nobody waits."""
        found = self._db.rows(f"SELECT {DUE} FROM line, ({HEAD}) AS head")  # noqa: S608
        return int(found[0][0]) if found else NEVER_NS

    def look(self, ticket: str) -> Place | None:
        """Where the ticket stands; None: it is unknown."""
        found = self._db.rows(LOOK, {"ticket": ticket})
        for left, admitted, position in found:
            return Place(bool(left), bool(admitted), int(position))
        return None

    def leave(self, ticket: str, now_ns: int) -> None:
        """Leave the line, or give up a place already called: its token is spent."""
        with self._db.transaction(locks="line"):
            left = self._db.rows(LEAVE, {"ticket": ticket, "now_ns": now_ns})
            for place, waited in left:
                if waited:
                    self._db.rows(COUNT_LEAVER, {"place": place})
                    self._db.rows("UPDATE line SET gone = gone + 1")

    def lengths(self) -> Lengths:
        return Lengths(*(int(length) for length in self._db.rows(LENGTHS)[0]))


def levers(settings: LineSettings) -> dict[str, object]:
    return {
        "policy": str(settings.policy),
        "spacing_ns": settings.spacing_ns,
        "burst": settings.burst,
    }
