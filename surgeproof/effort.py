"""What takes long says so before it begins, on a terminal and in pipes alike: nobody is asked."""

from __future__ import annotations

import time

from simulator.engine.rules import Engine
from simulator.plan.effort import LONG_NS, Effort, effort_of_fit, part_of
from simulator.plan.launches import play
from simulator.plan.plan import Plan
from simulator.plan.resolve import Resolved
from simulator.text.wording import format_duration, format_people
from simulator.units import NS_PER_S
from surgeproof.endings import tell

WORTH = {"compiled": 50_000_000, "simpy": 500_000}
"""Fewer people altogether take minutes at most: how fast they are is not measured."""
PARTS = {"compiled": (20_000, 2_000_000), "simpy": (2_000, 20_000)}
"""So many people are simulated, and so many more, to see how fast this machine is: fewer in the same
system wait less, so that the whole takes as long at least. What a launch takes however many come (a launch
of years has a hundred thousand blocks of time) is in both, and not in their difference."""


def tell_of_fit(launch: Resolved) -> None:
    """Before the demand is found that leads to published outcomes."""
    found = effort_of_fit(launch)
    if found is not None and found.ns >= LONG_NS:
        tell(
            f"finding the demand of {format_people(found.people)} takes about"
            f" {format_duration(found.ns)}: a shorter launch.horizon takes less, and so does"
            ' counts = "arrivals"'
        )


def tell_of(plan: Plan, engine: Engine, launches: int, less: str = "fewer --launches") -> None:
    """Before launches are simulated; ``less`` says how it would take less."""
    people = plan.demand.total
    if people * launches < WORTH[engine.name]:
        return
    found = Effort(
        people=people, launches=launches, per_s=people_per_s(plan, engine), at_once=cores(launches)
    )
    if found.ns < LONG_NS:
        return
    times = f"{launches:,} times " if launches > 1 else ""
    tell(
        f"simulating {format_people(people)} {times}takes at least {format_duration(found.ns)}"
        f" here: {less} or fewer people take less (surgeproof new --like makes a smaller"
        " launch)"
    )


def cores(launches: int) -> int:
    """How many launches are simulated at once, here or on a cluster."""
    import joblib

    return min(launches, int(joblib.effective_n_jobs()))


def people_per_s(plan: Plan, engine: Engine) -> float:
    """How many people one core simulates in a second, measured on some of them."""
    few, more = (part_of(plan, people) for people in PARTS[engine.name])
    play(few, engine, 0)  # what is compiled at its first use is no part of it
    few_ns, more_ns = playing_ns(few, engine), playing_ns(more, engine)
    people = more.demand.total - few.demand.total
    if people <= 0 or more_ns <= few_ns:
        return few.demand.total * NS_PER_S / few_ns
    return people * NS_PER_S / (more_ns - few_ns)


def playing_ns(plan: Plan, engine: Engine) -> int:
    """How long one launch takes here."""
    started_ns = time.perf_counter_ns()
    play(plan, engine, 0)
    return max(1, time.perf_counter_ns() - started_ns)
