"""What an answer gives to later requests: its values, and how each is found in it again.

Of several ways the simplest is taken: a key of JSON, a field or a meta tag of a page, a header, a
cookie; a regular expression only where nothing else finds the value. Each is tried on the answer
before it is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from scenarios.brought.har.exchange import Exchange
from scenarios.brought.sayable import UNSAYABLE
from scenarios.brought.told import Found

MOST_LEAVES = 20_000
DEEPEST = 16
CONTEXT = 24
"""Characters before a value that tell a regular expression where it stands."""
SHORTEST_SEARCHED = 8
"""What is shorter stands in a page by chance."""
ENDS = r"""[^\s"'<>&;,\\]+"""
LONG_WORD = re.compile(r"[A-Za-z0-9+/_=-]{14,}")
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CSS_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
UNTELLING = (
    "date",
    "content-length",
    "content-type",
    "server",
    "vary",
    "set-cookie",
    "location",
    "cache-control",
)


class Given:
    """The values of one answer."""

    def __init__(self, answer: Exchange) -> None:
        self._answer = answer

    def find(self, value: str) -> Found | None:
        """Where a value is found by its name."""
        return self._named.get(value)

    def search(self, value: str) -> Found | None:
        """Where it is found by what stands before it."""
        text = self._answer.content
        at = text.find(value) if len(value) >= SHORTEST_SEARCHED else -1
        if at <= 0:
            return None
        before = text[max(0, at - CONTEXT) : at].rpartition("\n")[2].lstrip()
        before = re.split(LONG_WORD, before)[-1]  # it may be another secret
        if not before or UNSAYABLE.search(before):
            return None
        expression = f"{re.escape(before)}({ENDS})".replace("\\ ", " ").replace('\\"', '"')
        found = re.search(expression, text)
        if found is None or found[1] != value:
            return None
        word = re.findall(r"[A-Za-z_][A-Za-z0-9_]*", before)
        return Found(expression=f"regex:{expression}", name=word[-1] if word else "value")

    @cached_property
    def _named(self) -> dict[str, Found]:
        """By value; the simplest way first, and of equals the first."""
        known: dict[str, Found] = {}
        for value, found in self._every():
            if value and not UNSAYABLE.search(found.expression):
                known.setdefault(value, found)
        return known

    def _every(self) -> Iterator[tuple[str, Found]]:
        answer = self._answer
        if answer.is_json or (not answer.type and answer.content.lstrip()[:1] in ("{", "[")):
            yield from of_json(answer.content)
        elif answer.is_html:
            yield from of_page(answer.content)
        for name, value in answer.answer_headers:
            if name.lower() not in UNTELLING:
                yield value, Found(expression=f"header:{name}", name=name)
        for name, value in answer.cookies:
            yield value, Found(expression=f"cookie:{name}", name=name)


def of_json(text: str) -> Iterator[tuple[str, Found]]:
    """Every text and number in JSON, from the top down."""
    try:
        level: list[tuple[str, str, Any]] = [("", "", json.loads(text))]
    except (ValueError, RecursionError):
        return
    leaves = 0
    for _ in range(DEEPEST):
        deeper: list[tuple[str, str, Any]] = []
        for path, name, node in level:
            if isinstance(node, dict):
                deeper += [(joined(path, key), key, inner) for key, inner in node.items()]
            elif isinstance(node, list):
                deeper += [
                    (f"{path}[{n}]", name, inner) for n, inner in enumerate(node[:MOST_LEAVES])
                ]
            elif isinstance(node, str | int | float) and not isinstance(node, bool):
                leaves += 1
                value = node if isinstance(node, str) else json.dumps(node)
                yield value, Found(expression=f"json:{path or '@'}", name=name)
        if not deeper or leaves > MOST_LEAVES or len(deeper) > MOST_LEAVES:
            return
        level = deeper


def joined(path: str, key: str) -> str:
    """A key behind a path, in JMESPath.

    >>> joined("data", "token"), joined("data", "my-token")
    ('data.token', 'data."my-token"')
    """
    # In ASCII: a key of JSON may hold what no launch file may.
    part = key if IDENTIFIER.fullmatch(key) else json.dumps(key).replace("\x7f", "\\u007f")
    return f"{path}.{part}" if path else part


def of_page(text: str) -> Iterator[tuple[str, Found]]:
    """The fields of forms and the meta tags of a page."""
    from parsel import Selector

    try:
        page = Selector(text=text, type="html")
    except ValueError:
        return
    for field in page.css("input[name][value]"):
        name, value = field.attrib["name"], field.attrib["value"]
        if typed := quoted_name(name):
            found = f"input[name={typed}]::attr(value)"
            if page.css(found).get() == value:
                hidden = field.attrib.get("type", "").lower() == "hidden"
                yield value, Found(expression=f"css:{found}", name=name, hidden=hidden)
    for tag in page.css("meta[name][content]"):
        name, value = tag.attrib["name"], tag.attrib["content"]
        if typed := quoted_name(name):
            found = f"meta[name={typed}]::attr(content)"
            if page.css(found).get() == value:
                yield value, Found(expression=f"css:{found}", name=name)


def quoted_name(name: str) -> str:
    """A name in a CSS selector; empty where it would need more escapes than anybody reads."""
    if CSS_NAME.fullmatch(name):
        return name
    return f'"{name}"' if name and not set(name) & set('"\\') and name.isprintable() else ""
