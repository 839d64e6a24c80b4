"""A mutant: the SimPy engine with one rule wrong, and how it is made from one wrong part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from simulator.engine.readable.launch import Launch

Part = TypeVar("Part", bound=type)


class Mutant(NamedTuple):
    """An engine that gets one rule wrong."""

    rule: str
    """Its name in :data:`tests.agreement.rules.RULES`."""
    launch: type[Launch]


MUTANTS: dict[str, Mutant] = {}


def wrong(rule: str, part: str, *kinds: Any) -> Callable[[Part], Part]:
    """Make a mutant of a class: in its place as a part of a launch, it gets the rule wrong.

    ``kinds`` are the keys under which the part is found, where it depends on what is said.
    """

    def mutate(cls: Part) -> Part:
        found: Any = cls
        if kinds:
            found = getattr(Launch, part) | dict.fromkeys(kinds, cls)
        add(cls.__name__, rule, type(cls.__name__, (Launch,), {part: found}))
        return cls

    return mutate


def wrong_launch(rule: str) -> Callable[[type[Launch]], type[Launch]]:
    """Make a mutant of a launch that gets the rule wrong itself."""

    def mutate(cls: type[Launch]) -> type[Launch]:
        add(cls.__name__, rule, cls)
        return cls

    return mutate


def add(name: str, rule: str, launch: type[Launch]) -> None:
    assert name not in MUTANTS, name
    MUTANTS[name] = Mutant(rule, launch)
