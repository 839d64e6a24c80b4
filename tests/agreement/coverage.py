"""The table of agreement: ``python -m tests.agreement.coverage`` writes it as Markdown.

For each rule of a launch: in which share of the drawn launches it plays a part, and how many
engines that get it wrong are told apart.
"""

from __future__ import annotations

from collections import Counter

from tests.agreement.mutants import MUTANTS
from tests.agreement.rules import RULES, rules_of

SEEDS = 10_000
"""As many as the slow suite plays."""


def table(seeds: int = SEEDS) -> str:
    """Rules, in how many of the launches they play a part, and their mutants."""
    used = Counter(rule for seed in range(seeds) for rule in rules_of(seed))
    mutants = Counter(mutant.rule for mutant in MUTANTS.values())
    rows = [f"| {rule} | {used[rule] / seeds:.1%} | {mutants[rule]} |" for rule in RULES]
    total = f"| {len(RULES)} rules | {seeds:,} launches | {len(MUTANTS)} mutants |"
    head = ["| rule | launches | mutants |", "|---|--:|--:|"]
    return "\n".join([*head, *rows, total])


if __name__ == "__main__":
    print(table())
