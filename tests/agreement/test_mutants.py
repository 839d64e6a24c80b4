"""The agreement suite can tell: an engine with one rule wrong does not agree.

Whichever of the three implementations has a rule wrong, it is the odd one out. So a wrong SimPy
engine meets the event loop, and the kernel without events too wherever that plays the rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest

from simulator.engine.readable.launch import Readable
from simulator.engine.readable.parts import PARTS, Parts
from tests.agreement.agreement import CRAMPED, CRAMPED_FIFO, disagreement, play, replay
from tests.agreement.drawn.strategies import Drawn, replayed, replayed_plain
from tests.agreement.mutants import MUTANTS
from tests.agreement.mutants.mutant import Mutant
from tests.agreement.rules import RULES, plain_rules, rules_of, seeds_with

MOST_SEEDS = 10_000
"""As many as the slow suite of agreement plays; most mutants are told apart by the first few."""
RIGHT = Readable()

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


def seeds_for(mutant: Mutant, drawn: Drawn) -> Iterator[int]:
    """The seeds whose launches use the mutant's rules, the likeliest first."""
    known = FIRST_SEED.get(mutant.name)
    if known is not None and mutant.rules <= rules_of(known, drawn):
        yield known
    yield from (seed for seed in seeds_with(mutant.rules, drawn, MOST_SEEDS) if seed != known)


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_a_wrong_rule_is_caught(mutant: Mutant) -> None:
    """Where the kernel plays the rule, by both of the others in one launch."""
    drawn: Drawn = replayed_plain if mutant.meets_kernel else replayed
    others = (CRAMPED_FIFO, CRAMPED) if mutant.meets_kernel else (CRAMPED,)
    tried = 0
    for seed in seeds_for(mutant, drawn):
        tried += 1
        wrong = play(Readable(mutant.parts), drawn(seed))
        if disagreement(wrong, replay(others[0], drawn, seed)):
            print(f'"{mutant.name}": {seed},  # after {tried:,} launches')
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
