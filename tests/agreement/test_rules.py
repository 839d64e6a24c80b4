"""The drawn launches use every rule, alone and together."""

import pytest

from tests.agreement.rules import RULES, rules_of

SEEDS = range(1_000)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_plays_a_part_in_a_hundredth_of_the_launches(rule: str) -> None:
    assert sum(rule in rules_of(seed) for seed in SEEDS) >= len(SEEDS) // 100


def test_some_launches_use_few_rules_and_some_use_most() -> None:
    """No launch can use all: they have one release, and one order of the line."""
    many = sorted(len(rules_of(seed)) for seed in SEEDS)
    assert many[0] < len(RULES) // 4
    assert many[-1] > 2 * len(RULES) // 3
