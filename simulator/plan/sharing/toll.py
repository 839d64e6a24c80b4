"""The toll: seconds of processor time that an attempt and a look in line take, of the generator and the target.

It is measured once, before any target is: the replay's own generator sends a short surge to the reference
target, whose work is next to nothing, and another one through its line. In each second of these, ``t`` long,

    processor time = idle t + attempt_s (attempts sent in it) + look_s (looks in it) + error,

by least squares over all seconds, none below 0. The same of the target's own process tells what its line
and its web server cost it beside the work: of a target of another kind nobody knows that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from simulator.outcomes.machine import Strain
from simulator.outcomes.rows import Block
from simulator.plan.plan import Plan, Subject
from simulator.plan.sharing.load import Load, Traffic
from simulator.system.line import Policy, TokenBucket, Waitlist
from simulator.system.objectives import Objectives
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.units import NS_PER_S, frozen_ints

POLL_EVERY_NS = NS_PER_S
TIMEOUT_NS = 10 * NS_PER_S
OPEN = Waitlist()
LINE = Waitlist(policy=Policy.FIFO, release=TokenBucket.at_rate(40.0), poll_every_ns=POLL_EVERY_NS)
Coming = tuple[tuple[float, float, float], ...]
"""From when until when (s) how many come."""
AT_ONCE: Coming = ((0.0, 3.0, 1_200.0), (5.5, 6.0, 5.0))
"""As in a storm of people who try again. The more come, the less each costs, since one wake-up serves several: of 50 a second
it is three times as much, which is a few hundredths of a core then, and of hundreds would be most of one that is not needed.
The last few keep the generator there while it is idle."""
IN_LINE: Coming = ((0.0, 1.0, 160.0), (7.0, 7.5, 5.0))
SURGES = ((OPEN, AT_ONCE), (LINE, IN_LINE))
DRAINS_NS = 2 * NS_PER_S
FEWEST = 6
"""Seconds: with fewer three figures cannot be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What sending takes of this machine."""

    generator: Load
    target: Load
    """Of the reference target, beside its work."""


def toll_of(seconds: Sequence[Second]) -> Toll | None:
    """What the seconds of all surges tell; None where they are too few."""
    if len(seconds) < FEWEST:
        return None
    return Toll(
        generator=load_of(seconds, [each.generator_s for each in seconds]),
        target=load_of(seconds, [each.target_s for each in seconds]),
    )


def plan_of(waitlist: Waitlist, coming: Coming) -> Plan:
    """So many people each time, who sign up once; nobody comes in between."""
    components = tuple(
        Component.of(people=0, edges_ns=[round(a * NS_PER_S), round(b * NS_PER_S)], mass=[people])
        for a, b, people in coming
    )
    horizon_ns = round(coming[-1][1] * NS_PER_S)
    return Plan(
        subject=Subject.REHEARSAL,
        scenario="toll",
        variant=None,
        demand=Demand(components=components),
        system=System(
            people=(People(name="people", client_timeout_ns=TIMEOUT_NS),),
            stations=(Station(name="signup", servers=1, service=Duration.fixed(0)),),
            waitlist=waitlist,
        ),
        objectives=Objectives(),
        horizon_ns=horizon_ns,
        end_ns=horizon_ns + DRAINS_NS,
        bin_ns=NS_PER_S,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """What was done in about a second, and the processor time that it took."""

    for_s: float
    attempts: float
    looks: float
    generator_s: float
    target_s: float


def seconds_of(rows: Block, strain: Sequence[Strain]) -> list[Second]:
    """What was asked for in each second of the watch, and what it took."""
    found = []
    for each in strain:
        for_s = each.for_ns / NS_PER_S
        asked = Traffic.of(rows, frozen_ints([each.at_ns - each.for_ns, each.at_ns]), POLL_EVERY_NS)
        second = Second(
            for_s=for_s,
            attempts=float(asked.attempts_per_s[0]) * for_s,
            looks=float(asked.looks_per_s[0]) * for_s,
            generator_s=each.generator_cpu * for_s,
            target_s=each.target_cpu * for_s,
        )
        if np.isfinite([second.generator_s, second.target_s]).all():
            found.append(second)
    return found


def load_of(seconds: Sequence[Second], took_s: Sequence[float]) -> Load:
    """By least squares, none below 0."""
    done = np.array([(each.for_s, each.attempts, each.looks) for each in seconds], np.float64)
    (idle, attempt_s, look_s), _ = optimize.nnls(done, np.array(took_s, np.float64))
    return Load(idle=float(idle), attempt_s=float(attempt_s), look_s=float(look_s))
