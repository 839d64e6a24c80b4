"""Quantities as they are typed on the command line."""

from __future__ import annotations

from simulator.errors import UsageError
from simulator.text.quantities import WrongQuantity, parse_duration, parse_rate


def rate_of(option: str, text: str) -> float:
    """A rate in 1/s.

    Raises UsageError where the text is none.
    """
    try:
        return parse_rate(text)
    except WrongQuantity as wrong:
        raise UsageError(f"{option} {wrong}") from None


def duration_of(option: str, text: str) -> int:
    """A duration in ns.

    Raises UsageError where the text is none.
    """
    try:
        return parse_duration(text)
    except WrongQuantity as wrong:
        raise UsageError(f"{option} {wrong}") from None
