"""The surge itself: the planned visitors, each sent at his instant.

One scheduler walks the plan with absolute deadlines. It never waits for a visitor: at the in-flight
cap, or more than the maximum lag behind, a visitor is counted and not sent, since a backlog sent in
a burst would be another surge. So ``planned = started + unsent``, and each planned visitor has one
row.

The cap is of those who are awake, each with a request of his own under way: an open file, and some
twenty kilobytes. Who waits in line, thinks or pauses needs a few kilobytes and a timer, so of them there may be
as many as this process has memory for.

It knows no more of the plan than its rows, so a shard of a plan is sent by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import gevent

from scenarios.replay.child.clock import Clock
from scenarios.replay.child.ledger import Ledger
from scenarios.replay.child.surge.crowd import Crowd, Watched
from scenarios.replay.child.surge.garbage import Garbage
from scenarios.replay.child.visitors.visit import Life, Room, Visit
from scenarios.replay.orders import MOST_PRESENT, Orders
from simulator.outcomes.rows import Fate
from simulator.units import Ints

TO_LEAVE_S = 2.0
"""For visitors who are stopped: the code of a locustfile may hold on."""
ROWS_AT_ONCE = 1_000
BREATHE_NS = 5_000_000
"""Further behind than this, the scheduler lets the visitors go on between two starts."""


class Surge:
    """All planned visitors: still to come, present, or gone."""

    def __init__(
        self, plan: Ints, orders: Orders, clock: Clock, ledger: Ledger, watched: Watched
    ) -> None:
        self.plan, self.orders, self.clock, self.ledger = plan, orders, clock, ledger
        self.crowd, self.room, self.garbage = Crowd(clock, watched), Room(), Garbage()
        self.present: dict[int, Visit] = {}
        """Who was sent and has no fate yet."""
        self.reached = 0
        """How many of the plan's rows have had their turn."""
        self.started = self.late = self.at_cap = 0

    @property
    def waiting(self) -> int:
        """How many stand in the line."""
        return self.room.people

    def send_everybody(self, life: Callable[[Visit], Life]) -> None:
        """Start each visit at its instant."""
        for visitor, group, arrived_ns, place in rows_of(self.plan):
            lag_ns = self.clock.sleep_until(arrived_ns)
            self.reached += 1
            visit = Visit(visitor, group, arrived_ns, place)
            if self.may_go(lag_ns):
                self.started += 1
                self.present[visitor] = visit
                self.crowd.start(life(visit))
            else:
                self.ledger.add_visit(visit.row(Fate.UNSENT))
            if lag_ns > BREATHE_NS:
                gevent.sleep(0)

    def may_go(self, lag_ns: int) -> bool:
        """Whether this visitor can still be sent; counts why not."""
        if lag_ns > self.orders.max_lag_ns:
            self.late += 1
        elif self.is_full:
            self.at_cap += 1
        else:
            return True
        return False

    @property
    def is_full(self) -> bool:
        """Whether there are as many as this process may have."""
        return self.crowd.awake >= self.orders.in_flight_cap or len(self.present) >= MOST_PRESENT

    def ended(self, visit: Visit, fate: Fate, ended_ns: int) -> None:
        """A visitor has met his fate; who was cut short has met it before."""
        if self.present.pop(visit.visitor, None) is not None:
            self.ledger.add_visit(visit.row(fate, ended_ns))

    def cut_short(self) -> None:
        """Stop everybody, and write down how far each was; who never came is unsent."""
        self.crowd.stop(TO_LEAVE_S)
        for visit in self.present.values():
            row, attempts = visit.cut_short()
            self.ledger.add_visit(row)
            for attempt in attempts:
                self.ledger.add_attempt(attempt)
        self.present.clear()
        for visitor, group, arrived_ns, place in rows_of(self.plan[self.reached :]):
            self.ledger.add_visit(Visit(visitor, group, arrived_ns, place).row(Fate.UNSENT))


def rows_of(plan: Ints) -> Iterator[list[int]]:
    """The plan's rows, some at a time: a million of them as Python's numbers are 200 MB."""
    for first in range(0, len(plan), ROWS_AT_ONCE):
        yield from plan[first : first + ROWS_AT_ONCE].tolist()
