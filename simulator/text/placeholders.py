"""Placeholders in the texts of a request: ``${email}``, and ``$${`` for the two characters themselves.

A name stands for a text, and that is all: there are no expressions, so that a file can run no code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

PLACEHOLDER = re.compile(r"\$\$\{|\$\{([^{}]*)\}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(\.[^.{}]+)?")

DATA, ENVIRONMENT, MAIL = "data.", "env.", "mail."
"""What the names begin with of a column of [data], a variable of the environment, a piece of a mail."""


def filled(text: str, value: Callable[[str], str]) -> str:
    """The text with each placeholder's value.

    >>> filled("Bearer ${token} costs $${5}", {"token": "abc"}.__getitem__)
    'Bearer abc costs ${5}'
    """
    return PLACEHOLDER.sub(lambda found: "${" if found[1] is None else value(found[1]), text)


def filled_in(node: Any, value: Callable[[str], str]) -> Any:
    """The same of every text in lists and tables, their keys left as they are."""
    if isinstance(node, str):
        return filled(node, value)
    if isinstance(node, dict):
        return {key: filled_in(inner, value) for key, inner in node.items()}
    if isinstance(node, list | tuple):
        return [filled_in(inner, value) for inner in node]
    return node


def names_in(node: Any) -> Iterator[str]:
    """Every name in a text, or in the texts of lists and tables."""
    if isinstance(node, str):
        yield from (found[1] for found in PLACEHOLDER.finditer(node) if found[1] is not None)
    elif isinstance(node, dict):
        for inner in node.values():
            yield from names_in(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from names_in(inner)


def faults_in(node: Any) -> Iterator[tuple[str, str]]:
    """What looks like a placeholder in texts and is none: problem and remedy.

    >>> list(faults_in("Bearer ${token"))
    [('"Bearer ${token" has a ${ that does not end', 'write ${name}, or $${ for the characters themselves')]
    """
    if isinstance(node, str):
        if "${" in PLACEHOLDER.sub("", node):
            remedy = "write ${name}, or $${ for the characters themselves"
            yield f'"{short(node)}" has a ${{ that does not end', remedy
        for name in names_in(node):
            if not NAME.fullmatch(name):
                yield (
                    f'"${{{short(name)}}}" is no placeholder',
                    "write ${name}; nothing is computed",
                )
    elif isinstance(node, dict):
        for inner in node.values():
            yield from faults_in(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from faults_in(inner)


def short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."
