"""The agreement suite can tell: an engine with one rule wrong does not agree.

Whichever of the three implementations has a rule wrong, it is the odd one out. So a wrong SimPy
engine meets the event loop, and the kernel without events too wherever that plays the rule.
"""

from collections.abc import Iterator
from dataclasses import fields

import pytest

from simulator.engine.readable.launch import Readable
from simulator.engine.readable.parts import PARTS, Parts
from tests.agreement.agreement import CRAMPED, CRAMPED_FIFO, RIGHT, disagreement, play, replay
from tests.agreement.drawn.strategies import Drawn, replayed, replayed_plain
from tests.agreement.mutants import MUTANTS
from tests.agreement.mutants.mutant import Mutant
from tests.agreement.rules import RULES, plain_rules, seeds_with

MOST_SEEDS = 10_000
"""As many as the slow suite of agreement plays; most mutants are told apart by the first few."""


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_a_wrong_rule_is_caught(mutant: Mutant) -> None:
    """Where the kernel plays the rule, by both of the others in one launch."""
    drawn: Drawn = replayed_plain if mutant.meets_kernel else replayed
    others = (CRAMPED_FIFO, CRAMPED) if mutant.meets_kernel else (CRAMPED,)
    tried = 0
    for seed in seeds_with(mutant.rules, drawn, MOST_SEEDS):
        tried += 1
        wrong = play(Readable(mutant.parts), drawn(seed))
        if disagreement(wrong, replay(others[0], drawn, seed)):
            for other in others:
                assert disagreement(wrong, replay(other, drawn, seed))
                assert not disagreement(replay(RIGHT, drawn, seed), replay(other, drawn, seed))
            return
    pytest.fail(f"not told apart by {tried:,} launches with {mutant.rules}")


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_mutant(rule: str) -> None:
    """And if the kernel plays the rule, one that meets the kernel."""
    of_the_rule = [mutant for mutant in MUTANTS if mutant.rule == rule]
    assert of_the_rule
    assert rule not in plain_rules() or any(mutant.meets_kernel for mutant in of_the_rule)


def test_the_kernel_plays_every_plain_launch() -> None:
    assert all(CRAMPED_FIFO.covers(replayed_plain(seed).system) for seed in range(1_000))


def test_no_wrong_part_is_left_out() -> None:
    """Each class that gets something wrong is of a mutant, or what several of them share."""
    right = {getattr(PARTS, field.name) for field in fields(Parts)}
    met = {getattr(mutant.parts, field.name) for mutant in MUTANTS for field in fields(Parts)}
    shared = {base for part in met for base in part.__mro__}
    written = {heir for part in right for heir in heirs(part)}
    assert {part.__name__ for part in written - shared - right} == set()


def heirs(part: type[object]) -> Iterator[type[object]]:
    for heir in part.__subclasses__():
        yield heir
        yield from heirs(heir)
