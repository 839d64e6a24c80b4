"""Texts with placeholders, read once and filled for one person after another.

What stands between the placeholders is escaped as it is read, for where the text goes: a path, a form, JSON,
a header. To escape a text piece by piece gives the same as to escape it whole, since each of these escapes
one character at a time. :func:`simulator.text.placeholders.filled` says what a text means; here it is
only made ready.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii
from typing import Any
from urllib.parse import quote_plus

from simulator.text.placeholders import PLACEHOLDER, filled_in, names_in

Value = Callable[[str], str]
"""What a placeholder's name stands for."""
Escape = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a value goes, and how it is written there."""

    name: str
    escape: Escape


Piece = str | Hole


class Filling:
    """Pieces in a row.

    >>> Filling(pieces_of("${name} costs $${5} %", str.upper, str)).filled({"name": "tea"}.__getitem__)
    'TEA costs ${5} %'
    """

    __slots__ = ("form", "holes")

    def __init__(self, pieces: Iterable[Piece]) -> None:
        row = list(pieces)
        self.holes = tuple(piece for piece in row if isinstance(piece, Hole))
        whole = "".join(
            "%s" if isinstance(piece, Hole) else piece.replace("%", "%%") for piece in row
        )
        self.form = whole if self.holes else whole % ()

    def filled(self, value: Value) -> str:
        """Whatever ``value`` raises for a name that stands for nothing."""
        holes = self.holes
        if not holes:
            return self.form
        if len(holes) == 1:
            hole = holes[0]
            return self.form % hole.escape(value(hole.name))
        return self.form % tuple([hole.escape(value(hole.name)) for hole in holes])


def pieces_of(text: str, escape: Escape, between: Escape | None = None) -> Iterator[Piece]:
    """A text's pieces; what stands ``between`` placeholders is escaped like them, unless told otherwise."""
    between, literal, read = between or escape, "", 0
    for found in PLACEHOLDER.finditer(text):
        literal += text[read : found.start()]
        read = found.end()
        if found[1] is None:
            literal += "${"
        else:
            yield from (between(literal), Hole(found[1], escape))
            literal = ""
    yield between(literal + text[read:])


def pieces_of_pairs(pairs: Iterable[tuple[str, str]]) -> Iterator[Piece]:
    """As :func:`urllib.parse.urlencode` writes them."""
    for number, (key, text) in enumerate(pairs):
        yield f"{'&' if number else ''}{quote_plus(key)}="
        yield from pieces_of(text, quote_plus)


def pieces_of_json(node: Any) -> Iterator[Piece]:
    """As :func:`json.dumps` writes it."""
    if next(names_in(node), None) is None:
        yield json.dumps(filled_in(node, str))  # "$${" means two characters
    elif isinstance(node, str):
        yield from ('"', *pieces_of(node, within_quotes), '"')
    elif isinstance(node, Mapping):
        for number, (key, inner) in enumerate(node.items()):
            yield f"{', ' if number else '{'}{json.dumps(key)}: "
            yield from pieces_of_json(inner)
        yield "}"
    else:
        for number, inner in enumerate(node):
            yield ", " if number else "["
            yield from pieces_of_json(inner)
        yield "]"


def within_quotes(text: str) -> str:
    r"""A text as it stands in JSON.

    >>> within_quotes('say "é"')
    'say \\"\\u00e9\\"'
    """
    return encode_basestring_ascii(text)[1:-1]
