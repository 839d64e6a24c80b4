"""A ladder from its beginning to what it found."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, median

from scenarios.http import bounded
from scenarios.http.allow import Target
from scenarios.http.answers.answer import json_object
from scenarios.http.answers.success import is_ours
from scenarios.http.manners import Manners
from scenarios.http.rows import rows_in
from scenarios.machine.processes import require_process
from scenarios.machine.yardstick import Piece, Yardstick, baseline, beside
from scenarios.mail.office import Office
from scenarios.probe.ladder.bounds import BURST, Bounds
from scenarios.probe.ladder.climb.climb import Climb, Tell
from scenarios.probe.ladder.estimate.estimate import Estimate
from scenarios.probe.ladder.found.findings import Findings
from scenarios.probe.ladder.found.instrument import Instrument
from scenarios.probe.ladder.found.served import served_of
from scenarios.probe.ladder.limits import Limit, limit_of
from scenarios.probe.ladder.machine.beside import is_mostly_ours, shared_cores, slowed
from scenarios.probe.ladder.machine.processor import computing, own_work, source_of
from scenarios.probe.ladder.machine.speed import CROWDED, changed, speeds, unqueued, waited
from scenarios.probe.ladder.order.discipline import discipline
from scenarios.probe.ladder.order.loops import loops_of
from scenarios.probe.ladder.refusals import learn
from scenarios.probe.ladder.rungs import Rung
from scenarios.probe.ladder.sure import wandering
from scenarios.probe.measured import Keys
from scenarios.probe.people import People
from scenarios.probe.told import ToldStation, ask
from simulator.errors import Misbehaved, UsageError
from simulator.scenario.words.rehearsal.requests import Request
from simulator.text.wording import format_duration

FEWEST_PEOPLE = 100
"""With fewer no rung is measured well enough."""
COMPUTES, SURELY = 0.8, 1.2
"""Of a service that is work for the processor and little else; and so many times as much of it at once as there are cores."""
HARDLY = 0.2
"""Cores that a target uses which mostly waits for others."""
OCCUPIES = 0.25
"""A request for nothing that waits longer than this share of an answer, waits for a server."""


@dataclass(slots=True)
class Ladder:
    """One ladder: what it is asked, and all that it has seen so far."""

    target: Target
    wanted: tuple[Request, ...]
    manners: Manners
    bounds: Bounds
    pid: int | None = None
    tell: Tell = lambda *_: None
    climb: Climb | None = None
    told: ToldStation | None = None
    source: str = ""
    limit: Limit | None = None
    yardstick: Yardstick | None = None
    office: Office | None = None
    """Where mails to the probe's people are caught."""
    keys: Keys = field(default_factory=dict)
    """Under which words a request is written down."""

    def run(self) -> Findings:
        """Climb, and tell what was found.

        Raises Misbehaved or Unreachable where not even the first rung can be measured. After
        KeyboardInterrupt :meth:`so_far` tells what there is.
        """
        require_process(self.pid)
        with beside(self.target) as self.yardstick:
            asyncio.run(self._run())
        found = self.so_far()
        if found is None:
            raise Misbehaved(self._nothing())
        return found

    def so_far(self, *, interrupted: bool = False) -> Findings | None:
        """What can be told by now; None: nothing."""
        climb = self.climb
        if climb is None or not any(rung.n == 1 for rung in climb.rungs):
            return None
        found = self._estimate(climb)
        written = self._findings(climb, found, interrupted=interrupted)
        return replace(written, others=tuple(self._others(climb, found)))

    def _estimate(self, climb: Climb) -> Estimate:
        """What the rungs say, and what the machine says of them."""
        told = self.told.servers if self.told else None
        found = self._by_rungs(climb, told)
        if told is not None:
            return found
        rungs = own_work(climb.rungs, found, climb.cpu)
        if too_many(rungs, found, climb.cores):
            return self._by_rungs(climb, climb.cores)
        if waited(self._pieces, climb.visits) > CROWDED and found.kink_seen and computes(rungs):
            # What seems to be the server's own limit may be what other programs leave it.
            higher = tuple(rung.n for rung in climb.rungs if rung.n > found.servers)
            return replace(found, confirmed=False, or_else=higher)
        return found

    def _by_rungs(self, climb: Climb, servers: int | None = None) -> Estimate:
        """What the rungs alone say; ``servers``: taken as told."""
        bounds_s, _, times = self._network(climb)
        return climb.estimated(bounds_s, servers, told=times)

    def _others(self, climb: Climb, found: Estimate) -> Iterator[Findings]:
        """The findings with each number of servers that is left open; none where the target tells it."""
        if self.told is not None:
            return
        for servers in found.or_else:
            left = tuple(sorted({found.servers, *found.or_else} - {servers}))
            other = replace(self._by_rungs(climb, servers), confirmed=False, or_else=left)
            yield self._findings(climb, other)

    @property
    def _pieces(self) -> Sequence[Piece]:
        return self.yardstick.pieces if self.yardstick else []

    def _findings(self, climb: Climb, found: Estimate, *, interrupted: bool = False) -> Findings:
        """All that is told of a target whose servers are so many."""
        _, how, told_times = self._network(climb)
        alone = self._by_rungs(climb)
        rungs = own_work(climb.rungs, found, climb.cpu)
        served = served_of(rungs, found.network_s, told_times, climb.warm)
        main = max(served, key=lambda each: each.service.mean_ns).service
        bursts = [[max(0.0, s - found.network_s) for s in burst] for burst in climb.bursts]
        return Findings(
            id=climb.people.id,
            url=self.target.url,
            measured_at=f"{climb.people.started_at:%Y-%m-%d %H:%M:%S} UTC",
            bounds=self.bounds,
            rungs=rungs,
            estimate=found,
            discipline=discipline(
                bursts,
                found.servers,
                main.cv,
                loops=loops_of(climb.rungs, found) if len(self.wanted) == 1 else (),
                sends_s=climb.rungs[-1].own_cpu / climb.rungs[-1].per_s.value,
            ),
            served=served,
            posterior=wandering(climb.rungs, found, told_times, main.cv, climb.cores),
            keys=self.keys,
            network_how=how,
            people=climb.people.many,
            told=self.told,
            alone=alone.servers,
            by_cores=too_many(rungs, alone, climb.cores),
            source=self.source,
            limit=self.limit or limit_of(climb.history),
            broke=climb.broke,
            failed=tuple(climb.failed),
            machine=baseline(
                unqueued(self._pieces, climb.visits, found.servers), computing(rungs[0], found)
            ),
            instrument=self._instrument(climb, found),
            interrupted=interrupted,
        )

    def _instrument(self, climb: Climb, found: Estimate) -> Instrument:
        """What the probe and the machine may have done to the figures."""
        above = [visit for visit in climb.visits if visit.n > found.servers]
        by_sweep = speeds(self._pieces, climb.visits)
        return Instrument(
            speed_changed=changed(by_sweep),
            yardstick=bool(by_sweep),
            crowded=waited(self._pieces, climb.visits),
            slowed=slowed(above, climb.cores),
            mostly_ours=any(is_mostly_ours(visit, climb.cores) for visit in above),
        )

    async def _run(self) -> None:
        people = People(self.target, self.wanted, self.manners, office=self.office)
        if self.manners.health is not None:
            await self._ask(people)
        cores = shared_cores(self.target)
        cpu = await source_of(people, self.pid, here=self.yardstick is not None)
        self.climb = climb = Climb(people, self.bounds, cpu, self.tell, cores)

        async def refused(at_once: int) -> None:
            """At once: what passes later, at lower rungs, tells nothing of the limit."""
            self.limit = await learn(people, at_once, climb.history)

        climb.on_refusal = refused
        await climb.go()
        if climb.refused_at and self.limit is None:
            await refused(climb.refused_at)
        if self.limit is not None and self.limit.rate_per_s and not climb.rungs:
            await climb.paced(self.limit.rate_per_s)

    async def _ask(self, people: People) -> None:
        """What the target tells of itself."""
        async with bounded.client_of(self.target, people.address) as client:
            told = await ask(client)
            health = await bounded.request(client, "GET", "/healthz")
        people.ours = is_ours(json_object(health.content))
        # Of several stations the ladder climbs the mix: whose number it meets it cannot know.
        if len(told.stations) == 1 and told.stations[0].servers is not None:
            self.told, self.source = told.stations[0], told.source

    def _network(self, climb: Climb) -> tuple[tuple[float, float], str, bool]:
        """Bounds on what of an answer occupies no server, how they are known, and whether servers tell."""
        alone = [e for visit in climb.visits if visit.n == 1 for e in visit.completed]
        if all(e.service_ns is not None for e in alone):
            rest = [max(0, e.took_ns - (e.service_ns or 0) - (e.queue_ns or 0)) for e in alone]
            rest_s = fmean(rest) / 1e9
            return (rest_s, rest_s), "services are what the server itself tells", True
        idle, busy = climb.nulls_idle_ns, climb.nulls_busy_ns
        if not idle or not busy:
            how = "no request for nothing was measured"
            return (0.0, climb.nothing_s), how, False
        waits_s = (median(busy) - median(idle)) / 1e9
        if waits_s > OCCUPIES * climb.unloaded_s:
            how = (
                f"a request for nothing ({1e3 * climb.nothing_s:.1f} ms) waited {1e3 * waits_s:.0f} ms while the"
                " servers were busy, so it occupies one for a part of its time"
            )
            return (0.0, climb.nothing_s), how, False
        how = f"known is a request for nothing ({1e3 * climb.nothing_s:.1f} ms), which waits for no server"
        return (climb.nothing_s, climb.nothing_s), how, False

    def _nothing(self) -> str:
        if self.limit is not None:
            return f"{self.target.url} refused before anything could be measured: {self.limit.in_words}"
        within = format_duration(self.bounds.within_s * 1e9)
        return f"{self.target.url} answered too slowly: within {within} nothing could be measured; give it more (--within)"


def too_many(rungs: Sequence[Rung], found: Estimate, cores: int | None) -> bool:
    """Whether a target that computes seems to have more servers than it has cores to compute on."""
    if cores is None or found.servers <= cores or all(rung.n != cores for rung in rungs):
        return False
    share = computing(rungs[0], found)
    return share is not None and share >= COMPUTES and found.servers * share > SURELY * cores


def computes(rungs: Sequence[Rung]) -> bool:
    """Whether the target may need what other programs take: unless it is known to use hardly a core."""
    top = rungs[-1]
    spent = top.cpu_s
    return spent is None or spent.value * top.per_s.value > HARDLY


def climbing(
    target: Target, wanted: Sequence[Request], manners: Manners, bounds: Bounds, pid: int | None
) -> Ladder:
    """A ladder of each different request, as long as the launch's table has rows for its people.

    Raises UsageError where it has too few.
    """
    rows = rows_in(manners.data)
    if rows:
        spare = len(rows) - bounds.at_most - BURST  # who are on their way when the rest are used up
        if spare < FEWEST_PEOPLE:
            raise UsageError(
                f"the launch's table has {len(rows):,} rows, and a ladder needs a new person for each"
                f" of at least {FEWEST_PEOPLE + bounds.at_most + BURST:,}: add rows"
            )
        bounds = replace(bounds, people=min(bounds.people, spare))
    return Ladder(target, tuple(dict.fromkeys(wanted)), manners, bounds, pid)
