"""Expressions of one function, put into LLVM's instructions."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Protocol

import numpy as np

from simulator.engine.compiled.compiler.kinds import (
    Array,
    Kind,
    Record,
    Scalar,
    Several,
    Words,
    parts_of,
)
from simulator.engine.compiled.compiler.known import KNOWN
from simulator.engine.compiled.compiler.operators import (
    BOOL,
    FLOAT,
    INT,
    calculated,
    compared,
    converted,
    negated,
    opposite,
    truth,
)
from simulator.engine.compiled.compiler.sources import CannotCompile, meaning_of
from simulator.engine.compiled.compiler.writer import (
    NO_VALUE,
    Value,
    Writer,
    apart,
    integer,
    several,
)
from simulator.units import Ints


@dataclass(frozen=True, slots=True)
class Callee:
    """A function for arguments of certain kinds."""

    name: str
    function: FunctionType
    takes: tuple[Kind, ...]
    gives: Kind


class Program(Protocol):
    """Whoever gathers the functions that are called, and the tables that are read."""

    def callee(self, function: object, kinds: tuple[Kind, ...]) -> Callee: ...
    def table(self, array: Ints) -> str: ...


class Expressions:
    """What is worked out in one function, with what its variables are at the time."""

    def __init__(self, program: Program, function: FunctionType) -> None:
        self.program, self.function = program, function
        self.writer = Writer()
        self.given: dict[str, Value] = {}
        """Arguments that are never set anew."""
        self.rooms: dict[str, Value] = {}
        """Where the other variables are."""

    def wrong(self, node: ast.AST, problem: str) -> CannotCompile:
        return CannotCompile(self.function, node, problem)

    def value(self, node: ast.expr) -> Value:
        """Raises CannotCompile for an expression that compiled code does not have."""
        try:
            return self.value_of(node)
        except TypeError as error:
            raise self.wrong(node, f"{ast.unparse(node)}: {error}") from error

    def value_of(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=value):
                return self.constant(value)
            case ast.Name() | ast.Attribute():
                return self.named(node)
            case ast.Subscript(value=whole, slice=index):
                return self.part(self.value(whole), index)
            case ast.Tuple(elts=elements):
                return several([self.value(element) for element in elements])
            case ast.Call(func=callee, args=arguments, keywords=[]):
                return self.call(callee, [self.value(argument) for argument in arguments])
            case ast.IfExp(test=test, body=body, orelse=other):
                yes, no = partial(self.value, body), partial(self.value, other)
                return self.writer.either(self.condition(test), yes, no)
            case _:
                return self.operation(node)

    def operation(self, node: ast.expr) -> Value:
        match node:
            case ast.BinOp(left=left, op=operator, right=right):
                return calculated(self.writer, operator, self.value(left), self.value(right))
            case ast.Compare(left=left, ops=operators, comparators=others):
                return self.comparison(self.value(left), operators, others)
            case ast.BoolOp(op=operator, values=values):
                return self.together(operator, values)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return negated(self.writer, self.value(operand))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return opposite(self.writer, self.value(operand))
        raise TypeError(f"{type(node).__name__}: not in compiled code")

    def named(self, node: ast.Name | ast.Attribute) -> Value:
        """A variable or what is part of one, or else what the name stands for everywhere."""
        if isinstance(node, ast.Attribute) and self.is_own(node.value):
            return self.attribute(self.value(node.value), node.attr)
        name = node.id if isinstance(node, ast.Name) else ""
        if name in self.given:
            return self.given[name]
        if name in self.rooms:
            return self.writer.read(self.rooms[name])
        return self.constant(meaning_of(node, self.function))

    def constant(self, value: object) -> Value:
        """Of a name that is not the function's own, it is what the name stands for now."""
        match value:
            case bool():
                return Value(BOOL, (str(value).lower(),))
            case int():
                return integer(value)
            case float():
                return Value(FLOAT, (f"0x{np.float64(value).view(np.uint64):016X}",))
            case np.ndarray(ndim=1) if value.dtype == np.int64:
                return Value(Array(INT, 1), (self.program.table(value), str(len(value))))
        raise TypeError(f"{type(value).__name__}: no constant of compiled code")

    def condition(self, node: ast.expr) -> Value:
        return truth(self.writer, self.value(node))

    def comparison(self, left: Value, operators: list[ast.cmpop], others: list[ast.expr]) -> Value:
        """One after the other, as long as they hold."""
        operator, other = operators[0], others[0]
        if isinstance(operator, ast.In) and isinstance(other, ast.Tuple):
            return self.is_one_of(left, other.elts)
        right = self.value(other)
        holds = compared(self.writer, operator, left, right)
        if len(operators) == 1:
            return holds
        rest = partial(self.comparison, right, operators[1:], others[1:])
        return self.writer.either(holds, rest, lambda: self.constant(value=False))

    def is_one_of(self, value: Value, nodes: list[ast.expr]) -> Value:
        found = self.constant(value=False)
        for node in nodes:
            same = compared(self.writer, ast.Eq(), value, self.value(node))
            found = Value(BOOL, (self.writer.put(f"or i1 {found.parts[0]}, {same.parts[0]}"),))
        return found

    def together(self, operator: ast.boolop, nodes: list[ast.expr]) -> Value:
        """``and``, ``or``: of truths alone, as long as it is not decided."""
        first, *others = nodes
        holds = self.condition(first)
        if not others:
            return holds
        rest = partial(self.together, operator, others)
        if isinstance(operator, ast.And):
            return self.writer.either(holds, rest, lambda: self.constant(value=False))
        return self.writer.either(holds, lambda: self.constant(value=True), rest)

    # Calls ----------------------------------------------------------------------------------------

    def call(self, node: ast.expr, arguments: list[Value]) -> Value:
        function = meaning_of(node, self.function)
        if function in KNOWN:
            return KNOWN[function](self.writer, *arguments)
        callee = self.program.callee(function, tuple(value.kind for value in arguments))
        handed = [
            converted(self.writer, value, kind) if isinstance(kind, Scalar) else value
            for value, kind in zip(arguments, callee.takes, strict=True)
        ]
        return self.returned(callee, handed)

    def returned(self, callee: Callee, handed: list[Value]) -> Value:
        """Call it, and take apart what it gives."""
        types = [part for kind in callee.takes for part in parts_of(kind)]
        parts = [part for value in handed for part in value.parts]
        arguments = ", ".join(f"{kind} {part}" for kind, part in zip(types, parts, strict=True))
        call = f"call {type_of(callee.gives)} @{callee.name}({arguments})"
        gives = parts_of(callee.gives)
        if not gives:
            self.writer.do(call)
            return NO_VALUE
        found = self.writer.put(call)
        if len(gives) == 1:
            return Value(callee.gives, (found,))
        each = (f"extractvalue {type_of(callee.gives)} {found}, {i}" for i in range(len(gives)))
        return Value(callee.gives, tuple(self.writer.put(one) for one in each))

    # What is part of something --------------------------------------------------------------------

    def is_own(self, node: ast.expr) -> bool:
        """Whether it begins with a variable, not with the name of a module."""
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        return isinstance(node, ast.Name) and (node.id in self.given or node.id in self.rooms)

    def attribute(self, owner: Value, name: str) -> Value:
        """A field of a named tuple, or the shape of an array."""
        if isinstance(owner.kind, Array) and name == "shape":
            return several([Value(INT, (part,)) for part in owner.parts[1:]])
        if isinstance(owner.kind, Record):
            for field, kind, place in owner.kind.fields:
                if field == name:
                    return self.writer.field(owner.parts[0], place, kind)
        raise TypeError(f"there is no {name}")

    def part(self, whole: Value, index: ast.expr) -> Value:
        """What stands at an index: a number, or a row of an array."""
        if isinstance(whole.kind, Several):
            if not isinstance(index, ast.Constant) or not isinstance(index.value, int):
                raise TypeError("which of several must be plain")
            return apart(whole)[index.value]
        place = self.place(whole, index)
        if isinstance(place.kind, Array):
            return place
        assert isinstance(place.kind, Words)
        element = place.kind.element
        return Value(element, (self.writer.put(f"load {element.value}, ptr {place.parts[0]}"),))

    def place(self, whole: Value, index: ast.expr) -> Value:
        """Where that is: a row, or the memory that begins with the number."""
        nodes = index.elts if isinstance(index, ast.Tuple) else [index]
        indices = [converted(self.writer, self.value(node), INT).parts[0] for node in nodes]
        if isinstance(whole.kind, Words) and len(indices) == 1:
            return Value(whole.kind, (self.element(whole, indices[0]),))
        if not isinstance(whole.kind, Array) or len(indices) > whole.kind.dimensions:
            raise TypeError("nothing stands at such an index")
        offset, lengths = indices[0], whole.parts[2:]
        for number, size in enumerate(lengths, 1):
            offset = self.writer.put(f"mul i64 {offset}, {size}")
            if number < len(indices):
                offset = self.writer.put(f"add i64 {offset}, {indices[number]}")
        address, remain = self.element(whole, offset), whole.kind.dimensions - len(indices)
        if not remain:
            return Value(Words(whole.kind.element), (address,))
        return Value(Array(whole.kind.element, remain), (address, *whole.parts[-remain:]))

    def element(self, whole: Value, offset: str) -> str:
        """The address of an element; all have a word."""
        return self.writer.put(f"getelementptr inbounds i64, ptr {whole.parts[0]}, i64 {offset}")


def type_of(gives: Kind) -> str:
    """What a function returns, as one type in LLVM."""
    parts = parts_of(gives)
    return "void" if not parts else parts[0] if len(parts) == 1 else f"{{ {', '.join(parts)} }}"
