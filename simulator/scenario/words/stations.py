"""The words of a station: what serves, how much of it there is, and how it fails and grows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, Strict

from simulator.scenario.words.costs import Counted, Day, Instances, PricePerHour
from simulator.scenario.words.laws import EndingLaw, Law, RecurringLaw, Service
from simulator.scenario.words.terms import (
    AtLeastOne,
    Between,
    Contradiction,
    Count,
    DurationNs,
    Factor,
    Flag,
    Name,
    PeriodNs,
    PositiveNs,
    RatePerS,
    SomeShare,
    Table,
)
from simulator.text.money import Price
from simulator.text.quantities import WrongQuantity
from simulator.text.wording import format_duration

MOST_SERVER_NS = 9_000_000_000_000_000
"""Servers times the window of an autoscaler: a thousand times as much must fit into 64 bits."""
MOST_FACTORS = 255
"""Of an inflation: what serves more at once is not measured at each number."""


Cost = TypeVar("Cost")
REQUEST = re.compile(r"(GET|HEAD|POST|PUT|PATCH|DELETE) (/|\$\{)\S*( #[A-Za-z0-9_-]+)?")


def by_request(serves: dict[str, Law]) -> dict[str, Law]:
    """What is served goes by method and path."""
    for request in serves:
        if not REQUEST.fullmatch(request):
            raise WrongQuantity(f'"{request}" is not a request', 'write "POST /signup" = { ... }')
    return serves


def cost_of(serves: Mapping[str, Cost], request: str, step: str) -> Cost | None:
    """What a request of a step was measured to cost; None where it was not."""
    return serves.get(f"{request} #{step}", serves.get(request))


class Quota(Table):
    """What a downstream system allows: mails a second, and mails a day.

    A day is what providers of mail count: the previous 24 hours, at every instant. Amazon SES, for
    one, tells what was sent as SentLast24Hours.
    """

    rate_per_s: RatePerS
    """At this rate, evenly spaced."""
    burst: AtLeastOne = 1
    """How many may be saved up while nobody asks."""
    per_day: AtLeastOne | None = None
    """How many in any 24 hours: a token that was taken is missing until 24 hours later."""
    per_day_from_opening: AtLeastOne | None = None
    """How many in each day, where the count begins anew every 24 hours from the opening on."""


class Autoscaler(Table):
    """Instances that follow the utilisation, with a delay."""

    every_ns: PeriodNs
    """How often it decides."""
    window_ns: PeriodNs | None = None
    """Over how long the utilisation is measured: a multiple of every; without it, one period."""
    target: SomeShare
    """The utilisation that it aims at: busy servers over servers."""
    boot_ns: DurationNs = 0
    """How long after a decision a new instance takes work."""
    cooldown_ns: DurationNs = 0
    """How long after an action it does not decide again."""
    floor: AtLeastOne = 1
    """The fewest instances there may be."""
    ceiling: AtLeastOne
    """The most instances there may be."""

    def contradictions(self) -> Iterator[Contradiction]:
        if self.window_ns is not None and self.window_ns % self.every_ns:
            problem = f"is not a multiple of every, which is {format_duration(self.every_ns)}"
            remedy = f'write "{format_duration(3 * self.every_ns)}"'
            yield Contradiction("window", problem, remedy)
        if self.floor > self.ceiling:
            problem = f"is {self.floor}, above the ceiling of {self.ceiling}"
            yield Contradiction("floor", problem, "lower it, or raise the ceiling")

    @property
    def window_periods(self) -> int:
        return 1 if self.window_ns is None else self.window_ns // self.every_ns


class Failures(Table):
    """Each instance runs, fails, and is repaired, again and again."""

    runs: RecurringLaw
    """How long an instance runs before it fails."""
    repair: EndingLaw
    """How long it is down then."""


class ColdStart(Table):
    """An instance that has just started serves more slowly."""

    slowdown: Annotated[float, Strict(), Field(ge=1, le=1000)]
    """By what factor service is slower: 2.5."""
    for_ns: PositiveNs
    """How long after its start."""
    at_opening: Flag = True
    """Whether the instances at the opening have just started."""


class Drift(Table):
    """How services wander within a launch: faster for a while, slower for another."""

    sd: Annotated[float, Strict(), Field(gt=0, le=1)]
    """How far: 0.1 is a tenth, as a standard deviation of the factor's logarithm."""
    over_ns: PositiveNs
    """After how long little is left of how it was."""


class Yardstick(Table):
    """How fast the machine was while the station was measured, by a fixed piece of work."""

    piece_ns: PositiveNs
    """What a piece took of a processor in the mean."""
    sd_ns: DurationNs = 0
    """The standard deviation of that."""
    machine: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
    """A fingerprint of the machine: pieces of another one say nothing about this one."""
    computing: SomeShare | None = None
    """The share of a service that was the target's own processor time; missing: nobody knows it."""


class Station(Table):
    """What serves."""

    name: Name
    """What journeys call it."""
    kind: Literal["pool", "cpu", "quota"] = "pool"
    """pool: equal servers, first come, first served; cpu: running jobs share the cores; quota: a
    downstream limit, so many a second and a day."""
    servers: AtLeastOne | None = None
    """How many jobs are worked on at the same time: of a pool and a cpu, each instance."""
    cores: AtLeastOne | None = None
    """Of a cpu, each instance: what its running jobs share, each of them one core at most."""
    instances: Counted = Instances()
    """How many of them there are at the opening. In what one buys: { count = 2, type = "m7g.large",
    servers = 8, price = "0.16 EUR/h" }."""
    balance: Literal["shared", "round-robin", "random", "least-busy"] = "shared"
    """Which instance takes a job: all share one queue, or each has its own."""
    waiting_room: Count
    """How many may wait for a server, of each instance; one more is turned away."""
    service: Service
    """How long a server is busy with one job: a law, or a mean as in "40 ms" (exponential). Of a
    cpu: the work of one core. Of a quota: how long it takes once it is allowed."""
    quota: Quota | None = None
    """Of a quota: what it allows."""
    sheds_after_ns: PositiveNs | None = None
    """Those who have waited longer than this when their turn comes are turned away."""
    retry_after_ns: DurationNs = 0
    """What a refusal asks to wait before the next attempt."""
    autoscaler: Autoscaler | None = None
    """Instances that follow the utilisation, with a delay."""
    failures: Failures | None = None
    """Each instance runs, fails, and is repaired."""
    cold_start: ColdStart | None = None
    """An instance that has just started serves more slowly."""
    inflation: (
        Annotated[tuple[Factor, ...], Field(min_length=1, max_length=MOST_FACTORS)] | None
    ) = None
    """By what factor a service takes longer while so many are served at once by an instance:
    [1, 1.08, 1.21] while one is, two, three; the last factor holds for more. It changes while a service
    lasts. Instances that share one queue are counted together; who calls another station meanwhile is
    not counted. Of a cpu: beside the sharing of its cores."""
    round_trip_ns: DurationNs = 0
    """What network and client add to what people see; it occupies no server."""
    serves: Annotated[dict[str, Service], AfterValidator(by_request)] = Field(default_factory=dict)
    """How long a server is busy with each request that was measured here, by method and path:
    { "POST /verify" = { law = "lognormal", mean = "2 ms", cv = 0.2 } }; where several steps send
    different requests there, each by its name: "POST /graphql #login". The probe writes it. In a
    rehearsal a step is done at the station that serves its request, and takes so long."""
    service_factor: Between | None = None
    """How sure all these service times are, as factors: { low = 0.9, high = 1.2 }. One launch in ten
    is served in less than 0.9 times what is said, one in ten takes more than 1.2 times."""
    cost: PricePerHour | None = None
    """What one server costs: "0.40 EUR/h" (or /day, /month). Where the file says instances, or there
    is an autoscaler, what one instance costs; else of a cpu one core, of a quota each 1/s of it."""
    priced: Day | None = None
    """Of when the price is: 2026-11-01."""
    drift: Drift | None = None
    """How much slower and faster it gets within a launch, around its mean service: { sd = 0.1, over = "20 s" }.
    Each launch draws its own course; the probe writes it where it sees it."""
    yardstick: Yardstick | None = None
    """How fast the machine was meanwhile: the probe writes it of a target on its own machine, and a replay holds its
    own pieces against it."""
    lead_time_ns: DurationNs | None = None
    """How long before it is needed more of it must be ordered: "14 days"."""

    @property
    def servers_each(self) -> int | None:
        """How many jobs each instance works on at a time; None: the file does not say."""
        return self.servers or self.instances.servers

    @property
    def price(self) -> Price | None:
        """What one of it costs, whatever that is."""
        return self.cost or self.instances.price

    @property
    def is_bought_by_instance(self) -> bool:
        """Whether what is bought is an instance; else it is a server, a core, or 1/s of a quota."""
        return self.mentions("instances") or self.autoscaler is not None

    def contradictions(self) -> Iterator[Contradiction]:
        yield from self._of_its_price()
        if self.kind == "quota":
            yield from self._of_a_quota()
            return
        each = self.instances.servers
        if self.servers_each is None:
            yield Contradiction("servers", "is missing", "how many jobs are worked on at once")
        elif each not in (None, self.servers_each):
            problem = f"is {self.servers}, and instances.servers is {each}"
            yield Contradiction("servers", problem, "leave one of them out")
        if self.kind == "cpu" and self.cores is None:
            yield Contradiction("cores", "is missing", "how many cores the running jobs share")
        if self.kind == "pool" and self.cores is not None:
            yield Contradiction("cores", "does not apply to a pool", 'write kind = "cpu"')
        if self.quota is not None:
            problem = f"does not apply to a {self.kind}"
            yield Contradiction("quota", problem, 'write kind = "quota", or leave it out')
        if self.inflation is not None and self.inflation[0] != 1.0:
            problem = f"begins with {self.inflation[0]:g}, but a service alone takes its own time"
            yield Contradiction("inflation", problem, "begin with 1, and let service be that time")
        yield from self._of_instances()

    def _of_its_price(self) -> Iterator[Contradiction]:
        if self.cost is not None and self.instances.price is not None:
            problem = "is said twice: instances.price is what an instance costs as well"
            yield Contradiction("cost", problem, "leave one of them out")
        if self.priced is not None and self.price is None:
            yield Contradiction(
                "priced", "has no effect without a price", 'add cost = "0.40 EUR/h"'
            )

    def _of_a_quota(self) -> Iterator[Contradiction]:
        if self.quota is None:
            yield Contradiction("quota", "is missing", 'add quota = { rate = "14/s" }')
        for word in (
            "servers",
            "cores",
            "autoscaler",
            "failures",
            "cold_start",
            "inflation",
            "drift",
        ):
            if getattr(self, word) is not None:
                yield Contradiction(word, "does not apply to a quota", "leave it out")
        for word in ("instances", "balance"):
            if self.mentions(word):
                yield Contradiction(word, "does not apply to a quota", "leave it out")

    def _of_instances(self) -> Iterator[Contradiction]:
        """What depends on whether each instance is one by itself."""
        alone = self.balance != "shared"
        several = self.instances.count > 1 or self.autoscaler is not None
        apart = 'give each its own queue, as with balance = "least-busy"'
        if self.failures is not None and several and not alone:
            yield Contradiction("failures", "lets all instances fail together", apart)
        if self.cold_start is not None and not alone:
            yield from self._cold_together(apart)
        if self.autoscaler is not None:
            yield from self._of_an_autoscaler(self.autoscaler)
            if self.inflation is not None and not alone:
                problem = "would go by all instances together, also by those that are added later"
                yield Contradiction("inflation", problem, apart)

    def _cold_together(self, apart: str) -> Iterator[Contradiction]:
        assert self.cold_start is not None
        if self.autoscaler is not None:
            problem = "has no effect on instances that are added later and share one queue"
            yield Contradiction("cold_start", problem, apart)
        elif not self.cold_start.at_opening and self.failures is None:
            problem = "is false, but instances that share one queue start only at the opening"
            yield Contradiction("cold_start.at_opening", problem, f"leave it out, or {apart}")

    def _of_an_autoscaler(self, autoscaler: Autoscaler) -> Iterator[Contradiction]:
        floor, ceiling = autoscaler.floor, autoscaler.ceiling
        if floor <= ceiling and not floor <= self.instances.count <= ceiling:
            problem = (
                f"is {self.instances.count}, and the autoscaler keeps it from {floor} to {ceiling}"
            )
            yield Contradiction("instances", problem, "choose a number between them")
        window_ns = autoscaler.every_ns * autoscaler.window_periods
        if (self.servers_each or 0) * ceiling * window_ns > MOST_SERVER_NS:
            problem = "is too long for this many servers"
            yield Contradiction("autoscaler.window", problem, "shorten it, or lower the ceiling")
