"""The operations of a description, and which of them a launch sends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.brought.openapi.description import Description
from scenarios.brought.plain import entries, table, tables, text
from scenarios.brought.secrets import plain
from simulator.errors import UsageError

METHODS = ("get", "head", "post", "put", "patch", "delete")
MOST_OPERATIONS = 10_000
MOST_NAMED = 20
SIGNUPS = re.compile(r"(^|_)(sign_?up|register|registration|enrol+|join)(_|$)")
ACCOUNTS = re.compile(r"(^|_)(users?|accounts?|customers?|members?|subscribers?|profiles?)(_|$)")
CREATES = re.compile(r"(^|_)(create|add|new|post|make)(_|$)")
LOGINS = re.compile(
    r"(^|_)(log_?in|sign_?in|tokens?|sessions?|authenticate|auth|oauth|access)(_|$)"
)
Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked of a service."""

    method: str
    path: str
    said: Raw
    shared: tuple[Any, ...] = ()
    """Parameters of all operations of the path."""

    @property
    def id(self) -> str:
        return text(self.said.get("operationId"))

    @property
    def title(self) -> str:
        return self.id or f"{self.method} {self.path}"

    @property
    def words(self) -> str:
        return plain(f"{self.id} {self.path} {text(self.said.get('summary'))}")

    @property
    def signs_up(self) -> int:
        """How much it looks like a signup; 0: not at all."""
        if self.method != "POST" or "{" in self.path:
            return 0
        if SIGNUPS.search(plain(f"{self.id} {self.path}")):
            return 4
        if SIGNUPS.search(self.words):
            return 3
        last = plain(self.path.rstrip("/").rpartition("/")[2])
        if ACCOUNTS.fullmatch(last):
            return 2
        return 1 if ACCOUNTS.search(plain(self.id)) and CREATES.search(plain(self.id)) else 0

    @property
    def logs_in(self) -> bool:
        return self.method == "POST" and bool(LOGINS.search(plain(f"{self.id} {self.path}")))

    def parameters(self, description: Description) -> list[Raw]:
        """Those of its own, and those of the path that it does not say anew."""
        own = [description.at(each) for each in entries(self.said.get("parameters"))]
        known = {(text(each.get("name")), text(each.get("in"))) for each in own}
        shared = [description.at(each) for each in self.shared]
        more = [e for e in shared if (text(e.get("name")), text(e.get("in"))) not in known]
        return [*more, *own]


def operations_of(description: Description) -> list[Operation]:
    """Every operation, in the description's order.

    Raises UsageError where there are none, or more than anybody chooses from.
    """
    found = list(_operations(description))
    if not found:
        raise UsageError(f"{description.file}: has no operations, so that there is nothing to send")
    if len(found) > MOST_OPERATIONS:
        raise UsageError(f"{description.file}: has more than {MOST_OPERATIONS:,} operations")
    return found


def _operations(description: Description) -> Iterator[Operation]:
    for path, each in table(description.root.get("paths")).items():
        if not isinstance(path, str) or not path.startswith("/"):
            continue
        item = description.at(each)
        for method in METHODS:
            if isinstance(item.get(method), dict):
                shared = tuple(tables(item.get("parameters")))
                yield Operation(method.upper(), path, item[method], shared)


def chosen(description: Description, wanted: Sequence[str]) -> list[Operation]:
    """The operations that are wanted, in that order; else the one that looks most like a signup.

    Raises UsageError.
    """
    every = operations_of(description)
    if wanted:
        return [_named(every, each, description.file) for each in wanted]
    best = max(every, key=lambda each: each.signs_up)
    if not best.signs_up:
        raise UsageError(
            f"{description.file}: no operation looks like a signup; choose with --operation, once or"
            f" several times in their order: {in_words(every)}"
        )
    return [best]


def _named(every: Sequence[Operation], wanted: str, file: str) -> Operation:
    for each in every:
        if wanted == each.id:
            return each
    method, _, path = wanted.strip().partition(" ")
    for each in every:
        if (method.upper(), path.strip()) == (each.method, each.path):
            return each
    raise UsageError(
        f"--operation {wanted}: {file} has no such operation; it has {in_words(every)}"
    )


def in_words(every: Sequence[Operation]) -> str:
    """What there is to choose from."""
    named = [each.title for each in every[:MOST_NAMED]]
    more = len(every) - len(named)
    return ", ".join(named) + (f", and {more} more" if more else "")
