"""Launches drawn at random in which everything is first-come first-served."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import strategies as st

from simulator.draws import FOREVER
from simulator.duration import Duration
from simulator.system import (
    UNBOUNDED,
    Balance,
    Change,
    Journey,
    Lever,
    People,
    Policy,
    Station,
    StationKind,
    System,
    TokenBucket,
    Waitlist,
)
from tests.property.strategies import Launch, launch_of


def plain_launch_of(random: Random) -> Launch:
    """Any launch, without whatever is not first-come first-served."""
    timetable, system = launch_of(random)
    return Launch(timetable, plain(system, random))


plain_launches = st.randoms(use_true_random=False).map(plain_launch_of)


def plain(system: System, random: Random) -> System:
    return System(
        people=tuple(plain_people(people) for people in system.people),
        stations=tuple(plain_station(station) for station in system.stations),
        journeys=tuple(plain_journey(journey) for journey in system.journeys),
        waitlist=plain_line(system.waitlist, random),
        changes=tuple(plain_change(change) for change in system.changes),
    )


def plain_people(people: People) -> People:
    return replace(
        people,
        cancels=False,
        retries=replace(people.retries, budget_millionths=0),
        balks=Duration.never(),
        silent=0.0,
        shows_up=1.0,
        answers_after=Duration.fixed(0),
        refreshes=Duration.never(),
        refers=None,
    )


def plain_station(station: Station) -> Station:
    return replace(
        station,
        kind=StationKind.POOL,
        sheds_after_ns=FOREVER,
        balance=Balance.SHARED,
        autoscaler=None,
        failures=None,
        cold=None,
    )


def plain_journey(journey: Journey) -> Journey:
    steps = tuple(replace(step, calls=(), holds=None) for step in journey.steps)
    return replace(journey, steps=steps)


def plain_line(line: Waitlist, random: Random) -> Waitlist:
    bucket = TokenBucket(
        spacing_ns=random.choice([1, 2, 3]) * max(1, line.poll_every_ns), burst=random.randint(1, 4)
    )
    return replace(
        line,
        policy=plain_policy(line.policy),
        release=line.release if isinstance(line.release, TokenBucket) else bucket,
        shuffles=False,
        places=UNBOUNDED,
        call_expires_ns=FOREVER,
    )


def plain_policy(policy: int) -> Policy:
    return Policy.OPEN if policy == Policy.OPEN else Policy.FIFO


def plain_change(change: Change) -> Change:
    if change.lever is not Lever.POLICY:
        return change
    return replace(change, value=plain_policy(change.value))
