"""One server, first come first served: M/G/1, M/D/1, D/M/1, and the wait of each one exactly."""

from dataclasses import replace

import numpy as np
import pytest

from simulator import Compiled
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
    Theory,
    at_once,
    both,
    engines,
    exponential,
    open_to,
    pool,
    steadily,
    unlike,
)
from tests.statistical.oracles import one_server
from tests.statistical.reading import Window

SETTLED = Window(500, 2500)
"""A server with a load of ``rho`` and a spread of ``cv`` forgets the beginning in about
``2 rho (1 + cv^2) / (1 - rho)^2`` = 40 s (M/D/1 at 0.8) or less."""


def off(engine: Engine, launches: int, law: Duration, theory: one_server.Mg1) -> set[str]:
    played = steadily(launches, theory.arrival_rate, open_to(pool(1, law)), 2500)
    theories = {
        "wait": Theory(SETTLED.waits_s, theory.waiting_time_s),
        "its square": Theory(lambda rows: SETTLED.waits_s(rows) ** 2, theory.square_of_wait),
        "time": Theory(SETTLED.times_s, theory.time_in_system_s),
        "line": Theory(SETTLED.waiting, theory.waiting),
    }
    return unlike(engine, played, theories)


MD1 = one_server.Mg1(0.8, one_server.moments_fixed(1))


@examples("law, theory",
    ("fixed", Duration.fixed(S), MD1),
    ("gamma", Duration.gamma(S, cv=0.5), one_server.Mg1(0.7, one_server.moments_gamma(1, 0.5))),
    ("lognormal", Duration.lognormal(S, cv=0.8), one_server.Mg1(0.6, one_server.moments_lognormal(1, 0.8))),
    ("hyperexponential", Duration.hyperexponential(S, cv=1.5),
     one_server.Mg1(0.6, one_server.moments_hyperexponential(1, 1.5))),
)  # fmt: skip
@both(compiled=100, readable=8)
def test_mg1(engine: Engine, launches: int, law: Duration, theory: one_server.Mg1) -> None:
    assert not off(engine, launches, law, theory)


def test_md1_is_told_from_a_service_with_spread() -> None:
    found = off(Compiled(), 100, Duration.lognormal(S, cv=0.4), MD1)
    assert found == {"wait", "its square", "time", "line"}


def test_a_hyperexponential_service_is_told_from_a_lognormal_one_by_the_spread_of_the_wait() -> (
    None
):
    """Two moments are alike, and so is the mean wait; the third is not."""
    theory = one_server.Mg1(0.6, one_server.moments_hyperexponential(1, 2.5))
    found = off(Compiled(), 400, Duration.gamma(S, cv=2.5), theory)
    assert found & {"wait", "its square"} == {"its square"}


MD1_WAITS = {
    "any": Theory(SETTLED.waits_longer(0), 1 - one_server.md1_p_waits_within(0.5, 1, 0)),
    **{
        f"beyond {share:.0%}": Theory(
            SETTLED.waits_longer(one_server.md1_wait_quantile_s(0.5, 1, share)), 1 - share
        )
        for share in (0.95, 0.99)
    },
}


@both(compiled=100, readable=8)
def test_quantiles_of_md1(engine: Engine, launches: int) -> None:
    played = steadily(launches, 0.5, open_to(pool(1, Duration.fixed(S))), 2500)
    assert not unlike(engine, played, MD1_WAITS)


def test_quantiles_of_md1_are_told_from_a_service_with_spread() -> None:
    played = steadily(100, 0.5, open_to(pool(1, Duration.gamma(S, cv=0.4))), 2500)
    assert unlike(Compiled(), played, MD1_WAITS) == {"beyond 95%", "beyond 99%"}


def off_behind_the_line(engine: Engine, launches: int, spacing_ns: int) -> set[str]:
    """Twice as many join the line as it lets in: it never runs empty, and feeds one server."""
    line = Waitlist(policy=Policy.FIFO, release=TokenBucket(spacing_ns=spacing_ns))
    system = replace(open_to(pool(1, exponential(1))), waitlist=line)
    theory = one_server.Dm1(0.5, 1)
    theories = {
        "any wait": Theory(SETTLED.waits_longer(0), theory.p_wait),
        "wait": Theory(SETTLED.waits_s, theory.waiting_time_s),
        "beyond p95": Theory(SETTLED.waits_longer(theory.wait_quantile_s(0.95)), 0.05),
    }
    return unlike(engine, steadily(launches, 1.0, system, 2500), theories)


@both(compiled=50, readable=8)
def test_dm1_behind_the_line(engine: Engine, launches: int) -> None:
    assert not off_behind_the_line(engine, launches, 2 * S)


def test_dm1_is_told_from_a_release_that_is_5_per_cent_faster() -> None:
    found = off_behind_the_line(Compiled(), 50, 1_900_000_000)
    assert found == {"any wait", "wait", "beyond p95"}


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
