"""How large a share of random durations is over by when: the distribution functions of the laws.

The engines draw durations; demand is made of expectations, and needs the share that a law has given
by an instant.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.units import Floats


def share_within(law: Duration, ns: Floats) -> Floats:
    """The share of durations below each of the given ones; none is below 0 or below 0 long.

    A duration that is always alike is not over at its very end: who waits for exactly a minute has
    come in the block of time that begins then.
    """
    passed = np.maximum(ns, 0.0)
    if law.law == draws.NEVER:
        return np.zeros_like(passed)
    if law.law == draws.FIXED:
        return (passed > law.location).astype(np.float64)
    if law.law == draws.EMPIRICAL:
        shares, values = np.array(law.knots[::2]), np.array(law.knots[1::2])
        return np.where(ns > values[0], np.interp(passed, values, shares), 0.0)
    return np.asarray(_smooth(law, passed))


def _smooth(law: Duration, passed: Floats) -> Floats:
    """The laws that have a density everywhere above 0."""
    location, scale = law.location, law.scale
    if law.law == draws.EXPONENTIAL:
        return np.asarray(-np.expm1(-passed / location))
    if law.law == draws.LOGNORMAL:
        with np.errstate(divide="ignore"):
            return np.asarray(special.ndtr((np.log(passed) - location) / scale))
    if law.law == draws.GAMMA:
        return np.asarray(special.gammainc(scale, passed / location))
    if law.law == draws.WEIBULL:
        return np.asarray(-np.expm1(-((passed / location) ** (1.0 / scale))))
    quick = -scale * np.expm1(-2.0 * scale * passed / location)
    slow = -(1.0 - scale) * np.expm1(-2.0 * (1.0 - scale) * passed / location)
    return np.asarray(quick + slow)
