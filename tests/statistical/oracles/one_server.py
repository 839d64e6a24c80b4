"""One server, first come first served or shared by all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tests.statistical.oracles.roots import root


@dataclass(frozen=True, slots=True)
class Mg1:
    """M/G/1, first come first served, by the first three moments of the service time."""

    arrival_rate: float
    moments: tuple[float, float, float]

    @property
    def utilisation(self) -> float:
        return self.arrival_rate * self.moments[0]

    @property
    def waiting_time_s(self) -> float:
        """Pollaczek and Khinchine: lambda E[S^2] / (2 (1 - rho))."""
        return self.arrival_rate * self.moments[1] / (2 * (1 - self.utilisation))

    @property
    def time_in_system_s(self) -> float:
        return self.waiting_time_s + self.moments[0]

    @property
    def waiting(self) -> float:
        return self.arrival_rate * self.waiting_time_s

    @property
    def square_of_wait(self) -> float:
        """Takacs: E[W^2] = 2 E[W]^2 + lambda E[S^3] / (3 (1 - rho))."""
        third = self.arrival_rate * self.moments[2] / (3 * (1 - self.utilisation))
        return 2 * self.waiting_time_s**2 + third

    @property
    def sd_of_wait_s(self) -> float:
        return math.sqrt(self.square_of_wait - self.waiting_time_s**2)


def moments_fixed(mean: float) -> tuple[float, float, float]:
    return mean, mean**2, mean**3


def moments_gamma(mean: float, cv: float) -> tuple[float, float, float]:
    """Shape k = 1 / cv^2: E[S^n] = (mean / k)^n k (k + 1) ... (k + n - 1)."""
    square = 1 + cv**2
    return mean, mean**2 * square, mean**3 * square * (1 + 2 * cv**2)


def moments_lognormal(mean: float, cv: float) -> tuple[float, float, float]:
    """E[S^n] = mean^n (1 + cv^2)^(n (n - 1) / 2)."""
    square = 1 + cv**2
    return mean, mean**2 * square, mean**3 * square**3


def moments_hyperexponential(mean: float, cv: float) -> tuple[float, float, float]:
    """Two exponential branches that contribute half of the mean each."""
    p = (1 + math.sqrt((cv**2 - 1) / (cv**2 + 1))) / 2
    branches = ((p, mean / (2 * p)), (1 - p, mean / (2 * (1 - p))))
    second, third = (
        math.factorial(n) * sum(share * branch**n for share, branch in branches) for n in (2, 3)
    )
    return mean, second, third


def md1_p_waits_within(arrival_rate: float, service_s: float, t: float) -> float:
    """M/D/1: (1 - rho) sum over k up to t / D of (lambda (k D - t))^k / k! e^(-lambda (k D - t)).

    The terms alternate; in floats the sum is good for some ten service times.

    Source: Erlang 1909, "The theory of probabilities and telephone conversations".
    """
    terms = []
    for k in range(math.floor(t / service_s) + 1):
        x = arrival_rate * (k * service_s - t)
        terms.append(x**k / math.factorial(k) * math.exp(-x))
    return (1 - arrival_rate * service_s) * math.fsum(terms)


def md1_wait_quantile_s(arrival_rate: float, service_s: float, share: float) -> float:
    return root(
        lambda t: md1_p_waits_within(arrival_rate, service_s, t) - share, 0.0, 10 * service_s
    )


@dataclass(frozen=True, slots=True)
class Dm1:
    """D/M/1: sigma = exp(-(1 - sigma) mu / lambda) of those who arrive have to wait."""

    arrival_rate: float
    service_rate: float

    @property
    def p_wait(self) -> float:
        ratio = self.service_rate / self.arrival_rate
        return root(lambda s: s - math.exp(-(1 - s) * ratio), 0.0, 1 - 1e-9)

    @property
    def waiting_time_s(self) -> float:
        return self.p_wait / (self.service_rate * (1 - self.p_wait))

    def wait_quantile_s(self, share: float) -> float:
        """P(W > t) = sigma e^(-mu (1 - sigma) t)."""
        rate = self.service_rate * (1 - self.p_wait)
        return max(0.0, math.log(self.p_wait / (1 - share)) / rate)


@dataclass(frozen=True, slots=True)
class Mg1Ps:
    """M/G/1 under processor sharing: the mean alone of the law of the work matters.

    Source: Kleinrock 1967 (mean); Coffman, Muntz and Trotter 1970 (variance of M/M/1).
    """

    arrival_rate: float
    service_rate: float

    @property
    def utilisation(self) -> float:
        return self.arrival_rate / self.service_rate

    @property
    def time_in_system_s(self) -> float:
        return self.time_given_work_s(1 / self.service_rate)

    def time_given_work_s(self, work_s: float) -> float:
        return work_s / (1 - self.utilisation)

    @property
    def sd_of_time_s(self) -> float:
        """Of exponential work: (2 + rho) / ((2 - rho) (1 - rho)^2 mu^2) is the variance."""
        rho = self.utilisation
        return math.sqrt((2 + rho) / (2 - rho)) / ((1 - rho) * self.service_rate)

    @property
    def present(self) -> float:
        return self.utilisation / (1 - self.utilisation)

    def p_at_least(self, present: int) -> float:
        """The number present is geometric."""
        return self.utilisation**present


def kiefer_wolfowitz(gaps: Sequence[float], services: Sequence[float], servers: int) -> list[float]:
    """Each one's wait, from the sorted work left at the servers; the first gap does not matter.

    With one server it is Lindley's W' = max(0, W + S - A). Integers stay integers.

    Source: Kiefer and Wolfowitz 1955, "On the theory of queues with many servers".
    """
    left = [services[0] * 0] * servers
    waits = []
    for number, (gap, service) in enumerate(zip(gaps, services, strict=True)):
        if number:
            left = sorted(max(gap * 0, work - gap) for work in left)
        waits.append(left[0])
        left[0] += service
    return waits
