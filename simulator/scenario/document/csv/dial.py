"""Seconds that count from the opening, or since 1970."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.scenario.document.csv.cells import (
    SECOND_REMEDY,
    WrongCell,
    nanoseconds,
    with_point,
)
from simulator.text.since_1970 import since_1970_ns
from simulator.text.wording import format_duration
from simulator.units import FOREVER


@dataclass(slots=True)
class Dial:
    """Reads the seconds of one file: all count from the opening, or all since 1970."""

    opening_ns: int | None = None
    """Since 1970; None where it is not known."""
    separator: str = ","
    since_1970: bool | None = None
    """What the first one did."""

    def ns(self, text: str) -> int:
        """Since the opening.

        Raises :class:`WrongCell`.
        """
        text = with_point(text, self.separator)
        absolute_ns = since_1970_ns(text)
        at_ns = nanoseconds(text) if absolute_ns is None else absolute_ns
        if self.since_1970 is None:
            self.since_1970 = absolute_ns is not None
        elif self.since_1970 != (absolute_ns is not None):
            problem = "does not count from the same time as the lines before it"
            raise WrongCell(problem, "count all lines from the opening, or all since 1970")
        return self._from_opening(at_ns) if self.since_1970 else at_ns

    def _from_opening(self, at_ns: int) -> int:
        if self.opening_ns is None:
            remedy = "subtract the time of the opening"
            raise WrongCell("counts since 1970, but the opening is not known", remedy)
        before_ns = self.opening_ns - at_ns
        if before_ns > 0:
            remedy = "set launch.opening to the first arrival, or remove the line"
            raise WrongCell(f"is {format_duration(before_ns)} before the opening", remedy)
        if -before_ns >= FOREVER:
            raise WrongCell("is more than a century after the opening", SECOND_REMEDY)
        return -before_ns
