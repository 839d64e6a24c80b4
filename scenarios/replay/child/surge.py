"""The surge itself: the planned visitors, each sent at his instant.

One scheduler walks the plan with absolute deadlines. It never waits for a visitor: at the in-flight
cap, or more than the maximum lag behind, a visitor is counted and not sent, since a backlog sent in
a burst would be another surge. So ``planned = started + unsent``, and each planned visitor has one
row.

It knows no more of the plan than its rows, so a shard of a plan is sent by the same code.
"""

from __future__ import annotations

from collections.abc import Callable

import gevent
from gevent.pool import Group

from scenarios.replay.child.clock import Clock
from scenarios.replay.child.ledger import Ledger
from scenarios.replay.child.visitors.visit import Visit
from scenarios.replay.orders import Orders
from simulator.outcomes.rows import Fate
from simulator.units import Ints

TO_LEAVE_S = 2.0
"""For visitors who are stopped: the code of a locustfile may hold on."""
BREATHE_NS = 5_000_000
"""Further behind than this, the scheduler lets the visitors go on between two starts."""


class Surge:
    """All planned visitors: still to come, present, or gone."""

    def __init__(self, plan: Ints, orders: Orders, clock: Clock, ledger: Ledger) -> None:
        self.plan, self.orders, self.clock, self.ledger = plan, orders, clock, ledger
        self.visitors = Group()
        self.present: dict[int, Visit] = {}
        """Who was sent and has no fate yet."""
        self.reached = 0
        """How many of the plan's rows have had their turn."""
        self.started = self.late = self.at_cap = 0

    @property
    def waiting(self) -> int:
        """How many stand in the line."""
        return sum(visit.waits for visit in self.present.values())

    def send_everybody(self, make: Callable[[Visit], gevent.Greenlet]) -> None:
        """Start each visit at its instant; ``make`` gives the greenlet that will make it."""
        for place, (visitor, group, arrived_ns) in enumerate(self.plan.tolist()):
            self.clock.sleep_until(arrived_ns)
            self.reached += 1
            lag_ns = self.clock.now_ns() - arrived_ns
            visit = Visit(visitor, group, arrived_ns, place)
            if self.may_go(lag_ns):
                self.started += 1
                self.present[visitor] = visit
                self.visitors.start(make(visit))
            else:
                self.ledger.add_visit(visit.row(Fate.UNSENT))
            if lag_ns > BREATHE_NS:
                gevent.sleep(0)

    def may_go(self, lag_ns: int) -> bool:
        """Whether this visitor can still be sent; counts why not."""
        late = lag_ns > self.orders.max_lag_ns
        at_cap = not late and len(self.present) >= self.orders.in_flight_cap
        self.late += late
        self.at_cap += at_cap
        return not (late or at_cap)

    def ended(self, visit: Visit, fate: Fate, ended_ns: int) -> None:
        """A visitor has met his fate; who was cut short has met it before."""
        if self.present.pop(visit.visitor, None) is not None:
            self.ledger.add_visit(visit.row(fate, ended_ns))

    def cut_short(self) -> None:
        """Stop everybody, and write down how far each was; who never came is unsent."""
        self.visitors.kill(timeout=TO_LEAVE_S)
        for visit in self.present.values():
            row, attempts = visit.cut_short()
            self.ledger.add_visit(row)
            for attempt in attempts:
                self.ledger.add_attempt(attempt)
        self.present.clear()
        for visitor, group, arrived_ns in self.plan[self.reached :].tolist():
            self.ledger.add_visit(Visit(visitor, group, arrived_ns).row(Fate.UNSENT))
