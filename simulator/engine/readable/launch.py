"""The SimPy engine: the definition of what happens in a launch.

What the words of a scenario mean is what these files do. They are written to be read beside the
rules in :mod:`simulator.engine.rules`; :mod:`simulator.engine.compiled.engine` does the same faster and shares no rule.

===================================  ===============================================================
:mod:`simulator.engine.readable.clock`      instants, and what comes first of one instant
:mod:`simulator.engine.readable.visit`      a visit, its attempts, their jobs
:mod:`simulator.engine.readable.line.line`       who joins the line, waits, leaves and is called
:mod:`simulator.engine.readable.line.queue`      in which order: first come, by rank, at random
:mod:`simulator.engine.readable.line.release`    when: by tokens, in batches, by feedback
:mod:`simulator.engine.readable.line.slots`      by session slots
:mod:`simulator.engine.readable.line.minute`     by minute, where nobody is called
:mod:`simulator.engine.readable.clients`    steps, answers, timeouts, retries
:mod:`simulator.engine.readable.work`       what stations do for an attempt: service, calls, seats
:mod:`simulator.engine.readable.station.station`    which instance gets a job; levers
:mod:`simulator.engine.readable.station.pool`       servers and a waiting room
:mod:`simulator.engine.readable.station.cpu`        jobs that share cores
:mod:`simulator.engine.readable.station.quota`      tokens downstream
:mod:`simulator.engine.readable.station.autoscaler` instances that follow the use
:mod:`simulator.engine.readable.station.failures`   instances that fail
:mod:`simulator.engine.readable.meter`      what stations do over time
===================================  ===============================================================

Every event is a SimPy event with one callback, not a process a visitor: so it carries its whole
key, which SimPy's ``Timeout`` with its fixed priority cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from simulator.engine.readable.bucket import Bucket
from simulator.engine.readable.clients import Clients
from simulator.engine.readable.clock import Clock
from simulator.engine.readable.line.line import Line
from simulator.engine.readable.line.minute import ByMinute, MinuteLine
from simulator.engine.readable.line.queue import AtRandom, ByRank, InOrder, Queue
from simulator.engine.readable.line.release import ByFeedback, ByTokens, InBatches, Release
from simulator.engine.readable.line.slots import BySlots
from simulator.engine.readable.meter import Meter
from simulator.engine.readable.station.autoscaler import Autoscaler
from simulator.engine.readable.station.cpu import Cpu
from simulator.engine.readable.station.failures import Failures
from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.quota import Quota
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Attempt, Visit
from simulator.engine.readable.work import Work
from simulator.engine.rules import ARRIVAL, CHANGE
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary, summarise
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Provenance, Result
from simulator.outcomes.tracks import Grid
from simulator.system.line import Batches, Feedback, Policy, Slots, TokenBucket
from simulator.system.stations import StationKind
from simulator.system.system import Change, Lever, System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable

BLOCK_ROWS = 16_384


class Readable:
    """The engine that is read."""

    name = "simpy"

    def simulate(
        self, timetable: Timetable, system: System, *, bin_ns: int | None = None
    ) -> Outcomes:
        """What becomes of every visitor, as a stream of blocks."""
        return Launch(timetable, system, bin_ns).outcomes()

    def summarise(
        self, timetable: Timetable, system: System, *, bin_ns: int, layout: Layout
    ) -> Summary:
        """What the rows come to, block by block."""
        outcomes = self.simulate(timetable, system, bin_ns=bin_ns)
        return summarise(outcomes, bin_ns=bin_ns, layout=layout)


class Launch:
    """One launch under way, and the classes of the parts that it is made of."""

    clock_type = Clock
    clients_type = Clients
    line_type = Line
    minute_line_type = MinuteLine
    queue_types: ClassVar[dict[Policy, type[Queue]]] = {
        Policy.FIFO: InOrder,
        Policy.PRIORITY: ByRank,
        Policy.RANDOM: AtRandom,
    }
    bucket_type = Bucket
    tokens_type = ByTokens
    batches_type = InBatches
    slots_type = BySlots
    minute_type = ByMinute
    feedback_type = ByFeedback
    work_type = Work
    station_type = Station
    instance_types: ClassVar[dict[StationKind, type[Pool]]] = {
        StationKind.POOL: Pool,
        StationKind.CPU: Cpu,
        StationKind.QUOTA: Quota,
    }
    autoscaler_type = Autoscaler
    failures_type = Failures

    def __init__(self, timetable: Timetable, system: System, bin_ns: int | None = None) -> None:
        self.timetable, self.system = timetable, system
        self.meter: Meter | None = None
        """Where somebody asks what stations do over time, in bins of that width."""
        if bin_ns is not None:
            self.meter = Meter(Grid.of(bin_ns, timetable.end_ns), len(system.stations))
        self.clock = self.clock_type(timetable)
        self.work = self.work_type(self)
        self.clients = self.clients_type(self)
        self.line = self.new_line()
        self.present: dict[int, Visit] = {}
        """Who has arrived and has no fate yet."""
        self.visits: list[tuple[int, ...]] = []
        self.attempts: list[tuple[int, ...]] = []

    def outcomes(self) -> Outcomes:
        return Outcomes(
            provenance=Provenance.PREDICTED,
            horizon_ns=self.timetable.horizon_ns,
            end_ns=self.timetable.end_ns,
            blocks=self.play(),
            tracks=None if self.meter is None else self.meter.tracks,
        )

    # What it is made of

    def new_line(self) -> Line:
        release = self.system.waitlist.release
        by_minute = isinstance(release, Slots) and release.by_minute
        return (self.minute_line_type if by_minute else self.line_type)(self)

    def new_queue(self) -> Queue:
        return self.queue_types[self.system.order](self)

    def new_release(self) -> Release:
        said = self.system.waitlist.release
        if isinstance(said, TokenBucket):
            return self.tokens_type(self, said)
        if isinstance(said, Batches):
            return self.batches_type(self, said)
        if isinstance(said, Feedback):
            return self.feedback_type(self, said)
        return self.minute_type(self, said) if said.by_minute else self.slots_type(self, said)

    def new_instance(self, station: Station, index: int) -> Pool:
        return self.instance_types[station.said.kind](self, station, index)

    # Its course

    def play(self) -> Iterator[Block]:
        """Let everything happen, giving out rows as they are known."""
        self.plan_changes()
        self.work.start()
        self.line.release.start()
        self.expect_next(self.arrivals())
        while self.clock.happens():
            if len(self.visits) + len(self.attempts) >= BLOCK_ROWS:
                yield self.rows_so_far()
        self.close()
        yield self.rows_so_far()

    def drawn_ns(
        self, law: Duration, role: int, visitor: int, step: int = 0, attempt: int = 0
    ) -> int:
        """A duration that luck decides, unless it is always the same."""
        if law.law in (draws.NEVER, draws.FIXED):
            return draws.duration_ns(law.law, law.location, law.scale, (), 0, 0, 0.5)
        return self.timetable.duration_ns(law, role, visitor, step, attempt)

    def arrivals(self) -> Iterator[Visit]:
        for chunk in self.timetable.arrivals():
            rows = zip(
                chunk.visitor.tolist(),
                chunk.people.tolist(),
                chunk.arrived_ns.tolist(),
                strict=True,
            )
            for visitor, group, arrived_ns in rows:
                yield Visit(visitor, group, self.system.people[group], arrived_ns)

    def expect_next(self, arrivals: Iterator[Visit]) -> None:
        visit = next(arrivals, None)
        if visit is not None:
            key = (ARRIVAL, visit.visitor, 0, 0, 0)
            self.clock.at_the_line(visit.arrived_ns, key, self.arrive, visit, arrivals)

    def arrive(self, visit: Visit, arrivals: Iterator[Visit]) -> None:
        self.expect_next(arrivals)
        self.present[visit.visitor] = visit
        self.line.arrive(visit)

    # Levers

    def plan_changes(self) -> None:
        for index, change in enumerate(self.system.changes):
            plan = self.clock.at_the_line if change.lever is Lever.POLICY else self.clock.at
            plan(change.at_ns, (CHANGE, index, 0, 0, 0), self.set_lever, change)

    def set_lever(self, change: Change) -> None:
        station = self.work.stations[change.station]
        value = change.value
        match change.lever:
            case Lever.SERVERS:
                station.set_servers(value)
            case Lever.WAITING_ROOM:
                station.set_waiting_room(value)
            case Lever.CORES:
                station.set_cores(value)
            case Lever.QUOTA_SPACING_NS:
                station.set_quota_spacing(value)
            case Lever.RELEASE_SPACING_NS:
                self.line.release.set_spacing(value)
            case Lever.SLOTS:
                self.line.release.set_total(value)
            case Lever.POLICY:
                self.line.set_policy(Policy(value))
        self.work.use_free_servers()

    # What becomes known

    def record(self, attempt: Attempt, result: Result, finished_ns: int) -> None:
        """The end of an attempt."""
        sent_ns, started_ns = attempt.sent_ns, attempt.started_ns
        self.attempts.append((*attempt.name, sent_ns, started_ns, finished_ns, result))

    def leave(self, visit: Visit, fate: Fate, ended_ns: int) -> None:
        """The end of a visit."""
        visit.fate = fate
        del self.present[visit.visitor]
        self.line.release.left(visit, ended_ns)
        self.visits.append(
            (
                visit.visitor,
                visit.group,
                visit.arrived_ns,
                visit.joined_ns,
                visit.let_in_ns,
                ended_ns,
                fate,
            )
        )

    def close(self) -> None:
        """At the end: who still stands in the line, and who is still under way."""
        for visit in list(self.present.values()):
            if visit.awaits is not None:
                self.record(visit.awaits, Result.UNFINISHED, UNKNOWN)
            fate = Fate.UNFINISHED if visit.is_in else Fate.WAITING
            self.leave(visit, fate, UNKNOWN)
        self.work.close(self.timetable.end_ns)

    def rows_so_far(self) -> Block:
        block = Block.of(self.visits, self.attempts)
        self.visits, self.attempts = [], []
        return block
