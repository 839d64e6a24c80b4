"""Pools of several servers, first come first served."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from simulator.units import Floats
from tests.statistical.oracles.roots import root


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
class Inflating:
    """M/M/c/K of which each service takes f(k) times as long while k are served at once.

    A birth-death chain: with n present k = min(n, c) are served, and leave at the rate
    min(k, m) mu / f(k) on m cores; f's last factor holds for more. Source: any book on Markov chains.
    """

    arrival_rate: float
    service_rate: float
    servers: int
    factors: tuple[float, ...]
    places: float = math.inf
    """K: how many may be present."""
    cores: float = math.inf

    def departure_rate(self, present: int) -> float:
        served = min(present, self.servers)
        factor = self.factors[min(served, len(self.factors)) - 1]
        return min(served, self.cores) * self.service_rate / factor

    @property
    def most(self) -> int:
        """K; without one as many as are exceeded with a probability of e^-40 of that of c."""
        if self.places < math.inf:
            return int(self.places)
        fullest = self.departure_rate(max(self.servers, len(self.factors)))
        return self.servers + math.ceil(40 / math.log(fullest / self.arrival_rate))

    @property
    def shares(self) -> Floats:
        """p_n, in proportion to the product of lambda / d(i) for i up to n."""
        ratios = [self.arrival_rate / self.departure_rate(n) for n in range(1, self.most + 1)]
        weights = np.cumprod([1.0, *ratios])
        return np.asarray(weights / weights.sum())

    @property
    def p_turned_away(self) -> float:
        return float(self.shares[-1]) if self.places < math.inf else 0.0

    @property
    def p_wait(self) -> float:
        """Of those who come, of whom some are turned away."""
        return float(self.shares[self.servers :].sum()) - self.p_turned_away

    @property
    def goodput_per_s(self) -> float:
        return self.arrival_rate * (1 - self.p_turned_away)

    @property
    def present(self) -> float:
        return float(np.arange(self.most + 1) @ self.shares)

    @property
    def served(self) -> float:
        """How many are served at once."""
        return float(np.minimum(np.arange(self.most + 1), self.servers) @ self.shares)

    @property
    def waiting(self) -> float:
        return self.present - self.served

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
