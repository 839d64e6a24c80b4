"""The agreement suite can tell: an engine with one rule wrong does not agree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.engine.readable.launch import Launch
from tests.agreement.agreement import disagreement, played
from tests.agreement.mutants import MUTANTS, Mutant
from tests.agreement.rules import RULES, rules_of, seeds_with

MOST_SEEDS = 10_000
"""As many as the slow suite of agreement plays; most mutants are told apart by the first few."""

FIRST_SEED: dict[str, int] = {
    "FREED before TOKEN": 2172,
    "LaterStepFirst": 989,
    "TOKEN before COMPLETION": 939,
    "LaterAttemptFirst": 410,
    "CallsOfAnOpeningCount": 3781,
    "RELEASE before EXPIRY": 246,
    "ENTRY before ARRIVAL": 213,
    "ColdAnInstantLonger": 605,
    "GhostsAnInstantLonger": 6333,
    "TheCrowdMovesAheadToo": 275,
    "OpeningTakesNoSlots": 288,
    "AnnouncedWaitInWholeMinutes": 1969,
    "COMPLETION before CONTROL": 82,
    "RetryAfterIsThatOfTheStep": 181,
    "CONTROL before CHANGE": 78,
    "TIMEOUT before SEND": 76,
    "AnswerAtTheLimitIsLate": 991,
    "SlotIsHeldFromTheEntry": 474,
    "NothingIsAttainedBeforeAnArrival": 251,
    "GhostsFromTheEndOfPatience": 2444,
    "ENTRY before SESSION": 48,
    "OnlyTheFirstStepAddsToTheBudget": 85,
    "AnnouncedWaitRemembersAllSlots": 320,
    "SlotHeldForNothingIsForgotten": 311,
    "OnlyRetriesRenewASession": 375,
    "HonourIsDrawnForEachAttempt": 154,
    "SEND before ENTRY": 37,
    "LaterVisitorOfAMinuteFirst": 436,
    "ColdAtEveryOpening": 109,
    "AllGroupsShareABudget": 53,
    "SeatsDoNotCount": 271,
    "PATIENCE before REFRESH": 30,
}
"""The seed that was the first to tell a mutant apart, where more than thirty had to be played before it.

It is played first. Where it tells nothing any more, since launches are drawn otherwise, all others are
played as before; ``pytest -s`` then says which one to note here.
"""


def seeds_for(name: str, mutant: Mutant) -> Iterator[int]:
    """The seeds whose launches use the mutant's rule, the likeliest first."""
    first = [FIRST_SEED[name]] if name in FIRST_SEED else []
    yield from (seed for seed in first if mutant.rule in rules_of(seed))
    yield from (seed for seed in seeds_with(mutant.rule, MOST_SEEDS) if seed not in first)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_rule_is_caught(name: str) -> None:
    mutant, tried = MUTANTS[name], 0
    for seed in seeds_for(name, MUTANTS[name]):
        tried += 1
        if disagreement(played(mutant.launch, seed), seed):
            print(f'"{name}": {seed},  # after {tried:,} launches')
            right = disagreement(played(Launch, seed), seed)
            assert right is None, f"launch_of(Random({seed})): {right}"
            return
    pytest.fail(f'not told apart by {tried:,} launches with the rule "{mutant.rule}"')


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_mutant(rule: str) -> None:
    assert any(mutant.rule == rule for mutant in MUTANTS.values())
