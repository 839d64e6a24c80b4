"""The pool against queueing theory: M/M/c, M/M/c/K, M/D/1, and D/M/1 behind the line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.compiled import Compiled
from simulator.engine import Engine
from simulator.outcomes import Block, Result
from simulator.readable import Readable
from simulator.system import Duration, Policy, System, TokenBucket, Waitlist
from tests.statistical import oracles
from tests.statistical.launching import S, Sample, open_pool, sample, steady, waits_s

WARM_UP_S = 200
"""Every system here forgets that it began empty at a time scale of at most
``1 / (sqrt(c mu) - sqrt(lambda))^2`` = 90 s (M/D/1, where the run lasts 50,000 s)."""

ONE_SECOND = Duration.exponential(1.0 * S)

engines = pytest.mark.parametrize(
    ("engine", "launches", "for_s"),
    [
        pytest.param(Compiled(), 20, 10_000, id="compiled"),
        pytest.param(Readable(), 8, 600, id="simpy"),
    ],
)


def p_wait(rows: Block) -> float:
    return float((waits_s(rows, WARM_UP_S) > 0).mean())


def mean_wait_s(rows: Block) -> float:
    return float(waits_s(rows, WARM_UP_S).mean())


def p_turned_away(rows: Block) -> float:
    late = rows.attempts[rows.attempts["sent"] >= WARM_UP_S * S]
    return float((late["result"] == Result.TURNED_AWAY).mean())


def mmc(engine: Engine, launches: int, for_s: int, system: System) -> tuple[Sample, ...]:
    played = ((steady(8, for_s, launch), system) for launch in range(launches))
    return sample(engine, played, p_wait, mean_wait_s)


@engines
def test_mmc(engine: Engine, launches: int, for_s: int) -> None:
    waited, wait_s = mmc(engine, launches, for_s, open_pool(10, ONE_SECOND))
    assert waited.agrees_with(oracles.MMC_8_1_10.p_wait)
    assert wait_s.agrees_with(oracles.MMC_8_1_10.waiting_time_s)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(open_pool(11, ONE_SECOND), id="a server more"),
        pytest.param(open_pool(10, Duration.fixed(S)), id="service without spread"),
        pytest.param(open_pool(10, Duration.exponential(0.98 * S)), id="2 % faster"),
    ],
)
def test_mmc_is_told_from(wrong: System) -> None:
    _, wait_s = mmc(Compiled(), 20, 10_000, wrong)
    assert not wait_s.agrees_with(oracles.MMC_8_1_10.waiting_time_s)


def mmck(engine: Engine, launches: int, for_s: int, waiting_room: int) -> tuple[Sample, ...]:
    system = open_pool(10, ONE_SECOND, waiting_room)
    played = ((steady(12, for_s, launch), system) for launch in range(launches))
    return sample(engine, played, p_turned_away, mean_wait_s)


@engines
def test_mmck(engine: Engine, launches: int, for_s: int) -> None:
    refused, wait_s = mmck(engine, launches, for_s, waiting_room=10)
    assert refused.agrees_with(oracles.MMCK_12_1_10_20.p_turned_away)
    assert wait_s.agrees_with(oracles.MMCK_12_1_10_20.waiting_time_s)


def test_mmck_is_told_from_a_room_for_one_more() -> None:
    _, wait_s = mmck(Compiled(), 20, 10_000, waiting_room=11)
    assert not wait_s.agrees_with(oracles.MMCK_12_1_10_20.waiting_time_s)


def md1(service: Duration) -> Sample:
    played = ((steady(0.8, 50_000, launch), open_pool(1, service)) for launch in range(20))
    return sample(Compiled(), played, mean_wait_s)[0]


def test_md1() -> None:
    assert md1(Duration.fixed(S)).agrees_with(oracles.MD1_08_1)


def test_md1_is_told_from_a_service_with_spread() -> None:
    assert not md1(Duration.lognormal(S, cv=0.3)).agrees_with(oracles.MD1_08_1)


def dm1(release: TokenBucket) -> tuple[Sample, ...]:
    """Twice as many join the line as it lets in: it never runs empty, and feeds one server."""
    system = replace(
        open_pool(1, ONE_SECOND), waitlist=Waitlist(policy=Policy.FIFO, release=release)
    )
    played = ((steady(1.0, 20_000, launch), system) for launch in range(20))
    return sample(Compiled(), played, p_wait, mean_wait_s)


def test_dm1_behind_the_line() -> None:
    waited, wait_s = dm1(TokenBucket(spacing_ns=2 * S))
    assert waited.agrees_with(oracles.DM1_05_1.p_wait)
    assert wait_s.agrees_with(oracles.DM1_05_1.waiting_time_s)


def test_dm1_is_told_from_a_release_that_is_5_per_cent_faster() -> None:
    waited, _ = dm1(TokenBucket(spacing_ns=1_900_000_000))
    assert not waited.agrees_with(oracles.DM1_05_1.p_wait)
