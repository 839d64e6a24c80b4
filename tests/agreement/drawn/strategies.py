"""Launches drawn at random, on clocks so coarse that things happen at the same instant.

A launch is drawn from any ``random.Random``: from a seed, so that it can be replayed by a number,
or from Hypothesis, so that a failing one is made small.
"""

from collections.abc import Callable
from functools import cache
from random import Random
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from simulator.outcomes.rows import UNKNOWN, Block, Fate, Result
from simulator.system.line import Slots
from simulator.system.system import System
from simulator.timetable.demand import Demand
from simulator.timetable.timetable import Timetable
from tests.agreement.drawn.crowds import component_of, people_of
from tests.agreement.drawn.dice import Dice
from tests.agreement.drawn.lines import line_of
from tests.agreement.drawn.pulls import changes_of
from tests.agreement.drawn.stations import journeys_of, stations_of


class Launch(NamedTuple):
    """What an engine is given."""

    timetable: Timetable
    system: System


Drawn = Callable[[int], Launch]
"""Draws the launch of a seed, the same one each time."""


def launch_of(random: Random, *, plain: float = 0.1) -> Launch:
    """A small launch in which any rule may play a part; a plain one with that probability."""
    dice = Dice.of(random, plain=plain)
    groups = dice.whole(1, 3)
    return Launch(timetable_of(dice, groups), system_of(dice, groups))


@cache
def replayed(seed: int) -> Launch:
    """The launch of a seed."""
    return launch_of(Random(seed))


def plain_launch_of(random: Random) -> Launch:
    """A small launch in which all is first come, first served."""
    return launch_of(random, plain=1.0)


@cache
def replayed_plain(seed: int) -> Launch:
    """The plain launch of a seed."""
    return plain_launch_of(Random(seed))


def timetable_of(dice: Dice, groups: int) -> Timetable:
    components = [component_of(dice, dice.whole(0, groups - 1)) for _ in range(dice.whole(1, 3))]
    horizon_ns = dice.one_of([25, 40, 80]) * dice.tick_ns
    return Timetable(
        demand=Demand(components=tuple(components)),
        horizon_ns=horizon_ns,
        end_ns=horizon_ns + dice.one_of([0, 5, 200]) * dice.tick_ns,
        seed=dice.random.randrange(1 << 32),
        launch=dice.whole(0, 2),
        service_launch=dice.one_of([None, None, None, 7]),
    )


def system_of(dice: Dice, groups: int) -> System:
    line, stations = line_of(dice), stations_of(dice)
    journeys = journeys_of(dice, stations)
    by_minute = isinstance(line.release, Slots) and line.release.by_minute
    return System(
        people=tuple(
            people_of(dice, f"group {i}", len(journeys), by_minute=by_minute) for i in range(groups)
        ),
        stations=stations,
        journeys=journeys,
        waitlist=line,
        changes=changes_of(dice, line, stations),
    )


launches = st.randoms(use_true_random=False).map(launch_of)
plain_launches = st.randoms(use_true_random=False).map(plain_launch_of)


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
