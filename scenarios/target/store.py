"""The database: accounts, their verification codes, and the line. All SQL of the target is here.

SQLite in WAL mode, one connection a thread. ``synchronous=NORMAL``: a killed process loses nothing;
a power failure may lose the last commits, which for a place in a line is a fair price.
"""

from __future__ import annotations

import dataclasses
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from scenarios.target.settings import LineSettings

NEVER_NS = (1 << 63) - 1

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    account INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE,
    salt BLOB NOT NULL, hash BLOB NOT NULL, made_ns INTEGER NOT NULL, verified_ns INTEGER
);
CREATE TABLE IF NOT EXISTS outbox (
    account INTEGER PRIMARY KEY REFERENCES accounts, email TEXT NOT NULL, code TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS line (
    id INTEGER PRIMARY KEY CHECK (id = 1), policy TEXT NOT NULL, spacing_ns INTEGER NOT NULL,
    burst INTEGER NOT NULL, full_at_ns INTEGER NOT NULL,
    front INTEGER NOT NULL, admitted INTEGER NOT NULL, gone INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS tickets (
    place INTEGER PRIMARY KEY, ticket TEXT NOT NULL UNIQUE, joined_ns INTEGER NOT NULL,
    left_ns INTEGER
);
CREATE INDEX IF NOT EXISTS present ON tickets (place) WHERE left_ns IS NULL;
CREATE TABLE IF NOT EXISTS leavers (node INTEGER PRIMARY KEY, count INTEGER NOT NULL);
"""
"""``line`` has one row. Places are 1, 2, 3, ... in order of joining. A ticket is admitted if it has
not left and its place is at most ``front``, the last place called. ``admitted`` counts the called,
``gone`` those who left without being called. ``leavers`` is a Fenwick tree of the places of the
gone: node ``i`` counts those in ``(i - lowest bit of i, i]``."""

HEAD = """
    SELECT place, joined_ns FROM tickets
    WHERE left_ns IS NULL AND place > (SELECT front FROM line) ORDER BY place LIMIT 1
"""

DUE = "max(full_at_ns - (burst - 1) * spacing_ns, head.joined_ns)"
"""When the first in line is called: he is there, and the bucket holds a token."""

ADMIT_NEXT = f"""
    UPDATE line SET
        front = head.place,
        admitted = admitted + 1,
        full_at_ns = max(full_at_ns, {DUE}) + spacing_ns
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

LOOK = """
    WITH RECURSIVE
        me AS (SELECT place, left_ns FROM tickets WHERE ticket = :ticket),
        node(i) AS (SELECT place FROM me UNION ALL SELECT i & (i - 1) FROM node WHERE i & (i - 1))
    SELECT me.left_ns IS NOT NULL, me.place <= line.front, me.place - line.admitted
        - (SELECT coalesce(sum(count), 0) FROM leavers WHERE node IN (SELECT i FROM node))
    FROM me, line
"""
"""Whoever joined before somebody who waits has been called, is gone, or is ahead. Cost: the
logarithm of the place (9 µs in a line of 200,000), however many have left."""

LEAVE = """
    UPDATE tickets SET left_ns = :now_ns WHERE ticket = :ticket AND left_ns IS NULL
    RETURNING place, place > (SELECT front FROM line)
"""

COUNT_LEAVER = """
    WITH RECURSIVE node(i) AS (
        SELECT :place UNION ALL SELECT i + (i & -i) FROM node WHERE i + (i & -i) <= 1 << 30)
    INSERT INTO leavers SELECT i, 1 FROM node WHERE true
    ON CONFLICT DO UPDATE SET count = count + 1
"""
"""At most 31 rows (40 µs), for lines of up to a billion."""

CREATE_ACCOUNT = """
    INSERT INTO accounts (email, key, salt, hash, made_ns)
    VALUES (:email, :key, :salt, :hash, :now_ns)
    ON CONFLICT (email) DO UPDATE SET email = email WHERE key = excluded.key
    ON CONFLICT (key) DO NOTHING
    RETURNING account
"""
"""No row comes back where the e-mail is somebody else's, or the key has served another e-mail."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What is written of a signup."""

    email: str
    key: str
    """Names the person: the same e-mail with the same key is the same signup, tried again."""
    salt: bytes
    hash: bytes
    code: str
    now_ns: int


class Store:
    """One database, usable from every thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(SCHEMA)

    @property
    def _db(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit: a statement is a transaction."""
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            # The thread that closes them all is not the one that opened them.
            db = sqlite3.connect(
                self._path, isolation_level=None, timeout=5, check_same_thread=False
            )
            db.execute("PRAGMA synchronous = NORMAL")
            self._local.db = db
            self._opened.append(db)
        return db

    def close(self) -> None:
        """Close the connections of all threads, which must have ended their work."""
        for db in self._opened:
            db.close()

    # Accounts

    def create_account(self, new: NewAccount) -> int | None:
        """The number of the account, made now or by an earlier try; None: the name is taken."""
        db = self._db
        db.execute("BEGIN IMMEDIATE")
        made = db.execute(CREATE_ACCOUNT, dataclasses.asdict(new)).fetchall()
        for (account,) in made:
            db.execute(
                "INSERT INTO outbox VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (account, new.email, new.code),
            )
        db.execute("COMMIT")
        return int(made[0][0]) if made else None

    def code(self, email: str) -> str | None:
        """The verification code sent to that address."""
        row = self._db.execute("SELECT code FROM outbox WHERE email = ?", (email,)).fetchone()
        return None if row is None else str(row[0])

    def verify(self, email: str, now_ns: int) -> None:
        self._db.execute(
            "UPDATE accounts SET verified_ns = coalesce(verified_ns, ?) WHERE email = ?",
            (now_ns, email),
        )

    # The line

    def open_line(self, settings: LineSettings, now_ns: int) -> None:
        """Make the line, with a full bucket, or give an older one these settings.

        The bucket of an older line is at most full: the tokens of the time in which the service was
        down are lost, and a clock that was set back does not close the line.
        """
        self._db.execute(
            "INSERT INTO line VALUES (1, ?, ?, ?, ?, 0, 0, 0) ON CONFLICT DO NOTHING",
            (settings.policy, settings.spacing_ns, settings.burst, now_ns),
        )
        self.set_line(settings)
        self._db.execute(
            "UPDATE line SET full_at_ns = min(max(full_at_ns, :now), :now + burst * spacing_ns)",
            {"now": now_ns},
        )

    def set_line(self, settings: LineSettings) -> None:
        self._db.execute(
            "UPDATE line SET policy = ?, spacing_ns = ?, burst = ?",
            (settings.policy, settings.spacing_ns, settings.burst),
        )

    def clear_line(self, now_ns: int) -> None:
        """Forget every ticket and fill the bucket."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("DELETE FROM tickets")
        self._db.execute("DELETE FROM leavers")
        self._db.execute(
            "UPDATE line SET full_at_ns = ?, front = 0, admitted = 0, gone = 0", (now_ns,)
        )
        self._db.execute("COMMIT")

    def join(self, ticket: str, now_ns: int) -> None:
        self._db.execute("INSERT INTO tickets (ticket, joined_ns) VALUES (?, ?)", (ticket, now_ns))

    def admit_next(self, now_ns: int) -> int | None:
        """Call the first in line if he is due, and return his place."""
        rows = self._db.execute(ADMIT_NEXT, {"now_ns": now_ns}).fetchall()
        return int(rows[0][0]) if rows else None

    def admit_everybody(self) -> None:
        self._db.execute(ADMIT_EVERYBODY)

    def next_due_ns(self) -> int:
        """When the first in line will be called; NEVER_NS if nobody waits."""
        row = self._db.execute(f"SELECT {DUE} FROM line, ({HEAD}) AS head").fetchone()  # noqa: S608
        return NEVER_NS if row is None else int(row[0])

    def look(self, ticket: str) -> Place | None:
        """Where the ticket stands; None: it is unknown."""
        row = self._db.execute(LOOK, {"ticket": ticket}).fetchone()
        return None if row is None else Place(bool(row[0]), bool(row[1]), int(row[2]))

    def leave(self, ticket: str, now_ns: int) -> None:
        """Leave the line, or give up a place already called: its token is spent."""
        self._db.execute("BEGIN IMMEDIATE")
        left = self._db.execute(LEAVE, {"ticket": ticket, "now_ns": now_ns}).fetchall()
        for place, waited in left:
            if waited:
                self._db.execute(COUNT_LEAVER, {"place": place})
                self._db.execute("UPDATE line SET gone = gone + 1")
        self._db.execute("COMMIT")

    def lengths(self) -> Lengths:
        row = self._db.execute(
            "SELECT (SELECT coalesce(max(place), 0) FROM tickets) - admitted - gone, admitted, gone"
            " FROM line"
        ).fetchone()
        return Lengths(*row)
