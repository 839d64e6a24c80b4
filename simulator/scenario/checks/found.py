"""What is wrong in a valid document, before it is told of a file."""

from __future__ import annotations

from typing import NamedTuple


class Found(NamedTuple):
    """One thing that makes no sense."""

    key: str
    problem: str
    remedy: str
