"""Patterns of recorded requests: which of them a journey stands for.

::

    /                       this path alone
    /users/*                one part of a path, whatever it is
    /static/**              everything below
    GET /users/*            of one method alone

A query is not looked at: ``/search`` fits ``/search?q=tea`` as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from simulator.text.quantities import WrongQuantity

PATTERN = re.compile(r"(?:([A-Z]+) )?(/[!-~]*)")
EXAMPLE = 'write "/users/*", "GET /search", or "/static/**"'


def readable_patterns(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Raises WrongQuantity for a text that is no pattern."""
    for text in patterns:
        found = PATTERN.fullmatch(text)
        if found is None or "?" in text or "**" in found[2].removesuffix("/**"):
            raise WrongQuantity(f'"{text}" is not a pattern of requests', EXAMPLE)
    return patterns


def expression(pattern: str) -> str:
    """A pattern as a regular expression, of ``METHOD /path``.

    >>> expression("GET /users/*"), expression("/static/**")
    ('GET /users/[^/]*', '[A-Z]+ /static/.*')
    """
    found = PATTERN.fullmatch(pattern)
    assert found is not None, "it was read before"
    method, path = found[1] or "[A-Z]+", found[2]
    below = path.endswith("/**")
    parts = (path[:-2] if below else path).split("*")
    return f"{method} {'[^/]*'.join(map(re.escape, parts))}{'.*' if below else ''}"


def first_fits(asked: Iterable[str], patterns: Sequence[Sequence[str]]) -> list[int]:
    """Of each request, ``METHOD /path?query``, the first of the rows of patterns that it fits; -1: none.

    >>> first_fits(["GET /a?b", "POST /c"], [["/a"], ["GET /**"]])
    [0, -1]
    """
    known = [
        re.compile("|".join(map(expression, row)) if row else r"(?!)", re.DOTALL)
        for row in patterns
    ]
    return [
        next((number for number, row in enumerate(known) if row.fullmatch(path)), -1)
        for path in (text.partition("?")[0] for text in asked)
    ]
