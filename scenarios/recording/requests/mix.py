"""The mix: what was asked for how often, by templates of paths.

A part of a path that is a number, an identifier or an address stands for any: ``/users/17`` and
``/users/18`` are both ``/users/*``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import unquote

from scenarios.recording.requests.kept import Seen
from simulator.scenario.words.surges.requests import no_error
from simulator.units import NS_PER_S

VARIABLE = re.compile(
    r"[0-9]+(\.[A-Za-z0-9]+)?"
    r"|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
    r"|(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{8,}"
    r"|(?=[^0-9]*[0-9])[0-9A-Za-z_.~-]{20,}"
    r"|.*(@|%40).*"
)
"""A number (with an extension), a UUID, digits of base 16, a long word with a digit, an address."""
PRIVATE = re.compile(r"(?=[^0-9]*[0-9])[0-9A-Za-z_.~-]{20,}|.*(@|%40).*")
"""Parts of a path that may be a secret or somebody's."""
PARTS = re.compile(r"[/;=,:&]")
"""What such parts stand between: also the parameters of one part, as ;jsessionid=1A2B."""
NOT_MODIFIED = 304
SHOWN = 12
"""So many templates have a journey of their own; the others share one."""


@dataclass(slots=True)
class Kind:
    """Requests of one method and template."""

    method: str
    template: str
    targets: Counter[str] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)
    """Those of the targets that were answered with a success (or 304: another cache had it)."""
    statuses: Counter[int] = field(default_factory=Counter)
    took_ns: list[int] = field(default_factory=list)
    n_bytes: list[int] = field(default_factory=list)

    @property
    def many(self) -> int:
        return self.targets.total()

    @property
    def example(self) -> str:
        """What was served most often, of those the first; if nothing was, what was asked for."""
        return (self.served or self.targets).most_common(1)[0][0]

    @property
    def refused(self) -> int:
        """How many were answered as no success is, and may be answered so again."""
        return sum(many for status, many in self.statuses.items() if refusal(status))

    @property
    def median_s(self) -> float | None:
        return median(self.took_ns) / NS_PER_S if self.took_ns else None

    @property
    def median_bytes(self) -> float | None:
        return median(self.n_bytes) if self.n_bytes else None

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


def refusal(status: int) -> bool:
    """Whether it was refused for what it asked for: no success, no redirect, nothing of the moment."""
    return status >= 400 and bool(no_error(status))


def template_of(target: str) -> str:
    """A path without its query, and without what names one thing among many.

    >>> template_of("/users/17/photos/3f2b8c1d.jpg?size=2"), template_of("/img/9.png"), template_of("/")
    ('/users/*/photos/3f2b8c1d.jpg', '/img/*', '/')
    """
    path = target.partition("?")[0]
    parts = ("*" if VARIABLE.fullmatch(part) else part for part in path.split("/"))
    return "/".join(parts)


def mix_of(seen: Iterable[Seen]) -> list[Kind]:
    """All kinds, the most frequent first."""
    kinds: dict[tuple[str, str], Kind] = {}
    for one in seen:
        key = one.method, template_of(one.target)
        kind = kinds.setdefault(key, Kind(*key))
        kind.targets[one.target] += 1
        kind.statuses[one.status] += 1
        if 200 <= one.status < 300 or one.status == NOT_MODIFIED:
            kind.served[one.target] += 1
        if one.took_ns is not None:
            kind.took_ns.append(one.took_ns)
        if one.n_bytes is not None:
            kind.n_bytes.append(one.n_bytes)
    return sorted(kinds.values(), key=lambda kind: -kind.many)


def own_journeys(mix: Sequence[Kind]) -> tuple[Sequence[Kind], Sequence[Kind]]:
    """Those that have a journey of their own, and the rest.

    The first journey that fits counts: /users/me comes before /users/*.
    """
    own = sorted(mix[:SHOWN], key=lambda kind: kind.template.count("*"))
    return own, mix[SHOWN:]


def private(seen: Iterable[Seen]) -> int:
    """How many paths hold what may be a secret, or somebody's: a long word with digits, an address."""
    paths = (one.target.partition("?")[0] for one in seen)
    return sum(any(map(PRIVATE.fullmatch, PARTS.split(unquote(path)))) for path in paths)
