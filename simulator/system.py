"""What is launched, as the engines see it: people, a line, stations, journeys, and what changes.

Frozen values with integer nanoseconds throughout; the scenario language is resolved into these, and
nothing behind this border knows of files, units or defaults. The rules that give the words their
meaning are written down in :mod:`simulator.engine`.

Shares that decide something are floats in [0, 1], compared with a uniform draw. What is multiplied
in a rule is an integer in thousandths or millionths, so that every engine rounds alike.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from simulator import draws
from simulator.duration import Duration

NS_PER_MINUTE = 60_000_000_000
NS_PER_DAY = 86_400_000_000_000
MILLION = 1_000_000

UNBOUNDED = 1 << 40
"""More places than anybody could fill."""


# People -------------------------------------------------------------------------------------------


class Jitter(enum.IntEnum):
    """How a backoff is spread: not at all, or uniformly between nothing and itself."""

    NONE = 0
    FULL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often, and after which pause, a refused or timed-out visitor tries again.

    The pause after attempt ``j`` (counted from 0) is ``min(cap, backoff * 2**j)``, times a uniform
    draw under full jitter.
    """

    attempts: int = 1
    """All attempts at a step together, the first one included."""
    backoff_ns: int = 0
    cap_ns: int = 0
    jitter: Jitter = Jitter.FULL
    budget_millionths: int = 0
    """What each first attempt adds to the group's retry budget; a retry costs a million of it.
    0: there is no budget, and every retry is allowed."""
    budget_burst: int = 1
    """So many retries may be saved up; so many are there at the opening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A share of those in line bring somebody, and move ahead for it."""

    share: float
    after: Duration
    """How long after joining."""
    places: int
    """By so many numbers his own becomes smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Visitors who behave alike and take the same journey."""

    name: str
    journey: int = 0
    """Index in :attr:`System.journeys`."""
    rank: int = 0
    """Under PRIORITY a lower one is called first."""
    client_timeout_ns: int = draws.FOREVER
    cancels: bool = False
    """Whether a timeout tells the server, which then drops the work; otherwise it goes on."""
    retries: Retries = field(default_factory=Retries)
    honours_retry_after: float = 0.0
    """Share who wait as long as a refusal asks."""
    gives_up_after_ns: int = draws.FOREVER
    """Nobody tries again later than this after his entry."""
    patience: Duration = field(default_factory=Duration.never)
    """How long somebody stays in the line, from the moment of joining it."""
    balks: Duration = field(default_factory=Duration.never)
    """Who is told of a longer wait than this does not join."""
    silent: float = 0.0
    """Share who leave a ROOM without a word."""
    shows_up: float = 1.0
    """Share who come when they are called."""
    answers_after: Duration = field(default_factory=lambda: Duration.fixed(0))
    """How long after the call somebody notices it."""
    refreshes: Duration = field(default_factory=Duration.never)
    """Who still waits after this long reloads the page, loses his place and goes to the end."""
    refers: Referral | None = None


# The line -----------------------------------------------------------------------------------------


class Policy(enum.IntEnum):
    """Who is let in next: everybody at once, the first, anybody, or the first of the best class."""

    OPEN = 0
    FIFO = 1
    RANDOM = 2
    PRIORITY = 3


class LineKind(enum.IntEnum):
    """ROOM: people are present, and leave aloud. LIST: they are called back, and leave silently."""

    ROOM = 0
    LIST = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenBucket:
    """Release of the line: a token each ``spacing_ns``, at most ``burst`` of them saved up."""

    spacing_ns: int
    burst: int = 1

    @classmethod
    def at_rate(cls, rate_per_s: float, burst: int = 1) -> TokenBucket:
        return cls(spacing_ns=max(1, round(1e9 / rate_per_s)), burst=burst)

    @property
    def rate_per_s(self) -> float:
        return 1e9 / self.spacing_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """Release of the line: up to ``size`` at once, each ``every_ns`` from its opening on."""

    size: int
    every_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """Release of the line: as long as fewer than ``total`` sessions are active."""

    total: int
    session_ns: int
    per_minute: int = UNBOUNDED
    """At most so many calls in each minute since the opening of the launch."""
    renews: bool = True
    """Whether every attempt that is sent makes the session last ``session_ns`` from then."""
    early: bool = False
    """Whether the end of a visit ends its session."""
    by_minute: bool = False
    """The dialect of the largest waiting room: nobody is called, people enter at their own looks,
    and all who joined in the same minute are alike."""
    ghost_ns: int = 0
    """By minute: who leaves keeps his place for so long after his last look."""
    blind_ns: int = 0
    """By minute: the limits are compared with counts that are published this often (0: live)."""


class Signal(enum.IntEnum):
    """What feedback measures: attempts awaited now, or the share of slow answers in a period."""

    IN_FLIGHT = 0
    P95 = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """Release of the line: a token bucket whose rate is raised by steps and cut by a factor (AIMD).

    Rates are in millionths of a token a second.
    """

    signal: Signal
    limit: int
    """The most attempts in flight, or the longest answer in nanoseconds."""
    every_ns: int
    """The control period."""
    delay_periods: int = 0
    """How many periods old the measurement is that a decision sees."""
    first_rate: int
    lowest_rate: int
    highest_rate: int
    step_rate: int
    """Added where the signal is within its limit."""
    cut_thousandths: int
    """What the rate is multiplied by where it is not."""


Release = TokenBucket | Batches | Slots | Feedback


@dataclass(frozen=True, slots=True, kw_only=True)
class Waitlist:
    """How people are let in."""

    policy: Policy = Policy.OPEN
    """The first one; a change may open the line, and close it again to its only other policy."""
    kind: LineKind = LineKind.ROOM
    release: Release = field(default_factory=lambda: TokenBucket(spacing_ns=1))
    poll_every_ns: int = 0
    """How often a waiting person looks whether he has been called; 0: he is told at once."""
    opens_ns: int = 0
    """Nobody is called before."""
    shuffles: bool = False
    """Whether those who joined before ``opens_ns`` are put into a random order then."""
    places: int = UNBOUNDED
    """How many may stand in line; one more is turned away."""
    call_expires_ns: int = draws.FOREVER
    """How long a call stands."""
    expired_to_end: bool = False
    """Whether who did not come in time goes to the end of the line; otherwise he is out."""


# Stations -----------------------------------------------------------------------------------------


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
    """Instances that follow the utilisation, late."""

    every_ns: int
    """The decision period."""
    window_periods: int = 1
    """Over how many of them the utilisation is measured."""
    target_thousandths: int
    """The utilisation that it aims at."""
    boot_ns: int = 0
    """How long after a decision an instance takes work."""
    cooldown_ns: int = 0
    """How long after an action nothing is decided."""
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
    """CPU, each instance: ``n`` running jobs each go on at the pace ``min(1, cores / n)``."""
    quota: TokenBucket = field(default_factory=lambda: TokenBucket(spacing_ns=1))
    """QUOTA: each job takes a token, then lasts its service time, however many do."""
    per_day: int = UNBOUNDED
    """QUOTA: at most so many tokens in each 24 hours since the opening."""
    sheds_after_ns: int = draws.FOREVER
    """Who has waited longer when his turn comes is turned away then."""
    retry_after_ns: int = 0
    """What a refusal asks to wait before the next attempt."""
    instances: int = 1
    balance: Balance = Balance.SHARED
    autoscaler: Autoscaler | None = None
    failures: Failures | None = None
    """Under SHARED all servers fail together."""
    cold: ColdStart | None = None

    @property
    def capacity_per_s(self) -> float:
        """Jobs a second that can be served for ever, at the opening."""
        if self.kind is StationKind.QUOTA:
            return min(self.quota.rate_per_s, self.per_day * 1e9 / NS_PER_DAY)
        at_once = min(self.servers, self.cores) if self.kind is StationKind.CPU else self.servers
        return self.instances * at_once * 1e9 / self.service.mean_ns()


# Journeys -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Work at another station, done while the server of the step is held."""

    station: int
    service: Duration | None = None
    """None: the station's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A server of another station that is kept for a while once the step is done: a seat."""

    station: int
    lasts: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody does at a station."""

    station: int = 0
    """Index in :attr:`System.stations`."""
    service: Duration | None = None
    """None: the station's own."""
    think: Duration = field(default_factory=lambda: Duration.fixed(0))
    """Before the first attempt, from the answer of the step before (from the entry)."""
    calls: tuple[Call, ...] = ()
    """After its own service, one after the other."""
    holds: Hold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What people do once they are in, step by step."""

    name: str = "signup"
    steps: tuple[Step, ...] = (Step(),)


# Changes ------------------------------------------------------------------------------------------


class Lever(enum.IntEnum):
    """What an operator can change while the launch runs."""

    SERVERS = 0
    """Of each instance of a station."""
    POLICY = 1
    RELEASE_SPACING_NS = 2
    """Of a token bucket or of feedback."""
    WAITING_ROOM = 3
    CORES = 4
    QUOTA_SPACING_NS = 5
    SLOTS = 6
    """Sessions in total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """At an instant, a lever is set to a value (not by a value)."""

    at_ns: int
    lever: Lever
    value: int
    station: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Everything that decides what becomes of the arrivals of a timetable."""

    people: tuple[People, ...]
    """The groups; an arrival names its group by its index here."""
    stations: tuple[Station, ...]
    journeys: tuple[Journey, ...] = (Journey(),)
    waitlist: Waitlist = field(default_factory=Waitlist)
    changes: tuple[Change, ...] = ()
    """In order of their instants."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps of all journeys: a step's number, in rows and keys, is its index here."""
        return tuple(step for journey in self.journeys for step in journey.steps)

    def first_step(self, journey: int) -> int:
        """The number of a journey's first step."""
        return sum(len(other.steps) for other in self.journeys[:journey])

    @property
    def order(self) -> Policy:
        """The policy of the line when it is not open."""
        policies = [self.waitlist.policy]
        policies += [Policy(c.value) for c in self.changes if c.lever is Lever.POLICY]
        closed = {policy for policy in policies if policy is not Policy.OPEN}
        assert len(closed) <= 1, closed
        return closed.pop() if closed else Policy.FIFO

    def service_of(self, step: int) -> Duration:
        """How long a server works on an attempt at a step."""
        said = self.steps[step]
        return self.stations[said.station].service if said.service is None else said.service
