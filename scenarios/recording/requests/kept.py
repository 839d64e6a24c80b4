"""The requests of a log, kept until all are known: only then is it clear which came first.

Servers write a request when they have answered it, and most of them whole seconds. Where all instants are
whole seconds, the requests of one are spread evenly over it, in the order of the log: sent at once they would
be bursts that never were.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TextIO

from scenarios.recording.kept import seconds
from scenarios.recording.logs.hit import Hit
from scenarios.recording.requests.sessions import numbered
from scenarios.recording.requests.target import Queries, masked, sendable
from simulator.errors import UsageError
from simulator.scenario.document.requests import COLUMNS, FORMAT, MARK
from simulator.scenario.words.surges.requests import LONGEST_TARGET, METHODS, MOST_REQUESTS
from simulator.units import NS_PER_S


class Seen(NamedTuple):
    """A request of a log."""

    came_ns: int
    """Since 1970."""
    client: int
    method: str
    target: str
    status: int
    n_bytes: int | None
    took_ns: int | None


@dataclass(slots=True)
class KeptRequests:
    """All of them, in memory: a launch has at most half a million."""

    gap_ns: int
    opening_s: int | None = None
    queries: Queries = masked
    hits: list[Hit] = field(default_factory=list)
    with_queries: int = 0
    """How many had a query."""
    unsendable: Counter[str] = field(default_factory=Counter)
    """What is no request that could be sent again, and why."""
    spread: bool = False
    """Whether the log told whole seconds."""
    seen: list[Seen] = field(default_factory=list)
    sessions: list[int] = field(default_factory=list)
    opened_s: int = 0
    """When second 0 is, since 1970."""

    def keep(self, hit: Hit) -> None:
        """Raises UsageError where there are more than a launch may have."""
        if len(self.hits) == MOST_REQUESTS:
            raise UsageError(
                f"the log has more than {MOST_REQUESTS:,} requests, the most that are replayed: choose"
                " some of them, by --path or --method, or a shorter log"
            )
        if (hit.method or "GET") not in METHODS:
            self.unsendable["with a method that is not sent again"] += 1
        elif (
            len(hit.path) + len(hit.query) > LONGEST_TARGET // 3
        ):  # each character may become three
            self.unsendable[f"longer than {LONGEST_TARGET // 3:,} characters"] += 1
        else:
            self.hits.append(hit)

    def write(self, out: TextIO, opening_s: int) -> None:
        """The file; ``opening_s`` is when the first was taken, as long as nobody says when it opened."""
        came = self.came_ns()
        asked_s = self.opening_s
        self.opened_s = (
            min(came, default=opening_s * NS_PER_S) // NS_PER_S if asked_s is None else asked_s
        )
        opened_ns = self.opened_s * NS_PER_S
        order = sorted((n for n in range(len(came)) if came[n] >= opened_ns), key=came.__getitem__)
        if late := len(came) - len(order):
            self.unsendable["that came before the opening"] += late
        if not order:
            why = ", ".join(f"{many:,} {reason}" for reason, many in self.unsendable.items())
            raise UsageError(f"no request of the log can be sent again: {why}")
        self.seen = [self.seen_of(self.hits[n], came[n]) for n in order]
        self.sessions = numbered(((one.client, one.came_ns) for one in self.seen), self.gap_ns)
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow((MARK, FORMAT))
        rows.writerow(COLUMNS)
        for one, session in zip(self.seen, self.sessions, strict=True):
            at = seconds(one.came_ns - opened_ns)
            told = "" if one.n_bytes is None else one.n_bytes
            rows.writerow((at, session, one.method, one.target, one.status or "", told))

    def came_ns(self) -> list[int]:
        """When each came, in the order of the log."""
        self.spread = all(hit.at_ns % NS_PER_S == 0 for hit in self.hits)
        at_ns = spread_ns([hit.at_ns for hit in self.hits]) if self.spread else None
        return [
            hit.came_ns if at_ns is None else hit.came_ns - hit.at_ns + at_ns[number]
            for number, hit in enumerate(self.hits)
        ]

    def seen_of(self, hit: Hit, came_ns: int) -> Seen:
        self.with_queries += bool(hit.query)
        target = sendable(hit.path, self.queries(hit.query))
        method = hit.method or "GET"
        return Seen(came_ns, hit.client, method, target, hit.status, hit.n_bytes, hit.took_ns)


def spread_ns(at_ns: Sequence[int]) -> list[int]:
    """Instants of whole seconds, those of one second spread evenly over it, in their order.

    >>> spread_ns([0, 0, 1_000_000_000, 0, 0])
    [0, 250000000, 1000000000, 500000000, 750000000]
    """
    many, before = Counter(at_ns), Counter[int]()
    found = []
    for at in at_ns:
        found.append(at + before[at] * NS_PER_S // many[at])
        before[at] += 1
    return found
