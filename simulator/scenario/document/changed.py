"""What changed from one document to another, key by key: not how it is written, but what it says.

Keys are those that ``--set`` takes: an entry of an array of tables goes by its name, or (a change, a
published count) by its instant. The order of tables means nothing but of a journey's steps, and
``"60 s"`` is ``"1 min"``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from simulator.scenario.document.paths import Path
from simulator.scenario.document.provenance import CLAIMS, is_within_sent
from simulator.text.quantities import WrongQuantity, parse_duration, parse_rate

NOT_COMPARED = ("variant", "applied")
"""A variant is compared where it is applied."""
BARE = re.compile(r"[A-Za-z0-9_-]+(\[\d+\])?")
ORDER = "order"
IN_ORDER = "step"
"""The array of tables of which the order means something."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not there: TOML has no value for it."""


MISSING = Missing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One key, and what it said before and says now."""

    key: str
    old: Any
    new: Any
    is_basis: bool = False
    """Whether it says where figures come from, and no figure."""


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Changed, ...]:
    """In the order of the old document, and then of what only the new one has."""
    mine, theirs = (
        {key: value for key, value in document.items() if key not in NOT_COMPARED}
        for document in (old, new)
    )
    return tuple(_tables(mine, theirs, "", ()))


def _tables(
    old: Mapping[str, Any], new: Mapping[str, Any], key: str, path: Path
) -> Iterator[Changed]:
    for name in dict.fromkeys((*old, *new)):
        inner = _joined(key, name)
        yield from _values(old.get(name, MISSING), new.get(name, MISSING), inner, (*path, name))


def _joined(key: str, name: str) -> str:
    said = name if BARE.fullmatch(name) else f'"{name}"'
    return f"{key}.{said}" if key else said


def _values(old: Any, new: Any, key: str, path: Path) -> Iterator[Changed]:
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _tables(old, new, key, path)
        return
    mine, theirs = _by_name(old), _by_name(new)
    if mine is None or theirs is None or not (mine or theirs):
        basis = path[0] == "sources" or (path[-1] in CLAIMS and not is_within_sent(path))
        yield Changed(key=key, old=old, new=new, is_basis=basis)
        return
    yield from _tables(mine, theirs, key, path)
    both = [[name for name in one if name in mine and name in theirs] for one in (mine, theirs)]
    if key.rpartition(".")[2] == IN_ORDER and both[0] != both[1]:
        yield Changed(key=f"{key} ({ORDER})", old=list(mine), new=list(theirs))


def _by_name(value: Any) -> dict[str, Any] | None:
    """The tables of an array by their names, or by when they are; None where it is no such array."""
    if value is MISSING:
        return {}
    if not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
        return None
    named: dict[str, Any] = {}
    for one in value:
        name = one.get("name", one.get("shape", one.get("at")))
        if not isinstance(name, str):
            return None
        numbered = (f"{name}[{number}]" for number in count(2))
        named[name if name not in named else next(n for n in numbered if n not in named)] = one
    return named


def same(old: Any, new: Any) -> bool:
    """Whether two values say the same.

    >>> same("60 s", "1 min"), same("60/min", "1/s"), same(1, 1.0), same(1, True), same("4", 4)
    (True, True, True, False, False)
    """
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    if isinstance(old, str) and isinstance(new, str):
        return old == new or _as(parse_duration, old, new) or _as(parse_rate, old, new)
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)


def _as(parse: Callable[[object], float], old: str, new: str) -> bool:
    try:
        return parse(old) == parse(new)
    except WrongQuantity:
        return False
