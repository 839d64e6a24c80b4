"""The SimPy engine: the definition of what happens in a launch.

What the words of a scenario mean is what the files of this folder do. They are written to be read
beside the rules in :mod:`simulator.engine.rules`; ``compiled`` does the same faster, with events and
without, and shares no rule.

======================  ============================================================================
``parts``               which classes a launch is made of
``world``               what all parts know: instants, luck, who is present, the rows
``visit``               a visit, its attempts, their jobs
``line/line``           who joins the line, waits, leaves and is called
``line/queue``          in which order: first come, by rank, at random
``line/release``        when: by tokens, in batches, by feedback
``line/slots``          by session slots
``line/minute``         by minute, where nobody is called
``clients``             steps, answers, timeouts, retries
``work``                what stations do for an attempt: service, calls, seats
``station/station``     which instance gets a job, failures, levers
``station/pool``        servers and a waiting room
``station/sharing``     jobs that go on at a speed, by how many run
``station/cpu``         jobs that share cores
``station/quota``       tokens downstream
``station/autoscaler``  instances that follow the use
``meter``               what stations do over time
======================  ============================================================================

Parts know the world and those they are given, and none knows the launch: :class:`Launch` makes
them, of the classes that :class:`Parts` names.

Every event is a SimPy event with one callback, not a process a visitor: so it carries its whole
key, which SimPy's ``Timeout`` with its fixed priority cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simulator.engine.readable.line.line import Line
from simulator.engine.readable.line.queue import Queue
from simulator.engine.readable.line.release import Release
from simulator.engine.readable.meter import Meter
from simulator.engine.readable.parts import PARTS, Parts
from simulator.engine.readable.station.autoscaler import Autoscaler
from simulator.engine.readable.station.pool import Pool, Told
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Attempt, Visit
from simulator.engine.rules import ARRIVAL, CHANGE
from simulator.outcomes.counts.fold import summarise
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Block, Outcomes, Provenance, Result
from simulator.outcomes.tracks import Grid
from simulator.system.line import Batches, Feedback, Policy, Slots, TokenBucket
from simulator.system.stations import StationKind
from simulator.system.system import Change, Lever, System
from simulator.timetable.timetable import Timetable

BLOCK_ROWS = 16_384


class Readable:
    """The engine that is read."""

    name = "simpy"

    def __init__(self, parts: Parts = PARTS) -> None:
        self.parts = parts

    def simulate(
        self, timetable: Timetable, system: System, *, bin_ns: int | None = None
    ) -> Outcomes:
        """What becomes of every visitor, as a stream of blocks."""
        return Launch(timetable, system, self.parts, bin_ns=bin_ns).outcomes()

    def summarise(
        self, timetable: Timetable, system: System, *, bin_ns: int, layout: Layout
    ) -> Summary:
        """What the rows come to, block by block."""
        outcomes = self.simulate(timetable, system, bin_ns=bin_ns)
        return summarise(outcomes, bin_ns=bin_ns, layout=layout)


class Launch:
    """One launch under way: its parts are made and put together, and time passes."""

    def __init__(
        self,
        timetable: Timetable,
        system: System,
        parts: Parts = PARTS,
        *,
        bin_ns: int | None = None,
    ) -> None:
        self.timetable, self.system, self.parts = timetable, system, parts
        self.meter: Meter | None = None
        """Where somebody asks what stations do over time, in bins of that width."""
        if bin_ns is not None:
            self.meter = Meter(Grid.of(bin_ns, timetable.end_ns), len(system.stations))
        self.clock = parts.clock(timetable)
        self.world = parts.world(timetable, system, self.clock, self.meter)
        self.autoscalers: list[Autoscaler] = []
        self.work = parts.work(self.world, self.new_station, self.answer)
        self.clients = parts.clients(self.world, self.work)
        self.line = self.new_line()
        self.world.listener = self.line.release

    def outcomes(self) -> Outcomes:
        return Outcomes(
            provenance=Provenance.PREDICTED,
            horizon_ns=self.timetable.horizon_ns,
            end_ns=self.timetable.end_ns,
            blocks=self.play(),
            tracks=None if self.meter is None else self.meter.tracks,
        )

    # What it is made of

    def new_station(self, number: int, told: Told) -> Station:
        said = self.system.stations[number]
        station = self.parts.station(
            self.world, number, told, lambda index: self.new_instance(number, index, told)
        )
        if said.autoscaler is not None:
            self.autoscalers.append(self.parts.autoscaler(self.world, station, said.autoscaler))
        return station

    def new_instance(self, station: int, index: int, told: Told) -> Pool:
        said = self.system.stations[station]
        if said.kind is StationKind.QUOTA:
            bucket = self.parts.bucket(said.quota)
            return self.parts.quota(self.world, station, index, told, bucket)
        of_a_pool = self.parts.sharing if said.is_inflated else self.parts.pool
        made = self.parts.cpu if said.kind is StationKind.CPU else of_a_pool
        return made(self.world, station, index, told)

    def answer(self, attempt: Attempt, result: Result, retry_after_ns: int) -> None:
        """Stations come first, and clients who know them: what becomes of work comes back."""
        self.clients.answer(attempt, result, retry_after_ns)

    def new_line(self) -> Line:
        release = self.system.waitlist.release
        by_minute = isinstance(release, Slots) and release.by_minute
        made = self.parts.minute_line if by_minute else self.parts.line
        return made(self.world, self.new_queue(), self.new_release, self.clients.enter)

    def new_queue(self) -> Queue:
        queues: dict[Policy, type[Queue]] = {
            Policy.FIFO: self.parts.in_order,
            Policy.PRIORITY: self.parts.by_rank,
            Policy.RANDOM: self.parts.at_random,
        }
        return queues[self.system.order](self.world)

    def new_release(self, queue: Queue, call_first: Callable[[], None]) -> Release:
        said, parts, line = (
            self.system.waitlist.release,
            self.parts,
            (self.world, queue, call_first),
        )
        if isinstance(said, TokenBucket):
            return parts.by_tokens(*line, parts.bucket(said))
        if isinstance(said, Batches):
            return parts.in_batches(*line, said)
        if isinstance(said, Feedback):
            return parts.by_feedback(*line, said, parts.bucket)
        return (parts.by_minute if said.by_minute else parts.by_slots)(*line, said)

    # Its course

    def play(self) -> Iterator[Block]:
        """Let everything happen, giving out rows as they are known."""
        self.start()
        world, work = self.world, self.work
        while self.clock.happens():
            work.use_free_servers()
            if len(world.visits) + len(world.attempts) >= BLOCK_ROWS:
                yield world.rows_so_far()
        world.close()
        work.close(self.timetable.end_ns)
        yield world.rows_so_far()

    def start(self) -> None:
        """Plan what happens whoever comes, and the first one who does."""
        self.plan_changes()
        self.work.start()
        for autoscaler in self.autoscalers:
            autoscaler.plan()
        self.line.release.start()
        self.expect_next(self.arrivals())

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
        self.world.present[visit.visitor] = visit
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
