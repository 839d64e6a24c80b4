"""Which of several numbers of servers a step speaks for, where a ladder left them open. Pure.

A ladder sees how many are served with so many in flight, and three servers that slow one another by half serve as many
as two that do not. People who come by themselves tell them apart: few of them meet. Each number is given the
band that the ladder gives its services; the likelihood of what the step came to is that of its p50 and p95 over the launches
of each, whose logarithms are taken to be normal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scenarios.probe.held_out.score import Came
from simulator.units import Floats

DECIDES = 3.0
"""Another number is written where it makes the step so many times as likely: the ladder had its reasons."""
MODEL_ERROR = 0.04
"""How far the logarithm of a real server's quantile lies beside any simple model's."""


def preferred(foreseen: Sequence[Sequence[Came]], came: Came) -> tuple[int, float]:
    """Which of several predictions of a step to go by, and how many times as likely it is as the first.

    The first is the ladder's own, and stays unless another is clearly likelier.
    """
    logs = [log_likelihood(each, came) for each in foreseen]
    best = max(range(len(logs)), key=logs.__getitem__)
    odds = math.exp(min(50.0, logs[best] - logs[0]))
    return (best, odds) if odds >= DECIDES else (0, 1.0)


def log_likelihood(foreseen: Sequence[Came], came: Came) -> float:
    """Of p50 and p95 together."""
    seen = logs_of(came)
    each = np.array([logs_of(one) for one in foreseen])
    spread = np.cov(each.T) + MODEL_ERROR**2 * np.eye(2)
    off = seen - each.mean(axis=0)
    return float(-0.5 * off @ np.linalg.solve(spread, off) - 0.5 * np.linalg.slogdet(spread)[1])


def logs_of(came: Came) -> Floats:
    return np.log([max(SHORTEST_S, came.p50_s), max(SHORTEST_S, came.p95_s)])


SHORTEST_S = 1e-6
