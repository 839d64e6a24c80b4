"""Crowds before servers without end: how many are present follows how many come.

Source: Eick, Massey and Whitt 1993, "The physics of the M_t/G/infinity queue".
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecayWithoutEnd:
    """M_t/M/infinity under lambda0 e^(-t / tau), empty at 0: present are Poisson with mean m(t)."""

    first_rate: float
    decay_s: float
    service_rate: float

    def present(self, t: float) -> float:
        """m = lambda0 (e^(-g t) - e^(-mu t)) / (mu - g), with g = 1 / tau."""
        mu, g = self.service_rate, 1 / self.decay_s
        return self.first_rate * (math.exp(-g * t) - math.exp(-mu * t)) / (mu - g)

    @property
    def peak_s(self) -> float:
        mu, g = self.service_rate, 1 / self.decay_s
        return math.log(mu / g) / (mu - g)


@dataclass(frozen=True, slots=True)
class DecayFixedService:
    """M_t/D/infinity under lambda0 e^(-t / tau): present are those of the last D seconds."""

    first_rate: float
    decay_s: float
    service_s: float

    def arrived(self, t: float) -> float:
        return -self.first_rate * self.decay_s * math.expm1(-max(0.0, t) / self.decay_s)

    def present(self, t: float) -> float:
        return self.arrived(t) - self.arrived(t - self.service_s)

    @property
    def peak_s(self) -> float:
        return self.service_s


@dataclass(frozen=True, slots=True)
class Wave:
    """M_t/M/infinity under lambda (1 + A sin(g t)), long after the beginning."""

    mean_rate: float
    swing: float
    frequency: float
    service_rate: float

    def present(self, t: float) -> float:
        """(lambda / mu) (1 + A (mu^2 sin g t - mu g cos g t) / (mu^2 + g^2))."""
        mu, g = self.service_rate, self.frequency
        wave = mu * mu * math.sin(g * t) - mu * g * math.cos(g * t)
        return self.mean_rate / mu * (1 + self.swing * wave / (mu * mu + g * g))

    @property
    def lag_s(self) -> float:
        """So much later than the rate the number present is at its height."""
        return math.atan(self.frequency / self.service_rate) / self.frequency

    @property
    def peak_s(self) -> float:
        """The first height; the depth is half a period later."""
        return math.pi / 2 / self.frequency + self.lag_s

    @property
    def depth_s(self) -> float:
        return self.peak_s + math.pi / self.frequency
