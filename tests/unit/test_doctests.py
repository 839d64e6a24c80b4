"""Examples in docstrings are run."""

import doctest
import importlib
import pkgutil

import pytest

import reports
import scenarios
import simulator

MODULES = [
    module.name
    for package in (reports, scenarios, simulator)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.startswith("scenarios.replay.child")  # Locust replaces standard sockets
    and not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    assert doctest.testmod(importlib.import_module("reports.sentences.words")).attempted > 3
