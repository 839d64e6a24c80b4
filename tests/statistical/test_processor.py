"""A processor that is shared against theory: only the mean of the work matters."""

import numpy as np

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.outcomes.rows import Block, Rows
from simulator.system.journeys import Step
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.laws import Duration
from tests.examples import examples
from tests.statistical.launching import (
    S,
    Sample,
    both,
    cpu,
    exponential,
    open_to,
    pool,
    sample,
    steady,
)
from tests.statistical.oracles import one_server, pools
from tests.statistical.reading import Window, one, times_s

ONE_CORE = one_server.Mg1Ps(0.5, 1)
FOUR_CORES = pools.Mmc(3, 1, 4)
SETTLED = Window(200, 1200)
"""M/M/1 at 0.5 forgets in 12 s, M/M/4 at 0.75 in 14 s."""


def share_of_time(rows: Block, at_least: int) -> float:
    attempts = rows.attempts
    return float(SETTLED.shares(attempts["sent"], attempts["finished"], at_least)[at_least])


def shared(
    engine: Engine, launches: int, rates_per_s: list[float], system: System, crowd: int
) -> tuple[Sample, ...]:
    """Time, its square, how many are present, and the share of time in which a crowd is."""
    played = ((steady(rates_per_s, 1200, launch), system) for launch in range(launches))
    return sample(
        engine,
        played,
        lambda rows: times_s(SETTLED.attempts(rows)),
        lambda rows: times_s(SETTLED.attempts(rows)) ** 2,
        lambda rows: SETTLED.a_second(times_s(SETTLED.attempts(rows))),
        lambda rows: one(share_of_time(rows, crowd)),
        lambda rows: times_s(of_the_first(rows)),
    )


def of_the_first(rows: Block) -> Rows:
    """The attempts of the first group, in the window."""
    attempts = SETTLED.attempts(rows)
    return np.asarray(attempts[attempts["step"] == 0])


MEAN_SQUARE = ONE_CORE.sd_of_time_s**2 + ONE_CORE.time_in_system_s**2


@both(compiled=200, readable=100)
def test_one_core(engine: Engine, launches: int) -> None:
    time, square, present, crowd, _ = shared(
        engine, launches, [0.5], open_to(cpu(1, exponential(1))), 10
    )
    assert time.agrees_with(ONE_CORE.time_in_system_s)
    assert square.agrees_with(MEAN_SQUARE)
    assert present.agrees_with(ONE_CORE.present)
    assert crowd.agrees_with(ONE_CORE.p_at_least(10))


def test_one_core_is_told_from_first_come_first_served() -> None:
    """The mean is the same, the spread is not."""
    time, square, _, _, _ = shared(Compiled(), 100, [0.5], open_to(pool(1, exponential(1))), 10)
    assert time.agrees_with(ONE_CORE.time_in_system_s)
    assert not square.agrees_with(MEAN_SQUARE)


def two_groups(station: Station) -> System:
    """A quarter have 2 s of work, the others an exponential time: 1 s in the mean."""
    long, short = Step(service=Duration.fixed(2 * S)), Step(service=exponential(2 / 3))
    return open_to(station, journeys=[[long], [short]])


@both(compiled=200, readable=40)
def test_time_in_proportion_to_work(engine: Engine, launches: int) -> None:
    system = two_groups(cpu(1, exponential(1)))
    time, _, present, crowd, of_two_s = shared(engine, launches, [0.125, 0.375], system, 10)
    assert of_two_s.agrees_with(ONE_CORE.time_given_work_s(2))
    assert time.agrees_with(ONE_CORE.time_in_system_s)
    assert present.agrees_with(ONE_CORE.present)
    assert crowd.agrees_with(ONE_CORE.p_at_least(10))


def test_time_in_proportion_to_work_is_told_from_first_come_first_served() -> None:
    system = two_groups(pool(1, exponential(1)))
    *_, of_two_s = shared(Compiled(), 100, [0.125, 0.375], system, 10)
    assert not of_two_s.agrees_with(ONE_CORE.time_given_work_s(2))


@examples("work",
    ("exponential", exponential(1)),
    ("lognormal", Duration.lognormal(S, cv=1.5)),
    ("fixed", Duration.fixed(S)),
)  # fmt: skip
@both(compiled=50, readable=8)
def test_four_cores_whatever_the_law(engine: Engine, launches: int, work: Duration) -> None:
    time, _, present, all_busy, _ = shared(engine, launches, [3], open_to(cpu(4, work)), 4)
    assert time.agrees_with(FOUR_CORES.time_in_system_s)
    assert present.agrees_with(FOUR_CORES.present)
    assert all_busy.agrees_with(FOUR_CORES.p_wait)


@examples("wrong",
    ("first come first served", pool(4, Duration.lognormal(S, cv=1.5))),
    ("a core more", cpu(5, Duration.lognormal(S, cv=1.5))),
)  # fmt: skip
def test_four_cores_are_told_from(wrong: Station) -> None:
    time, _, present, _, _ = shared(Compiled(), 50, [3], open_to(wrong), 4)
    assert not time.agrees_with(FOUR_CORES.time_in_system_s)
    assert not present.agrees_with(FOUR_CORES.present)
