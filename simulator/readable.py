"""The SimPy engine: the definition of what happens in a launch.

What the words of a scenario mean is what this file does. It is written to be read beside the rules
in :mod:`simulator.engine`; :mod:`simulator.compiled` does the same faster and shares no rule.

Every event is a SimPy event with one callback. That is six times faster than a process a visitor,
and it lets each event carry its whole key, which SimPy's ``Timeout`` with its fixed priority
cannot.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import simpy
from simpy.events import EventPriority

from simulator.engine import (
    ARRIVAL,
    CHANGE,
    COMPLETION,
    ENTRY,
    PATIENCE,
    RELEASE,
    RETRY,
    STEP,
    TIMEOUT,
)
from simulator.outcomes import UNKNOWN, Block, Fate, Outcomes, Provenance, Result
from simulator.system import Change, Jitter, Lever, LineKind, People, Policy, System
from simulator.timetable import Timetable

BLOCK_ROWS = 16_384


class Readable:
    """The engine that is read."""

    name = "simpy"

    def simulate(self, timetable: Timetable, system: System) -> Outcomes:
        """What becomes of every visitor, as a stream of blocks."""
        return Launch(timetable, system).outcomes()


class Happening(simpy.Event):
    """Something that happens at an instant, placed among others of that instant by its key."""

    def __init__(
        self,
        env: simpy.Environment,
        at_ns: int,
        key: tuple[int, int, int, int],
        action: Callable[..., None],
        *of: Any,
    ) -> None:
        super().__init__(env)
        self.at_ns = at_ns
        self.callbacks.append(lambda _: action(*of))
        self._ok, self._value = True, None
        # SimPy orders events by (time, priority, counter) and only compares priorities: a key will do.
        env.schedule(self, cast("EventPriority", key), at_ns - env.now)


@dataclass(slots=True, eq=False)
class Visit:
    """One visitor, from his arrival to his fate."""

    visitor: int
    group: int
    arrived_ns: int
    joined_ns: int = UNKNOWN
    let_in_ns: int = UNKNOWN
    awaits: Attempt | None = None
    """The attempt whose answer his client waits for."""


@dataclass(slots=True, eq=False)
class Attempt:
    """One try of a visit; the server may still work on it when the client has given it up."""

    visit: Visit
    number: int
    sent_ns: int
    deadline_ns: int
    started_ns: int = UNKNOWN

    @property
    def is_awaited(self) -> bool:
        return self.visit.awaits is self


class Launch:
    """One launch under way."""

    def __init__(self, timetable: Timetable, system: System) -> None:
        self.timetable, self.system = timetable, system
        self.env = simpy.Environment()
        self.end_ns = timetable.end_ns
        self.closes_ns = min(timetable.horizon_ns, timetable.end_ns)

        self.policy = system.waitlist.policy
        self.spacing_ns = system.waitlist.release.spacing_ns
        self.servers = system.station.servers
        self.waiting_room = system.station.waiting_room

        self.present: dict[int, Visit] = {}
        """Who has arrived and has no fate yet."""
        self.line: OrderedDict[int, Visit] = OrderedDict()
        """Who can be called, first come first; on a LIST also who has silently lost interest."""
        self.full_at_ns = 0
        """When the token bucket is or was full."""
        self.next_release: Happening | None = None
        self.busy = 0
        self.waiting_work: deque[Attempt] = deque()

        self.visits: list[tuple[int, ...]] = []
        self.attempts: list[tuple[int, ...]] = []

    @property
    def now_ns(self) -> int:
        return cast("int", self.env.now)

    def outcomes(self) -> Outcomes:
        return Outcomes(
            provenance=Provenance.PREDICTED,
            horizon_ns=self.timetable.horizon_ns,
            end_ns=self.end_ns,
            blocks=self.play(),
        )

    def play(self) -> Iterator[Block]:
        """Let everything happen, giving out rows as they are known."""
        for index, change in enumerate(self.system.changes):
            if change.lever is not Lever.POLICY or change.at_ns < self.closes_ns:
                self.at(change.at_ns, (CHANGE, index, STEP, 0), self.set_lever, change)
        arrivals = self.arrivals()
        self.expect_next(arrivals)
        while self.env.peek() < self.end_ns:
            self.env.step()
            if len(self.visits) + len(self.attempts) >= BLOCK_ROWS:
                yield self.rows_so_far()
        self.close()
        yield self.rows_so_far()

    def at(
        self, at_ns: int, key: tuple[int, int, int, int], action: Callable[..., None], *of: Any
    ) -> Happening:
        """What happens then; its key is (class, visitor, step, attempt)."""
        return Happening(self.env, at_ns, key, action, *of)

    def at_the_line(
        self, at_ns: int, key: tuple[int, int, int, int], action: Callable[..., None], *of: Any
    ) -> Happening | None:
        """What happens then, unless the line has closed by then."""
        return self.at(at_ns, key, action, *of) if at_ns < self.closes_ns else None

    def arrivals(self) -> Iterator[Visit]:
        for chunk in self.timetable.arrivals():
            rows = zip(
                chunk.visitor.tolist(),
                chunk.people.tolist(),
                chunk.arrived_ns.tolist(),
                strict=True,
            )
            for visitor, group, arrived_ns in rows:
                yield Visit(visitor, group, arrived_ns)

    def expect_next(self, arrivals: Iterator[Visit]) -> None:
        visit = next(arrivals, None)
        if visit is not None:
            key = (ARRIVAL, visit.visitor, STEP, 0)
            self.at_the_line(visit.arrived_ns, key, self.arrive, visit, arrivals)

    def arrive(self, visit: Visit, arrivals: Iterator[Visit]) -> None:
        self.expect_next(arrivals)
        self.present[visit.visitor] = visit
        if self.policy is Policy.OPEN:
            self.let_in(visit)
        else:
            self.join(visit)

    def join(self, visit: Visit) -> None:
        visit.joined_ns = self.now_ns
        self.line[visit.visitor] = visit
        patience_ns = self.timetable.patience_ns(self.people_of(visit).patience, visit.visitor)
        key = (PATIENCE, visit.visitor, STEP, 0)
        self.at_the_line(self.now_ns + patience_ns, key, self.lose_patience, visit)
        self.plan_release()

    def plan_release(self) -> None:
        """Have the first in line called as soon as the bucket holds a token."""
        if not self.line:
            return
        at_ns = max(self.now_ns, self.token_ready_ns())
        if self.next_release is None or self.next_release.at_ns != at_ns:
            self.next_release = self.at_the_line(at_ns, (RELEASE, 0, STEP, 0), self.release, at_ns)

    def token_ready_ns(self) -> int:
        return self.full_at_ns - (self.system.waitlist.release.burst - 1) * self.spacing_ns

    def release(self, planned_ns: int) -> None:
        if self.next_release is None or self.next_release.at_ns != planned_ns:
            return  # planned anew since
        self.next_release = None
        if self.line:
            self.take_token()
            self.call_first()
            self.plan_release()

    def take_token(self) -> None:
        self.full_at_ns = max(self.full_at_ns, self.now_ns) + self.spacing_ns

    def call_first(self) -> None:
        _, visit = self.line.popitem(last=False)
        if visit.visitor in self.present:
            key = (ENTRY, visit.visitor, STEP, 0)
            self.at_the_line(self.next_look_ns(visit), key, self.enter, visit)

    def next_look_ns(self, visit: Visit) -> int:
        """When somebody in the line looks next whether he has been called."""
        every_ns = self.system.waitlist.poll_every_ns
        if every_ns == 0:
            return self.now_ns
        looks = -(-(self.now_ns - visit.joined_ns) // every_ns)
        return visit.joined_ns + looks * every_ns

    def enter(self, visit: Visit) -> None:
        if visit.visitor in self.present:
            self.let_in(visit)

    def lose_patience(self, visit: Visit) -> None:
        if visit.let_in_ns != UNKNOWN:
            return
        if self.system.waitlist.kind is LineKind.ROOM:
            self.line.pop(visit.visitor, None)
        self.leave(visit, Fate.RENEGED, self.now_ns)

    def let_in(self, visit: Visit) -> None:
        visit.let_in_ns = self.now_ns
        self.send(visit, 0)

    def send(self, visit: Visit, number: int) -> None:
        timeout_ns = self.people_of(visit).client_timeout_ns
        attempt = Attempt(visit, number, self.now_ns, self.now_ns + timeout_ns)
        visit.awaits = attempt
        self.at(attempt.deadline_ns, self.key_of(TIMEOUT, attempt), self.time_out, attempt)
        if self.busy < self.servers:
            self.start(attempt)
        elif self.has_room():
            self.waiting_work.append(attempt)
        else:
            self.turn_away(attempt)

    def has_room(self) -> bool:
        return len(self.waiting_work) < self.waiting_room

    def start(self, attempt: Attempt) -> None:
        self.busy += 1
        if attempt.is_awaited:
            attempt.started_ns = self.now_ns
        service_ns = self.timetable.service_ns(
            self.system.station.service, attempt.visit.visitor, STEP, attempt.number
        )
        self.at(self.now_ns + service_ns, self.key_of(COMPLETION, attempt), self.complete, attempt)

    def complete(self, attempt: Attempt) -> None:
        self.busy -= 1
        if self.answer_is_seen(attempt):
            answered_ns = self.answer_ns()
            self.record(attempt, Result.SUCCESS, answered_ns)
            self.leave(attempt.visit, Fate.SERVED, answered_ns)
        self.start_waiting_work()

    def start_waiting_work(self) -> None:
        while self.waiting_work and self.busy < self.servers:
            self.start(self.waiting_work.popleft())

    def turn_away(self, attempt: Attempt) -> None:
        if self.answer_is_seen(attempt):
            self.fail(attempt, Result.TURNED_AWAY, self.answer_ns())

    def answer_ns(self) -> int:
        """When a client sees what the station answers now."""
        return self.now_ns + self.system.station.round_trip_ns

    def answer_is_seen(self, attempt: Attempt) -> bool:
        answered_ns = self.answer_ns()
        in_time = answered_ns <= attempt.deadline_ns and answered_ns < self.end_ns
        return attempt.is_awaited and in_time

    def time_out(self, attempt: Attempt) -> None:
        if attempt.is_awaited:
            self.fail(attempt, Result.TIMED_OUT, self.now_ns)

    def fail(self, attempt: Attempt, result: Result, seen_ns: int) -> None:
        visit, following = attempt.visit, attempt.number + 1
        self.record(attempt, result, seen_ns)
        if self.may_retry(attempt):
            again_ns = seen_ns + self.pause_ns(attempt)
            self.at(again_ns, (RETRY, visit.visitor, STEP, following), self.send, visit, following)
        else:
            self.leave(visit, Fate.GAVE_UP, seen_ns)

    def may_retry(self, attempt: Attempt) -> bool:
        return attempt.number + 1 < self.people_of(attempt.visit).retries.attempts

    def pause_ns(self, attempt: Attempt) -> int:
        """How long a visitor waits after this attempt before he tries again."""
        pause_ns = self.backoff_ns(attempt)
        if self.people_of(attempt.visit).retries.jitter is Jitter.NONE:
            return pause_ns
        return int(pause_ns * self.timetable.jitter(attempt.visit.visitor, STEP, attempt.number))

    def backoff_ns(self, attempt: Attempt) -> int:
        retries = self.people_of(attempt.visit).retries
        return min(retries.cap_ns, retries.backoff_ns << attempt.number)

    def set_lever(self, change: Change) -> None:
        if change.lever is Lever.SERVERS:
            self.servers = change.value
            self.start_waiting_work()
        elif change.lever is Lever.WAITING_ROOM:
            self.waiting_room = change.value
        elif change.lever is Lever.RELEASE_SPACING_NS:
            self.set_spacing(change.value)
        else:
            self.set_policy(Policy(change.value))

    def set_policy(self, policy: Policy) -> None:
        self.policy = policy
        while policy is Policy.OPEN and self.line:
            self.call_first()

    def set_spacing(self, spacing_ns: int) -> None:
        if self.full_at_ns > self.now_ns:
            missing, rest_ns = divmod(self.full_at_ns - self.now_ns, self.spacing_ns)
            self.full_at_ns = self.now_ns + missing * spacing_ns + min(rest_ns, spacing_ns)
        self.spacing_ns = spacing_ns
        self.plan_release()

    def people_of(self, visit: Visit) -> People:
        return self.system.people[visit.group]

    def key_of(self, event_class: int, attempt: Attempt) -> tuple[int, int, int, int]:
        return event_class, attempt.visit.visitor, STEP, attempt.number

    def record(self, attempt: Attempt, result: Result, finished_ns: int) -> None:
        """The end of an attempt, as its client sees it."""
        attempt.visit.awaits = None
        self.attempts.append(
            (
                attempt.visit.visitor,
                STEP,
                attempt.number,
                attempt.sent_ns,
                attempt.started_ns,
                finished_ns,
                result,
            )
        )

    def leave(self, visit: Visit, fate: Fate, ended_ns: int) -> None:
        """The end of a visit."""
        del self.present[visit.visitor]
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
            fate = Fate.WAITING if visit.let_in_ns == UNKNOWN else Fate.UNFINISHED
            self.leave(visit, fate, UNKNOWN)

    def rows_so_far(self) -> Block:
        block = Block.of(self.visits, self.attempts)
        self.visits, self.attempts = [], []
        return block
