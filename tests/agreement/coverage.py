"""The table of agreement: ``python -m tests.agreement.coverage`` writes it as Markdown.

For each rule of a launch: in which share of the drawn launches it plays a part, and how many
engines that get it wrong are told apart: by the event loop, and by the kernel without events.
"""

from collections import Counter

from tests.agreement.mutants import MUTANTS
from tests.agreement.rules import RULES, rules_of

SEEDS = 10_000
"""As many as the slow suite plays."""


def table(seeds: int = SEEDS) -> str:
    """Rules, in how many of the launches they play a part, and their mutants."""
    used = Counter(rule for seed in range(seeds) for rule in rules_of(seed))
    mutants = Counter(mutant.rule for mutant in MUTANTS)
    kernel = Counter(mutant.rule for mutant in MUTANTS if mutant.meets_kernel)
    rows = [
        f"| {rule} | {used[rule] / seeds:.1%} | {mutants[rule]} | {kernel[rule] or '-'} |"
        for rule in RULES
    ]
    met = f"{len(MUTANTS)} mutants | {kernel.total()} mutants"
    total = f"| {len(RULES)} rules | {seeds:,} launches | {met} |"
    head = ["| rule | launches | mutants: the loop tells | the kernel tells |", "|---|--:|--:|--:|"]
    return "\n".join([*head, *rows, total])


if __name__ == "__main__":
    print(table())
