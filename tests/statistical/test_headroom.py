"""Headroom against theory: how much more a pool of servers bears, by Erlang's C."""

import math

import pytest
from scipy import optimize

from simulator.advice.change.smallest import FINENESS
from simulator.advice.size.knobs import Candidate
from simulator.advice.size.player import Player
from simulator.advice.size.prices import Prices
from simulator.advice.size.questions.aids.few import Few
from simulator.advice.size.questions.aids.worlds import Sized
from simulator.advice.size.questions.headroom import headroom
from simulator.engine.compiled.engine import Compiled
from simulator.plan.plan import Plan, Subject
from simulator.system.objectives import JourneyObjective, Objectives
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from tests.statistical.oracles.pools import Mmc

S = 1_000_000_000
HORIZON_S, LATE = 10_000, 0.1
LAUNCHES = 10
Z = 3.3
"""One false alarm in a thousand."""


def slower_than(pool: Mmc, t: float) -> float:
    """P(T > t) of the time in the system: a service, after an exponential wait of rate theta or none."""
    mu, theta = pool.service_rate, pool.spare_rate
    both = (theta * math.exp(-mu * t) - mu * math.exp(-theta * t)) / (theta - mu)
    return (1.0 - pool.p_wait) * math.exp(-mu * t) + pool.p_wait * both


def bears(servers: int, limit_s: float, late: float) -> float:
    """The arrival rate at which that share takes longer than the limit."""
    return float(
        optimize.brentq(
            lambda rate: slower_than(Mmc(rate, 1.0, servers), limit_s) - late, 0.1, servers - 1e-6
        )
    )


def sized(servers: int, limit_s: float, rate: float) -> Sized:
    plan = Plan(
        subject=Subject.LAUNCH, scenario="pool", variant=None,
        demand=Demand(components=(Component.of(0, [0, HORIZON_S * S], [rate * HORIZON_S]),)),
        system=System(
            people=(People(name="all"),),
            stations=(Station(name="pool", servers=servers, service=Duration.exponential(S)),),
        ),
        objectives=Objectives(journeys=(
            JourneyObjective(journey="signup", quantiles_ns=((1.0 - LATE, round(limit_s * S)),)),
        )),
        horizon_ns=HORIZON_S * S, end_ns=(HORIZON_S + 300) * S, bin_ns=6 * S,
    )  # fmt: skip
    prices = Prices(currency="", priced=None, per_hour=(), paid_for_ns=S)
    return Sized(player=Player(plan=plan, knobs=(), prices=prices, engine=Compiled()))


@pytest.mark.parametrize(("servers", "limit_s"), [(4, 5.0), (8, 4.0), (16, 3.6)])
def test_headroom_is_where_erlangs_c_reaches_the_objective(servers: int, limit_s: float) -> None:
    """The median launch decides, so that no launch's luck is a bias."""
    rate, half = 0.6 * servers, Few(launches=LAUNCHES, share=0.5)
    found = headroom(sized(servers, limit_s, rate), Candidate(values=()), half)

    # The share of those who are late in a launch varies as if there were one of them every two times
    # the queue takes to forget; the median of launches by 1.25 of a mean's standard error. Fewer
    # launches are played of a larger demand.
    at_limit = Mmc(bears(servers, limit_s, LATE), 1.0, servers)
    played = half.lighter(at_limit.arrival_rate / rate).launches
    independent = HORIZON_S / (2.0 * at_limit.forgets_in_s)
    error = Z * 1.25 * math.sqrt(LATE * (1.0 - LATE) / independent / played)
    least = bears(servers, limit_s, LATE - error) / FINENESS
    most = bears(servers, limit_s, LATE + error)
    assert least <= rate * found.breaks_at <= most
    # As many servers as are busy, the fluid's answer, is another one.
    assert not least <= servers <= most
