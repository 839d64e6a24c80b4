"""What others wrote, as a terminal may be given it: nothing in it controls, or turns the direction of writing."""

from __future__ import annotations

import re

TURNS = r"\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
"""What turns the direction of writing or ends a line, within a pattern's brackets: shown, it makes one command look
like another."""
CONTROL = re.compile(rf"[\x00-\x1f\x7f-\x9f{TURNS}]")


def harmless(text: str) -> str:
    r"""A line in which such characters are told by their names: files and servers that we quote do not rule the terminal.

    >>> print(harmless("rm \x1b[8m-r\u202e"))
    rm \x1b[8m-r\u202e
    """
    return CONTROL.sub(lambda found: repr(found[0])[1:-1], text)


def harmless_lines(text: str) -> str:
    """The same of several lines."""
    return "\n".join(map(harmless, text.split("\n")))
