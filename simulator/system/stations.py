"""The stations of a launch, as the engines see them: what serves, scales, fails and starts cold."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from simulator.system.line import TokenBucket
from simulator.system.pace import Pace
from simulator.timetable.laws import Duration
from simulator.units import FOREVER, NS_PER_DAY, UNBOUNDED


class StationKind(enum.IntEnum):
    """POOL: servers, each with one job. CPU: its running jobs share cores. QUOTA: tokens."""

    POOL = 0
    CPU = 1
    QUOTA = 2


class Balance(enum.IntEnum):
    """Which instance gets a job: all share one queue, or each has its own."""

    SHARED = 0
    ROUND_ROBIN = 1
    RANDOM = 2
    LEAST_BUSY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoscaler:
    """Instances that follow the utilisation, with a delay."""

    every_ns: int
    """The decision period."""
    window_periods: int = 1
    """Over how many of them the utilisation is measured."""
    target_thousandths: int
    """The utilisation that it aims at."""
    boot_ns: int = 0
    """How long after a decision a new instance takes work."""
    cooldown_ns: int = 0
    """How long after an action it does not decide again."""
    floor: int = 1
    ceiling: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Each instance runs, fails, and is repaired, for ever."""

    runs: Duration
    repair: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdStart:
    """Service that begins within ``for_ns`` of an instance's start takes longer."""

    slowdown_thousandths: int
    for_ns: int
    at_opening: bool = True
    """Whether the instances of the opening start with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """What serves: instances with servers and a bounded waiting room each."""

    name: str
    kind: StationKind = StationKind.POOL
    servers: int
    """Of each instance: how many jobs it works on at a time. A QUOTA has no need of them."""
    waiting_room: int = UNBOUNDED
    """Of each instance: how many may wait beside those; one more is turned away."""
    service: Duration
    """Unless the step says otherwise. On a CPU: the work of one core."""
    round_trip_ns: int = 0
    """What network and client add to what a client sees of an attempt; it occupies no server."""
    cores: int = 1
    """CPU, each instance: ``n`` running jobs each go on at the speed ``min(1, cores / n)``."""
    quota: TokenBucket = field(default_factory=lambda: TokenBucket(spacing_ns=1))
    """QUOTA: each job takes a token, then lasts its service time, however many do."""
    per_day: int = UNBOUNDED
    """QUOTA: at most so many tokens in any 24 hours: those of the previous 24 count."""
    per_day_from_opening: int = UNBOUNDED
    """QUOTA: at most so many tokens in each 24 hours since the opening."""
    sheds_after_ns: int = FOREVER
    """Who has waited longer when his turn comes is turned away then."""
    retry_after_ns: int = 0
    """What a refusal asks to wait before the next attempt."""
    instances: int = 1
    balance: Balance = Balance.SHARED
    autoscaler: Autoscaler | None = None
    failures: Failures | None = None
    """Under SHARED all servers fail together."""
    cold: ColdStart | None = None
    inflation: tuple[float, ...] = (1.0,)
    """POOL, CPU: while ``k`` jobs are served at once by an instance, each takes ``inflation[k - 1]``
    times as long; the last factor holds beyond. Under SHARED ``k`` counts those of all instances."""
    pace: Pace | None = None
    """How many times as long a service takes, by when it begins; None: as long as it is drawn."""

    @property
    def is_inflated(self) -> bool:
        """Whether a service takes longer, or shorter, beside others."""
        return any(factor != 1.0 for factor in self.inflation)

    @property
    def inflation_when_busy(self) -> float:
        """The factor while every server has a job, at the opening."""
        together = self.servers * (self.instances if self.balance is Balance.SHARED else 1)
        return self.inflation[max(1, min(together, len(self.inflation))) - 1]

    @property
    def a_day(self) -> int:
        """The tokens of a day in the long run."""
        return min(self.per_day, self.per_day_from_opening)

    @property
    def capacity_per_s(self) -> float:
        """Jobs a second that can be served for ever, at the opening."""
        if self.kind is StationKind.QUOTA:
            return min(self.quota.rate_per_s, self.a_day * 1e9 / NS_PER_DAY)
        return self.service_when_busy * 1e9 / self.service.mean_ns() / self.pace_at(0)

    def pace_at(self, instant_ns: int) -> float:
        """How many times as long as it is drawn a service takes that begins then."""
        return 1.0 if self.pace is None else self.pace.at(instant_ns)

    @property
    def service_when_busy(self) -> float:
        """Seconds of service that are done in a second, at the opening: while all servers are busy."""
        at_once = min(self.servers, self.cores) if self.kind is StationKind.CPU else self.servers
        return self.instances * at_once / self.inflation_when_busy
