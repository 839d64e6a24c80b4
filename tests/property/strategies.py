"""Launches drawn at random, on clocks so coarse that things happen at the same instant.

A launch is drawn from any ``random.Random``: from a seed, so that it can be replayed by a number,
or from Hypothesis, so that a failing one is made small.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from simulator.demand import Component, Demand
from simulator.draws import FOREVER
from simulator.outcomes import UNKNOWN, Block, Fate, Result
from simulator.system import (
    Change,
    Duration,
    Jitter,
    Lever,
    LineKind,
    People,
    Policy,
    Pool,
    Retries,
    System,
    TokenBucket,
    Waitlist,
)
from simulator.timetable import Timetable


class Launch(NamedTuple):
    """What an engine is given."""

    timetable: Timetable
    system: System


def launch_of(random: Random) -> Launch:
    """A small launch in which any rule may play a part."""
    groups = random.randint(1, 3)
    components = tuple(
        component_of(random, random.randrange(groups)) for _ in range(random.randint(1, 3))
    )
    horizon_ns = random.choice([20, 40, 60])
    timetable = Timetable(
        demand=Demand(components=components),
        horizon_ns=horizon_ns,
        end_ns=horizon_ns + random.choice([0, 5, 200]),
        seed=random.randrange(1 << 32),
        launch=random.randrange(3),
    )
    system = System(
        people=tuple(people_of(random, f"group {i}") for i in range(groups)),
        station=Pool(
            name="signup",
            servers=random.choice([0, 1, 1, 2, 2, 3, 4]),
            waiting_room=random.choice([0, 1, 2, 5, 1000]),
            service=duration_of(random)
            if random.random() < 0.3
            else Duration.fixed(random.randint(0, 8)),
            round_trip_ns=random.choice([0, 0, 1, 3]),
        ),
        waitlist=Waitlist(
            policy=random.choice([Policy.OPEN, Policy.FIFO, Policy.FIFO]),
            kind=random.choice(list(LineKind)),
            release=TokenBucket(spacing_ns=random.randint(1, 6), burst=random.randint(1, 4)),
            poll_every_ns=random.choice([0, 0, 1, 3, 7]),
        ),
        changes=tuple(changes_of(random)),
    )
    return Launch(timetable, system)


def component_of(random: Random, people: int) -> Component:
    blocks = random.randint(1, 4)
    edges_ns = [random.randint(0, 10)]
    for _ in range(blocks):
        edges_ns.append(edges_ns[-1] + random.randint(1, 20))
    mass = [random.choice([0.0, 1.0, 4.0, 10.0]) for _ in range(blocks)]
    return Component.of(people, edges_ns, mass, [random.uniform(-1, 1) for _ in range(blocks)])


def people_of(random: Random, name: str) -> People:
    return People(
        name=name,
        client_timeout_ns=random.choice([0, 1, 3, 6, 10, 20, FOREVER]),
        retries=Retries(
            attempts=random.randint(1, 4),
            backoff_ns=random.randint(0, 4),
            cap_ns=random.choice([0, 3, 8, 50]),
            jitter=random.choice(list(Jitter)),
        ),
        patience=duration_of(random),
    )


def duration_of(random: Random) -> Duration:
    mean_ns = random.randint(1, 12)
    return random.choice(
        [
            Duration.never(),
            Duration.fixed(random.randint(0, 8)),
            Duration.exponential(mean_ns),
            Duration.lognormal(mean_ns, random.choice([0.3, 1.0, 2.0])),
        ]
    )


def changes_of(random: Random) -> list[Change]:
    changes = [
        change_of(random, random.randint(0, 60), random.choice([*Lever, Lever.POLICY]))
        for _ in range(random.choice([0, 1, 2, 5, 9]))
    ]
    return sorted(changes, key=lambda change: change.at_ns)


def change_of(random: Random, at_ns: int, lever: Lever) -> Change:
    values = {
        Lever.SERVERS: range(5),
        Lever.POLICY: [int(policy) for policy in Policy],
        Lever.RELEASE_SPACING_NS: range(1, 9),
        Lever.WAITING_ROOM: range(4),
    }
    return Change(at_ns=at_ns, lever=lever, value=random.choice(values[lever]))


launches = st.randoms(use_true_random=False).map(launch_of)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Rows as they may be stored, whether or not they make sense."""
    instant = st.one_of(st.just(UNKNOWN), st.integers(-(1 << 62), 1 << 62))
    keys = draw(st.lists(st.integers(0, (1 << 63) - 1), unique=True, max_size=8))
    visits = [
        (key, 0, 0, *(draw(instant) for _ in range(3)), draw(st.sampled_from(Fate))) for key in keys
    ]
    attempts = [
        (key, 0, 1, 0, *(draw(instant) for _ in range(2)), draw(st.sampled_from(Result)))
        for key in keys
    ]
    return Block.of(sorted(visits), sorted(attempts))


durations_ns = st.lists(st.integers(0, 1 << 62), max_size=50).map(
    lambda values: np.array(values, np.int64)
)
