"""All functions that are reached from an entry, as one module in LLVM's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FunctionType
from typing import cast

from simulator.engine.compiled.compiler.expressions import Callee, type_of
from simulator.engine.compiled.compiler.kinds import (
    BYTES,
    NOTHING,
    Kind,
    Scalar,
    Several,
    parts_of,
    size_of,
)
from simulator.engine.compiled.compiler.known import DECLARED
from simulator.engine.compiled.compiler.machine import ENTRY
from simulator.engine.compiled.compiler.marks import MARKED
from simulator.engine.compiled.compiler.operators import converted
from simulator.engine.compiled.compiler.sources import CannotCompile, definition_of
from simulator.engine.compiled.compiler.statements import Statements
from simulator.engine.compiled.compiler.writer import Value, Writer
from simulator.units import Ints

SCALARS = {"int": Scalar.INT, "uintp": Scalar.INT, "float": Scalar.FLOAT, "bool": Scalar.BOOL}
"""By the words of annotations. Whoever gives a truth where a number is asked gives 0 or 1."""


class Program:
    """Gathers the functions that are called, each once for each kind of arguments."""

    def __init__(self) -> None:
        self.known: dict[tuple[object, tuple[Kind, ...]], Callee] = {}
        self.waiting: list[Callee] = []
        self.tables: list[str] = []

    def callee(self, function: object, kinds: tuple[Kind, ...]) -> Callee:
        """Raises TypeError for what is no function of compiled code."""
        marked = getattr(function, "compiled", function)
        if marked not in MARKED:
            raise TypeError(f"{function}: is not marked as compiled")
        key = (marked, kinds)
        if key not in self.known:
            self.known[key] = self.signature(cast("FunctionType", marked), kinds)
            self.waiting.append(self.known[key])
        return self.known[key]

    def signature(self, function: FunctionType, kinds: tuple[Kind, ...]) -> Callee:
        definition = definition_of(function)
        arguments = definition.args.args
        if len(arguments) != len(kinds):
            raise TypeError(f"{function.__name__}: takes {len(arguments)} arguments")
        takes = tuple(
            SCALARS.get(ast.unparse(argument.annotation or argument_of_none()), kind)
            for argument, kind in zip(arguments, kinds, strict=True)
        )
        gives = given_kind(function, definition)
        return Callee(f"f{len(self.known)}.{function.__name__}", function, takes, gives)

    def table(self, array: Ints) -> str:
        """A constant array; returns where it is."""
        name = f"@table.{len(self.tables)}"
        numbers = ", ".join(f"i64 {number}" for number in array.tolist())
        self.tables.append(f"{name} = private constant [{len(array)} x i64] [{numbers}]")
        return name

    def text(self, function: FunctionType, kinds: tuple[Kind, ...]) -> str:
        """The module: the entry, and whatever is reached from it.

        Raises CannotCompile.
        """
        functions = ["\n".join(self.entry(function, kinds))]
        while self.waiting:
            functions.append("\n".join(self.defined(self.waiting.pop())))
        return "\n".join([*self.tables, *functions, DECLARED, "!0 = !{}", ""])

    def entry(self, function: FunctionType, kinds: tuple[Kind, ...]) -> Iterator[str]:
        """Takes the arguments from a frame, and gives a word."""
        signature = self.callee(function, kinds)
        body, place, handed = Statements(self, function, Scalar.INT), 0, []
        writer = body.writer
        for kind in kinds:
            handed.append(writer.field("%frame", place, kind))
            place += size_of(kind)
        given = [
            converted(writer, value, kind) if isinstance(kind, Scalar) else value
            for value, kind in zip(handed, signature.takes, strict=True)
        ]
        found = body.returned(signature, given)
        writer.end(f"ret i64 {as_word(writer, found) if found.parts else 0}")
        size = max(1, place) * BYTES
        yield f"define i64 @{ENTRY}(ptr noalias nocapture readonly dereferenceable({size}) %frame) {{"
        yield from whole(writer)

    def defined(self, signature: Callee) -> Iterator[str]:
        """A function in LLVM's language."""
        definition = definition_of(signature.function)
        body = Statements(self, signature.function, signature.gives)
        names = [argument.arg for argument in definition.args.args]
        changed = names_set(definition)
        parameters = []
        for name, kind in zip(names, signature.takes, strict=True):
            parts = tuple(f"%{name}.p{i}" for i in range(len(parts_of(kind))))
            parameters += [f"{of} {part}" for of, part in zip(parts_of(kind), parts, strict=True)]
            body.take(name, Value(kind, parts), is_set=name in changed)
        body.run(definition.body)
        if body.writer.is_open:
            body.writer.end("ret void" if signature.gives == NOTHING else "unreachable")
        how = MARKED[signature.function]
        head = f"define internal {type_of(signature.gives)} @{signature.name}"
        yield f"{head}({', '.join(parameters)}) nounwind {how} {{"
        yield from whole(body.writer)


def as_word(writer: Writer, value: Value) -> str:
    """What an entry gives: a number, or the bits of a float."""
    if value.kind is Scalar.FLOAT:
        return writer.put(f"bitcast double {value.parts[0]} to i64")
    return converted(writer, value, Scalar.INT).parts[0]


def whole(writer: Writer) -> Iterator[str]:
    """The rooms for variables come before all else."""
    yield "entry:"
    yield from writer.rooms
    yield from writer.lines
    yield "}"


def argument_of_none() -> ast.expr:
    """An argument without an annotation is what it is called with."""
    return ast.Constant(None)


def names_set(definition: ast.FunctionDef) -> set[str]:
    """The names that are set anywhere in a function."""
    return {
        node.id
        for node in ast.walk(definition)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def given_kind(function: FunctionType, definition: ast.FunctionDef) -> Kind:
    """What a function gives, by its annotation; mypy sees to it that this is true."""
    match definition.returns:
        case ast.Constant(value=None):
            return NOTHING
        case ast.Name(id=name) if name in SCALARS:
            return SCALARS[name]
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=elements)):
            words = [ast.unparse(element) for element in elements]
            if all(word in SCALARS for word in words):
                return Several(tuple(SCALARS[word] for word in words))
    raise CannotCompile(function, definition, "gives neither numbers nor nothing")
