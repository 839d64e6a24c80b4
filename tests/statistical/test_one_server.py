"""One server, first come first served: M/G/1, M/D/1, D/M/1, and the wait of each one exactly."""

from dataclasses import replace

import numpy as np
import pytest

from simulator import Compiled, Readable
from simulator.engine.rules import Engine
from simulator.system.journeys import Step
from simulator.system.line import Policy, TokenBucket, Waitlist
from simulator.timetable.demand import Demand
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.examples import examples
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
from tests.statistical.oracles import one_server
from tests.statistical.reading import Window, times_s, waits_s

SETTLED = Window(500, 2500)
"""A server with a load of ``rho`` and a spread of ``cv`` forgets the beginning in about
``2 rho (1 + cv^2) / (1 - rho)^2`` = 40 s (M/D/1 at 0.8) or less."""


def settled(engine: Engine, launches: int, rate_per_s: float, law: Duration) -> tuple[Sample, ...]:
    system = open_to(pool(1, law))
    played = ((steady(rate_per_s, 2500, launch), system) for launch in range(launches))
    return sample(
        engine,
        played,
        lambda rows: waits_s(SETTLED.attempts(rows)),
        lambda rows: waits_s(SETTLED.attempts(rows)) ** 2,
        lambda rows: times_s(SETTLED.attempts(rows)),
        lambda rows: SETTLED.a_second(waits_s(SETTLED.attempts(rows))),
    )


@examples("rate_per_s, law, moments",
    ("fixed", 0.8, Duration.fixed(S), one_server.moments_fixed(1)),
    ("gamma", 0.7, Duration.gamma(S, cv=0.5), one_server.moments_gamma(1, 0.5)),
    ("lognormal", 0.6, Duration.lognormal(S, cv=0.8), one_server.moments_lognormal(1, 0.8)),
    ("hyperexponential", 0.6, Duration.hyperexponential(S, cv=1.5), one_server.moments_hyperexponential(1, 1.5)),
)  # fmt: skip
@both(compiled=100, readable=8)
def test_mg1(
    engine: Engine,
    launches: int,
    rate_per_s: float,
    law: Duration,
    moments: tuple[float, float, float],
) -> None:
    theory = one_server.Mg1(rate_per_s, moments)
    wait, square, time, line = settled(engine, launches, rate_per_s, law)
    assert wait.agrees_with(theory.waiting_time_s)
    assert square.agrees_with(theory.square_of_wait)
    assert time.agrees_with(theory.time_in_system_s)
    assert line.agrees_with(theory.waiting)


def test_md1_is_told_from_a_service_with_spread() -> None:
    theory = one_server.Mg1(0.8, one_server.moments_fixed(1))
    wait, square, time, line = settled(Compiled(), 100, 0.8, Duration.lognormal(S, cv=0.4))
    assert not wait.agrees_with(theory.waiting_time_s)
    assert not square.agrees_with(theory.square_of_wait)
    assert not time.agrees_with(theory.time_in_system_s)
    assert not line.agrees_with(theory.waiting)


def test_a_hyperexponential_service_is_told_from_a_lognormal_one_by_the_spread_of_the_wait() -> (
    None
):
    """Two moments are alike, and so is the mean wait; the third is not."""
    theory = one_server.Mg1(0.6, one_server.moments_hyperexponential(1, 2.5))
    wait, square, _, _ = settled(Compiled(), 400, 0.6, Duration.gamma(S, cv=2.5))
    assert wait.agrees_with(theory.waiting_time_s)
    assert not square.agrees_with(theory.square_of_wait)


def md1(engine: Engine, launches: int, law: Duration) -> tuple[Sample, ...]:
    system = open_to(pool(1, law))
    played = ((steady(0.5, 2500, launch), system) for launch in range(launches))
    limits = (0.0, *(one_server.md1_wait_quantile_s(0.5, 1, share) for share in (0.95, 0.99)))
    return sample(
        engine,
        played,
        *(lambda rows, limit=limit: waits_s(SETTLED.attempts(rows)) > limit for limit in limits),
    )


@both(compiled=100, readable=8)
def test_quantiles_of_md1(engine: Engine, launches: int) -> None:
    waited, beyond_p95, beyond_p99 = md1(engine, launches, Duration.fixed(S))
    assert waited.agrees_with(1 - one_server.md1_p_waits_within(0.5, 1, 0))
    assert beyond_p95.agrees_with(0.05)
    assert beyond_p99.agrees_with(0.01)


def test_quantiles_of_md1_are_told_from_a_service_with_spread() -> None:
    waited, beyond_p95, beyond_p99 = md1(Compiled(), 100, Duration.gamma(S, cv=0.4))
    assert waited.agrees_with(0.5)
    assert not beyond_p95.agrees_with(0.05)
    assert not beyond_p99.agrees_with(0.01)


DM1 = one_server.Dm1(0.5, 1)


def dm1(engine: Engine, launches: int, spacing_ns: int) -> tuple[Sample, ...]:
    """Twice as many join the line as it lets in: it never runs empty, and feeds one server."""
    release = TokenBucket(spacing_ns=spacing_ns)
    system = replace(
        open_to(pool(1, exponential(1))), waitlist=Waitlist(policy=Policy.FIFO, release=release)
    )
    played = ((steady(1.0, 2500, launch), system) for launch in range(launches))
    p95_s = DM1.wait_quantile_s(0.95)
    return sample(
        engine,
        played,
        lambda rows: waits_s(SETTLED.attempts(rows)) > 0,
        lambda rows: waits_s(SETTLED.attempts(rows)),
        lambda rows: waits_s(SETTLED.attempts(rows)) > p95_s,
    )


@both(compiled=50, readable=8)
def test_dm1_behind_the_line(engine: Engine, launches: int) -> None:
    waited, wait, beyond = dm1(engine, launches, 2 * S)
    assert waited.agrees_with(DM1.p_wait)
    assert wait.agrees_with(DM1.waiting_time_s)
    assert beyond.agrees_with(0.05)


def test_dm1_is_told_from_a_release_that_is_5_per_cent_faster() -> None:
    waited, wait, beyond = dm1(Compiled(), 50, 1_900_000_000)
    assert not waited.agrees_with(DM1.p_wait)
    assert not wait.agrees_with(DM1.waiting_time_s)
    assert not beyond.agrees_with(0.05)


# Each one exactly ---------------------------------------------------------------------------------


def waits_of(engine: Engine, gaps_ns: list[int], services_ns: list[int], servers: int) -> list[int]:
    """The waits of customers who come after these gaps (the first at 0) and take this long."""
    instants_ns = np.cumsum([0, *gaps_ns[1:]])
    crowd = tuple(at_once(i, int(at_ns)) for i, at_ns in enumerate(instants_ns))
    exact = Exactly(
        demand=Demand(components=crowd), horizon_ns=int(instants_ns[-1]) + 1, end_ns=10_000 * S
    )
    journeys = [[Step(service=Duration.fixed(service_ns))] for service_ns in services_ns]
    system = open_to(pool(servers, Duration.fixed(S)), journeys=journeys)
    attempts = engine.simulate(exact, system).rows().attempts
    return [int(wait) for wait in attempts["started"] - attempts["sent"]]


HALF_S = S // 2
GAPS_NS = [gap * S for gap in (1, 1, 1, 1, 1, 5, 0, 0, 0, 2)]
SERVICES_NS = [halves * HALF_S for halves in (4, 1, 6, 2, 2, 4, 4, 4, 2, 2)]
engines = pytest.mark.parametrize(
    "engine", [pytest.param(Compiled(), id="compiled"), pytest.param(Readable(), id="simpy")]
)


@engines
def test_lindley(engine: Engine) -> None:
    waits = waits_of(engine, GAPS_NS, SERVICES_NS, servers=1)
    assert [wait / S for wait in waits] == [0.0, 1.0, 0.5, 2.5, 2.5, 0.0, 2.0, 4.0, 6.0, 5.0]


@engines
@pytest.mark.parametrize("servers", [1, 2, 3, 7])
@pytest.mark.parametrize("tick_ns", [1, S], ids=["fine clock", "coarse clock"])
def test_kiefer_and_wolfowitz(engine: Engine, servers: int, tick_ns: int) -> None:
    """Customer by customer; on the coarse clock many things happen at once."""
    random = np.random.default_rng([servers, tick_ns])
    gaps_ns, services_ns = (
        (np.rint(random.exponential(mean_s * S / tick_ns, 300)).astype(int) * tick_ns).tolist()
        for mean_s in (2 / servers, 1.8)
    )
    expected = one_server.kiefer_wolfowitz(gaps_ns, services_ns, servers)
    assert max(expected) > 0
    assert waits_of(engine, gaps_ns, services_ns, servers) == expected
    assert waits_of(engine, gaps_ns, services_ns, servers + 1) != expected


def test_nobody_is_drawn_who_is_certain() -> None:
    demand = Demand(components=(at_once(0, 5, 3), at_once(0, 9, 4)))
    plain = Timetable(demand=demand, horizon_ns=10, end_ns=10, seed=1)
    exact = Exactly(demand=demand, horizon_ns=10, end_ns=10, seed=1)
    [arrivals] = exact.arrivals()
    assert arrivals.arrived_ns.tolist() == [5, 5, 5, 9, 9, 9, 9]
    assert plain.total != exact.total == 7
