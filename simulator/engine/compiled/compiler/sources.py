"""The definition of a function as its file has it, and what the names in it stand for."""

from __future__ import annotations

import ast
import builtins
import linecache
from functools import cache
from types import FunctionType, ModuleType
from typing import Any


class CannotCompile(Exception):
    """Something that compiled code cannot say: where it stands, and what it is."""

    def __init__(self, function: FunctionType, node: ast.AST | None, problem: str) -> None:
        line = getattr(node, "lineno", function.__code__.co_firstlineno)
        super().__init__(f"{function.__code__.co_filename}:{line}: {problem}")


def definition_of(function: FunctionType) -> ast.FunctionDef:
    """Raises CannotCompile for what is not defined by ``def`` in a file that can be read."""
    code = function.__code__
    found = definitions(code.co_filename).get((code.co_firstlineno, function.__name__))
    if found is None:
        raise CannotCompile(function, None, f"{function.__qualname__}: its source is not there")
    return found


@cache
def definitions(file: str) -> dict[tuple[int, str], ast.FunctionDef]:
    """All functions of a file, by the line on which each begins, with its decorators, and its name."""
    tree = ast.parse("".join(linecache.getlines(file)))
    return {
        (min([node.lineno, *(each.lineno for each in node.decorator_list)]), node.name): node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }


def meaning_of(node: ast.expr, function: FunctionType) -> Any:
    """What a name that is not of the function's own stands for, or a name in a module.

    Raises CannotCompile where there is none.
    """
    if isinstance(node, ast.Name):
        for names in (function.__globals__, vars(builtins)):
            if node.id in names:
                return names[node.id]
    if isinstance(node, ast.Attribute):
        module = meaning_of(node.value, function)
        if isinstance(module, ModuleType) and hasattr(module, node.attr):
            return getattr(module, node.attr)
    raise CannotCompile(function, node, f"{ast.unparse(node)} is not known")
