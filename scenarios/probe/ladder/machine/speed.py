"""What the machine did while the ladder was climbed: whether the processor kept its speed, and was free."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from scenarios.machine.yardstick import FEWEST_PIECES, Piece
from scenarios.probe.ladder.rungs import Mean, Visit, mean_of

CHANGED = 1.15
"""By what factor the yardstick's sweeps differ where the machine's speed changed."""
CROWDED = 1.2
"""A piece of work that takes so many times its processor time waits for other programs."""


def speeds(pieces: Sequence[Piece], visits: Iterable[Visit]) -> dict[int, Mean]:
    """By sweep, how long the yardstick took, beside its mean at the same rung: 1 where nothing changed.

    The same rung, because who shares a core's caches and threads with the target is slower as well.
    """
    found: dict[int, dict[int, list[int]]] = {}
    for visit in visits:
        took = [each.cpu_ns for each in during(visit, pieces)]
        found.setdefault(visit.n, {}).setdefault(visit.sweep, []).extend(took)
    ratios: dict[int, list[float]] = {}
    for sweeps in found.values():
        known = {sweep: took for sweep, took in sweeps.items() if len(took) >= FEWEST_PIECES}
        usual = np.mean([np.mean(took) for took in known.values()]) if known else 1.0
        for sweep, took in known.items():
            ratios.setdefault(sweep, []).extend(float(ns / usual) for ns in took)
    return {sweep: mean_of(each) for sweep, each in sorted(ratios.items())}


def during(visit: Visit, pieces: Sequence[Piece]) -> list[Piece]:
    return [each for each in pieces if visit.begin_ns <= each.at_ns <= visit.end_ns]


def unqueued(pieces: Sequence[Piece], visits: Iterable[Visit], servers: int) -> list[Piece]:
    """Those of the visits in which nobody queued: the services that are written down are theirs."""
    alone = [visit for visit in visits if visit.n <= servers]
    return [each for visit in alone for each in during(visit, pieces)]


def waited(pieces: Sequence[Piece], visits: Iterable[Visit]) -> float:
    """How much longer the yardstick took than its own processor time, with one request in flight.

    One request keeps one core busy at a time: whoever waits for a core then, waits for other programs.
    """
    alone = [each for visit in visits if visit.n == 1 for each in during(visit, pieces)]
    if len(alone) < FEWEST_PIECES:
        return 1.0
    return sum(each.wall_ns for each in alone) / max(1, sum(each.cpu_ns for each in alone))


def changed(by_sweep: Mapping[int, Mean]) -> float:
    """The slowest sweep over the quickest one, where that is more than noise; else 1.

    More than noise: by three standard errors, since there are several pairs of sweeps.
    """
    if len(by_sweep) < 2:
        return 1.0
    slow = max(by_sweep.values(), key=lambda each: each.value)
    quick = min(by_sweep.values(), key=lambda each: each.value)
    sure = slow.value - quick.value > 3 * math.hypot(slow.error, quick.error)
    factor = slow.value / quick.value
    return factor if sure and factor >= CHANGED else 1.0
