"""Where each figure of a scenario comes from: sourced, measured, or assumed.

A table speaks for all figures in it, and for the tables within it that say nothing themselves:
``assumed`` names the exceptions, ``source`` or ``measured`` covers the rest.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from simulator.scenario.document.paths import Path, key_of
from simulator.text.quantities import NUMBER

QUANTITY = re.compile(rf"[+-]? ?{NUMBER} ?[^\W\d_/]*( ?/ ?[^\W\d_]+)?( .*)?")
NO_FIGURES = ("format", "system", "sources", "variant", "applied", "data")
TEXTS = (
    *("name", "story", "teaches", "reason", "path", "time_zone", "counts", "file"),
    *("user_agent", "cleanup", "locust", "type", "requests", "recorded"),
)
"""What holds no figures, whatever is written there."""
SENT = ("health", "headers", "mail", "stop")
"""Of [replay]: what is sent to a server, as the request of a step is, and when that ends."""
SENT_OF_LINE = ("headers", "join", "ask", "leave", "waits", "enters")
"""Of [replay.line], likewise; what the line promises are figures of ours."""
CLAIMS = ("source", "assumed", "measured")


class Basis(enum.StrEnum):
    """What a figure stands on."""

    SOURCED = "sourced"
    MEASURED = "measured"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFigure:
    """A figure of a scenario, and where it comes from."""

    key: str
    value: str
    basis: Basis
    sources: tuple[str, ...] = ()
    """Keys of ``[sources]``, or the run that measured it."""
    stated: bool = True
    """False: the file says nothing, so that the figure counts as assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a table says about its figures."""

    sources: tuple[str, ...] = ()
    measured: str = ""
    assumed: frozenset[str] = field(default_factory=frozenset)
    prefix: str = ""
    """Where in the claiming table we are: ``retries.``"""

    def of(self, table: Mapping[str, Any], key: str) -> Claim:
        """The claim that holds inside a table: its own, or the one around it."""
        if any(word in table for word in CLAIMS):
            return Claim(
                sources=_listed(table.get("source")) or self.sources,
                measured=str(table.get("measured", self.measured)),
                assumed=frozenset(_listed(table.get("assumed"))),
            )
        return replace(self, prefix=f"{self.prefix}{key}." if key else self.prefix)

    def covers(self, field_name: str) -> bool:
        """Whether the field, or a table around it, is said to be assumed."""
        name = f"{self.prefix}{field_name}"
        return any(name == f or name.startswith(f"{f}.") for f in self.assumed)

    def judge(self, key: str, field_name: str, value: str) -> GivenFigure:
        if self.covers(field_name):
            return GivenFigure(key=key, value=value, basis=Basis.ASSUMED)
        if self.sources:
            return GivenFigure(key=key, value=value, basis=Basis.SOURCED, sources=self.sources)
        if self.measured:
            return GivenFigure(key=key, value=value, basis=Basis.MEASURED, sources=(self.measured,))
        return GivenFigure(key=key, value=value, basis=Basis.ASSUMED, stated=False)


def is_sent(path: Path) -> bool:
    """Whether it is sent to a server: its keys are another program's words, and none of ours."""
    if path[-1:] == ("request",):
        return "journey" in path
    if path[-3:-1] == ("replay", "line"):
        return path[-1] in SENT_OF_LINE
    return path[-2:-1] == ("replay",) and path[-1] in SENT


def is_within_sent(path: Path) -> bool:
    """Whether it is a part of what is sent."""
    return any(is_sent(path[:length]) for length in range(1, len(path) + 1))


def sends(node: Any, path: Path = ()) -> bool:
    """Whether anything in a document, or in a part of one, is sent."""
    if isinstance(node, list):
        return any(sends(entry, (*path, number)) for number, entry in enumerate(node))
    if not isinstance(node, dict):
        return False
    return any(is_sent((*path, key)) or sends(value, (*path, key)) for key, value in node.items())


def figures(document: Mapping[str, Any]) -> Iterator[GivenFigure]:
    """Every figure that stands in a valid document."""
    for key, node in document.items():
        if key not in NO_FIGURES:
            for path, name, value, claim in _walk(node, (key,), "", Claim()):
                yield claim.judge(key_of(path, document), name, value)


def _walk(node: Any, path: Path, name: str, claim: Claim) -> Iterator[tuple[Path, str, str, Claim]]:
    if isinstance(node, dict):
        inside = claim.of(node, "" if len(path) == 1 else name)
        for key, value in node.items():
            if key not in CLAIMS and key not in TEXTS and not is_sent((*path, key)):
                yield from _walk(value, (*path, key), key, inside)
    elif isinstance(node, list) and not _is_pair(node):
        for number, entry in enumerate(node):
            yield from _walk(entry, (*path, number), name, claim)
    elif is_figure(node):
        yield path, name, written(node), claim


def _is_pair(node: list[Any]) -> bool:
    """A milestone in its short form is one figure."""
    return len(node) == 2 and not any(isinstance(entry, (dict, list)) for entry in node)


def is_figure(value: object) -> bool:
    """A number, an instant, a quantity, or a pair of these."""
    if isinstance(value, str):
        return QUANTITY.fullmatch(value) is not None
    if isinstance(value, list):
        return any(is_figure(entry) for entry in value)
    return isinstance(value, (int, float, datetime)) and not isinstance(value, bool)


def written(value: object) -> str:
    """A figure as it stands in the file, with thousands set apart."""
    if isinstance(value, list):
        return " and ".join(written(entry) for entry in value)
    if isinstance(value, int):
        return f"{value:,}"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, (list, tuple)) else ()
