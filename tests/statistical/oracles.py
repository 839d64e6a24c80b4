"""What theory says of queues that have settled, from their parameters alone.

Rates are a second and durations seconds. Each formula names its symbols as its source does: lambda
and mu are the arrival and the service rate, a = lambda / mu the offered load in servers, and
rho = a / c the utilisation of c servers.

Sources, where nothing else is said: Gross, Shortle, Thompson and Harris 2008, "Fundamentals of
queueing theory"; Kleinrock 1975 and 1976, "Queueing systems".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from simulator.demand import Floats


def erlang_b(servers: int, offered_load_erlangs: float) -> float:
    """Share lost by ``servers`` without a waiting room: B(n) = a B(n-1) / (n + a B(n-1)).

    Whatever the law of the service time.
    """
    lost = 1.0
    for n in range(1, servers + 1):
        lost = offered_load_erlangs * lost / (n + offered_load_erlangs * lost)
    return lost


@dataclass(frozen=True, slots=True)
class Mmc:
    """M/M/c, first come first served."""

    arrival_rate: float
    service_rate: float
    servers: int

    @property
    def load(self) -> float:
        return self.arrival_rate / self.service_rate

    @property
    def utilisation(self) -> float:
        return self.load / self.servers

    @property
    def p_wait(self) -> float:
        """Erlang's C = c B / (c - a (1 - B))."""
        lost = erlang_b(self.servers, self.load)
        return self.servers * lost / (self.servers - self.load * (1 - lost))

    @property
    def spare_rate(self) -> float:
        """theta = c mu - lambda: who waits does so for an exponential time of this rate."""
        return self.servers * self.service_rate - self.arrival_rate

    @property
    def waiting_time_s(self) -> float:
        return self.p_wait / self.spare_rate

    @property
    def time_in_system_s(self) -> float:
        return self.waiting_time_s + 1 / self.service_rate

    @property
    def waiting(self) -> float:
        """How many wait, by Little's law."""
        return self.arrival_rate * self.waiting_time_s

    @property
    def present(self) -> float:
        """How many wait or are served."""
        return self.arrival_rate * self.time_in_system_s

    @property
    def forgets_in_s(self) -> float:
        """Time scale at which the queue forgets how it began: 1 / (sqrt(c mu) - sqrt(lambda))^2.

        Source: Karlin and McGregor 1958, "Many server queueing processes" (a bound where service
        is quicker than this).
        """
        gap = math.sqrt(self.servers * self.service_rate) - math.sqrt(self.arrival_rate)
        return max(1 / gap**2, 1 / self.service_rate)

    def p_waits_longer(self, t: float) -> float:
        return self.p_wait * math.exp(-self.spare_rate * t)

    def p_stays_longer(self, t: float) -> float:
        """An exponential service, after an exponential wait of rate theta with probability C."""
        mu, theta, c = self.service_rate, self.spare_rate, self.p_wait
        served = math.exp(-mu * t)
        if math.isclose(theta, mu):
            return (1 - c) * served + c * (1 + mu * t) * served
        both = (theta * served - mu * math.exp(-theta * t)) / (theta - mu)
        return (1 - c) * served + c * both

    def wait_quantile_s(self, share: float) -> float:
        return max(0.0, math.log(self.p_wait / (1 - share)) / self.spare_rate)

    def time_quantile_s(self, share: float) -> float:
        beyond = 1000 / min(self.service_rate, self.spare_rate)
        return root(lambda t: self.p_stays_longer(t) - (1 - share), 0.0, beyond)


def root(function: object, low: float, high: float) -> float:
    return float(optimize.brentq(function, low, high, xtol=1e-15, rtol=1e-15))


def servers_needed(offered_load_erlangs: float, p_wait: float) -> int:
    """The fewest servers of M/M/c at which no larger share has to wait."""
    servers = math.floor(offered_load_erlangs) + 1
    while Mmc(offered_load_erlangs, 1.0, servers).p_wait > p_wait:
        servers += 1
    return servers


def halfin_whitt(beta: float) -> float:
    """P(wait) of M/M/c as c grows with ``c = a + beta sqrt(a)``: 1 / (1 + beta Phi / phi).

    Source: Halfin and Whitt 1981, "Heavy-traffic limits for queues with many servers".
    """
    return float(1 / (1 + beta * stats.norm.cdf(beta) / stats.norm.pdf(beta)))


@dataclass(frozen=True, slots=True)
class Mmck:
    """M/M/c/K: who finds K in the system is turned away."""

    arrival_rate: float
    service_rate: float
    servers: int
    places: int

    @property
    def shares(self) -> Floats:
        """p_n, in proportion to the product of lambda / (min(n, c) mu), n up to K."""
        busy = np.minimum(np.arange(1, self.places + 1), self.servers)
        weights = np.cumprod(np.append(1.0, self.arrival_rate / (busy * self.service_rate)))
        return np.asarray(weights / weights.sum())

    @property
    def p_turned_away(self) -> float:
        return float(self.shares[-1])

    @property
    def goodput_per_s(self) -> float:
        return self.arrival_rate * (1 - self.p_turned_away)

    @property
    def utilisation(self) -> float:
        return self.goodput_per_s / (self.servers * self.service_rate)

    @property
    def present(self) -> float:
        return float(np.arange(self.places + 1) @ self.shares)

    @property
    def waiting(self) -> float:
        return float(np.maximum(np.arange(self.places + 1) - self.servers, 0) @ self.shares)

    @property
    def waiting_time_s(self) -> float:
        """Of those who were not turned away, by Little's law."""
        return self.waiting / self.goodput_per_s

    @property
    def time_in_system_s(self) -> float:
        return self.present / self.goodput_per_s


@dataclass(frozen=True, slots=True)
class ErlangA:
    """M/M/c+M: who waits leaves at the rate theta.

    Source: Garnett, Mandelbaum and Reiman 2002, "Designing a call center with impatient customers".
    """

    arrival_rate: float
    service_rate: float
    servers: int
    patience_rate: float

    @property
    def grown(self) -> float:
        """A = x e^y y^-x gamma(x, y), with x = c mu / theta and y = lambda / theta."""
        x = self.servers * self.service_rate / self.patience_rate
        y = self.arrival_rate / self.patience_rate
        logarithm = y - x * math.log(y) + special.gammaln(x)
        return float(x * math.exp(logarithm) * special.gammainc(x, y))

    @property
    def p_wait(self) -> float:
        lost = erlang_b(self.servers, self.arrival_rate / self.service_rate)
        return self.grown * lost / (1 + (self.grown - 1) * lost)

    @property
    def p_renege(self) -> float:
        rho = self.arrival_rate / (self.servers * self.service_rate)
        return self.p_wait * (1 / (rho * self.grown) + 1 - 1 / rho)

    @property
    def waiting_time_s(self) -> float:
        """Of everybody, whether he is served or leaves."""
        return self.p_renege / self.patience_rate

    @property
    def waiting(self) -> float:
        return self.arrival_rate * self.waiting_time_s

    @property
    def goodput_per_s(self) -> float:
        return self.arrival_rate * (1 - self.p_renege)

    @property
    def utilisation(self) -> float:
        return self.goodput_per_s / (self.servers * self.service_rate)


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


def jackson(
    arrival_rates: Sequence[float],
    routes: Sequence[Sequence[float]],
    service_rates: Sequence[float],
    servers: Sequence[int],
) -> tuple[Mmc, ...]:
    """An open network with ``routes[i][j]`` from station i to j: each is an M/M/c by itself.

    Their arrival rates solve the traffic equations, lambda = gamma + P' lambda.

    Source: Jackson 1957, "Networks of waiting lines".
    """
    through = np.linalg.solve(np.eye(len(routes)) - np.transpose(routes), arrival_rates)
    return tuple(
        Mmc(float(rate), mu, c) for rate, mu, c in zip(through, service_rates, servers, strict=True)
    )


@dataclass(frozen=True, slots=True)
class ClosedMmc:
    """M/M/c//N: N users who think for a mean of Z, then come and wait until they are served."""

    users: int
    think_s: float
    service_rate: float
    servers: int

    @property
    def present(self) -> float:
        """p_n, in proportion to the product of (N - n + 1) / Z / (min(n, c) mu)."""
        n = np.arange(1, self.users + 1)
        rises = (self.users - n + 1) / self.think_s
        falls = np.minimum(n, self.servers) * self.service_rate
        weights = np.cumprod(np.append(1.0, rises / falls))
        return float(np.append(0, n) @ weights / weights.sum())

    @property
    def throughput_per_s(self) -> float:
        return (self.users - self.present) / self.think_s

    @property
    def response_s(self) -> float:
        return self.present / self.throughput_per_s

    @property
    def utilisation(self) -> float:
        return self.throughput_per_s / (self.servers * self.service_rate)

    @property
    def knee(self) -> float:
        """So many users would keep all servers busy if nobody ever waited."""
        return (1 / self.service_rate + self.think_s) * self.servers * self.service_rate


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


def attempts_per_visit(p_fail: float, retries: int) -> float:
    """Of attempts that fail independently: (1 - p^(r+1)) / (1 - p)."""
    return (1 - p_fail ** (retries + 1)) / (1 - p_fail)
