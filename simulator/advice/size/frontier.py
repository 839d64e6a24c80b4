"""The frontier: what less and more would cost, and what people would pay for it.

Every candidate is played in the same launches: else those that failed early would be judged by the
hardest of them alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from simulator.advice.size.knobs import Candidate
from simulator.advice.size.search.space import Space
from simulator.advice.size.trials import Tried

FACTORS = (0.25, 0.5, 0.7, 0.8, 0.9, 1.1, 1.25, 1.5)
"""Of the capacity that was found."""


def around(found: Candidate, space: Space) -> tuple[Candidate, ...]:
    """So many times everything that is bought, as far as the ranges reach; and what there is now."""
    candidates = dict.fromkeys(
        space.candidate(
            tuple(
                axis.nearest(value * factor) if knob.bought else axis.nearest(value)
                for axis, knob, value in zip(space.axes, space.knobs, found.values, strict=True)
            )
        )
        for factor in FACTORS
    )
    return tuple(candidates)


def frontier_of(tried: Iterable[Tried]) -> tuple[Tried, ...]:
    """Those that nothing as cheap beats in people lost, in waiting or in how many launches hold.

    The cheapest comes first. All were tried in the same launches.
    """
    kept: list[Tried] = []
    cheapest_first = sorted(
        tried, key=lambda each: (each.cost, -each.holds, each.lost, each.wait_p95_s)
    )
    for _, same in groupby(cheapest_first, key=lambda each: each.cost):
        best = next(same)
        if all(_better(best, other) for other in kept):
            kept.append(best)
    return tuple(kept)


def _better(one: Tried, other: Tried) -> bool:
    """In anything."""
    return one.lost < other.lost or one.wait_p95_s < other.wait_p95_s or one.holds > other.holds
