"""Pools of many servers that have settled: Erlang's B and C, bounded rooms, and the limit."""

import math

import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.outcomes.rows import Result
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.laws import Duration
from tests.examples import examples
from tests.statistical.launching import (
    Figure,
    S,
    Sample,
    both,
    exponential,
    open_to,
    pool,
    sample,
    steady,
)
from tests.statistical.oracles import pools
from tests.statistical.reading import Window, services_s, times_s, waits_s

ONE_SECOND = exponential(1)
SETTLED = Window(100, 400)
"""What is left of the beginning at its start is e^-10 (M/M/10 at 0.8 forgets in 9 s) or less."""


def turned_away(window: Window) -> Figure:
    return lambda rows: window.attempts(rows)["result"] == Result.TURNED_AWAY


def waited(window: Window) -> Figure:
    return lambda rows: waits_s(window.attempts(rows)) > 0


def waits_longer(window: Window, t: float) -> Figure:
    return lambda rows: waits_s(window.attempts(rows)) > t


def stays_longer(window: Window, t: float) -> Figure:
    return lambda rows: times_s(window.attempts(rows)) > t


def wait(window: Window) -> Figure:
    return lambda rows: waits_s(window.attempts(rows))


def time(window: Window) -> Figure:
    return lambda rows: times_s(window.attempts(rows))


def goodput(window: Window) -> Figure:
    return lambda rows: window.a_second(times_s(window.attempts(rows)) >= 0)


def present(window: Window) -> Figure:
    return lambda rows: window.a_second(times_s(window.attempts(rows)))


def waiting(window: Window) -> Figure:
    return lambda rows: window.a_second(waits_s(window.attempts(rows)))


def busy(window: Window) -> Figure:
    return lambda rows: window.a_second(services_s(window.attempts(rows)))


def play(
    engine: Engine, launches: int, rate_per_s: float, system: System, *figures: Figure
) -> tuple[Sample, ...]:
    played = ((steady(rate_per_s, 400, launch), system) for launch in range(launches))
    return sample(engine, played, *figures)


# Erlang B -----------------------------------------------------------------------------------------


def erlang_b(engine: Engine, launches: int, system: System) -> tuple[Sample, ...]:
    return play(engine, launches, 3, system, turned_away(SETTLED), busy(SETTLED))


@examples("law",
    ("exponential", ONE_SECOND),
    ("fixed", Duration.fixed(S)),
    ("lognormal", Duration.lognormal(S, cv=1.5)),
    ("gamma", Duration.gamma(S, cv=0.5)),
    ("hyperexponential", Duration.hyperexponential(S, cv=2)),
)  # fmt: skip
@both(compiled=50, readable=8)
def test_erlang_b_whatever_the_law(engine: Engine, launches: int, law: Duration) -> None:
    lost, carried = erlang_b(engine, launches, open_to(pool(5, law, waiting_room=0)))
    assert lost.agrees_with(pools.erlang_b(5, 3))
    assert carried.agrees_with(3 * (1 - pools.erlang_b(5, 3)))


def test_erlang_b_is_told_from_a_room_for_one() -> None:
    lost, carried = erlang_b(Compiled(), 50, open_to(pool(5, ONE_SECOND, waiting_room=1)))
    assert not lost.agrees_with(pools.erlang_b(5, 3))
    assert not carried.agrees_with(3 * (1 - pools.erlang_b(5, 3)))


# Erlang C -----------------------------------------------------------------------------------------

ERLANG_C = pools.Mmc(8, 1, 10)


@both(compiled=200, readable=8)
def test_erlang_c(engine: Engine, launches: int) -> None:
    """Quantiles as shares beyond the theoretical one: an estimated quantile would have a bias."""
    shares = (0.5, 0.95, 0.99)
    p_wait, mean_wait, mean_time, line, beyond_wait, *beyond_time = play(
        engine, launches, 8, open_to(pool(10, ONE_SECOND)), waited(SETTLED), wait(SETTLED),
        time(SETTLED), waiting(SETTLED), waits_longer(SETTLED, ERLANG_C.wait_quantile_s(0.95)),
        *(stays_longer(SETTLED, ERLANG_C.time_quantile_s(share)) for share in shares),
    )  # fmt: skip
    assert p_wait.agrees_with(ERLANG_C.p_wait)
    assert mean_wait.agrees_with(ERLANG_C.waiting_time_s)
    assert mean_time.agrees_with(ERLANG_C.time_in_system_s)
    assert line.agrees_with(ERLANG_C.waiting)
    assert beyond_wait.agrees_with(0.05)
    for share, beyond in zip(shares, beyond_time, strict=True):
        assert beyond.agrees_with(1 - share)


@examples("wrong",
    ("a server more", pool(11, ONE_SECOND)),
    ("service without spread", pool(10, Duration.fixed(S))),
    ("3 % faster", pool(10, exponential(0.97))),
    ("a bounded room", pool(10, ONE_SECOND, waiting_room=10)),
)  # fmt: skip
def test_erlang_c_is_told_from(wrong: Station) -> None:
    mean_wait, beyond = play(
        Compiled(), 200, 8, open_to(wrong), wait(SETTLED),
        waits_longer(SETTLED, ERLANG_C.wait_quantile_s(0.95)),
    )  # fmt: skip
    assert not mean_wait.agrees_with(ERLANG_C.waiting_time_s)
    assert not beyond.agrees_with(0.05)


def pooled(engine: Engine, launches: int, theory: pools.Mmc, servers: int) -> tuple[Sample, ...]:
    """Who waits, and who stays longer than 95 % should: at 0.9 ten servers forget in 38 s."""
    window = Window(380, 780)
    system = open_to(pool(servers, ONE_SECOND))
    played = ((steady(theory.arrival_rate, 780, launch), system) for launch in range(launches))
    beyond = stays_longer(window, theory.time_quantile_s(0.95))
    return sample(engine, played, waited(window), beyond)


@pytest.mark.parametrize("servers", [10, 100])
@both(compiled=50, readable=16, slow=True)
def test_pooling_at_nine_tenths(engine: Engine, launches: int, servers: int) -> None:
    theory = pools.Mmc(0.9 * servers, 1, servers)
    p_wait, beyond = pooled(engine, launches, theory, servers)
    assert p_wait.agrees_with(theory.p_wait)
    assert beyond.agrees_with(0.05)


def test_pooling_is_told_from_a_server_more() -> None:
    theory = pools.Mmc(9, 1, 10)
    p_wait, beyond = pooled(Compiled(), 50, theory, 11)
    assert not p_wait.agrees_with(theory.p_wait)
    assert not beyond.agrees_with(0.05)


# A bounded room -----------------------------------------------------------------------------------

MMCK = pools.Mmck(12, 1, 10, 20)


def mmck(engine: Engine, launches: int, waiting_room: int) -> tuple[Sample, ...]:
    figures = (turned_away, goodput, present, waiting, time, wait, busy)
    system = open_to(pool(10, ONE_SECOND, waiting_room))
    return play(engine, launches, 12, system, *(figure(SETTLED) for figure in figures))


@both(compiled=50, readable=8)
def test_mmck(engine: Engine, launches: int) -> None:
    refused, passed, there, queued, stayed, queued_s, served = mmck(engine, launches, 10)
    assert refused.agrees_with(MMCK.p_turned_away)
    assert passed.agrees_with(MMCK.goodput_per_s)
    assert there.agrees_with(MMCK.present)
    assert queued.agrees_with(MMCK.waiting)
    assert stayed.agrees_with(MMCK.time_in_system_s)
    assert queued_s.agrees_with(MMCK.waiting_time_s)
    assert served.agrees_with(10 * MMCK.utilisation)


def test_mmck_is_told_from_half_the_room() -> None:
    refused, _, there, queued, stayed, queued_s, _ = mmck(Compiled(), 50, 5)
    assert not refused.agrees_with(MMCK.p_turned_away)
    assert not there.agrees_with(MMCK.present)
    assert not queued.agrees_with(MMCK.waiting)
    assert not stayed.agrees_with(MMCK.time_in_system_s)
    assert not queued_s.agrees_with(MMCK.waiting_time_s)


# Many servers -------------------------------------------------------------------------------------

BETA = 0.5
LATER = Window(160, 400)
"""At beta the queue forgets in ``4 / beta^2`` = 16 s."""


def load_at_beta(servers: int) -> float:
    """The offered load ``a`` with ``a + beta sqrt(a)`` servers."""
    return ((math.sqrt(BETA**2 + 4 * servers) - BETA) / 2) ** 2


def not_yet_the_limit(servers: int) -> float:
    """How far so many servers are from it, by Erlang's C."""
    exact = pools.Mmc(load_at_beta(servers), 1, servers)
    return abs(exact.p_wait - pools.halfin_whitt(BETA))


def at_beta(engine: Engine, launches: int, servers: int, extra: int = 0) -> Sample:
    system = open_to(pool(servers + extra, ONE_SECOND))
    return play(engine, launches, load_at_beta(servers), system, waited(LATER))[0]


@both(compiled=50, readable=16, slow=True)
def test_halfin_and_whitt(engine: Engine, launches: int) -> None:
    p_wait = at_beta(engine, launches, 100)
    assert p_wait.agrees_with(pools.halfin_whitt(BETA), bias=not_yet_the_limit(100))


@pytest.mark.slow
def test_halfin_and_whitt_with_a_thousand_servers() -> None:
    p_wait = at_beta(Compiled(), 60, 1000)
    assert p_wait.agrees_with(pools.halfin_whitt(BETA), bias=not_yet_the_limit(1000))


def test_halfin_and_whitt_is_told_from_another_beta() -> None:
    p_wait = at_beta(Compiled(), 50, 100, extra=3)
    assert not p_wait.agrees_with(pools.halfin_whitt(BETA), bias=not_yet_the_limit(100))
