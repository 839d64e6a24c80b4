"""The cheapest that holds when something is otherwise, starting from a candidate that is known.

The same question as the search answers, for a case beside the real one: with fewer launches, and
near to what is known. All that is to grow grows together until enough of the few launches hold; then
what is paid for is taken back, knob by knob, the dearest first, as far as they still hold. What comes
out cannot be had a step cheaper by any one knob; that nothing quite different is cheaper is not said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from simulator.advice.change.turn import OF_CAPACITY, Turn
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.player import Player
from simulator.advice.size.questions.aids.few import Few
from simulator.advice.size.questions.aids.steps import border, outward, within
from simulator.advice.size.trials import Tried

GROW = OF_CAPACITY | {
    Turn.WAITING_ROOM, Turn.RELEASE, Turn.BATCH, Turn.SLOTS, Turn.PER_MINUTE, Turn.PLACES,
}  # fmt: skip
"""What grows with the demand; durations do not."""
FURTHER = 1.2
"""From one size of everything to the next."""
MOST_SIZES = 16
"""Twenty times as much of everything is no case, but another system."""


def grown(knobs: Sequence[Knob], candidate: Candidate, factors: Sequence[float]) -> Candidate:
    """The candidate with so many times as much of each knob, as far as ranges go."""
    return Candidate(
        values=tuple(
            within(knob, value * factor) if knob.tweak.turn in GROW and factor != 1.0 else value
            for knob, value, factor in zip(knobs, candidate.values, factors, strict=True)
        )
    )


def cheapest_from(
    player: Player, start: Candidate, few: Few, factors: Sequence[float] | None = None
) -> Tried | None:
    """The cheapest that was found; None: even the most of everything does not hold.

    ``factors`` is a guess of how many times as much of each knob it takes.
    """
    guess = grown(player.knobs, start, factors or [1.0] * len(player.knobs))
    enough = _enough(player, guess, few)
    if enough is None:
        return None
    for number in _dearest_first(player, enough):
        enough = _taken_back(player, enough, number, few)
    return player.tried(enough, range(few.launches))


def _enough(player: Player, guess: Candidate, few: Few) -> Candidate | None:
    """The first that holds, of ever more of everything."""
    before = None
    for size in range(MOST_SIZES):
        candidate = grown(player.knobs, guess, [FURTHER**size] * len(player.knobs))
        if candidate != before and few.hold(player, candidate):
            return candidate
        before = candidate
    return None


def _dearest_first(player: Player, candidate: Candidate) -> list[int]:
    """The knobs that are paid for, by what they cost."""
    cost = player.prices.of

    def spent(number: int) -> float:
        return cost(candidate.values) - cost(candidate.with_value(number, 0.0).values)

    paid = [number for number in range(len(player.knobs)) if spent(number) > 0]
    return sorted(paid, key=lambda number: (-spent(number), number))


def _taken_back(player: Player, candidate: Candidate, number: int, few: Few) -> Candidate:
    """With as little of one knob as holds."""
    knob, holds = player.knobs[number], candidate.values[number]

    def does(value: float) -> bool:
        return few.hold(player, candidate.with_value(number, value))

    for value in outward(knob, holds, up=False):
        if not does(value):
            return candidate.with_value(number, border(knob, value, holds, does))
        holds = value
    return candidate.with_value(number, holds)


Cheapest = Callable[[Player, Few, Sequence[float]], Tried | None]
"""Looks for the cheapest that holds in a few launches of a player; told how many times as much of each
knob to begin with."""
