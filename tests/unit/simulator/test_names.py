"""The names that a Python user of the simulator has."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import simulator


def test_all_names_are_there_and_documented() -> None:
    assert list(simulator.__all__) == sorted(simulator.__all__)
    assert len(simulator.__all__) == 10
    for name in simulator.__all__:
        assert inspect.getdoc(getattr(simulator, name)), name


def test_the_types_are_told_of_just_these_names() -> None:
    stub = ast.parse(Path(simulator.__file__).with_suffix(".pyi").read_text("utf-8"))
    told = {
        each.name: node.module
        for node in ast.walk(stub)
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }
    assert sorted(told) == simulator.__all__
    for name, module in told.items():
        assert module == getattr(simulator, name).__module__, name


def test_nothing_is_imported_that_was_not_asked_for() -> None:
    program = "import simulator, sys; print([name for name in ('numpy', 'llvmlite') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
