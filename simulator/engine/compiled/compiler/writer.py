"""The body of one function as LLVM reads it, written line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from simulator.engine.compiled.compiler.kinds import (
    BYTES,
    NOTHING,
    Array,
    Kind,
    Scalar,
    Several,
    parts_of,
)


class Value(NamedTuple):
    """Something that is known while the code runs: its kind, and what LLVM calls its parts."""

    kind: Kind
    parts: tuple[str, ...]


NO_VALUE = Value(NOTHING, ())


def integer(number: int) -> Value:
    """A constant, as 64 bits with a sign say it."""
    return Value(Scalar.INT, (str((number + (1 << 63)) % (1 << 64) - (1 << 63)),))


def several(values: Sequence[Value]) -> Value:
    """Side by side."""
    kinds = tuple(value.kind for value in values)
    return Value(Several(kinds), tuple(part for value in values for part in value.parts))


def apart(value: Value) -> list[Value]:
    """Each of several."""
    if not isinstance(value.kind, Several):
        return [value]
    parts = iter(value.parts)
    return [Value(kind, tuple(next(parts) for _ in parts_of(kind))) for kind in value.kind.kinds]


class Writer:
    """Writes instructions one after the other, and knows the block that they come into."""

    def __init__(self) -> None:
        self.rooms: list[str] = []
        """Room for variables, made once, at the beginning."""
        self.lines: list[str] = []
        self.names = 0
        self.block = "entry"
        self.is_open = True
        """Whether what is written next can be reached."""

    def fresh(self, name: str = "") -> str:
        self.names += 1
        return f"{name}.{self.names}"

    def put(self, instruction: str) -> str:
        """An instruction with a result; returns what the result is called."""
        name = f"%{self.fresh()}"
        self.lines.append(f"  {name} = {instruction}")
        return name

    def do(self, instruction: str) -> None:
        self.lines.append(f"  {instruction}")

    # Blocks ---------------------------------------------------------------------------------------

    def begin(self, block: str) -> None:
        """What is written next comes into this block."""
        self.lines.append(f"{block}:")
        self.block, self.is_open = block, True

    def jump(self, block: str) -> None:
        """Go on there, if this is reached at all."""
        if self.is_open:
            self.end(f"br label %{block}")

    def fork(self, condition: Value, yes: str, no: str) -> None:
        self.end(f"br i1 {condition.parts[0]}, label %{yes}, label %{no}")

    def end(self, instruction: str) -> None:
        """Nothing after it is reached until another block begins."""
        self.do(instruction)
        self.is_open = False

    # Variables and memory -------------------------------------------------------------------------

    def room(self, kind: Kind, name: str) -> Value:
        """A variable: where each of its parts lies."""
        places = tuple(f"%{self.fresh(name)}" for _ in parts_of(kind))
        for place, part in zip(places, parts_of(kind), strict=True):
            self.rooms.append(f"  {place} = alloca {part}")
        return Value(kind, places)

    def read(self, room: Value) -> Value:
        parts = zip(parts_of(room.kind), room.parts, strict=True)
        return Value(room.kind, tuple(self.put(f"load {part}, ptr {at}") for part, at in parts))

    def write(self, room: Value, value: Value) -> None:
        parts = zip(parts_of(room.kind), value.parts, room.parts, strict=True)
        for part, new, at in parts:
            self.do(f"store {part} {new}, ptr {at}")

    def field(self, frame: str, place: int, kind: Kind) -> Value:
        """What a frame holds in a place. A frame never changes, so LLVM may read it when it likes."""
        if isinstance(kind, Scalar | Array):
            parts = tuple(
                self.put(f"load {part}, ptr {self.at(frame, place + i)}, !invariant.load !0")
                for i, part in enumerate(parts_of(kind))
            )
            return Value(kind, parts)
        return Value(kind, (self.at(frame, place),))

    def at(self, frame: str, place: int) -> str:
        return self.put(f"getelementptr inbounds i8, ptr {frame}, i64 {place * BYTES}")

    # Two ways that come together ------------------------------------------------------------------

    def either(self, condition: Value, yes: Callable[[], Value], no: Callable[[], Value]) -> Value:
        """One of two values of the same kind, of which only that one is worked out.

        Raises TypeError for two kinds.
        """
        one, other, together = self.fresh("yes"), self.fresh("no"), self.fresh("both")
        self.fork(condition, one, other)
        values, blocks = [], []
        for block, way in ((one, yes), (other, no)):
            self.begin(block)
            values.append(way())
            blocks.append(self.block)
            self.jump(together)
        self.begin(together)
        first, second = values
        if first.kind != second.kind:
            raise TypeError("one of two values of different kinds")
        found = [
            self.put(f"phi {part} [ {a}, %{blocks[0]} ], [ {b}, %{blocks[1]} ]")
            for part, a, b in zip(parts_of(first.kind), first.parts, second.parts, strict=True)
        ]
        return Value(first.kind, tuple(found))
