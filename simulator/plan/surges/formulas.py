"""The cumulative arrivals of surges that a formula describes, in closed form.

Times are in seconds since the opening, rates a second. Each function returns the expected arrivals
by an instant, and says of what rate they are the integral.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import expit, ndtr

from simulator.plan.surges.curve import Cumulative
from simulator.scenario.words.surges.formulas import (
    Bass,
    Constant,
    Countdown,
    Logistic,
    Ramp,
    Spike,
)
from simulator.units import NS_PER_S, Floats


def constant(surge: Constant) -> Cumulative:
    """``r (s - from)``, of the rate ``r`` from one instant until another."""
    start_s = surge.from_ns / NS_PER_S
    length_s = math.inf if surge.until_ns is None else surge.until_ns / NS_PER_S - start_s
    return lambda s: surge.rate_per_s * np.clip(s - start_s, 0.0, length_s)


def ramp(surge: Ramp) -> Cumulative:
    """``a t + (b - a) t^2 / 2 L``, of a rate that goes evenly from ``a`` to ``b`` in a time ``L``."""
    start_s, end_s = surge.from_ns / NS_PER_S, surge.until_ns / NS_PER_S
    first, last = surge.first_per_s or 0.0, surge.last_per_s or 0.0
    length_s = end_s - start_s

    def cumulative(s: Floats) -> Floats:
        t = np.clip(s - start_s, 0.0, length_s)
        return np.asarray(t * (first + (last - first) * t / (2.0 * length_s)))

    return cumulative


def countdown(surge: Countdown) -> Cumulative:
    """``N F(t) + r d (1 - exp(-t / d))``: the crowd by its reaction, the others by their decay.

    ``N`` crowd, ``F`` lognormal law of the reaction, ``r`` rate a second after the opening, ``d``
    decay in seconds.
    """
    median_s = surge.reaction.median_ns / NS_PER_S
    sigma = math.sqrt(math.log1p(surge.reaction.cv**2))
    rate_per_s, decay_s = surge.rate_per_s or 0.0, (surge.decay_ns or NS_PER_S) / NS_PER_S

    def cumulative(s: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            reacted = ndtr(np.log(s / median_s) / sigma)
        others = -rate_per_s * decay_s * np.expm1(-s / decay_s)
        return np.asarray(surge.crowd * reacted + others)

    return cumulative


def spike(surge: Spike) -> Cumulative:
    """``L t^2 / 2 R`` while it rises, then ``L (R / 2 + D(t - R))``.

    ``L`` is the peak rate and ``R`` the time of the rise. The relaxation ``D`` is
    ``d (1 - exp(-u / d))`` of an exponential one, and ``d (1 - (1 + u / d)^(1 - p)) / (p - 1)`` of a
    power law (``d log(1 + u / d)`` where ``p`` is 1).

    Source: Crane and Sornette 2008, "Robust dynamic classes revealed by measuring the response
    function of a social system" (power laws of relaxation after a shock).
    """
    start_s, rise_s = surge.at_ns / NS_PER_S, surge.rise_ns / NS_PER_S
    decay_s, exponent = surge.decay_ns / NS_PER_S, surge.exponent
    peak_per_s = peak_of(surge)

    def cumulative(s: Floats) -> Floats:
        t = np.maximum(s - start_s, 0.0)
        rising = np.minimum(t, rise_s)
        risen = rising * rising / (2.0 * rise_s) if rise_s else 0.0
        return np.asarray(peak_per_s * (risen + relaxed(t - rising, decay_s, exponent)))

    return cumulative


def relaxed(u: Floats, decay_s: float, exponent: float | None) -> Floats:
    """The integral of the relaxation, whose rate is 1 at first."""
    if exponent is None:
        return np.asarray(-decay_s * np.expm1(-u / decay_s))
    grown = np.log1p(u / decay_s)
    if exponent == 1.0:
        return np.asarray(decay_s * grown)
    return np.asarray(-decay_s * np.expm1((1.0 - exponent) * grown) / (exponent - 1.0))


def peak_of(surge: Spike) -> float:
    """The rate at the peak of a spike, from its size where that is what is known."""
    if surge.size is None:
        assert surge.peak_per_s is not None
        return surge.peak_per_s
    tail_s = surge.decay_ns / NS_PER_S / (1.0 if surge.exponent is None else surge.exponent - 1.0)
    return surge.size / (surge.rise_ns / NS_PER_S / 2.0 + tail_s)


def bass(surge: Bass) -> Cumulative:
    """``m (1 - e^-(p + q)t) / (1 + (q / p) e^-(p + q)t)``: the peak is at ``log(q / p) / (p + q)``.

    Of each who has not come yet, the rate is ``p + q F``, where ``F`` is the share that has.

    Source: Bass 1969, "A new product growth for model consumer durables".
    """
    start_s, p, q = surge.from_ns / NS_PER_S, surge.p_per_s, surge.q_per_s

    def cumulative(s: Floats) -> Floats:
        left = -np.maximum(s - start_s, 0.0) * (p + q)
        return np.asarray(-surge.market * np.expm1(left) / (1.0 + q / p * np.exp(left)))

    return cumulative


def logistic(surge: Logistic) -> Cumulative:
    """``K (S(t) - S(0)) / (1 - S(0))``, with ``S(t) = 1 / (1 + e^-((t - m) / g))``.

    ``K`` capacity, ``m`` midpoint, ``g`` growth time. It is the logistic curve from the opening on.
    """
    midpoint_s, growth_s = surge.midpoint_ns / NS_PER_S, surge.growth_ns / NS_PER_S
    before = float(expit(-midpoint_s / growth_s))
    after = float(expit(midpoint_s / growth_s))

    def cumulative(s: Floats) -> Floats:
        return np.asarray(surge.capacity * (expit((s - midpoint_s) / growth_s) - before) / after)

    return cumulative
