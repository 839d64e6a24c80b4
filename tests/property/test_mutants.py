"""The agreement suite can tell: a model with one rule wrong does not agree."""

from __future__ import annotations

import pytest

from simulator.readable import Launch
from tests.property.agreement import disagreement, replayed
from tests.property.mutants import MUTANTS

SEEDS = range(1_000)
"""The same launches for every mutant; the test below says that the right model passes them all."""


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS.keys())
def test_a_wrong_rule_is_caught(mutant: type[Launch]) -> None:
    assert any(disagreement(mutant(*replayed(seed)).outcomes(), seed) for seed in SEEDS)


def test_the_right_rules_pass_the_same_launches() -> None:
    assert not any(disagreement(Launch(*replayed(seed)).outcomes(), seed) for seed in SEEDS)
