"""Stress: how likely a launch is not to recover from a disturbance, and what makes it recover.

Metastability: a system can be held down, by its own retries and by work that nobody waits for any
more, long after what pushed it down has gone. Each trigger (:mod:`simulator.advice.disturbance.trigger`)
hits the launch at the peak of its demand (:mod:`simulator.advice.disturbance.moment`), and goes. Many
launches meet each size, the same ones with the same luck, and some of them recover
(:mod:`simulator.advice.disturbance.bench`). Sizes are doubled until every other launch does not, halved until
every launch does, and narrowed down at both borders.

Source: Bronson, Aghayev, Charapko and Zhu 2021, "Metastable failures in distributed systems" (the
states and the trigger).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from simulator.advice.disturbance.bench import Bench, Told
from simulator.advice.disturbance.cures import cures
from simulator.advice.disturbance.found import HALF, Reaction, Stressed, Sweep
from simulator.advice.disturbance.trigger import Disturbance
from simulator.engine.rules import Engine
from simulator.plan.plan import Plan
from simulator.verdict.chance import launches_needed
from simulator.verdict.criteria import Outcome

LAUNCHES = launches_needed(0) + 1
"""If all of so many recover, at least 95 % of all launches do, with 95 % confidence."""
BIGGEST = {Disturbance.PULSE: 32, Disturbance.DIP: 16}
"""In units (:class:`simulator.advice.disturbance.moment.Moment`): the biggest pulse is four fifths of those
who come in the room to recover in at the rate of the peak, the longest dip two fifths of that time."""
HALVINGS = 8
"""So often is the first size halved, where already that is too much."""
FINENESS = 1.25
"""Borders are found this closely."""

Beyond = Callable[[Reaction], bool]


def stress(
    plan: Plan, engine: Engine, *, launches: int = LAUNCHES, told: Told | None = None
) -> Stressed:
    """Sweep the sizes of every kind of trigger."""
    bench = Bench.of(plan, engine, launches, told)
    found = Stressed(
        launches=launches,
        moment=bench.moment,
        wanted=sum(bench.wanted(calm) for calm in bench.calm),
        undisturbed=bench.undisturbed,
        undisturbed_lost=launches - len(bench.standing),
        sweeps=(),
    )
    if not found.judged or found.calm is Outcome.FAILS:
        return found
    return replace(found, sweeps=tuple(sweep(bench, kind) for kind in Disturbance))


def sweep(bench: Bench, kind: Disturbance) -> Sweep:
    """Every size that had to be tried, and what heals the launch where it is lost."""
    found = Sweep(reactions=searched(bench, kind))
    if found.to_heal is None:
        return found
    return replace(found, cures=tuple(cures(bench, found.to_heal)))


def searched(bench: Bench, kind: Disturbance) -> tuple[Reaction, ...]:
    """Sizes up to where half of the launches are lost and down to where none is, and in between."""
    tried: dict[float, Reaction] = {}

    def react(size: float) -> Reaction:
        tried[size] = bench.react(bench.trigger(kind, size))
        return tried[size]

    size = 1.0
    while not half_lost(react(size)) and size < BIGGEST[kind]:
        size *= 2
    size = 1.0
    while some_lost(react(size)) and size > 0.5**HALVINGS:
        size /= 2
    for beyond in (half_lost, some_lost):
        narrow(tried, react, beyond)
    return tuple(tried[size] for size in sorted(tried))


def some_lost(reaction: Reaction) -> bool:
    """Whether P is above 0 for certain."""
    return bool(reaction.lost)


def half_lost(reaction: Reaction) -> bool:
    """Whether P has crossed one half."""
    return reaction.probability >= HALF


def narrow(
    tried: dict[float, Reaction], react: Callable[[float], Reaction], beyond: Beyond
) -> None:
    """Halve the way, as a ratio, to the smallest size that is beyond."""
    while True:
        above = min((size for size, each in tried.items() if beyond(each)), default=math.inf)
        below = max((size for size in tried if size < above), default=0.0)
        if math.isinf(above) or not below or above / below <= FINENESS:
            return
        react(math.sqrt(above * below))
