"""Where a function is zero, to the last digits of a float."""

from collections.abc import Callable

from scipy import optimize


def root(function: Callable[[float], float], low: float, high: float) -> float:
    return float(optimize.brentq(function, low, high, xtol=1e-15, rtol=1e-15))
