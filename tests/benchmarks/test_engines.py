"""How fast the engines are, beside each other and beside the model one would write first.

CPU seconds, on a launch with a line, a bounded pool, timeouts and retries: demand decays with three
hours over seven, the pool is 5 to 10 % too small in "storm". The table of pytest-benchmark prints
the ratios. Run with ``pytest -m benchmark tests/benchmarks/test_engines.py``.

Two cores (AMD EPYC), CPython 3.11, numba 0.68, simpy 4.1, November 2026.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simpy

from simulator.compiled import Compiled
from simulator.demand import Component, Demand
from simulator.engine import Engine
from simulator.readable import Readable
from simulator.system import (
    Change,
    Duration,
    Lever,
    People,
    Policy,
    Pool,
    Retries,
    System,
    TokenBucket,
    Waitlist,
)
from simulator.timetable import Timetable

Waits = Generator[simpy.Event, Any, None]

S, HOUR = 1_000_000_000, 3_600_000_000_000

PEOPLE = People(
    name="everybody",
    client_timeout_ns=10 * S,
    retries=Retries(attempts=4, backoff_ns=S, cap_ns=30 * S),
    patience=Duration.exponential(1_800 * S),
)


def surge(visits: int) -> Timetable:
    edges_ns = np.arange(7 * 60 + 1) * 60 * S
    reached = -np.expm1(-edges_ns / (3 * HOUR))
    component = Component.of(0, edges_ns, visits * np.diff(reached) / reached[-1])
    return Timetable(
        demand=Demand(components=(component,)), horizon_ns=7 * HOUR, end_ns=8 * HOUR, seed=1
    )


def system(visits: int, *, storm: bool) -> System:
    peak_per_s = visits / (3 * 3600 * -np.expm1(-7 / 3))
    service_s = 0.8 if storm else 0.04
    servers = round(service_s * 0.75 * peak_per_s) if storm else int(0.04 * 0.79 * peak_per_s) + 1
    faster = Change(
        at_ns=HOUR,
        lever=Lever.RELEASE_SPACING_NS,
        value=TokenBucket.at_rate(0.8 * peak_per_s).spacing_ns,
    )
    return System(
        people=(PEOPLE,),
        station=Pool(
            name="signup",
            servers=servers,
            waiting_room=int(12 * servers / service_s),
            service=Duration.lognormal(service_s * S, cv=1.0),
        ),
        waitlist=Waitlist(policy=Policy.FIFO, release=TokenBucket.at_rate(0.6 * peak_per_s)),
        changes=(faster,),
    )


def played(engine: Engine, visits: int, *, storm: bool) -> Callable[[], int]:
    timetable, stage = surge(visits), system(visits, storm=storm)
    assert timetable.total

    def play() -> int:
        return sum(len(block.visits) for block in engine.simulate(timetable, stage).blocks)

    return play


class Naive:
    """A process a visitor, a Resource, and a condition for each wait: the textbook's SimPy.

    It is here for its cost alone: it draws its luck as it goes, and ties fall as they may.
    """

    name = "naive"

    def __init__(self, timetable: Timetable, stage: System) -> None:
        self.timetable, self.stage = timetable, stage
        self.env = simpy.Environment()
        self.pool = simpy.Resource(self.env, stage.station.servers)
        self.gate = simpy.Resource(self.env, 1)
        self.random = np.random.default_rng(1)
        self.ended = 0

    def play(self) -> int:
        self.env.process(self.arrivals())
        self.env.run(until=self.timetable.end_ns)
        return self.ended

    def arrivals(self) -> Waits:
        for chunk in self.timetable.arrivals():
            for arrived_ns in chunk.arrived_ns.tolist():
                yield self.env.timeout(arrived_ns - self.env.now)
                self.env.process(self.visit())

    def visit(self) -> Waits:
        turn = self.gate.request()
        yield turn | self.env.timeout(self.random.exponential(1_800 * S))
        if turn.triggered:
            self.env.process(self.hold_gate(turn))
            yield from self.attempts()
        else:
            turn.cancel()
        self.ended += 1

    def hold_gate(self, turn: simpy.resources.resource.Request) -> Waits:
        early = self.env.now < HOUR
        spacing_ns = self.stage.waitlist.release.spacing_ns
        yield self.env.timeout(spacing_ns if early else self.stage.changes[0].value)
        self.gate.release(turn)

    def attempts(self) -> Waits:
        for number in range(PEOPLE.retries.attempts):
            if len(self.pool.queue) < self.stage.station.waiting_room:
                work = self.env.process(self.serve())
                yield work | self.env.timeout(PEOPLE.client_timeout_ns)
                if work.triggered:
                    return
            yield self.env.timeout(self.random.uniform() * min(30, 2**number) * S)

    def serve(self) -> Waits:
        law = self.stage.station.service
        with self.pool.request() as server:
            yield server
            yield self.env.timeout(self.random.lognormal(law.location, law.scale))


storms = pytest.mark.parametrize("storm", [False, True], ids=["healthy", "storm"])


@pytest.mark.benchmark(group="17,000 visits", timer=time.process_time)
@pytest.mark.parametrize("engine", [Compiled(), Readable()], ids=["compiled", "simpy"])
@storms
def test_engines(benchmark: Any, engine: Engine, storm: bool) -> None:
    play = played(engine, 17_000, storm=storm)
    assert benchmark.pedantic(play, rounds=3, warmup_rounds=1) > 16_000


@pytest.mark.benchmark(group="17,000 visits", timer=time.process_time)
@storms
def test_a_process_a_visitor(benchmark: Any, storm: bool) -> None:
    timetable, stage = surge(17_000), system(17_000, storm=storm)
    assert benchmark.pedantic(lambda: Naive(timetable, stage).play(), rounds=3) > 16_000


@pytest.mark.benchmark(group="170,000 visits", timer=time.process_time)
@storms
def test_the_compiled_engine_at_full_size(benchmark: Any, storm: bool) -> None:
    play = played(Compiled(), 170_000, storm=storm)
    assert benchmark.pedantic(play, rounds=5, warmup_rounds=2) > 169_000


FIRST_USE = """
import sys; sys.path.insert(0, sys.argv[1])
from tests.benchmarks.test_engines import Compiled, played
played(Compiled(), 100, storm=False)()
"""


@pytest.mark.benchmark(group="the first launch of a process, wall seconds")
@pytest.mark.parametrize("kept", [False, True], ids=["cold", "warm"])
def test_first_use(benchmark: Any, tmp_path: Path, kept: bool, monkeypatch: Any) -> None:
    """Interpreter, imports (this module's too) and a small launch; cold compiles everything."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    root = Path(__file__).parents[2]

    def start() -> None:
        subprocess.run([sys.executable, "-c", FIRST_USE, str(root)], check=True)

    if kept:
        start()
    benchmark.pedantic(start, rounds=3 if kept else 1)
