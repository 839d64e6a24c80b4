"""Least regret: the candidate that is regretted the least over many worlds, and the others' excuses.

Every candidate is played in every world. Those of one's neighbours that were not among them join as
long as one of them is better than the best so far.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from simulator.advice.size.answers.regret import Excuse, Regret
from simulator.advice.size.knobs import Candidate
from simulator.advice.size.player import Player
from simulator.advice.size.questions.aids.steps import beside
from simulator.advice.size.questions.scores import Played, Scores, by_need, by_people
from simulator.advice.size.trials import Tried
from simulator.units import Floats
from simulator.verdict.criteria import Outcome

WORLDS = 20
DIGITS = 9
"""Regrets that agree in so many decimals are the same: their sums are rounded."""
MOST = 24
"""So many candidates, at most: each of them is played in all worlds."""


def least_regret(
    player: Player,
    certified: Candidate,
    others: Iterable[Candidate],
    share: float,
    worlds: int = WORLDS,
) -> Regret:
    """The regrets of a small set of candidates, in the launches from 0 on.

    They are the certified one, the others (today's, the naive one, those of the frontier), of which
    as many are taken as there is room for, and the neighbours. ``share`` is that of the launches that
    must hold.
    """
    chosen = list(dict.fromkeys([certified, *neighbours(player, certified), *others]))[:MOST]
    while True:
        tried = [player.tried(candidate, range(worlds)) for candidate in chosen]
        scores = scores_of(player, tried, share)
        best = chosen[_order(tried, scores)[0]]
        near = [each for each in neighbours(player, best) if each not in chosen]
        if not near or len(chosen) + len(near) > MOST:
            return regret_of(player, tried, scores)
        chosen += near


def neighbours(player: Player, candidate: Candidate) -> list[Candidate]:
    """One step less and one step more of each knob that is paid for: nobody regrets what is for free."""
    return [*_beside(player, candidate, up=False), *_beside(player, candidate, up=True)]


def _beside(player: Player, candidate: Candidate, *, up: bool) -> list[Candidate]:
    cost = player.prices.of(candidate.values)
    steps = (
        candidate.with_value(number, value)
        for number, knob in enumerate(player.knobs)
        if (value := beside(knob, candidate.values[number], up=up)) is not None
    )
    return [each for each in steps if player.prices.of(each.values) != cost]


def scores_of(player: Player, tried: Sequence[Tried], share: float) -> Scores:
    """In money where it is known what a person costs who is lost; else in what is bought."""
    played = Played(
        values=np.array([each.candidate.values for each in tried]),
        cost=np.array([each.cost for each in tried]),
        holds=np.array([[t.outcome is Outcome.HOLDS for t in each.trials] for each in tried]),
        lost=np.array([[float(t.lost) for t in each.trials] for each in tried]),
    )
    prices = player.prices
    if prices.currency and prices.person_lost > 0:
        return by_people(played, prices.person_lost)
    return by_need(played, _price(player, tried[0].candidate), share)


def _price(player: Player, at: Candidate) -> Floats:
    """What one more of each knob costs."""
    cost = player.prices.of
    more = (at.with_value(n, value + 1.0) for n, value in enumerate(at.values))
    return np.array([cost(each.values) - cost(at.values) for each in more])


def regret_of(player: Player, tried: Sequence[Tried], scores: Scores) -> Regret:
    """The regrets of what was tried, with their excuses."""
    excuses = [_excuse(tried[number], scores, number) for number in _order(tried, scores)]
    best, *others = excuses
    return Regret(
        worlds=len(best.tried.trials),
        best=best,
        others=tuple(others),
        cost_of_too_little=_costs(player, best, others, up=False),
        cost_of_too_much=_costs(player, best, others, up=True),
    )


def _order(tried: Sequence[Tried], scores: Scores) -> list[int]:
    """The least regretted first, the cheaper one of equals."""
    mean = scores.mean.tolist()
    return sorted(range(len(tried)), key=lambda n: (round(mean[n], DIGITS), tried[n].cost))


def _excuse(tried: Tried, scores: Scores, number: int) -> Excuse:
    little = scores.too_little[number]
    places = Counter(
        trial.place for trial, is_little in zip(tried.trials, little, strict=True) if is_little
    )
    del places[""]
    return Excuse(
        tried=tried,
        mean=float(scores.mean[number]),
        too_little=int(little.sum()),
        too_much=int(scores.too_much[number].sum()),
        station=min(places, key=lambda place: (-places[place], place), default=""),
    )


def _costs(player: Player, best: Excuse, others: Sequence[Excuse], *, up: bool) -> float:
    """What one step costs more, of the knob with which it costs the most; 0: there is no such step."""
    steps = _beside(player, best.tried.candidate, up=up)
    return max((e.mean - best.mean for e in others if e.tried.candidate in steps), default=0.0)
