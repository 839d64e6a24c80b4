"""The line against theory: its length in a decaying surge, and who leaves it."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.compiled import Compiled
from simulator.demand import Component, Demand
from simulator.draws import FOREVER
from simulator.engine import Engine
from simulator.outcomes import UNKNOWN, Block, Fate
from simulator.readable import Readable
from simulator.system import (
    Change,
    Duration,
    Lever,
    People,
    Policy,
    Pool,
    System,
    TokenBucket,
    Waitlist,
)
from simulator.timetable import Timetable
from tests.statistical import oracles
from tests.statistical.launching import S, Sample, sample, steady

AMPLE = Pool(name="signup", servers=1 << 30, waiting_room=0, service=Duration.fixed(0))


def line(
    release: TokenBucket,
    patience: Duration | None = None,
    changes: tuple[Change, ...] = (),
) -> System:
    """A line before a station that is never busy."""
    people = People(name="everybody", patience=patience or Duration.never())
    waitlist = Waitlist(policy=Policy.FIFO, release=release)
    return System(people=(people,), station=AMPLE, waitlist=waitlist, changes=changes)


def length_at(rows: Block, at_s: float) -> float:
    """How many stand in the line at that instant."""
    visits, at_ns = rows.visits, round(at_s * S)
    left = np.where(visits["let_in"] != UNKNOWN, visits["let_in"], visits["ended"])
    left = np.where(left == UNKNOWN, FOREVER, left)
    return float(((visits["joined"] <= at_ns) & (left > at_ns)).sum())


def decaying(launch: int) -> Timetable:
    """100 a second at the opening, decaying with 60 s; linear within each second."""
    edges_s = np.arange(121)
    rate = 100 * np.exp(-edges_s / 60)
    mass = -6000 * np.diff(np.exp(-edges_s / 60))
    tilt = (rate[1:] - rate[:-1]) / (rate[1:] + rate[:-1])
    demand = Demand(components=(Component.of(0, edges_s * S, mass, tilt),))
    return Timetable(demand=demand, horizon_ns=120 * S, end_ns=130 * S, seed=7, launch=launch)


def fluid(engine: Engine, launches: int, rate_per_s: float) -> Sample:
    at_s, _ = oracles.FLUID_100_60_20
    system = line(TokenBucket.at_rate(rate_per_s))
    played = ((decaying(launch), system) for launch in range(launches))
    return sample(engine, played, lambda rows: length_at(rows, at_s))[0]


FIRST_TOKENS = 2.0
"""The fluid knows no token that lies in the bucket at the opening (one person), and no token
unused before the first one comes (a fifth of a person) or not yet made at t* (less than one)."""


@pytest.mark.parametrize(
    ("engine", "launches"),
    [pytest.param(Compiled(), 200, id="compiled"), pytest.param(Readable(), 6, id="simpy")],
)
def test_the_fluid_line_at_its_peak(engine: Engine, launches: int) -> None:
    _, length = oracles.FLUID_100_60_20
    assert fluid(engine, launches, 20).agrees_with(length, bias=FIRST_TOKENS)


def test_the_fluid_line_is_told_from_a_release_that_is_2_per_cent_faster() -> None:
    _, length = oracles.FLUID_100_60_20
    assert not fluid(Compiled(), 200, 20.4).agrees_with(length, bias=FIRST_TOKENS)


def pulse(launches: int, patience: Duration) -> Sample:
    """100 a second for two minutes into a release of 60 a second."""
    system = line(TokenBucket.at_rate(60), patience)
    played = ((steady(100, 120, launch), system) for launch in range(launches))
    # An instant before the horizon: at it the line closes.
    return sample(Compiled(), played, lambda rows: length_at(rows, 120 - 1e-6))[0]


def test_a_pulse_that_some_leave() -> None:
    sampled = pulse(100, Duration.exponential(100 * S))
    assert sampled.agrees_with(oracles.PULSE_100_60_001_120, bias=FIRST_TOKENS)


def test_the_pulse_is_told_from_a_fixed_patience_of_the_same_mean() -> None:
    sampled = pulse(100, Duration.fixed(100 * S))
    assert not sampled.agrees_with(oracles.PULSE_100_60_001_120, bias=FIRST_TOKENS)


def tokens_at(instants_ns: list[int]) -> tuple[Change, ...]:
    """Changes that make one token at each instant, where the spacing is otherwise forever.

    The token in the making comes when it was due or a new spacing from now: a spacing of 2 ns,
    forever again 1 ns later, has it due in 2 ns.
    """
    return tuple(
        Change(at_ns=instant + late, lever=Lever.RELEASE_SPACING_NS, value=spacing)
        for instant in instants_ns
        for late, spacing in ((0, 2), (1, FOREVER >> 8))
    )


def one_exponential_server(launch: int, rate_per_s: float, for_s: int) -> System:
    """A line whose tokens come at the instants of a Poisson process, one of them kept.

    That is M/M/1+M: the bucket is full while the server is idle; who takes the token starts a
    service, and because an exponential law has no memory it ends at the next instant of the
    process, whenever it began. Who stands in the line is who waits and may leave.
    """
    random = np.random.default_rng([11, launch])
    gaps_ns = np.maximum(2, random.exponential(S / rate_per_s, size=int(for_s * rate_per_s)))
    instants = np.cumsum(gaps_ns.astype(np.int64))
    return line(
        TokenBucket(spacing_ns=FOREVER >> 8),
        Duration.exponential(2.0 * S),
        tokens_at(instants[instants < for_s * S].tolist()),
    )


WARM_UP_S = 100
FOR_S = 4_000


def settled(rows: Block) -> Block:
    """Who came after the beginning is forgotten, and long enough before the end to have left."""
    arrived = rows.visits["arrived"]
    middle = (arrived >= WARM_UP_S * S) & (arrived < (FOR_S - WARM_UP_S) * S)
    return Block(visits=rows.visits[middle], attempts=rows.attempts)


def p_renege(rows: Block) -> float:
    return float((settled(rows).visits["fate"] == Fate.RENEGED).mean())


def p_wait(rows: Block) -> float:
    visits = settled(rows).visits
    return float((visits["let_in"] != visits["joined"]).mean())


def mean_line(rows: Block) -> float:
    """By Little: who leaves or is let in has waited until then."""
    visits = settled(rows).visits
    left = np.where(visits["let_in"] != UNKNOWN, visits["let_in"], visits["ended"])
    return float((left - visits["joined"]).sum() / ((FOR_S - 2 * WARM_UP_S) * S))


def erlang_a(engine: Engine, launches: int, service_rate: float) -> tuple[Sample, ...]:
    played = (
        (steady(1.2, FOR_S, launch), one_exponential_server(launch, service_rate, FOR_S))
        for launch in range(launches)
    )
    return sample(engine, played, p_wait, p_renege, mean_line)


ERLANG_A = oracles.erlang_a(1.2, 1.0, 1, 0.5)


@pytest.mark.parametrize(
    ("engine", "launches"),
    [pytest.param(Compiled(), 30, id="compiled"), pytest.param(Readable(), 4, id="simpy")],
)
def test_erlang_a(engine: Engine, launches: int) -> None:
    waited, reneged, length = erlang_a(engine, launches, 1.0)
    assert waited.agrees_with(ERLANG_A.p_wait)
    assert reneged.agrees_with(ERLANG_A.p_renege)
    assert length.agrees_with(ERLANG_A.line)


def test_erlang_a_is_told_from_a_server_that_is_5_per_cent_faster() -> None:
    _, reneged, length = erlang_a(Compiled(), 30, 1.05)
    assert not reneged.agrees_with(ERLANG_A.p_renege)
    assert not length.agrees_with(ERLANG_A.line)
