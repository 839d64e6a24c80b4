"""Which number of servers a step speaks for, of those that a ladder left open."""

import numpy as np

from scenarios.probe.held_out.rivals import DECIDES, preferred
from scenarios.probe.held_out.score import Came, predicted
from scenarios.probe.held_out.step import Limits, at, step_of
from scenarios.probe.probe import SIGNUP
from simulator.engine.compiled.engine import Compiled
from simulator.plan.plan import Plan
from simulator.scenario.scenario import read_stations
from simulator.scenario.words.stations import Station

ENGINE = Compiled()
SERVES = """[[station]]
name = "web"
kind = "pool"
waiting_room = 100
service = { law = "lognormal", mean = "40 ms", cv = 0.3 }
service_factor = { low = 0.92, high = 1.08 }
[station.serves]
"POST /signup" = { law = "lognormal", mean = "40 ms", cv = 0.3 }
"""
TWO = read_stations(SERVES.replace("[station.", "servers = 2\n[station."), "two.toml")
THREE = read_stations(
    SERVES.replace("[station.", "servers = 3\ninflation = [1, 1.25, 1.5]\n[station."), "three.toml"
)
"""As many a second as two that do not slow one another, so that no ladder tells them apart."""


def step() -> Plan:
    made = step_of(TWO, (SIGNUP,), {}, Limits(most_per_s=1_000.0), seed=5)
    assert made is not None
    return made


def foreseen(plan: Plan, stations: tuple[Station, ...]) -> tuple[Came, ...]:
    return predicted(at(plan, stations, (SIGNUP,), {}), ENGINE)


def came(plan: Plan, stations: tuple[Station, ...], launch: int) -> Came:
    """With luck of its own."""
    met = at(plan, stations, (SIGNUP,), {})
    return Came.of(ENGINE.simulate(met.timetable(launch), met.system_of(launch)).rows(), met)


def test_a_step_tells_two_servers_from_three_that_slow_one_another() -> None:
    """Of 100 steps: the wrong number at most once in DECIDES, by Markov's inequality, and the right one oftener than that;
    three standard errors of such a share on either side.
    """
    plan = step()
    two, three = foreseen(plan, TWO), foreseen(plan, THREE)
    wrongly = np.mean([preferred((two, three), came(plan, TWO, 500 + n))[0] for n in range(100)])
    rightly = np.mean([preferred((three, two), came(plan, TWO, 500 + n))[0] for n in range(100)])

    far = 3 * np.sqrt(1 / DECIDES * (1 - 1 / DECIDES) / 100)
    assert wrongly <= 1 / DECIDES + far
    assert rightly > 1 / DECIDES + far


def test_the_ladders_own_number_stays_where_the_step_says_nothing() -> None:
    plan = step()
    two = foreseen(plan, TWO)
    assert preferred((two, two), came(plan, TWO, 500)) == (0, 1.0)
    assert preferred((two,), came(plan, TWO, 500)) == (0, 1.0)
