"""Attempts that are made again."""

from dataclasses import dataclass


def attempts_per_visit(p_fail: float, retries: int) -> float:
    """Of attempts that fail independently: (1 - p^(r+1)) / (1 - p)."""
    return (1 - p_fail ** (retries + 1)) / (1 - p_fail)


@dataclass(frozen=True, slots=True)
class Metastable:
    """A server that works off stale attempts, and visitors who try m times, tau apart.

    If m lambda < C it recovers from any backlog; if lambda < C < m lambda, from none in which one
    waits longer than tau.

    Source: Bronson, Aghayev, Charapko and Zhu 2021, "Metastable failures in distributed systems".
    """

    arrival_rate: float
    capacity: float
    attempts: int
    timeout_s: float
    backlog: float

    @property
    def vulnerable_from(self) -> float:
        """The arrival rate above which a collapse lasts."""
        return self.capacity / self.attempts

    @property
    def collapses(self) -> bool:
        lasting = self.attempts * self.arrival_rate > self.capacity
        return lasting and self.backlog > self.capacity * self.timeout_s

    @property
    def recovers_s(self) -> float:
        """Until one waits less than tau: (Q0 - C tau) / (C - m lambda).

        As if all attempts of a visit were made at once; see :attr:`recovers_sooner_s`.
        """
        spare = self.capacity - self.attempts * self.arrival_rate
        return (self.backlog - self.capacity * self.timeout_s) / spare

    @property
    def recovers_sooner_s(self) -> float:
        """Attempt j comes j tau later: by any instant lambda tau (1 + ... + m - 1) fewer came."""
        later = self.arrival_rate * self.timeout_s * self.attempts * (self.attempts - 1) / 2
        return later / (self.capacity - self.attempts * self.arrival_rate)
