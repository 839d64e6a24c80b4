"""Names and their values in a text of any form: XML, a query, GraphQL, JSON that was quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

ELEMENT = re.compile(
    r"<(?:\w+:)?([A-Za-z_][\w.-]*)(?:\s[^<>]*)?(?<!/)>\s*(?:<!\[CDATA\[(.+?)\]\]>|([^<>]+)(?=<))",
    re.DOTALL,
)
"""<name>value<, with attributes or without."""
PAIR = re.compile(
    r"""(?<![\w.\]-])([A-Za-z_][\w.\[\]-]*)(?:\\*["'])?\s*(?:
      :\s*(\d+)\b
    | [:=]\s*(?:"")?(["'])((?:\\.|(?!\3)[^\\])+)\3
    | [:=]\s*(\\+["'])(.+?)(?<!\\)\5
    | =([^&\n]+)
    )""",
    re.DOTALL | re.VERBOSE,
)
"""name: 5, "name": "value", name="value", \\"name\\": \\"value\\", name=value."""
VALUES = (2, 4, 6, 7)


class Field(NamedTuple):
    """A name, and where its value stands."""

    name: str
    start: int
    end: int


def fields_in(text: str) -> Iterator[Field]:
    r"""All of them in their order, those within another's value left out.

    >>> [text[field.start : field.end] for text in ['<a b="1"><c>2</c>', 'd=3&e=4', '{f(g: \\"5\\")}'] for field in fields_in(text)]
    ['1', '2', '3', '4', '5']
    """
    done = 0
    for found in ELEMENT.finditer(text):
        start, end = found.span(2 if found[2] is not None else 3)
        yield from pairs_in(text, done, start)
        yield Field(found[1], start, end)
        done = end
    yield from pairs_in(text, done, len(text))


def pairs_in(text: str, start: int, end: int) -> Iterator[Field]:
    """Those of a part of a text, XML's elements aside."""
    for found in PAIR.finditer(text, start, end):
        group = next(group for group in VALUES if found[group] is not None)
        yield Field(found[1], *found.span(group))
