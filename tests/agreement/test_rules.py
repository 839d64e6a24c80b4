"""The drawn launches use every rule, alone and together."""

from pathlib import Path

import pytest

from tests.agreement.mutants import MUTANTS
from tests.agreement.rules import RULES, rules_of

ROOT = Path(__file__).parents[2]
SEEDS = range(1_000)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_plays_a_part_in_a_hundredth_of_the_launches(rule: str) -> None:
    assert sum(rule in rules_of(seed) for seed in SEEDS) >= len(SEEDS) // 100


def test_some_launches_use_few_rules_and_some_use_most() -> None:
    """No launch can use all: they have one release, and one order of the line."""
    many = sorted(len(rules_of(seed)) for seed in SEEDS)
    assert many[0] < len(RULES) // 4
    assert many[-1] > 2 * len(RULES) // 3


def test_the_documents_count_the_mutants_that_there_are() -> None:
    of_kernel = sum(mutant.meets_kernel for mutant in MUTANTS)
    table = (ROOT / "docs" / "agreement.md").read_text("utf-8")
    assert (
        f"| {len(RULES)} rules | 10,000 launches | {len(MUTANTS)} mutants | {of_kernel} mutants |"
        in table
    )
    told = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert (
        f"{len(MUTANTS)} wrong versions of the rules are told apart by the event loop, the {of_kernel} whose"
        in told
    )
