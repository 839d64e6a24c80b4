"""Two machines' monotonic clocks: how far one is ahead of the other, and by how much that may be wrong.

Somebody is asked what his clock says; the answer was true at some instant between asking and hearing. So
with the middle of the two the offset is wrong by half of the time between them at most, however the way
there and the way back differ. The quickest of several readings is the best one.

Source: D. L. Mills, RFC 5905, section 8. The wall clock is never asked: it may be set meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """What another clock said once; nanoseconds, the first and the last by our own clock."""

    asked_ns: int
    theirs_ns: int
    heard_ns: int

    @property
    def offset_ns(self) -> int:
        """Theirs less ours."""
        return self.theirs_ns - (self.asked_ns + self.heard_ns) // 2

    @property
    def bound_ns(self) -> int:
        """The offset is wrong by no more."""
        return (self.heard_ns - self.asked_ns + 1) // 2


@dataclass(frozen=True, slots=True)
class Offset:
    """A clock's offset over a time."""

    ns: int
    bound_ns: int

    @classmethod
    def of(cls, readings: Collection[Reading]) -> Offset:
        """By the quickest of several readings."""
        best = min(readings, key=lambda reading: reading.bound_ns)
        return cls(best.offset_ns, best.bound_ns)

    def until(self, later: Offset) -> Offset:
        """The same offset, its bound wide enough for what it was found to be later: clocks drift."""
        return Offset(self.ns, max(self.bound_ns, abs(later.ns - self.ns) + later.bound_ns))
