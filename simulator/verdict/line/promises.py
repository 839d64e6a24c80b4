"""What a line promises: in which order and how fast it lets people in, and to whom it is told apart."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from simulator.plan.plan import Plan
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.people import CLASSES
from simulator.units import NS_PER_S

CATCHES_UP_NS = NS_PER_S
"""So much of its time a line may let in at once, beside its burst: a timer that is late, a restart."""


class Order(enum.StrEnum):
    """In which order people are let in."""

    FIRST_COME = "first-come"
    BY_CLASS = "by-class"
    """First come, first served, within a class."""
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What is audited, beside what every line owes: a place is nobody else's, and is kept."""

    order: Order = Order.FIRST_COME
    alike_ns: int = 0
    """Who joined within this of one another may be let in in any order."""
    rate_per_s: float | None = None
    """None: nobody promised one."""
    burst: int = 1
    catches_up_ns: int = CATCHES_UP_NS
    wait_factor: float = 2.0
    """An announced wait that the real one exceeds, or misses, by more than this factor is wrong."""
    classes: tuple[int, ...] = ()
    """Of each entry of the system's people; empty: all are alike."""

    def class_of(self, people: int) -> int:
        return self.classes[people] if people < len(self.classes) else 0


ORDERS = {
    "fifo": Order.FIRST_COME,
    "priority": Order.BY_CLASS,
    "random": Order.ANY,
    "shuffle-then-fifo": Order.ANY,
    "open": Order.ANY,
}
"""What a policy promises, where the line's own words say nothing."""


def promises_of(scenario: Scenario, plan: Plan) -> Promises:
    """Those of the target's line, as a launch file has them, for the people of its rehearsal."""
    words, replay = scenario.words, scenario.words.replay
    assert replay is not None, "a plan for a rehearsal was made of it"
    said, default = replay.line_spoken.promises, Promises()
    numbers = {group.name: CLASSES.index(group.class_) for group in words.people}
    return Promises(
        order=ORDERS[words.waitlist.policy] if said.order is None else Order(said.order),
        alike_ns=said.alike_ns,
        rate_per_s=said.rate_per_s,
        burst=said.burst,
        catches_up_ns=said.catches_up_ns or default.catches_up_ns,
        wait_factor=said.wait_factor or default.wait_factor,
        classes=tuple(numbers.get(group.name, 0) for group in plan.system.people),
    )
