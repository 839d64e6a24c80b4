"""Markdown from texts that may hold anything: what a file says is shown as it stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from simulator.text.harmless import CONTROL

SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&@!])")
URL = re.compile(r"https?://[^\s<>]+")
LIST = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+=])")
"""What begins a list or a heading at the beginning of a line."""


def escape(text: str) -> str:
    r"""Text on one line that Markdown shows as it is.

    >>> escape("1_000 people | <b>now</b>")
    '1\\_000 people \\| \\<b\\>now\\</b\\>'
    """
    line = SPECIAL.sub(r"\\\1", CONTROL.sub(" ", " ".join(text.split())))
    return LIST.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", line)


def code(text: str) -> str:
    """Text between as many backticks as it needs.

    >>> code("a"), code("`a`")
    ('`a`', '`` `a` ``')
    """
    line = CONTROL.sub(" ", " ".join(text.split()))
    if "`" not in line:
        return f"`{line}`"
    longest = max(len(run) for run in re.findall("`+", line))
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}"


def link(text: str, url: str | None) -> str:
    """A link, if the address is one of the web."""
    if url is None or not URL.fullmatch(url):
        return escape(text)
    return f"[{escape(text)}](<{url}>)"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """A table of cells that are Markdown already; the columns in ``right`` are flush right."""
    flush = set(right)
    rules = ["---:" if number in flush else "---" for number in range(len(head))]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, rules, *rows])


def bullets(items: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {item}" for item in items)


def anchor(heading: str) -> str:
    """What a heading of letters, digits, - and _ is called in a link."""
    return f"#{heading.lower()}"
