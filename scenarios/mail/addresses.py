"""Whose mails are whose: the addresses of people, and what a command that fetches mails is told of one."""

from __future__ import annotations

from pathlib import Path

from scenarios.http.requests.person import Person
from scenarios.http.rows import rows_in


def addresses_of(person: Person) -> list[str]:
    """Where a person may get mails: at his own address, and at those in his row of the table."""
    return [person.email, *(text.strip() for text in person.data.values() if "@" in text)]


def addresses_in(data: Path | None) -> frozenset[str]:
    """The addresses in a table, in lower case. Raises UsageError where it cannot be read any more."""
    return frozenset(
        text.strip().casefold() for row in rows_in(data) for text in row.values() if "@" in text
    )


def values_of(person: Person) -> dict[str, str]:
    """What the placeholders of a command stand for."""
    return {
        "email": person.email, "password": person.password, "visitor": person.visitor,
        "run": person.run, "ticket": person.ticket or "",
    }  # fmt: skip
