"""How tables are laid down in the memory of the compiled engine: word after word, record after record."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.engine.compiled import limits
from simulator.engine.compiled.loop.memory.layout import cells
from simulator.engine.rules import CONTROL
from simulator.timetable.laws import Duration

LARGEST = (1 << 63) - 1
"""What a word can hold."""

Event = tuple[int, int, int, int]
"""Key, visitor (or kind), tag, record."""


def bits_of(number: float) -> int:
    """The bits of a float, as an integer."""
    (bits,) = struct.unpack("<q", struct.pack("<d", number))
    return int(bits)


def signed(key: int) -> int:
    """The same 64 bits as a signed integer."""
    return key - (1 << 64) if key >> 63 else key


@dataclass(slots=True)
class Tables:
    """Words that are laid down one after the other, and the first events."""

    words: list[int] = field(default_factory=lambda: [0] * cells.CELLS)
    events: list[Event] = field(default_factory=list)
    stations: list[int] = field(default_factory=list)
    """Their addresses."""

    def lay(self, words: list[int]) -> int:
        """Lay words down; returns their address."""
        address = len(self.words)
        self.words += words
        return address

    def record(self, size: int, words: Mapping[int, int]) -> int:
        """Lay down a record of which some words are not 0."""
        return self.lay([words.get(offset, 0) for offset in range(size)])

    def law(self, law: Duration) -> int:
        knots = self.lay([bits_of(knot) for knot in law.knots])
        return self.lay(
            [law.law, bits_of(law.location), bits_of(law.scale), knots, knots + len(law.knots)]
        )

    def plan(self, at_ns: int, before_ns: int, kind: int, name: int, record: int) -> None:
        """An event that machines make, if it is in time."""
        if at_ns < before_ns:
            key = at_ns << limits.CLASS_BITS | CONTROL
            self.events.append((key, kind, name, record))
