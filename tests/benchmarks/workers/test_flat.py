"""Whether memory is flat, told from readings that depend on one another; and a process that leaks is caught."""

import math
import subprocess
import sys
from collections.abc import Callable

import numpy as np
from scipy import special

from simulator.units import Floats
from tests.benchmarks.workers.flat import (
    BATCHES,
    CERTAIN,
    LEAST_BYTES,
    Slope,
    is_flat,
    kept_bytes,
    least_squares,
    slope_of,
)
from tests.examples import examples

AT_S: Floats = np.arange(0.0, 1200.0, 10.0)
RUNS = 2000
ALIKE = 0.5
"""The correlation of neighbouring readings."""
PER_S = 100


def noisy(seed: int) -> Floats:
    """Readings of memory that does not grow: a first-order autoregression about its mean, of variance 1."""
    dice = np.random.default_rng(seed)
    value, found = dice.standard_normal(RUNS), []
    for _ in AT_S:
        found.append(value)
        value = ALIKE * value + math.sqrt(1 - ALIKE**2) * dice.standard_normal(RUNS)
    return np.array(found).T


def covered(slope: Callable[[Floats, Floats], Slope]) -> float:
    """How often the bound is above the truth, which is 0."""
    return float(np.mean([slope(AT_S, each).most_per_s > 0 for each in noisy(7)]))


def expected() -> float:
    """The least share that batch means may cover.

    The sums over two neighbouring batches of n have the covariance r ((1 - r^n) / (1 - r))^2, and each the variance
    n (1 + r) / (1 - r) - 2 r (1 - r^n) / (1 - r)^2. With a correlation a of neighbours the variance of a slope is at most
    1 + 2 a times, and what the residuals say of it at least 1 - a / 2 times, what they would be without.
    """
    r, n = ALIKE, len(AT_S) // BATCHES
    sums = n * (1 + r) / (1 - r) - 2 * r * (1 - r**n) / (1 - r) ** 2
    a = r * ((1 - r**n) / (1 - r)) ** 2 / sums
    too_narrow = math.sqrt((1 + 2 * a) / (1 - a / 2))
    return float(special.stdtr(BATCHES - 2, special.stdtrit(BATCHES - 2, CERTAIN) / too_narrow))


def standard_error(share: float) -> float:
    return math.sqrt(share * (1 - share) / RUNS)


def test_the_bound_holds_as_often_as_it_says_though_readings_depend_on_one_another() -> None:
    assert 0.93 < expected() < CERTAIN
    assert covered(slope_of) >= expected() - 3 * standard_error(expected())


def test_who_takes_each_reading_for_a_new_one_is_sure_too_often() -> None:
    """The wrong model: a line through the readings themselves."""
    assert covered(least_squares) < expected() - 3 * standard_error(expected())


def test_a_line_is_found() -> None:
    found = slope_of(AT_S, 3.0 + 0.25 * AT_S)
    assert math.isclose(found.per_s, 0.25)
    assert found.error_per_s < 1e-9


@examples(
    "per_s, flat",
    ("a number of each", LEAST_BYTES * PER_S, False),
    ("half of it", LEAST_BYTES * PER_S / 2, True),
)
def test_flat_is_less_than_a_number_of_each_visitor(per_s: float, flat: bool) -> None:
    assert is_flat(Slope(per_s, 1e-6), PER_S) is flat


def test_who_does_not_know_is_not_flat() -> None:
    """However little it seems to grow: the interval decides."""
    unsure = Slope(0.0, LEAST_BYTES * PER_S)
    assert not is_flat(unsure, PER_S)


PROCESS = """
import sys
import psutil
me, kept, leaks = psutil.Process(), [], sys.argv[1] == "leaks"
for second in range(0, 1200, 10):
    for number in range(1000):
        row = (second * 100 + number, second + number / 1000)
        if leaks:
            kept.append(row)
    print(me.memory_info().rss)
"""


def readings(how: str) -> Floats:
    """The memory of a process that has to do with 100 visitors a second, and 120,000 in all."""
    done = subprocess.run([sys.executable, "-c", PROCESS, how], capture_output=True, check=True)
    return np.array(done.stdout.split(), float)


def test_a_process_that_keeps_a_row_of_each_visitor_is_caught() -> None:
    """A tuple of two numbers: 56 bytes and 16 for the collector, 32 and 24 for the numbers, 8 in the list."""
    slope = slope_of(AT_S, readings("leaks"))
    assert not is_flat(slope, PER_S)
    assert (
        0.9 * 136 < kept_bytes(slope, PER_S) < 2 * 136
    )  # lists grow by an eighth, and have two places at once


def test_and_one_that_does_not_is_flat() -> None:
    assert is_flat(slope_of(AT_S, readings("tidy")), PER_S)
