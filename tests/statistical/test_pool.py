"""Pools of many servers that have settled: Erlang's B and C, bounded rooms, and the limit."""

import math

import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.system.stations import Station
from simulator.timetable.laws import Duration
from tests.examples import examples
from tests.statistical.launching import (
    S,
    Theory,
    both,
    exponential,
    open_to,
    pool,
    steadily,
    unlike,
)
from tests.statistical.oracles import pools
from tests.statistical.reading import Window

ONE_SECOND = exponential(1)
SETTLED = Window(100, 400)
"""What is left of the beginning at its start is e^-10 (M/M/10 at 0.8 forgets in 9 s) or less."""


def off(
    engine: Engine, launches: int, rate_per_s: float, station: Station, theories: dict[str, Theory]
) -> set[str]:
    played = steadily(launches, rate_per_s, open_to(station), 400)
    return unlike(engine, played, theories)


# Erlang B -----------------------------------------------------------------------------------------

ERLANG_B = {
    "lost": Theory(SETTLED.turned_away, pools.erlang_b(5, 3)),
    "carried": Theory(SETTLED.busy, 3 * (1 - pools.erlang_b(5, 3))),
}


@examples("law",
    ("exponential", ONE_SECOND),
    ("fixed", Duration.fixed(S)),
    ("lognormal", Duration.lognormal(S, cv=1.5)),
    ("gamma", Duration.gamma(S, cv=0.5)),
    ("hyperexponential", Duration.hyperexponential(S, cv=2)),
)  # fmt: skip
@both(compiled=50, readable=8)
def test_erlang_b_whatever_the_law(engine: Engine, launches: int, law: Duration) -> None:
    assert not off(engine, launches, 3, pool(5, law, waiting_room=0), ERLANG_B)


def test_erlang_b_is_told_from_a_room_for_one() -> None:
    room_for_one = pool(5, ONE_SECOND, waiting_room=1)
    assert off(Compiled(), 50, 3, room_for_one, ERLANG_B) == {"lost", "carried"}


# Erlang C -----------------------------------------------------------------------------------------

MMC = pools.Mmc(8, 1, 10)
ERLANG_C = {
    "who waits": Theory(SETTLED.waits_longer(0), MMC.p_wait),
    "wait": Theory(SETTLED.waits_s, MMC.waiting_time_s),
    "time": Theory(SETTLED.times_s, MMC.time_in_system_s),
    "line": Theory(SETTLED.waiting, MMC.waiting),
    # Quantiles as shares beyond the theoretical one: an estimated quantile would have a bias.
    "waits beyond p95": Theory(SETTLED.waits_longer(MMC.wait_quantile_s(0.95)), 0.05),
    **{
        f"times beyond {share:.0%}": Theory(
            SETTLED.stays_longer(MMC.time_quantile_s(share)), 1 - share
        )
        for share in (0.5, 0.95, 0.99)
    },
}


@both(compiled=200, readable=8)
def test_erlang_c(engine: Engine, launches: int) -> None:
    assert not off(engine, launches, 8, pool(10, ONE_SECOND), ERLANG_C)


@examples("wrong",
    ("a server more", pool(11, ONE_SECOND)),
    ("service without spread", pool(10, Duration.fixed(S))),
    ("3 % faster", pool(10, exponential(0.97))),
    ("a bounded room", pool(10, ONE_SECOND, waiting_room=10)),
)  # fmt: skip
def test_erlang_c_is_told_from(wrong: Station) -> None:
    assert off(Compiled(), 200, 8, wrong, ERLANG_C) >= {"wait", "waits beyond p95"}


def off_at_nine_tenths(engine: Engine, launches: int, servers: int, extra: int = 0) -> set[str]:
    """Which are off: who waits, and who stays longer than 95 % should; ten servers forget in 38 s."""
    theory, window = pools.Mmc(0.9 * servers, 1, servers), Window(380, 780)
    system = open_to(pool(servers + extra, ONE_SECOND))
    return unlike(
        engine,
        steadily(launches, theory.arrival_rate, system, 780),
        {
            "who waits": Theory(window.waits_longer(0), theory.p_wait),
            "beyond p95": Theory(window.stays_longer(theory.time_quantile_s(0.95)), 0.05),
        },
    )


@pytest.mark.parametrize("servers", [10, 100])
@both(compiled=50, readable=16, slow=True)
def test_pooling_at_nine_tenths(engine: Engine, launches: int, servers: int) -> None:
    assert not off_at_nine_tenths(engine, launches, servers)


def test_pooling_is_told_from_a_server_more() -> None:
    assert off_at_nine_tenths(Compiled(), 50, 10, extra=1) == {"who waits", "beyond p95"}


# A bounded room -----------------------------------------------------------------------------------

BOUNDED = pools.Mmck(12, 1, 10, 20)
MMCK = {
    "turned away": Theory(SETTLED.turned_away, BOUNDED.p_turned_away),
    "goodput": Theory(SETTLED.goodput, BOUNDED.goodput_per_s),
    "present": Theory(SETTLED.present, BOUNDED.present),
    "waiting": Theory(SETTLED.waiting, BOUNDED.waiting),
    "time": Theory(SETTLED.times_s, BOUNDED.time_in_system_s),
    "wait": Theory(SETTLED.waits_s, BOUNDED.waiting_time_s),
    "busy": Theory(SETTLED.busy, 10 * BOUNDED.utilisation),
}


@both(compiled=50, readable=8)
def test_mmck(engine: Engine, launches: int) -> None:
    assert not off(engine, launches, 12, pool(10, ONE_SECOND, waiting_room=10), MMCK)


def test_mmck_is_told_from_half_the_room() -> None:
    found = off(Compiled(), 50, 12, pool(10, ONE_SECOND, waiting_room=5), MMCK)
    assert found >= {"turned away", "present", "waiting", "time", "wait"}


# Many servers -------------------------------------------------------------------------------------

BETA = 0.5
LATER = Window(160, 400)
"""At beta the queue forgets in ``4 / beta^2`` = 16 s."""


def load_at_beta(servers: int) -> float:
    """The offered load ``a`` with ``a + beta sqrt(a)`` servers."""
    return ((math.sqrt(BETA**2 + 4 * servers) - BETA) / 2) ** 2


def off_at_beta(engine: Engine, launches: int, servers: int, extra: int = 0) -> set[str]:
    """How far so many servers are from the limit is known, by Erlang's C."""
    load, limit = load_at_beta(servers), pools.halfin_whitt(BETA)
    not_yet = abs(pools.Mmc(load, 1, servers).p_wait - limit)
    played = steadily(launches, load, open_to(pool(servers + extra, ONE_SECOND)), 400)
    return unlike(engine, played, {"who waits": Theory(LATER.waits_longer(0), limit, bias=not_yet)})


@both(compiled=50, readable=16, slow=True)
def test_halfin_and_whitt(engine: Engine, launches: int) -> None:
    assert not off_at_beta(engine, launches, 100)


@pytest.mark.slow
def test_halfin_and_whitt_with_a_thousand_servers() -> None:
    assert not off_at_beta(Compiled(), 60, 1000)


def test_halfin_and_whitt_is_told_from_another_beta() -> None:
    assert off_at_beta(Compiled(), 50, 100, extra=3)
