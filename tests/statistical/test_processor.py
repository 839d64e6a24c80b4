"""A processor that is shared against theory: only the mean of the work matters."""

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.outcomes.rows import Block
from simulator.system.journeys import Step
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.laws import Duration
from simulator.units import Floats
from tests.examples import examples
from tests.statistical.launching import (
    S,
    Theory,
    both,
    cpu,
    exponential,
    open_to,
    pool,
    steadily,
    unlike,
)
from tests.statistical.oracles import one_server, pools
from tests.statistical.reading import Figure, Window, times_s

ONE_CORE = one_server.Mg1Ps(0.5, 1)
FOUR_CORES = pools.Mmc(3, 1, 4)
SETTLED = Window(200, 1200)
"""M/M/1 at 0.5 forgets in 12 s, M/M/4 at 0.75 in 14 s."""


def present_at_least(crowd: int) -> Figure:
    """The share of time in which so many are present."""

    def share(rows: Block) -> float:
        attempts = rows.attempts
        return float(SETTLED.shares(attempts["sent"], attempts["finished"], crowd)[crowd])

    return share


def off(
    engine: Engine, launches: int, rates_per_s: list[float], system: System, of: dict[str, Theory]
) -> set[str]:
    return unlike(engine, steadily(launches, rates_per_s, system, 1200), of)


def of_the_first(rows: Block) -> Floats:
    """The times of the first group."""
    attempts = SETTLED.attempts(rows)
    return times_s(attempts[attempts["step"] == 0])


WHATEVER_THE_LAW = {
    "time": Theory(SETTLED.times_s, ONE_CORE.time_in_system_s),
    "present": Theory(SETTLED.present, ONE_CORE.present),
    "ten present": Theory(present_at_least(10), ONE_CORE.p_at_least(10)),
}
MEAN_SQUARE = ONE_CORE.sd_of_time_s**2 + ONE_CORE.time_in_system_s**2
EXPONENTIAL = WHATEVER_THE_LAW | {
    "square": Theory(lambda rows: SETTLED.times_s(rows) ** 2, MEAN_SQUARE)
}
TWO_GROUPS = WHATEVER_THE_LAW | {"two seconds": Theory(of_the_first, ONE_CORE.time_given_work_s(2))}


@both(compiled=200, readable=100)
def test_one_core(engine: Engine, launches: int) -> None:
    assert not off(engine, launches, [0.5], open_to(cpu(1, exponential(1))), EXPONENTIAL)


def test_one_core_is_told_from_first_come_first_served() -> None:
    """The mean is the same, the spread is not."""
    found = off(Compiled(), 100, [0.5], open_to(pool(1, exponential(1))), EXPONENTIAL)
    assert found & {"time", "square"} == {"square"}


def two_groups(station: Station) -> System:
    """A quarter have 2 s of work, the others an exponential time: 1 s in the mean."""
    long, short = Step(service=Duration.fixed(2 * S)), Step(service=exponential(2 / 3))
    return open_to(station, journeys=[[long], [short]])


@both(compiled=200, readable=40)
def test_time_in_proportion_to_work(engine: Engine, launches: int) -> None:
    system = two_groups(cpu(1, exponential(1)))
    assert not off(engine, launches, [0.125, 0.375], system, TWO_GROUPS)


def test_time_in_proportion_to_work_is_told_from_first_come_first_served() -> None:
    system = two_groups(pool(1, exponential(1)))
    assert "two seconds" in off(Compiled(), 100, [0.125, 0.375], system, TWO_GROUPS)


FOUR = {
    "time": Theory(SETTLED.times_s, FOUR_CORES.time_in_system_s),
    "present": Theory(SETTLED.present, FOUR_CORES.present),
    "all busy": Theory(present_at_least(4), FOUR_CORES.p_wait),
}


@examples("work",
    ("exponential", exponential(1)),
    ("lognormal", Duration.lognormal(S, cv=1.5)),
    ("fixed", Duration.fixed(S)),
)  # fmt: skip
@both(compiled=50, readable=8)
def test_four_cores_whatever_the_law(engine: Engine, launches: int, work: Duration) -> None:
    assert not off(engine, launches, [3], open_to(cpu(4, work)), FOUR)


@examples("wrong",
    ("first come first served", pool(4, Duration.lognormal(S, cv=1.5))),
    ("a core more", cpu(5, Duration.lognormal(S, cv=1.5))),
)  # fmt: skip
def test_four_cores_are_told_from(wrong: Station) -> None:
    assert off(Compiled(), 50, [3], open_to(wrong), FOUR) >= {"time", "present"}
