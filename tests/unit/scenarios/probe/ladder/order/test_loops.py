"""What closed loops tell of the order in which a server takes those who wait."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scenarios.probe.ladder.order.discipline import discipline
from scenarios.probe.ladder.order.loops import Answers, Loop, in_turn, shared, works
from scenarios.probe.ladder.rungs import Mean
from tests.unit.scenarios.probe.ladder.order.test_discipline import bursts_of

N, SERVERS, AWAY, CV = 4, 2, 0.15, 1 / 3
SHORT = Loop(n=N, log_cv=Mean(0.0, 0.0, 1), away=AWAY)


def test_services_that_are_all_alike_make_answers_alike() -> None:
    """Four in a loop at two servers: each waits for one service, and the beginning is left out."""
    ones = np.ones(400)
    assert in_turn(SHORT, ones, SERVERS) == pytest.approx(0.0, abs=1e-9)
    assert shared(SHORT, ones, SERVERS, 4) < 0.05


def test_a_loop_with_nobody_who_waits_is_as_unlike_as_its_services() -> None:
    alone = Loop(n=1, log_cv=Mean(0.0, 0.0, 1), away=AWAY)
    work = works(0.5, seed=1)
    spread = float(work[50:].std() / work[50:].mean())
    for found in (in_turn(alone, work, SERVERS), shared(alone, work, SERVERS, 4)):
        assert found == pytest.approx(spread, rel=1e-6)


def seen(kind: str, seed: int) -> Loop:
    """Four batches of a hundred answers of such a server."""
    spreads = []
    for batch in range(4):
        work = works(CV, 100 + 10 * seed + batch)[:150]
        of = in_turn(SHORT, work, SERVERS) if kind == "in turn" else shared(SHORT, work, SERVERS, 4)
        spreads.append(math.log(of))
    error = float(np.std(spreads, ddof=1)) / 2
    return Loop(n=N, log_cv=Mean(float(np.mean(spreads)), error, 4), away=AWAY)


@pytest.mark.parametrize("kind", ["in turn", "shared"])
def test_a_third_of_spread_tells_whom_bursts_cannot(kind: str) -> None:
    """Of eight services that took as long to send as to serve, a burst tells nothing."""
    right = 0
    for seed in range(20):
        bursts = bursts_of(kind, seed, CV)
        sends_s = 0.5 * float(np.mean([burst[-1] for burst in bursts])) / 4
        found = discipline(bursts, SERVERS, CV, loops=[seen(kind, seed)], sends_s=sends_s)
        assert found is not None
        right += found.shares == (kind == "shared")
    assert right >= 18, "of 20, where guessing has ten (z = 3.6)"


def test_where_services_hardly_differ_loops_say_nothing() -> None:
    answers = Answers.of([SHORT], SERVERS, 0.05, seed=0)
    assert answers.loops == ()
    assert (answers.in_turn, answers.shared(4)) == (0, 0)
