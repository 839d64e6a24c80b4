"""A mutant: the SimPy engine with one rule wrong, because one of its parts is."""

from __future__ import annotations

from dataclasses import fields
from typing import NamedTuple

from simulator.engine.readable.parts import PARTS, Parts
from tests.agreement.rules import plain_rules


class Mutant(NamedTuple):
    """An engine that gets one rule wrong."""

    name: str
    rule: str
    """Its name in :data:`tests.agreement.rules.RULES`."""
    parts: Parts
    needs: tuple[str, ...] = ()
    """Rules that must play a part too for the wrong one to be seen."""

    @property
    def rules(self) -> set[str]:
        """All that must play a part."""
        return {self.rule, *self.needs}

    @property
    def meets_kernel(self) -> bool:
        """Whether the kernel without events plays launches in which it is seen."""
        return self.rules <= plain_rules()


def wrong(rule: str, *wrong_parts: Parts, needs: tuple[str, ...] = ()) -> tuple[Mutant, ...]:
    """A mutant of each, named after the class in it that gets the rule wrong."""
    return tuple(Mutant(name_of(parts), rule, parts, needs) for parts in wrong_parts)


def name_of(parts: Parts) -> str:
    classes = {(getattr(parts, f.name), getattr(PARTS, f.name)) for f in fields(Parts)}
    (name,) = (mine.__name__ for mine, right in classes if mine is not right)
    return str(name)
