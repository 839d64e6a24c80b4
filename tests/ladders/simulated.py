"""A ladder of a simulated server whose truth is known: closed loops at a server that may wander and inflate."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scenarios.probe.ladder.bounds import Bounds, visit_s
from scenarios.probe.ladder.estimate.estimate import estimate
from scenarios.probe.ladder.found.findings import Findings
from scenarios.probe.ladder.found.served import served_of
from scenarios.probe.ladder.rungs import Exchange, Visit, batch_of, rungs_of
from scenarios.probe.ladder.sure import wandering
from scenarios.probe.probe import SIGNUP
from simulator.system.pace import Pace

NS = 1_000_000_000
SWEEPS = 4
BETWEEN_S = 0.2
"""From one visit to the next: a machine idles for a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A server."""

    name: str
    servers: int
    mean_s: float = 0.04
    cv: float = 1 / 3
    """Lognormal; 1: exponential."""
    inflation: tuple[float, ...] = (1.0,)
    drift: tuple[float, float] | None = None
    """As a station of a file says it: sd, and over (s)."""
    away_s: float = 0.002
    """What of an answer occupies no server; a request for nothing takes as long."""

    @property
    def rungs(self) -> range:
        return range(1, self.servers + 3)

    @property
    def law(self) -> str:
        """Of its services, as a file says it."""
        kind = "exponential" if self.cv == 1 else "lognormal"
        cv = "" if self.cv == 1 else f", cv = {self.cv:.6f}"
        return f'{{ law = "{kind}", mean = "{self.mean_s * 1e3:.6f} ms"{cv} }}'

    @property
    def station(self) -> str:
        """All of it, as a file says it."""
        return (
            f'[[station]]\nname = "target"\nservers = {self.servers}\nwaiting_room = 1000\n'
            f"service = {self.law}\ninflation = {list(self.inflation)}\n"
            f'round_trip = "{self.away_s * 1e3} ms"\n[station.serves]\n"{SIGNUP}" = {self.law}\n'
        )

    def works(self, rng: np.random.Generator) -> Iterator[float]:
        """Services in seconds, one after the other."""
        spread = math.sqrt(math.log1p(self.cv**2))
        while True:
            drawn = (
                rng.exponential(1.0, 1_000)
                if self.cv == 1
                else np.exp(spread * rng.standard_normal(1_000) - spread**2 / 2)
            )
            yield from (self.mean_s * drawn).tolist()


def climbed(truth: Truth, rng: np.random.Generator, level: Pace) -> tuple[Findings, float]:
    """What a ladder finds, and when it is over (s). ``level``: of the server's speed, from the beginning on."""
    begin_s, visits = 1.0, list[Visit]()
    for sweep in range(SWEEPS):
        for n in truth.rungs if sweep % 2 == 0 else reversed(truth.rungs):
            visits.append(visited(truth, rng, level, n, sweep, begin_s))
            begin_s = visits[-1].end_ns / NS + BETWEEN_S
    return found(truth, visits), begin_s


def visited(
    truth: Truth, rng: np.random.Generator, level: Pace, n: int, sweep: int, begin_s: float
) -> Visit:
    """One batch: ``n`` in a closed loop, first come, first served."""
    starts_s = begin_s + 1.5 * truth.mean_s
    ends_s = starts_s + visit_s(truth.mean_s)
    coming, busy = [begin_s] * n, [begin_s] * truth.servers
    exchanges = []
    for each in truth.works(rng):
        sent = heapq.heappop(coming)
        free = busy.index(min(busy))
        begun = max(sent, busy[free])
        served = 1 + sum(until > begun for k, until in enumerate(busy) if k != free)
        slower = truth.inflation[min(served, len(truth.inflation)) - 1]
        busy[free] = begun + each * slower * level.at(round(begun * NS))
        seen = busy[free] + truth.away_s
        heapq.heappush(coming, seen)
        exchange = Exchange(
            request=SIGNUP, sent_ns=round(sent * NS), seen_ns=round(seen * NS), status=201
        )
        if exchange.seen_ns >= starts_s * NS:
            exchanges.append(exchange)
        if sent > ends_s:
            break
    return Visit(
        n=n,
        sweep=sweep,
        begin_ns=round(starts_s * NS),
        end_ns=round(ends_s * NS),
        exchanges=tuple(each for each in exchanges if each.sent_ns <= ends_s * NS),
    )


def found(truth: Truth, visits: Sequence[Visit]) -> Findings:
    """What is made of the visits: as a ladder does it, of a server that serves in turn."""
    said = of_servers(truth, visits, None)
    others = (of_servers(truth, visits, servers) for servers in said.estimate.or_else)
    return replace(said, others=tuple(others))


def of_servers(truth: Truth, visits: Sequence[Visit], servers: int | None) -> Findings:
    """The same if there are so many servers; None: as many as the visits say."""
    rungs = rungs_of(visits)
    said = estimate(map(batch_of, visits), (0.0, 1.2 * truth.away_s), servers)
    served = served_of(rungs, said.network_s, told=False)
    return Findings(
        id="probe-1",
        url="http://127.0.0.1:9",
        measured_at="",
        bounds=Bounds(),
        rungs=rungs,
        estimate=said,
        discipline=None,
        served=served,
        network_how="nothing",
        people=sum(len(visit.completed) for visit in visits),
        posterior=wandering(rungs, said, told=False, cv=served[0].service.cv),
    )
