"""Lines seen as a fluid.

A line of length Q under arrivals lambda(t) and a release of C a second obeys Q' = lambda(t) - C
while there is one; where it never runs empty that is also the exact mean of a random line, and the
error lies at its two ends.

Source: Newell 1982, "Applications of queueing theory".
"""

import math
from dataclasses import dataclass

from scipy import special


@dataclass(frozen=True, slots=True)
class ExponentialDecay:
    """A line under lambda0 e^(-t / tau) and a release of C; k = lambda0 / C > 1."""

    first_rate: float
    decay_s: float
    capacity: float

    def arrived(self, t: float) -> float:
        return -self.first_rate * self.decay_s * math.expm1(-t / self.decay_s)

    def line(self, t: float) -> float:
        """Until it clears."""
        return self.arrived(t) - self.capacity * t

    @property
    def peak_s(self) -> float:
        """Where lambda(t) = C."""
        return self.decay_s * math.log(self.first_rate / self.capacity)

    @property
    def clears_s(self) -> float:
        """tau (k + W(-k e^-k)) with Lambert's W, principal branch."""
        k = self.first_rate / self.capacity
        return float(self.decay_s * (k + special.lambertw(-k * math.exp(-k)).real))

    @property
    def longest_wait_s(self) -> float:
        """Of who arrives at the peak."""
        return self.line(self.peak_s) / self.capacity

    @property
    def total(self) -> float:
        return self.first_rate * self.decay_s


@dataclass(frozen=True, slots=True)
class PowerDecay:
    """A line under lambda0 (1 + t / tau)^-2 and a release of C; k = lambda0 / C > 1."""

    first_rate: float
    decay_s: float
    capacity: float

    def arrived(self, t: float) -> float:
        return self.first_rate * self.decay_s * t / (self.decay_s + t)

    def line(self, t: float) -> float:
        return self.arrived(t) - self.capacity * t

    @property
    def peak_s(self) -> float:
        return self.decay_s * (math.sqrt(self.first_rate / self.capacity) - 1)

    @property
    def longest(self) -> float:
        """C tau (sqrt(k) - 1)^2."""
        root = math.sqrt(self.first_rate / self.capacity) - 1
        return self.capacity * self.decay_s * root * root

    @property
    def clears_s(self) -> float:
        return self.decay_s * (self.first_rate / self.capacity - 1)

    @property
    def longest_wait_s(self) -> float:
        return self.longest / self.capacity


@dataclass(frozen=True, slots=True)
class Parabola:
    """A line under lambda(s) = C + a s (L - s): a rush hour of length L, and its end.

    It clears at 1.5 L, where lambda = C - 0.75 a L^2: with a smaller C than that, nobody can come
    as the formula says.
    """

    curvature: float
    window_s: float
    capacity: float

    def arrived(self, s: float) -> float:
        return self.capacity * s + self.line(s)

    def line(self, s: float) -> float:
        return self.curvature * s * s * (self.window_s / 2 - s / 3)

    @property
    def peak_s(self) -> float:
        return self.window_s

    @property
    def clears_s(self) -> float:
        return 1.5 * self.window_s

    @property
    def total_wait_s(self) -> float:
        """Of everybody together: the integral of the line, 9 a L^4 / 64."""
        return 9 * self.curvature * self.window_s**4 / 64

    @property
    def longest_wait_s(self) -> float:
        return self.line(self.peak_s) / self.capacity


@dataclass(frozen=True, slots=True)
class Shuffled:
    """A crowd of N0 put into a random order at the opening; lambda a second come behind it."""

    crowd: float
    arrival_rate: float
    capacity: float

    @property
    def clears_s(self) -> float:
        return self.crowd / (self.capacity - self.arrival_rate)

    def wait_quantile_s(self, share: float) -> float:
        """Each of the crowd waits for a time that is uniform up to N0 / C."""
        return share * self.crowd / self.capacity

    @property
    def mean_wait_s(self) -> float:
        return self.wait_quantile_s(0.5)


@dataclass(frozen=True, slots=True)
class Pulse:
    """A line under lambda for a time T, that everybody in it leaves at the rate theta."""

    arrival_rate: float
    capacity: float
    patience_rate: float
    for_s: float

    @property
    def longest(self) -> float:
        """Q' = lambda - C - theta Q from 0: (lambda - C) (1 - e^(-theta T)) / theta."""
        surplus = self.arrival_rate - self.capacity
        return -surplus * math.expm1(-self.patience_rate * self.for_s) / self.patience_rate

    @property
    def clears_after_s(self) -> float:
        """From the end of the pulse: ln(1 + theta Q / C) / theta."""
        return math.log1p(self.patience_rate * self.longest / self.capacity) / self.patience_rate

    @property
    def served(self) -> float:
        return self.capacity * (self.for_s + self.clears_after_s)

    @property
    def lost(self) -> float:
        return self.arrival_rate * self.for_s - self.served
