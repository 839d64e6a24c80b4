"""Formulas of the long run: they know one rate, and nothing of a beginning or an end."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from scipy import optimize

from tests.statistical.oracles.pools import Mmc, Mmck
from tests.validation.rivals.forecast import GENEROUS, Asked, Forecast, beyond

FULL = 0.999
"""Above this share of the capacity nothing is stationary."""


def calibrated_mmc(asked: Asked) -> Forecast:
    """M/M/c with the servers and the mean service that were measured; M/M/c/K where a room is known.

    Source: Gross et al., "Fundamentals of Queueing Theory", sections 2.3 to 2.5.
    """
    probed, rate = asked.probed, asked.rate_per_s
    servers, mu = probed.at_once, 1.0 / probed.busy_s
    capacity = min(servers * mu, asked.limit_per_s)
    bounded = asked.waiting_room < GENEROUS
    refused = 0.0
    if bounded:
        refused = Mmck(rate, mu, servers, servers + asked.waiting_room).p_turned_away
    failing = refused if bounded and capacity == servers * mu else beyond(rate, capacity)
    if not 0.0 < rate < FULL * servers * mu:
        return Forecast(capacity_per_s=capacity, failing=failing)
    queue, away_s = Mmc(rate, mu, servers), probed.round_trip_s
    return Forecast(
        capacity_per_s=capacity,
        p50_s=queue.time_quantile_s(0.5) + away_s,
        p95_s=queue.time_quantile_s(0.95) + away_s,
        wait_s=queue.waiting_time_s,
        failing=failing,
    )


def usl_of(at_once: np.ndarray, per_s: np.ndarray) -> tuple[float, float, float]:
    """gamma, alpha and beta of X(N) = gamma N / (1 + alpha (N - 1) + beta N (N - 1)).

    N / X(N) is linear in 1 / gamma, alpha / gamma and beta / gamma: least squares, none of them
    negative. Source: Gunther 2007, "Guerrilla Capacity Planning", chapter 4.
    """
    terms = np.column_stack([np.ones_like(at_once), at_once - 1, at_once * (at_once - 1)])
    (one, queues, waits), _ = optimize.nnls(terms, at_once / per_s)
    gamma = 1.0 / float(one)
    return gamma, float(queues) * gamma, float(waits) * gamma


def usl(asked: Asked) -> Forecast | None:
    """The universal scalability law, and an exponential law for the answers (as M/M/1 has it).

    X(N) = rate gives how many are there, and they N / rate by Little's law. None where fewer than
    three rungs were measured.
    """
    rungs, rate = asked.probed.rungs, asked.rate_per_s
    if len(rungs) < 3:
        return None
    at_once = np.array([float(rung.at_once) for rung in rungs])
    gamma, alpha, beta = usl_of(at_once, np.array([rung.per_s for rung in rungs]))
    capacity = min(usl_peak(gamma, alpha, beta, float(at_once[-1])), asked.limit_per_s)
    if not 0.0 < rate < FULL * capacity:
        return Forecast(capacity_per_s=capacity, failing=beyond(rate, capacity))
    present = usl_present(gamma, alpha, beta, rate)
    answer_s = present / rate
    return Forecast(
        capacity_per_s=capacity,
        p50_s=answer_s * math.log(2),
        p95_s=answer_s * math.log(20),
        wait_s=max(0.0, answer_s - rungs[0].answer_s),
        failing=0.0,
    )


def usl_peak(gamma: float, alpha: float, beta: float, top: float) -> float:
    """Its highest throughput: at N = sqrt((1 - alpha) / beta), or gamma / alpha with many at once.

    Where neither bends it, what it says of the highest rung: a straight line has no end.
    """
    if beta > 0:
        most = math.sqrt(max(0.0, 1 - alpha) / beta)
        return gamma * most / (1 + alpha * (most - 1) + beta * most * (most - 1))
    return gamma / alpha if alpha > 0 else gamma * top


def usl_present(gamma: float, alpha: float, beta: float, rate: float) -> float:
    """The smaller N with X(N) = rate: rate beta N^2 + (rate (alpha - beta) - gamma) N + rate (1 - alpha) = 0."""
    a, b, c = rate * beta, rate * (alpha - beta) - gamma, rate * (1 - alpha)
    return 2 * c / (-b + math.sqrt(max(0.0, b * b - 4 * a * c)))


def linear(asked: Asked) -> Forecast:
    """So many servers serve so many times what one does, and nobody waits before that.

    The answers have the law that was measured with one in flight.
    """
    probed, rate = asked.probed, asked.rate_per_s
    capacity = min(probed.at_once / probed.service_s, asked.limit_per_s)
    sigma = math.sqrt(math.log1p(probed.cv**2))
    median_s = probed.service_s / math.sqrt(1 + probed.cv**2)
    spread = math.exp(sigma * NormalDist().inv_cdf(0.95))
    return Forecast(
        capacity_per_s=capacity,
        p50_s=median_s + probed.round_trip_s,
        p95_s=median_s * spread + probed.round_trip_s,
        wait_s=0.0,
        failing=beyond(rate, capacity),
    )
