"""The agreement suite can tell: an engine with one rule wrong does not agree."""

from __future__ import annotations

import pytest

from simulator.engine.readable.launch import Launch
from tests.property.agreement import disagreement, played
from tests.property.mutants import MUTANTS, Mutant
from tests.property.rules import RULES, seeds_with

MOST_SEEDS = 10_000
"""As many as the slow suite of agreement plays; most mutants are told apart by the first few."""


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS.keys())
def test_a_wrong_rule_is_caught(mutant: Mutant) -> None:
    tried = 0
    for seed in seeds_with(mutant.rule, MOST_SEEDS):
        tried += 1
        if disagreement(played(mutant.launch, seed), seed):
            right = disagreement(played(Launch, seed), seed)
            assert right is None, f"launch_of(Random({seed})): {right}"
            return
    pytest.fail(f'not told apart by {tried:,} launches with the rule "{mutant.rule}"')


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_mutant(rule: str) -> None:
    assert any(mutant.rule == rule for mutant in MUTANTS.values())
