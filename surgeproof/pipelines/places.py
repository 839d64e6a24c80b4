"""Where a key stands in a launch file, so that what is said of it is shown at its line."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
DOTTED = rf"{PART}(?:\s*\.\s*{PART})*"
HEADER = re.compile(rf"\s*\[\[?\s*({DOTTED})\s*\]\]?\s*(?:#.*)?")
NAMED = re.compile(r"\s*(?:name|shape)\s*=\s*[\"']([^\"']+)[\"']")
KEY = re.compile(rf"\s*({DOTTED})\s*=")
NUMBER = re.compile(r"\[(\d+)\]")
"""How an entry without a name is called: by its number, from 1 on."""
TOLD = re.compile(r"\(at line (\d+),")
"""As a TOML parser tells where it stopped."""


def line_in(path: Path, key: str, problem: str = "") -> int | None:
    """The line, from 1 on, of a key as mistakes and criteria name it: ``station.signup.servers``.

    It is the nearest that there is: that of the key, of its table, or of the table above it. None where there is none
    of these, or the file cannot be read.
    """
    if found := TOLD.search(problem):
        return int(found[1])
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    wanted = tuple(NUMBER.sub(r".#\1", key).split("."))
    best, shared = None, 0
    for number, place in places(text.splitlines()):
        common = len(place) if place == wanted[: len(place)] else 0
        if common > shared:
            best, shared = number, common
    return best


def places(lines: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each line that begins a table or sets a key, with the path of that; an entry of an array goes by its name."""
    table: tuple[str, ...] = ()
    names: dict[tuple[str, ...], str] = {}
    entries = Counter[tuple[str, ...]]()
    for number, line in enumerate(lines, start=1):
        if header := HEADER.fullmatch(line):
            table = named(words(header[1]), names)
            if line.lstrip().startswith("[["):
                entries[table] += 1
                names[table] = name_of(lines[number:]) or f"#{entries[table]}"
                table = (*table, names[table])
            yield number, table
        elif key := KEY.match(line):
            yield number, (*table, *words(key[1]))


def named(path: tuple[str, ...], names: dict[tuple[str, ...], str]) -> tuple[str, ...]:
    """A path with the names of the entries that it leads through: of each array, its last one."""
    found: tuple[str, ...] = ()
    for word in path:
        if found in names:
            found = (*found, names[found])
        found = (*found, word)
    return found


def name_of(lines: Sequence[str]) -> str:
    """The name of the entry that these lines begin with; empty: it has none."""
    for line in lines:
        if HEADER.fullmatch(line):
            break
        if found := NAMED.match(line):
            return found[1]
    return ""


def words(key: str) -> tuple[str, ...]:
    """The parts of a key, quoted or not."""
    node: Any
    try:
        node = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        return (key,)
    found: list[str] = []
    while isinstance(node, dict):
        ((word, node),) = node.items()
        found.append(word)
    return tuple(found)
