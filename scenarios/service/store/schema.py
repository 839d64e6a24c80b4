"""The tables of a target."""

from __future__ import annotations

from collections.abc import Iterator

TABLES = """
CREATE TABLE IF NOT EXISTS accounts (
    account {serial}, email TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE,
    salt {blob} NOT NULL, hash {blob} NOT NULL, made_ns BIGINT NOT NULL, verified_ns BIGINT
);
CREATE TABLE IF NOT EXISTS outbox (
    account {key} PRIMARY KEY REFERENCES accounts, email TEXT NOT NULL UNIQUE, code TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS entries (
    entry {serial}, what TEXT NOT NULL, key TEXT, text TEXT NOT NULL, made_ns BIGINT NOT NULL,
    UNIQUE (what, key)
);
CREATE INDEX IF NOT EXISTS latest ON entries (what, entry);
CREATE TABLE IF NOT EXISTS payments (
    payment {serial}, key TEXT NOT NULL UNIQUE, payer TEXT NOT NULL, payee TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0), made_ns BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS line (
    id {key} PRIMARY KEY CHECK (id = 1), policy TEXT NOT NULL, spacing_ns BIGINT NOT NULL,
    burst BIGINT NOT NULL, full_at_ns BIGINT NOT NULL,
    front BIGINT NOT NULL, admitted BIGINT NOT NULL, gone BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS tickets (
    place {key} PRIMARY KEY, ticket TEXT NOT NULL UNIQUE, joined_ns BIGINT NOT NULL, left_ns BIGINT
);
CREATE INDEX IF NOT EXISTS present ON tickets (place) WHERE left_ns IS NULL;
CREATE TABLE IF NOT EXISTS leavers (node {key} PRIMARY KEY, count BIGINT NOT NULL)
"""
"""``line`` has one row. Places are 1, 2, 3, ... in order of joining. A ticket is admitted if it has
not left and its place is at most ``front``, the last place called. ``admitted`` counts the called,
``gone`` those who left without being called. ``leavers`` is a Fenwick tree of the places of the
gone: node ``i`` counts those in ``(i - lowest bit of i, i]``."""


def schema(*, serial: str, key: str, blob: str) -> Iterator[str]:
    """The statements that make the tables, where they are not there yet.

    ``serial`` is a dialect's word for a key that numbers itself, ``key`` for one that is given.
    """
    for statement in TABLES.format(serial=serial, key=key, blob=blob).split(";"):
        yield statement.strip()
