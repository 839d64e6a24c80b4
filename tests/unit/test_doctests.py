"""Examples in docstrings are run."""

import doctest
import importlib
import pkgutil

import pytest

import reports
import scenarios
import scenarios.logs
import simulator

NEED_THE_CHILD = {f"scenarios.{name}" for name in ("child", "conductor", "session", "wire")}
"""They import Locust, which replaces the standard sockets of whoever imports it."""

MODULES = [
    module.name
    for package in (reports, scenarios, scenarios.logs, simulator)
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    if module.name not in NEED_THE_CHILD
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    assert doctest.testmod(importlib.import_module("reports.words")).attempted > 3
