"""Kinds of values, what each is made of in LLVM's words, and how Python's values are handed over.

Whoever calls compiled code writes all arguments into one row of 64-bit words, a *frame*: a number is
a word, an array its address and its lengths, a named tuple its fields one after the other. Compiled
code only reads it, so a named tuple is the address of its first word, wherever it is handed on to.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

import numpy as np

BYTES = 8
"""In a word."""


class Scalar(Enum):
    """A single number, by its type in LLVM."""

    INT = "i64"
    FLOAT = "double"
    BOOL = "i1"


class Words(NamedTuple):
    """Memory without a check and without an end."""

    element: Scalar


class Array(NamedTuple):
    """An array whose elements lie one behind the other: its address, then its lengths."""

    element: Scalar
    dimensions: int


class Record(NamedTuple):
    """A named tuple: each field with its kind, and with the place of its first word."""

    name: str
    fields: tuple[tuple[str, Kind, int], ...]
    size: int


class Several(NamedTuple):
    """Values side by side; none of them is what a function returns that returns nothing."""

    kinds: tuple[Kind, ...]


Kind: TypeAlias = Scalar | Words | Array | Record | Several

NOTHING = Several(())
ELEMENTS = {np.dtype(np.int64): Scalar.INT, np.dtype(np.float64): Scalar.FLOAT}


def parts_of(kind: Kind) -> tuple[str, ...]:
    """The types in LLVM that a value of this kind is made of."""
    match kind:
        case Scalar():
            return (kind.value,)
        case Words() | Record():
            return ("ptr",)
        case Array():
            return ("ptr", *["i64"] * kind.dimensions)
        case Several():
            return tuple(part for each in kind.kinds for part in parts_of(each))


def size_of(kind: Kind) -> int:
    """How many words of a frame it takes."""
    match kind:
        case Scalar():
            return 1
        case Array():
            return 1 + kind.dimensions
        case Record():
            return kind.size
        case _:
            raise TypeError(f"{kind}: cannot be handed over to compiled code")


def kind_of(value: object) -> Kind:
    """Of an argument as Python has it.

    Raises TypeError for what no compiled code takes.
    """
    match value:
        case bool() | int() | np.integer():
            return Scalar.INT
        case float():
            return Scalar.FLOAT
        case np.ndarray():
            if value.dtype in ELEMENTS and value.flags.c_contiguous:
                return Array(ELEMENTS[value.dtype], value.ndim)
        case tuple() if hasattr(value, "_fields"):
            return record_of(type(value).__name__, value._fields, value)
    raise TypeError(f"{type(value).__name__}: compiled code takes numbers, arrays and named tuples")


def record_of(name: str, fields: tuple[str, ...], values: tuple[object, ...]) -> Record:
    laid, place = [], 0
    for field, value in zip(fields, values, strict=True):
        kind = kind_of(value)
        laid.append((field, kind, place))
        place += size_of(kind)
    return Record(name, tuple(laid), place)


def words_of(value: Any) -> Iterator[int]:
    """The words of an argument in a frame."""
    if isinstance(value, np.ndarray):
        yield value.ctypes.data
        yield from value.shape
    elif isinstance(value, tuple):
        for field in value:
            yield from words_of(field)
    elif isinstance(value, float):
        yield bits_of(value)
    else:
        yield int(value)


def bits_of(number: float) -> int:
    """A float as the whole number that has the same bits."""
    return int.from_bytes(struct.pack("<d", number), "little")


def float_of(bits: int) -> float:
    """A word seen as a float."""
    (number,) = struct.unpack("<d", bits.to_bytes(BYTES, "little", signed=True))
    return float(number)
