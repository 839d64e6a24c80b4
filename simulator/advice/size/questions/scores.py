"""Scores: how much each candidate is regretted in each world.

A *world* is one launch, with the volume, the calibration, the patience and the retries that it drew.
The regret of a candidate in a world is how much better the world's best one did.

*Where the file says what a person costs who is lost*, everything is in money: a candidate's score is
its price and that of the people it loses, and the best is the lowest.

*Where it does not*, no exchange rate of people is made up. What a world needs is the cheapest
candidate that holds there, and regret counts in what is bought (in money, or in servers): what was
bought in vain once, what was missing 1.25 times, both to the power 1.2, so that one big mistake is
worse than several small ones. Who does not hold misses what would have to be added to make him one
that does; and at least one server, or the cheapest step there is, where what he lacks is for free.
The mean over worlds is the power mean, so that it is again in the unit of what is bought.

Source: Netflix, service-capacity-modeling, ``CapacityRegretParameters`` (1 for too much, 1.25 for too
little, exponent 1.2). Savage 1951, "The theory of statistical decision" (regret).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.units import Floats

TOO_MUCH, TOO_LITTLE, EXPONENT = 1.0, 1.25, 1.2

Yes = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Played:
    """Every candidate in every world."""

    values: Floats
    """Shape (candidates, knobs)."""
    cost: Floats
    """Shape (candidates,)."""
    holds: Yes
    """Shape (candidates, worlds)."""
    lost: Floats
    """People lost; shape (candidates, worlds)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """How much each candidate is regretted, and why. All of shape (candidates, worlds)."""

    regret: Floats
    """In the unit of the prices."""
    too_little: Yes
    """Whether what it lacks outweighs what it saves."""
    too_much: Yes
    """Whether something cheaper would have done."""
    exponent: float = 1.0

    @property
    def mean(self) -> Floats:
        """Over the worlds, of each candidate."""
        powered = np.mean(self.regret**self.exponent, axis=1)
        return np.asarray(powered ** (1.0 / self.exponent))


def by_people(played: Played, person_lost: float) -> Scores:
    """In money, with so much for each person lost."""
    score = played.cost[:, np.newaxis] + person_lost * played.lost
    best = np.argmin(score, axis=0)
    worlds = np.arange(score.shape[1])
    regret = score - score[best, worlds]
    by_loss = person_lost * (played.lost - played.lost[best, worlds])
    by_price = played.cost[:, np.newaxis] - played.cost[best]
    too_little = (regret > 0) & (by_loss > by_price)
    return Scores(regret=regret, too_little=too_little, too_much=(regret > 0) & ~too_little)


def by_need(played: Played, price: Floats) -> Scores:
    """In what is bought; ``price`` is of one more of each knob, shape (knobs,)."""
    done = _done(played)
    least = float(min(price[price > 0], default=1.0))
    added = np.maximum(played.values[np.newaxis] - played.values[:, np.newaxis], 0.0) @ price
    missing = np.min(np.where(done[np.newaxis], added[:, :, np.newaxis], np.inf), axis=1)
    missing = np.where(done, 0.0, np.maximum(missing, least))
    need = np.min(np.where(done, played.cost[:, np.newaxis], np.inf), axis=0)
    in_vain = np.maximum(played.cost[:, np.newaxis] + missing - need, 0.0)
    return Scores(
        regret=TOO_MUCH * in_vain + TOO_LITTLE * missing,
        too_little=~done,
        too_much=done & (in_vain > 0),
        exponent=EXPONENT,
    )


def _done(played: Played) -> Yes:
    """Who does in each world: who holds; where nobody does, who loses the fewest people."""
    fewest = played.lost == played.lost.min(axis=0)
    return np.where(played.holds.any(axis=0), played.holds, fewest)
