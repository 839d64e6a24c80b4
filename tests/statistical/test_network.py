"""Journeys through several stations: an open network with feedback, and users who never leave."""

import numpy as np
import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.outcomes.rows import Block, Fate, Result
from simulator.system.journeys import Step
from simulator.system.system import System
from simulator.timetable.demand import Demand
from simulator.timetable.timetable import Timetable
from tests.statistical.launching import (
    Exactly,
    S,
    Sample,
    at_once,
    both,
    exponential,
    open_to,
    pool,
    sample,
    steady,
)
from tests.statistical.oracles import networks
from tests.statistical.reading import Window, services_s, times_s

# An open network with feedback --------------------------------------------------------------------

ENTER_PER_S = 30.0
ON_SHARE, BACK_SHARE = 0.8, 0.1
"""From the second station to the third, and from there to the first again; others leave."""
STATIONS = networks.jackson(
    [ENTER_PER_S, 0, 0], [[0, 1, 0], [0, 0, ON_SHARE], [BACK_SHARE, 0, 0]], [10, 20, 30], [4, 2, 1]
)
ROUNDS = 6
"""Each round is made again with 0.08: what more than six would add is 0.08^6 = 3e-7 of the load,
or, multiplied by the 1 / (1 - rho)^2 = 60 of the busiest station, less than 1e-4 of its number."""
CUT_OFF = 1e-4
SETTLED = Window(100, 300)
"""The third station is the slowest to forget: in 1 / (sqrt(30) - sqrt(26.1))^2 = 7 s."""


def routes() -> list[tuple[float, list[Step]]]:
    """Every way through, with how many a second take it: the chain of stations, unrolled."""
    ways = []
    again = 1.0
    before: list[Step] = []
    for _ in range(ROUNDS):
        first, second, third = Step(station=0), Step(station=1), Step(station=2)
        ways.append((again * (1 - ON_SHARE), [*before, first, second]))
        ways.append((again * ON_SHARE * (1 - BACK_SHARE), [*before, first, second, third]))
        before = [*before, first, second, third]
        again *= ON_SHARE * BACK_SHARE
    return [(ENTER_PER_S * share, steps) for share, steps in ways]


def network(ways: list[tuple[float, list[Step]]]) -> tuple[list[float], System]:
    """Independent Poisson streams, one a way: a Poisson stream thinned by where each will go."""
    servers, rates = (4, 2, 1), (10, 20, 30)
    pools = [pool(c, exponential(1 / mu)) for c, mu in zip(servers, rates, strict=True)]
    return [rate for rate, _ in ways], open_to(*pools, journeys=[steps for _, steps in ways])


def jackson(
    engine: Engine, launches: int, ways: list[tuple[float, list[Step]]]
) -> tuple[Sample, ...]:
    """How many there are at each station, and how long a visit takes."""
    rates_per_s, system = network(ways)
    station_of = np.array([step.station for step in system.steps])
    played = ((steady(rates_per_s, 300, launch), system) for launch in range(launches))

    def at_station(rows: Block, station: int) -> Block:
        here = station_of[rows.attempts["step"]] == station
        return Block(visits=rows.visits, attempts=rows.attempts[here])

    return sample(
        engine,
        played,
        *(
            lambda rows, i=i: SETTLED.a_second(times_s(SETTLED.attempts(at_station(rows, i))))
            for i in range(len(STATIONS))
        ),
        visit_s,
    )


def visit_s(rows: Block) -> np.ndarray:
    visits = SETTLED.visits(rows)
    assert (visits["fate"] == Fate.SERVED).all()
    return np.asarray((visits["ended"] - visits["arrived"]) / S)


@both(compiled=60, readable=16, slow=True)
def test_jackson(engine: Engine, launches: int) -> None:
    *found, time = jackson(engine, launches, routes())
    for present, theory in zip(found, STATIONS, strict=True):
        assert present.agrees_with(theory.present, bias=CUT_OFF * theory.present)
    total = sum(theory.present for theory in STATIONS)
    assert time.agrees_with(total / ENTER_PER_S, bias=CUT_OFF * total / ENTER_PER_S)


def test_jackson_is_told_from_a_network_without_the_way_back() -> None:
    *found, time = jackson(Compiled(), 60, routes()[:2])
    for present, theory in zip(found, STATIONS, strict=True):
        assert not present.agrees_with(theory.present, bias=CUT_OFF * theory.present)
    total = sum(theory.present for theory in STATIONS)
    assert not time.agrees_with(total / ENTER_PER_S, bias=CUT_OFF * total / ENTER_PER_S)


# Users who never leave ----------------------------------------------------------------------------

CLOSED = networks.ClosedMmc(50, 5, 1, 10)
MEASURED = Window(60, 460)
"""Everybody begins by thinking for 5 s: e^-12 is left of that."""
STEPS = 160
"""A round takes 6 s, so that 460 s are some 75 rounds; Poisson numbers of twice that are 9 standard
deviations away."""


def users(many: int, launch: int) -> Timetable:
    return Exactly(
        demand=Demand(components=(at_once(0, 0, many),)),
        horizon_ns=S,
        end_ns=round(MEASURED.to_s + 40) * S,
        seed=2022,
        launch=launch,
    )


def answered(rows: Block) -> Block:
    """Without what was under way at the end, which was not sent in the window."""
    assert (rows.visits["fate"] == Fate.UNFINISHED).all()
    done = rows.attempts["result"] == Result.SUCCESS
    return Block(visits=rows.visits, attempts=rows.attempts[done])


def closed(engine: Engine, launches: int, many: int) -> tuple[Sample, ...]:
    """Answers a second, how long they take, how many wait or are served, and how many are served."""
    step = Step(think=exponential(CLOSED.think_s))
    system = open_to(pool(10, exponential(1)), journeys=[[step] * STEPS])
    played = ((users(many, launch), system) for launch in range(launches))

    def times(rows: Block) -> np.ndarray:
        return times_s(MEASURED.attempts(answered(rows)))

    return sample(
        engine,
        played,
        lambda rows: MEASURED.a_second(times(rows) >= 0),
        times,
        lambda rows: MEASURED.a_second(times(rows)),
        lambda rows: MEASURED.a_second(services_s(MEASURED.attempts(answered(rows)))),
    )


@both(compiled=50, readable=8)
def test_users_who_never_leave(engine: Engine, launches: int) -> None:
    rate, response, present, busy = closed(engine, launches, CLOSED.users)
    assert rate.agrees_with(CLOSED.throughput_per_s)
    assert response.agrees_with(CLOSED.response_s)
    assert present.agrees_with(CLOSED.present)
    assert busy.agrees_with(10 * CLOSED.utilisation)


@pytest.mark.parametrize("many", [48, 60])
def test_users_are_told_from_another_number(many: int) -> None:
    rate, response, present, busy = closed(Compiled(), 50, many)
    assert not rate.agrees_with(CLOSED.throughput_per_s)
    assert not response.agrees_with(CLOSED.response_s)
    assert not present.agrees_with(CLOSED.present)
    assert not busy.agrees_with(10 * CLOSED.utilisation)
