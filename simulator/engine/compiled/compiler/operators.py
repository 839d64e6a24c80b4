"""Arithmetic and comparisons, as Python means them, in LLVM's instructions.

Whole numbers have 64 bits and a sign, and wrap. A truth value is 0 or 1 wherever a number is asked.
"""

from __future__ import annotations

import ast

from simulator.engine.compiled.compiler.kinds import Scalar
from simulator.engine.compiled.compiler.writer import Value, Writer, integer

INT, FLOAT, BOOL = Scalar.INT, Scalar.FLOAT, Scalar.BOOL

OF_INTS: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul",
    ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor", ast.LShift: "shl", ast.RShift: "ashr",
}  # fmt: skip
OF_FLOATS: dict[type[ast.operator], str] = {
    ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv",
}  # fmt: skip
COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("eq", "oeq"), ast.NotEq: ("ne", "une"),
    ast.Lt: ("slt", "olt"), ast.LtE: ("sle", "ole"), ast.Gt: ("sgt", "ogt"), ast.GtE: ("sge", "oge"),
}  # fmt: skip


def converted(writer: Writer, value: Value, kind: Scalar) -> Value:
    """The same number in another kind, where Python would take it without a word.

    Raises TypeError for anything else.
    """
    if value.kind is kind:
        return value
    (part,) = value.parts if value.kind in (INT, BOOL) else ("",)
    if value.kind is BOOL and kind is INT:
        return Value(INT, (writer.put(f"zext i1 {part} to i64"),))
    if value.kind is BOOL and kind is FLOAT:
        return Value(FLOAT, (writer.put(f"uitofp i1 {part} to double"),))
    if value.kind is INT and kind is FLOAT:
        return Value(FLOAT, (writer.put(f"sitofp i64 {part} to double"),))
    raise TypeError(f"{value.kind}: is no {kind.name.lower()}")


def whole(writer: Writer, value: Value) -> Value:
    """Python's ``int()``: what lies behind the point is cut off."""
    if value.kind is FLOAT:
        return Value(INT, (writer.put(f"fptosi double {value.parts[0]} to i64"),))
    return converted(writer, value, INT)


def truth(writer: Writer, value: Value) -> Value:
    """Python's ``bool()``."""
    if value.kind is INT:
        return Value(BOOL, (writer.put(f"icmp ne i64 {value.parts[0]}, 0"),))
    if value.kind is FLOAT:
        return Value(BOOL, (writer.put(f"fcmp une double {value.parts[0]}, 0.0"),))
    return converted(writer, value, BOOL)


def negated(writer: Writer, value: Value) -> Value:
    if value.kind is FLOAT:
        return Value(FLOAT, (writer.put(f"fneg double {value.parts[0]}"),))
    return calculated(writer, ast.Sub(), integer(0), value)


def opposite(writer: Writer, value: Value) -> Value:
    """Python's ``not``."""
    return Value(BOOL, (writer.put(f"xor i1 {truth(writer, value).parts[0]}, true"),))


def alike(writer: Writer, a: Value, b: Value) -> tuple[Scalar, str, str]:
    """Two numbers in one kind, floats if either is one."""
    kind = FLOAT if FLOAT in (a.kind, b.kind) else INT
    return kind, converted(writer, a, kind).parts[0], converted(writer, b, kind).parts[0]


def calculated(writer: Writer, operator: ast.operator, a: Value, b: Value) -> Value:
    """The result of an operator between two numbers.

    Raises TypeError for what the two are not made for.
    """
    if isinstance(operator, ast.Div):
        a, b = converted(writer, a, FLOAT), converted(writer, b, FLOAT)
    kind, left, right = alike(writer, a, b)
    if kind is INT and isinstance(operator, ast.FloorDiv | ast.Mod):
        return divided(writer, operator, left, right)
    name = (OF_FLOATS if kind is FLOAT else OF_INTS).get(type(operator))
    if name is None:
        raise TypeError(f"{type(operator).__name__}: not between {kind.name.lower()}s")
    return Value(kind, (writer.put(f"{name} {kind.value} {left}, {right}"),))


def divided(writer: Writer, operator: ast.FloorDiv | ast.Mod, left: str, right: str) -> Value:
    """Rounded down, and what is left then; both are 0 where the divisor is.

    The machine cannot divide by 0, nor the smallest number by -1, so it is kept from both.
    """
    next_up = writer.put(f"add i64 {right}, 1")
    is_special = writer.put(f"icmp ult i64 {next_up}, 2")
    divisor = writer.put(f"select i1 {is_special}, i64 1, i64 {right}")
    rest = writer.put(f"srem i64 {left}, {divisor}")
    signs = writer.put(f"xor i64 {rest}, {divisor}")
    differ = writer.put(f"icmp slt i64 {signs}, 0")
    remains = writer.put(f"icmp ne i64 {rest}, 0")
    below = writer.put(f"and i1 {differ}, {remains}")
    if isinstance(operator, ast.Mod):
        more = writer.put(f"select i1 {below}, i64 {divisor}, i64 0")
        return Value(INT, (writer.put(f"add i64 {rest}, {more}"),))
    quotient = writer.put(f"sdiv i64 {left}, {divisor}")
    less = writer.put(f"sext i1 {below} to i64")
    floor = writer.put(f"add i64 {quotient}, {less}")
    by_special = writer.put(f"mul i64 {left}, {right}")
    return Value(INT, (writer.put(f"select i1 {is_special}, i64 {by_special}, i64 {floor}"),))


def compared(writer: Writer, operator: ast.cmpop, a: Value, b: Value) -> Value:
    """Raises TypeError for what is not compared."""
    names = COMPARED.get(type(operator))
    if names is None:
        raise TypeError(f"{type(operator).__name__}: not in compiled code")
    kind, left, right = alike(writer, a, b)
    of_ints, of_floats = names
    how = f"fcmp {of_floats}" if kind is FLOAT else f"icmp {of_ints}"
    return Value(BOOL, (writer.put(f"{how} {kind.value} {left}, {right}"),))


def chosen(writer: Writer, condition: Value, yes: Value, no: Value) -> Value:
    """One of two numbers that are both known."""
    kind, one, other = alike(writer, yes, no)
    instruction = f"select i1 {condition.parts[0]}, {kind.value} {one}, {kind.value} {other}"
    return Value(kind, (writer.put(instruction),))
