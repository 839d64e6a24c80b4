"""Functions that LLVM is told of in its own instructions, instead of by their source."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from functools import partial
from typing import Any

from numpy import uintp

from simulator.engine.compiled.compiler.kinds import Array, Scalar, Words
from simulator.engine.compiled.compiler.marks import as_floats, words_at, zeros_before
from simulator.engine.compiled.compiler.operators import (
    BOOL,
    FLOAT,
    INT,
    chosen,
    compared,
    converted,
    truth,
    whole,
)
from simulator.engine.compiled.compiler.writer import Value, Writer

DECLARED = """\
declare double @llvm.log.f64(double)
declare double @llvm.exp.f64(double)
declare double @llvm.sqrt.f64(double)
declare double @llvm.ceil.f64(double)
declare i64 @llvm.ctlz.i64(i64, i1)
"""


def smallest(writer: Writer, *values: Value) -> Value:
    return extreme(writer, ast.Lt(), values)


def largest(writer: Writer, *values: Value) -> Value:
    return extreme(writer, ast.Gt(), values)


def extreme(writer: Writer, beats: ast.cmpop, values: tuple[Value, ...]) -> Value:
    """The first of those that no other one beats, as Python has it."""
    best, *others = values
    for other in others:
        best = chosen(writer, compared(writer, beats, other, best), other, best)
    return best


def as_float(writer: Writer, value: Value) -> Value:
    return converted(writer, value, FLOAT)


def length(_writer: Writer, value: Value) -> Value:
    """Of an array, along its first dimension."""
    if not isinstance(value.kind, Array):
        raise TypeError("len of what is no array")
    return Value(INT, (value.parts[1],))


def mathematical(name: str, writer: Writer, value: Value) -> Value:
    number = converted(writer, value, FLOAT).parts[0]
    return Value(FLOAT, (writer.put(f"call double @llvm.{name}.f64(double {number})"),))


def rounded_up(writer: Writer, value: Value) -> Value:
    return whole(writer, mathematical("ceil", writer, value))


def leading_zeros(writer: Writer, value: Value) -> Value:
    number = converted(writer, value, INT).parts[0]
    return Value(INT, (writer.put(f"call i64 @llvm.ctlz.i64(i64 {number}, i1 false)"),))


def memory_at(writer: Writer, value: Value) -> Value:
    address = converted(writer, value, INT).parts[0]
    return Value(Words(Scalar.INT), (writer.put(f"inttoptr i64 {address} to ptr"),))


def seen_as_floats(_writer: Writer, value: Value) -> Value:
    if not isinstance(value.kind, Words):
        raise TypeError("as_floats of what is no memory")
    return Value(Words(Scalar.FLOAT), value.parts)


KNOWN: dict[Any, Callable[..., Value]] = {
    min: smallest,
    max: largest,
    int: whole,
    uintp: whole,
    float: as_float,
    bool: truth,
    len: length,
    math.log: partial(mathematical, "log"),
    math.exp: partial(mathematical, "exp"),
    math.sqrt: partial(mathematical, "sqrt"),
    math.ceil: rounded_up,
    zeros_before: leading_zeros,
    words_at: memory_at,
    as_floats: seen_as_floats,
}
"""How each is written; numpy's ``uintp`` marks an index, which here is one as it is."""

__all__ = ["BOOL", "DECLARED", "KNOWN"]
