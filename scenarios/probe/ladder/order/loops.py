"""How unlike answers are in a closed loop: first come, first served, or shared. Pure.

With ``n`` in flight at ``c`` servers everybody waits about as long under either discipline. But who is served
in turn waits for others, whose services even out; who shares the cores is as long as his own service is. So
where services differ, answers differ by more where they are shared. What each discipline would make of services of
the same mean and spread is simulated, person by person, with the time between an answer and the next request.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scenarios.probe.ladder.estimate.estimate import Estimate
from scenarios.probe.ladder.rungs import Mean, Rung, Visit, mean_of
from simulator.units import Floats

ANSWERS = 3_000
"""Of each simulated loop: their coefficient of variation is then known within 2 or 3 %."""
WARM_UP = 50
MODEL_ERROR = 0.12
"""How far the logarithm of a real server's coefficient of variation lies beside any simple model's: what a
client and a network add to the spread grows with the load."""
LEAST_CV = 0.1
"""Services that are more alike tell nothing: what differs is then the network's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """The answers of one rung, in which somebody always waits."""

    n: int
    log_cv: Mean
    """Logarithm of their coefficient of variation, of batches."""
    away: float
    """From an answer to the next request, as a multiple of a service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What each discipline would make of the loops of a ladder."""

    loops: tuple[Loop, ...]
    """Those that can tell; none where services are alike."""
    work: Floats
    servers: int

    @classmethod
    def of(cls, loops: Iterable[Loop], servers: int, cv: float, seed: int) -> Answers:
        telling = tuple(each for each in loops if each.n > servers and cv >= LEAST_CV)
        return cls(loops=telling, work=works(max(cv, LEAST_CV), seed), servers=servers)

    @property
    def in_turn(self) -> float:
        """Log-likelihood of what was seen, first come, first served."""
        return sum(score(each, in_turn(each, self.work, self.servers)) for each in self.loops)

    def shared(self, slots: int) -> float:
        """The same where so many share as many cores as there are servers."""
        return sum(score(each, shared(each, self.work, self.servers, slots)) for each in self.loops)


def loops_of(rungs: Iterable[Rung], found: Estimate) -> list[Loop]:
    """The rungs above the servers, as loops."""
    busy_s = found.servers / found.capacity_per_s.value
    loops = []
    for rung in rungs:
        spreads = [spread_of(visit) for visit in rung.visits if len(visit.completed) > WARM_UP / 5]
        if rung.n <= found.servers or not spreads or min(spreads) <= 0:
            continue
        away_s = max(0.0, rung.n / rung.per_s.value - rung.answer_s.value) + found.network_s
        log_cv = mean_of([math.log(each) for each in spreads])
        loops.append(Loop(n=rung.n, log_cv=log_cv, away=away_s / busy_s))
    return loops


def spread_of(visit: Visit) -> float:
    """The coefficient of variation of its answers."""
    took = np.array([each.took_ns for each in visit.completed], np.float64)
    return float(took.std(ddof=1) / took.mean())


def score(loop: Loop, expected: float) -> float:
    """Log-likelihood of one loop, where a discipline makes the coefficient of variation so."""
    error = loop.log_cv.error if math.isfinite(loop.log_cv.error) else MODEL_ERROR
    off = loop.log_cv.value - math.log(max(LEAST_CV / 10, expected))
    return -0.5 * off * off / (error**2 + MODEL_ERROR**2)


def works(cv: float, seed: int) -> Floats:
    """Services of mean 1."""
    return np.random.default_rng(seed).gamma(1 / cv**2, cv**2, ANSWERS)


def in_turn(loop: Loop, work: Floats, servers: int) -> float:
    """The coefficient of variation of answers, first come, first served."""
    free, coming, took = [0.0] * servers, [0.0] * loop.n, list[float]()
    for each in work.tolist():
        sent = heapq.heappop(coming)
        ends = max(sent, free[0]) + each
        heapq.heapreplace(free, ends)
        took.append(ends - sent)
        heapq.heappush(coming, ends + loop.away)
    return spread(took)


def shared(loop: Loop, work: Floats, cores: int, slots: int) -> float:
    """The same where up to ``slots`` at once share the cores, each of them one core at most.

    Attained service is kept as one running sum: who begins when it is ``v`` ends when it is ``v`` and his work.
    """
    now = attained = 0.0
    coming, waiting, took = [0.0] * loop.n, deque[float](), list[float]()
    running: list[tuple[float, float]] = []
    """When each ends, in attained service, and when it was sent."""
    left = iter(work.tolist())
    while len(took) < len(work):
        pace = min(1.0, cores / len(running)) if running else 0.0
        ends = now + (running[0][0] - attained) / pace if running else math.inf
        comes = coming[0] if coming else math.inf
        attained += pace * (min(ends, comes) - now)
        now = min(ends, comes)
        if comes <= ends:
            waiting.append(heapq.heappop(coming))
        else:
            took.append(now - heapq.heappop(running)[1])
            heapq.heappush(coming, now + loop.away)
        while waiting and len(running) < slots:
            if (each := next(left, None)) is None:
                return spread(took)
            heapq.heappush(running, (attained + each, waiting.popleft()))
    return spread(took)


def spread(took: list[float]) -> float:
    """Without the beginning, where nobody waits yet."""
    known = np.array(took[WARM_UP:])
    return float(known.std() / known.mean())
