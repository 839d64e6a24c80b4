"""Quantities as they are typed on the command line."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simulator.errors import UsageError
from simulator.scenario.document.objective import EXAMPLE, OPTION, is_objective
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


def share_of(option: str, text: str) -> float:
    """A share, typed as a number or in per cent.

    Raises UsageError where the text is none.

    >>> share_of("--tolerance", "2 %"), share_of("--tolerance", "0.02")
    (0.02, 0.02)
    """
    body = text.strip()
    try:
        share = float(body.removesuffix("%")) / (100.0 if body.endswith("%") else 1.0)
    except ValueError:
        share = math.nan
    if not 0.0 <= share < 1.0:  # NaN is in no range
        raise UsageError(f'{option} {text}: write a share such as "2%" or 0.02, less than 1')
    return share


def with_objectives(settings: Sequence[str] | None, objectives: Sequence[str] | None) -> list[str]:
    """The settings, and the objectives after them: a limit takes the place of the file's own.

    Raises UsageError where an objective compares nothing.
    """
    for each in objectives or ():
        if not is_objective(each):
            raise UsageError(f"{OPTION} {each}: {EXAMPLE}")
    return [*(settings or ()), *(objectives or ())]
