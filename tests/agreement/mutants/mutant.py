"""A mutant: the SimPy engine with one rule wrong, because one of its parts is."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, NamedTuple

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


PLACES = {getattr(PARTS, field.name): field.name for field in fields(Parts)}


def parts_with(wrong_part: type[object]) -> Parts:
    """The parts of a launch, one of which gets a rule wrong: the one that it is a kind of."""
    place = next(PLACES[kind] for kind in wrong_part.__mro__ if kind in PLACES)
    changes: dict[str, Any] = {place: wrong_part}
    return replace(PARTS, **changes)


def wrong(rule: str, *parts: type[object], needs: tuple[str, ...] = ()) -> tuple[Mutant, ...]:
    """A mutant of each part that gets the rule wrong, by its name."""
    return tuple(Mutant(part.__name__, rule, parts_with(part), needs) for part in parts)


def but(name: str, right: type[object], **methods: Callable[..., object]) -> type[object]:
    """A part that is right but for what these methods do."""
    assert all(callable(getattr(right, method)) for method in methods)
    return type(name, (right,), dict(methods))


def always(name: str, right: type[object], **answers: object) -> type[object]:
    """A part that answers the same whatever it is asked; with None it does nothing."""
    return but(name, right, **{method: asked_for(answer) for method, answer in answers.items()})


def asked_for(answer: object) -> Callable[..., object]:
    return lambda *_, **__: answer
