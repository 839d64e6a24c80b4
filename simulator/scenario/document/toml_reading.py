"""TOML as it may stand in a launch: nothing that would break, or fool, whoever reads it later.

A launch file may come from a stranger. It nests as deep as its words need, its numbers fit into 64
bits as TOML asks, and its texts hold no characters that control a terminal or turn the direction of writing, which
could show another command than the one that is run.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from simulator.text.harmless import TURNS

DEEPEST = 32
"""Tables and lists within one another; the words of a scenario need six."""
REFUSED = rf"\x00-\x08\x0b-\x1f\x7f-\x9f{TURNS}"
"""What no text of a launch holds, within a pattern's brackets."""
CONTROL = re.compile(rf"[{REFUSED}]")


PLAIN = {
    "Cannot declare": "a table appears twice",
    "Cannot redefine": "a table appears twice",
    "Cannot mutate": "a key is added to a table that is already complete",
    "Duplicate inline": "a key appears twice in a table",
    "Found invalid character": "a character that is not allowed here",
    "Illegal character": "a control character",
}
"""What the parser says with the words of the file, without them: it may be another one than its
author may see."""


class WrongToml(ValueError):
    """A text that is not TOML, or more than a launch may hold."""


def read_toml(text: str) -> dict[str, Any]:
    """The document in a text.

    Raises :class:`WrongToml`.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise WrongToml(without_words(str(wrong))) from None
    except RecursionError:
        raise WrongToml("it is nested too deeply") from None
    except ValueError:  # Python's own limit
        raise WrongToml("a number has thousands of digits") from None
    require_plain(document, 0)
    return document


def without_words(problem: str) -> str:
    """What is wrong, and where, without what stands there."""
    place = problem.rpartition(" (at ")[2]
    for begins, plain in PLAIN.items():
        if problem.startswith(begins):
            return f"{plain} (at {place}"
    return problem


def require_plain(value: Any, depth: int) -> None:
    """Raises :class:`WrongToml`."""
    if depth > DEEPEST:
        raise WrongToml("it is nested too deeply")
    if isinstance(value, str) and (found := CONTROL.search(value)):
        raise WrongToml(f"a string has the control character {found[0]!r}")
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        raise WrongToml("a whole number does not fit in 64 bits")
    if isinstance(value, dict):
        for key, inner in value.items():
            require_plain(key, depth)
            require_plain(inner, depth + 1)
    if isinstance(value, list):
        for inner in value:
            require_plain(inner, depth + 1)
