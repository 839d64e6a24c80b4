"""Services that take longer while more are served at once: a birth-death chain, whatever the law."""

from dataclasses import replace

from simulator import Readable
from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.system.stations import Station
from simulator.timetable.laws import Duration
from tests.agreement.mutants.mutant import parts_with
from tests.agreement.mutants.station import TheFactorOfTheBeginningStays
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
from tests.statistical.oracles.pools import Inflating
from tests.statistical.reading import Window

ONE_SECOND = exponential(1)
FACTORS = (1.0, 1.08, 1.21, 1.6)
SETTLED = Window(200, 600)
"""The slowest, ``OPEN``, forgets in 1 / (sqrt 2.48 - sqrt 1.8)^2 = 18 s: what is left of the beginning
is e^-10."""


def inflating(station: Station, *factors: float) -> Station:
    return replace(station, inflation=factors or FACTORS)


def off(engine: Engine, launches: int, theory: Inflating, station: Station) -> set[str]:
    """What is off of all that the chain says."""
    played = steadily(launches, theory.arrival_rate, open_to(station), 600)
    return unlike(engine, played, {
        "turned away": Theory(SETTLED.turned_away, theory.p_turned_away),
        "waited": Theory(SETTLED.waits_longer(0), theory.p_wait / (1 - theory.p_turned_away)),
        "present": Theory(SETTLED.present, theory.present),
        "served": Theory(SETTLED.busy, theory.served),
        "waiting": Theory(SETTLED.waiting, theory.waiting),
        "wait": Theory(SETTLED.waits_s, theory.waiting_time_s),
        "time": Theory(SETTLED.times_s, theory.time_in_system_s),
    })  # fmt: skip


# Without an end, and behind a room ----------------------------------------------------------------

OPEN = Inflating(1.8, 1, 3, FACTORS)
"""It can serve 3 / 1.21 = 2.48 a second."""
BOUNDED = Inflating(3, 1, 4, FACTORS, places=10)
"""Four at once serve 2.5 a second, so that it is overloaded."""
FASTER = Inflating(3, 1, 3, (1.0, 0.8), places=6)
"""What is not the first is on a core that is awake: 3.75 a second."""


def room_of(theory: Inflating) -> Station:
    if theory.places == float("inf"):
        return inflating(pool(theory.servers, ONE_SECOND), *theory.factors)
    room = int(theory.places) - theory.servers
    return inflating(pool(theory.servers, ONE_SECOND, room), *theory.factors)


@examples("theory", ("without an end", OPEN), ("overloaded", BOUNDED), ("faster when busy", FASTER))
@both(compiled=200, readable=16)
def test_birth_and_death(engine: Engine, launches: int, theory: Inflating) -> None:
    assert not off(engine, launches, theory, room_of(theory))


@examples("wrong",
    ("no inflation", (1.0,)),
    ("the factor of one fewer", (1.0, 1.0, 1.08, 1.21)),
    ("the last factor for all", (1.6,)),
    ("beyond the last one none", (1.0, 1.08, 1.21, 1.0)),
)  # fmt: skip
def test_birth_and_death_are_told_from(wrong: tuple[float, ...]) -> None:
    found = off(Compiled(), 200, BOUNDED, inflating(pool(4, ONE_SECOND, 6), *wrong))
    assert found >= {"turned away", "present", "wait"}


# Whatever the law ---------------------------------------------------------------------------------
#
# Where nobody waits all share one speed, which goes by their number: the queue is symmetric, and of
# the law of the service only its mean matters. Source: Kelly 1979, "Reversibility and stochastic
# networks", chapter 3.3.

LAWS = (
    ("exponential", ONE_SECOND),
    ("fixed", Duration.fixed(S)),
    ("lognormal", Duration.lognormal(S, cv=1.5)),
)
OF_TWO = Inflating(0.5, 1, 2, (1.0, 10.0), places=2)
LOSING = Inflating(3, 1, 4, FACTORS, places=4)
SHARED = Inflating(1, 1, 20, FACTORS, places=20, cores=2)


@examples("law", *LAWS)
@both(compiled=100, readable=8)
def test_a_pool_without_a_room_whatever_the_law(
    engine: Engine, launches: int, law: Duration
) -> None:
    found = off(engine, launches, LOSING, inflating(pool(4, law, waiting_room=0)))
    assert not found & {"turned away", "served"}


def test_a_pool_without_a_room_is_told_from_a_factor_that_stays_as_it_began() -> None:
    wrong = Readable(parts_with(TheFactorOfTheBeginningStays))
    of_two = inflating(pool(2, ONE_SECOND, waiting_room=0), *OF_TWO.factors)
    assert off(wrong, 40, OF_TWO, of_two) >= {"turned away", "served"}


@examples("law", *LAWS)
@both(compiled=100, readable=8)
def test_a_processor_whatever_the_law(engine: Engine, launches: int, law: Duration) -> None:
    shared = replace(inflating(cpu(2, law)), servers=20, waiting_room=0)
    assert not off(engine, launches, SHARED, shared) & {"time", "present"}


def test_a_processor_is_told_from_one_that_only_shares() -> None:
    found = off(Compiled(), 100, SHARED, replace(cpu(2, ONE_SECOND), servers=20))
    assert found >= {"time", "present"}
