"""Scores: how much each candidate is regretted in each world.

A *world* is one launch, with the volume, the calibration, the patience and the retries that it drew.
The regret of a candidate in a world is how much better the world's best one did.

*Where the file says what a person costs who is lost*, everything is in money: a candidate's score is
its price and that of the people it loses, and the best is the lowest.

*Where it does not*, no price of people is made up. What a world needs is the cheapest candidate that
holds there, and regret counts in what is bought (money, or servers): what was bought in vain once,
what was missing several times. How many times follows from the share of launches that must hold: who
asks for 95 of 100 says that too little is 19 times as bad as too much, since that is the ratio with
which the least regret lies where 95 of 100 have enough (the critical ratio of a newsvendor,
``share / (1 - share)``). Who does not hold misses what would have to be added to make him one that
does; and at least the cheapest piece there is, where what he lacks is for free.

Source: Savage 1951, "The theory of statistical decision" (regret). Arrow, Harris and Marschak 1951,
"Optimal inventory policy" (the critical ratio). Netflix's service-capacity-modeling scores plans in
worlds in the same way, with 1.25 for too little: a launch of which 56 in 100 hold would content it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.units import Floats

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

    @property
    def mean(self) -> Floats:
        """Over the worlds, of each candidate."""
        return np.asarray(self.regret.mean(axis=1))


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


def by_need(played: Played, price: Floats, share: float) -> Scores:
    """In what is bought; ``price`` is of one more of each knob, shape (knobs,).

    ``share`` is that of the launches that must hold, below 1.
    """
    done = _done(played)
    added = np.maximum(played.values[np.newaxis] - played.values[:, np.newaxis], 0.0) @ price
    missing = np.min(np.where(done[np.newaxis], added[:, :, np.newaxis], np.inf), axis=1)
    missing = np.where(done, 0.0, np.maximum(missing, _least(price)))
    need = np.min(np.where(done, played.cost[:, np.newaxis], np.inf), axis=0)
    in_vain = np.maximum(played.cost[:, np.newaxis] + missing - need, 0.0)
    return Scores(
        regret=in_vain + share / (1.0 - share) * missing,
        too_little=~done,
        too_much=done & (in_vain > 0),
    )


def _least(price: Floats) -> float:
    """The cheapest piece that can be bought; 1, where nothing costs anything."""
    return float(min(price[price > 0], default=1.0))


def _done(played: Played) -> Yes:
    """Who does in each world: who holds; where nobody does, the dearest of those who lose the fewest.

    So much is needed there at least.
    """
    fewest = played.lost == played.lost.min(axis=0)
    cost = np.where(fewest, played.cost[:, np.newaxis], -np.inf)
    return np.where(played.holds.any(axis=0), played.holds, cost == cost.max(axis=0))
