"""Several stations, and users who come back to one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.statistical.oracles.pools import Mmc


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
