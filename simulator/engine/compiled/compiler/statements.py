"""Statements of one function, put into LLVM's instructions: what is set, and which way things go."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from types import FunctionType

from simulator.engine.compiled.compiler.expressions import Expressions, Program, type_of
from simulator.engine.compiled.compiler.kinds import (
    NOTHING,
    Kind,
    Scalar,
    Words,
    parts_of,
)
from simulator.engine.compiled.compiler.operators import (
    INT,
    calculated,
    compared,
    converted,
)
from simulator.engine.compiled.compiler.writer import Value, apart, integer, several


class Statements(Expressions):
    """The body of one function."""

    def __init__(self, program: Program, function: FunctionType, gives: Kind) -> None:
        super().__init__(program, function)
        self.gives = gives
        self.loops: list[tuple[str, str]] = []
        """Of each loop around: where it goes on, and where it has ended."""
        self.left: set[str] = set()
        """The ends of loops that something breaks off."""

    def take(self, name: str, value: Value, *, is_set: bool) -> None:
        """An argument; one that is set anew is a variable like any other."""
        if is_set:
            self.rooms[name] = self.writer.room(value.kind, f"v.{name}")
            self.writer.write(self.rooms[name], value)
        else:
            self.given[name] = value

    def run(self, nodes: Iterable[ast.stmt]) -> None:
        """What can never be reached is left out."""
        for node in nodes:
            if self.writer.is_open:
                try:
                    self.statement(node)
                except TypeError as error:
                    raise self.wrong(node, str(error)) from error

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                found = self.value(value)
                for target in targets:
                    self.assign(target, found)
            case ast.AugAssign(target=target, op=operator, value=value):
                self.change(target, operator, value)
            case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
                pass
            case ast.Expr(value=value):
                self.value(value)
            case ast.If(test=test, body=body, orelse=other):
                self.fork(self.condition(test), body, other)
            case ast.While(test=test, body=body, orelse=[]):
                self.repeat(test, body)
            case ast.For(
                target=ast.Name(id=name),
                iter=ast.Call(func=ast.Name(id="range"), args=bounds),
                body=body,
                orelse=[],
            ):
                self.count(name, bounds, body)
            case ast.Return(value=value):
                self.give(value)
            case ast.Break():
                self.left.add(self.loops[-1][1])
                self.writer.jump(self.loops[-1][1])
                self.writer.is_open = False
            case ast.Continue():
                self.writer.jump(self.loops[-1][0])
                self.writer.is_open = False
            case _:
                raise TypeError(f"{type(node).__name__}: not in compiled code")

    # What is set ----------------------------------------------------------------------------------

    def assign(self, target: ast.expr, value: Value) -> None:
        match target:
            case ast.Name(id=name):
                self.set(name, value)
            case ast.Tuple(elts=targets):
                for one, part in zip(targets, apart(value), strict=True):
                    self.assign(one, part)
            case ast.Subscript(value=whole, slice=index):
                self.store(self.place(self.value(whole), index), value)
            case _:
                raise TypeError(f"{ast.unparse(target)} is never set in compiled code")

    def set(self, name: str, value: Value) -> None:
        """A variable is of the kind that it had first."""
        if name not in self.rooms:
            self.rooms[name] = self.writer.room(value.kind, f"v.{name}")
        room = self.rooms[name]
        if isinstance(room.kind, Scalar):
            value = converted(self.writer, value, room.kind)
        elif room.kind != value.kind:
            raise TypeError(f"{name}: of two kinds")
        self.writer.write(room, value)

    def store(self, place: Value, value: Value) -> None:
        """A number at its place in memory."""
        if not isinstance(place.kind, Words):
            raise TypeError("no number is set there")
        kind = place.kind.element
        number = converted(self.writer, value, kind).parts[0]
        self.writer.do(f"store {kind.value} {number}, ptr {place.parts[0]}")

    def change(self, target: ast.expr, operator: ast.operator, by: ast.expr) -> None:
        """What is there is read before what it is changed by, as Python does; its place only once."""
        if isinstance(target, ast.Name):
            before = self.value(target)
            self.set(target.id, calculated(self.writer, operator, before, self.value(by)))
            return
        if not isinstance(target, ast.Subscript):
            raise TypeError(f"{ast.unparse(target)} is never changed in compiled code")
        place = self.place(self.value(target.value), target.slice)
        if not isinstance(place.kind, Words):
            raise TypeError("no number is changed there")
        kind = place.kind.element
        before = Value(kind, (self.writer.put(f"load {kind.value}, ptr {place.parts[0]}"),))
        self.store(place, calculated(self.writer, operator, before, self.value(by)))

    # Which way it goes ----------------------------------------------------------------------------

    def fork(self, condition: Value, body: Sequence[ast.stmt], other: Sequence[ast.stmt]) -> None:
        writer = self.writer
        yes, no, after = writer.fresh("then"), writer.fresh("else"), writer.fresh("after")
        writer.fork(condition, yes, no)
        goes_on = False
        for block, nodes in ((yes, body), (no, other)):
            writer.begin(block)
            self.run(nodes)
            goes_on |= writer.is_open
            writer.jump(after)
        if goes_on:
            writer.begin(after)

    def repeat(self, test: ast.expr, body: Sequence[ast.stmt]) -> None:
        for_ever = isinstance(test, ast.Constant) and test.value is True
        again, inside, after = (self.writer.fresh(name) for name in ("again", "inside", "after"))
        self.writer.jump(again)
        self.writer.begin(again)
        if not for_ever:
            self.writer.fork(self.condition(test), inside, after)
            self.writer.begin(inside)
        self.loop(body, again, after, again)
        if not for_ever or after in self.left:
            self.writer.begin(after)

    def count(self, name: str, bounds: list[ast.expr], body: Sequence[ast.stmt]) -> None:
        """From the first number to before the last, which are worked out once."""
        writer = self.writer
        first, last, step = self.bounds(bounds)
        counter = writer.room(INT, f"n.{name}")
        writer.write(counter, first)
        again, inside, following, after = (
            writer.fresh(each) for each in ("again", "inside", "next", "after")
        )
        writer.jump(again)
        writer.begin(again)
        now = writer.read(counter)
        ordered = ast.Lt() if step > 0 else ast.Gt()
        writer.fork(compared(writer, ordered, now, last), inside, after)
        writer.begin(inside)
        self.set(name, now)
        self.loop(body, following, after, following)
        writer.begin(following)
        writer.write(counter, calculated(writer, ast.Add(), writer.read(counter), integer(step)))
        writer.jump(again)
        writer.begin(after)

    def bounds(self, nodes: list[ast.expr]) -> tuple[Value, Value, int]:
        """As of ``range``; the step is a plain number."""
        zero, one = ast.Constant(0), ast.Constant(1)
        first, last, step = {1: [zero, *nodes, one], 2: [*nodes, one]}.get(len(nodes), nodes)
        numbers = [converted(self.writer, self.value(node), INT) for node in (first, last)]
        return numbers[0], numbers[1], int(ast.literal_eval(step))

    def loop(self, body: Sequence[ast.stmt], on: str, after: str, then: str) -> None:
        self.loops.append((on, after))
        self.run(body)
        self.loops.pop()
        self.writer.jump(then)

    def give(self, node: ast.expr | None) -> None:
        """The end of the function, and what it gives."""
        if node is None or self.gives == NOTHING:
            if node is not None:
                self.value(node)
            self.writer.end("ret void")
            return
        found = apart(self.value(node))
        kinds = apart(Value(self.gives, parts_of(self.gives)))
        numbers = [
            converted(self.writer, value, of.kind) if isinstance(of.kind, Scalar) else value
            for value, of in zip(found, kinds, strict=True)
        ]
        self.writer.end(f"ret {type_of(self.gives)} {self.packed(several(numbers).parts)}")

    def packed(self, parts: tuple[str, ...]) -> str:
        """Several parts as one value of LLVM's."""
        if len(parts) == 1:
            return parts[0]
        whole, kind = "poison", type_of(self.gives)
        for number, (part, of) in enumerate(zip(parts, parts_of(self.gives), strict=True)):
            whole = self.writer.put(f"insertvalue {kind} {whole}, {of} {part}, {number}")
        return whole
