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
    Theory,
    at_once,
    both,
    exponential,
    open_to,
    pool,
    steadily,
    unlike,
)
from tests.statistical.oracles import networks
from tests.statistical.reading import Figure, Window

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


def off(engine: Engine, launches: int, ways: list[tuple[float, list[Step]]]) -> set[str]:
    """Which are off: how many there are at each station, how long a visit takes."""
    rates_per_s, system = network(ways)
    station_of = np.array([step.station for step in system.steps])

    def present_at(station: int) -> Figure:
        def present(rows: Block) -> float:
            here = rows.attempts[station_of[rows.attempts["step"]] == station]
            return SETTLED.present(Block(visits=rows.visits, attempts=here))

        return present

    theories = {
        f"station {n}": Theory(present_at(n), each.present, CUT_OFF * each.present)
        for n, each in enumerate(STATIONS)
    }
    visit_takes_s = sum(each.present for each in STATIONS) / ENTER_PER_S
    theories["visit"] = Theory(visit_s, visit_takes_s, CUT_OFF * visit_takes_s)
    return unlike(engine, steadily(launches, rates_per_s, system, 300), theories)


def visit_s(rows: Block) -> np.ndarray:
    visits = SETTLED.visits(rows)
    assert (visits["fate"] == Fate.SERVED).all()
    return np.asarray((visits["ended"] - visits["arrived"]) / S)


@both(compiled=60, readable=16, slow=True)
def test_jackson(engine: Engine, launches: int) -> None:
    assert not off(engine, launches, routes())


def test_jackson_is_told_from_a_network_without_the_way_back() -> None:
    found = off(Compiled(), 60, routes()[:2])
    assert found == {"station 0", "station 1", "station 2", "visit"}


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


def off_with_users(engine: Engine, launches: int, many: int) -> set[str]:
    """Which are off: answers a second, how long they take, how many are there, how many served."""
    step = Step(think=exponential(CLOSED.think_s))
    system = open_to(pool(10, exponential(1)), journeys=[[step] * STEPS])
    played = ((users(many, launch), system) for launch in range(launches))
    return unlike(engine, played, {
        "rate": Theory(lambda rows: MEASURED.goodput(answered(rows)), CLOSED.throughput_per_s),
        "response": Theory(lambda rows: MEASURED.times_s(answered(rows)), CLOSED.response_s),
        "present": Theory(lambda rows: MEASURED.present(answered(rows)), CLOSED.present),
        "busy": Theory(lambda rows: MEASURED.busy(answered(rows)), 10 * CLOSED.utilisation),
    })  # fmt: skip


@both(compiled=50, readable=8)
def test_users_who_never_leave(engine: Engine, launches: int) -> None:
    assert not off_with_users(engine, launches, CLOSED.users)


@pytest.mark.parametrize("many", [48, 60])
def test_users_are_told_from_another_number(many: int) -> None:
    assert off_with_users(Compiled(), 50, many) == {"rate", "response", "present", "busy"}
