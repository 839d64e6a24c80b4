"""Launches in which everything is first-come first-served, on clocks so coarse that ties abound."""

from __future__ import annotations

from functools import cache
from random import Random

from simulator.demand import Component, Demand
from simulator.draws import FOREVER
from simulator.duration import Duration
from simulator.system import (
    Change,
    Jitter,
    Journey,
    Lever,
    LineKind,
    People,
    Policy,
    Retries,
    Station,
    Step,
    System,
    TokenBucket,
    Waitlist,
)
from simulator.timetable import Timetable
from tests.property.strategies import Launch


@cache
def plain(seed: int) -> Launch:
    """The launch of that seed."""
    return plain_of(Random(seed))


def plain_of(random: Random) -> Launch:
    """A small launch without anything that would need an event."""
    groups, stations = random.randint(1, 3), random.randint(1, 3)
    journeys = tuple(journey_of(random, i, stations) for i in range(random.randint(1, 2)))
    horizon_ns = random.choice([20, 40, 60])
    timetable = Timetable(
        demand=Demand(
            components=tuple(
                component_of(random, random.randrange(groups)) for _ in range(random.randint(1, 3))
            )
        ),
        horizon_ns=horizon_ns,
        end_ns=horizon_ns + random.choice([0, 5, 200]),
        seed=random.randrange(1 << 32),
        launch=random.randrange(3),
    )
    system = System(
        people=tuple(people_of(random, i, len(journeys)) for i in range(groups)),
        stations=tuple(station_of(random, i) for i in range(stations)),
        journeys=journeys,
        waitlist=Waitlist(
            policy=random.choice([Policy.OPEN, Policy.FIFO, Policy.FIFO]),
            kind=random.choice(list(LineKind)),
            release=TokenBucket(spacing_ns=random.randint(1, 6), burst=random.randint(1, 4)),
            poll_every_ns=random.choice([0, 0, 1, 3, 7]),
        ),
        changes=changes_of(random, stations),
    )
    return Launch(timetable, system)


def component_of(random: Random, people: int) -> Component:
    blocks = random.randint(1, 4)
    edges_ns = [random.randint(0, 10)]
    for _ in range(blocks):
        edges_ns.append(edges_ns[-1] + random.randint(1, 20))
    mass = [random.choice([0.0, 1.0, 4.0, 10.0]) for _ in range(blocks)]
    return Component.of(people, edges_ns, mass, [random.uniform(-1, 1) for _ in range(blocks)])


def journey_of(random: Random, number: int, stations: int) -> Journey:
    steps = tuple(
        Step(
            station=random.randrange(stations),
            service=random.choice([None, Duration.fixed(random.randint(0, 6))]),
            think=Duration.fixed(random.choice([0, 0, 1, 4])),
        )
        for _ in range(random.randint(1, 3))
    )
    return Journey(name=f"journey {number}", steps=steps)


def station_of(random: Random, number: int) -> Station:
    fixed = Duration.fixed(random.randint(0, 8))
    return Station(
        name=f"station {number}",
        servers=random.choice([0, 1, 1, 2, 2, 3, 4]),
        waiting_room=random.choice([0, 1, 2, 5, 1000]),
        service=duration_of(random) if random.random() < 0.3 else fixed,
        round_trip_ns=random.choice([0, 0, 1, 3]),
        retry_after_ns=random.choice([0, 0, 4]),
    )


def people_of(random: Random, number: int, journeys: int) -> People:
    return People(
        name=f"group {number}",
        journey=random.randrange(journeys),
        client_timeout_ns=random.choice([0, 1, 3, 6, 10, 20, FOREVER]),
        retries=Retries(
            attempts=random.randint(1, 4),
            backoff_ns=random.randint(0, 4),
            cap_ns=random.choice([0, 3, 8, 50]),
            jitter=random.choice(list(Jitter)),
        ),
        honours_retry_after=random.choice([0.0, 0.5, 1.0]),
        gives_up_after_ns=random.choice([FOREVER, FOREVER, 5, 15]),
        patience=Duration.never() if random.random() < 0.3 else duration_of(random),
    )


def duration_of(random: Random) -> Duration:
    mean_ns = random.randint(1, 12)
    return random.choice(
        [
            Duration.fixed(random.randint(0, 8)),
            Duration.exponential(mean_ns),
            Duration.lognormal(mean_ns, random.choice([0.3, 1.0, 2.0])),
            Duration.gamma(mean_ns, 0.7),
        ]
    )


def changes_of(random: Random, stations: int) -> tuple[Change, ...]:
    values = {
        Lever.SERVERS: range(5),
        Lever.POLICY: (Policy.OPEN, Policy.FIFO),
        Lever.RELEASE_SPACING_NS: range(1, 9),
        Lever.WAITING_ROOM: range(4),
    }
    changes = []
    for _ in range(random.choice([0, 1, 2, 5, 9])):
        lever = random.choice(list(values))
        changes.append(
            Change(
                at_ns=random.randint(0, 60),
                lever=lever,
                value=int(random.choice(values[lever])),
                station=random.randrange(stations),
            )
        )
    return tuple(sorted(changes, key=lambda change: change.at_ns))
