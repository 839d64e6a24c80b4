"""A real cluster: a scheduler and workers in processes of their own, some of which are killed in the middle."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import distributed
import psutil
import pytest
from distributed import LocalCluster

from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.player import Player
from simulator.advice.size.prices import Prices
from simulator.advice.size.sizer import Sizer
from simulator.engine.compiled.engine import Compiled
from simulator.engine.readable.launch import Readable
from simulator.engine.rules import Engine
from simulator.errors import InvalidRun
from simulator.plan.launches import play, predict
from simulator.timetable.demand import Component, Demand
from surgeproof.cluster import backend, on
from tests.end_to_end.command import start, surgeproof, wait_until
from tests.hanging import HUNG_S
from tests.unit.simulator.plan.test_launches import PLAN, S

pytestmark = pytest.mark.slow

SMALL = Path(__file__).parents[1] / "certificates" / "launch.toml"
LAUNCH = Path(__file__).parents[1] / "launches" / "one-step.toml"
LONG = replace(PLAN, demand=Demand(components=(Component.of(0, [0, 10 * S], [300.0]),)))
"""Long enough, in SimPy, to be killed in the middle: a tenth of a second."""
LAUNCHES = 30


@contextmanager
def workers(number: int) -> Iterator[LocalCluster]:
    """A cluster on this machine, each worker a process of one thread."""
    with LocalCluster(
        n_workers=number, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50,
    ) as started:  # fmt: skip
        yield started


class KillsOne:
    """Kills a worker in the middle of a launch, once so many launches are done."""

    def __init__(self, cluster: LocalCluster, at: int) -> None:
        self.cluster = cluster
        self.at = at
        self.killed: psutil.Process | None = None
        self.interrupted: set[str] = set()

    def __call__(self, done: int, of: int) -> None:
        if done < self.at or self.killed:
            return
        scheduler = self.cluster.scheduler
        assert scheduler is not None
        busy = next(each for each in scheduler.workers.values() if each.processing)
        self.interrupted = {each.key for each in busy.processing}
        nannies = self.cluster.workers.values()
        pid = next(each.pid for each in nannies if each.worker_address == busy.address)
        self.killed = psutil.Process(pid)
        self.killed.kill()


@pytest.mark.parametrize("number", [1, 3])
def test_figures_depend_neither_on_the_workers_nor_on_one_that_is_killed(number: int) -> None:
    here = [play(LONG, Readable(), launch).to_json() for launch in range(LAUNCHES)]
    with workers(number) as cluster, on(cluster.scheduler_address):
        kills = KillsOne(cluster, at=5)
        there = predict(LONG, Readable(), LAUNCHES, kills)
        assert kills.killed is not None
        assert not kills.killed.is_running()
        assert kills.interrupted
    assert [each.to_json() for each in there.launches] == here


@pytest.mark.parametrize("number", [1, 3])
def test_a_size_is_searched_and_certified_alike(number: int) -> None:
    typed = ("size", SMALL, "--vary", "station.signup.servers=12..60", "--launches", "59", "--json")
    here = surgeproof(*typed)
    with workers(number) as cluster:
        there = surgeproof(*typed, "--cluster", cluster.scheduler_address)
    assert (there.returncode, there.stdout) == (0, here.stdout)


def test_a_search_that_loses_its_cluster_says_what_it_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scheduler(tmp_path) as (address, process):

        def confirmed(sizer: Sizer, found: Candidate) -> None:
            process.kill()
            process.wait(HUNG_S)
            sizer.player.tried(found, range(1000, 1010))

        monkeypatch.setattr(Sizer, "_confirmed", confirmed)
        done = surgeproof("size", SMALL, "--vary", "station.signup.servers=12..60",
                          "--cluster", address)  # fmt: skip
    assert done.returncode == 3
    assert f"the Dask scheduler at {address} was lost" in done.stderr
    assert "what was searched" in done.stdout


@pytest.mark.parametrize("number", [1, 3])
def test_the_command_prints_the_same_bytes(number: int) -> None:
    typed = ("predict", LAUNCH, "--launches", "20", "--json")
    here = surgeproof(*typed)
    with workers(number) as cluster:
        there = surgeproof(*typed, "--cluster", cluster.scheduler_address)
    assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, "")


def player(engine: Engine) -> Player:
    """One who varies the only station's servers."""
    tweak = Tweak(turn=Turn.SERVERS, now=1.0)
    knob = Knob(key="station.signup.servers", tweak=tweak, low=1, high=8)
    prices = Prices(currency="", priced=None, per_hour=(1.0,), paid_for_ns=3600 * S)
    return Player(plan=LONG, knobs=(knob,), prices=prices, engine=engine)


def test_candidates_are_tried_alike_on_a_cluster() -> None:
    few, more = Candidate(values=(1.0,)), Candidate(values=(4.0,))
    here = player(Compiled())
    asked = [repr(here.tried(each, range(20))) for each in (few, more)]  # nan is not nan
    with workers(2) as cluster, on(cluster.scheduler_address):
        there = player(Compiled())
        assert [repr(there.tried(each, range(20))) for each in (few, more)] == asked


class Killing(Readable):
    """A launch that no worker survives, as one that needs more memory than each has."""

    def summarise(self, *of: Any, **more: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_launch_that_no_worker_survives_is_given_up() -> None:
    with workers(2) as cluster, on(cluster.scheduler_address):
        with pytest.raises(InvalidRun, match=r"given up after 4 workers .* died.*memory"):
            predict(PLAN, Killing(), 2)
        assert len(predict(PLAN, Readable(), 2).launches) == 2


def test_a_cluster_without_any_worker_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "WORKERLESS_S", 2.0)
    with workers(2) as cluster, on(cluster.scheduler_address):

        def leave(done: int, of: int) -> None:
            if done == 3:
                cluster.scale(0)

        with pytest.raises(InvalidRun, match=r"no worker for 2 s: start some \(dask worker tcp://"):
            predict(LONG, Readable(), 200, leave)


def dask(part: str, *words: str) -> subprocess.Popen[str]:
    """A part of a cluster as one starts it by hand."""
    typed = (sys.executable, "-m", f"distributed.cli.dask_{part}", "--no-dashboard", *words)
    return subprocess.Popen(typed, stderr=subprocess.DEVNULL, text=True)


@contextmanager
def scheduler(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A scheduler with a worker of two threads: its address, and its process."""
    file = tmp_path / "scheduler.json"
    scheduling = dask(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)
    )
    with ended(scheduling):
        wait_until(file.exists, scheduling)
        working = dask("worker", "--no-nanny", "--nthreads", "2", "--scheduler-file", str(file))
        with distributed.Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(1, timeout=HUNG_S)
            address = client.scheduler.address
        with ended(working):
            yield address, scheduling


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()
        process.wait(HUNG_S)


def test_a_scheduler_that_is_lost_is_told_and_what_was_tried_is_kept(tmp_path: Path) -> None:
    with scheduler(tmp_path) as (address, process):
        losing = player(Readable())

        def lose(played: int) -> None:
            if played == 3:
                process.kill()

        losing.told = lose
        few = Candidate(values=(1.0,))
        with on(address):
            with pytest.raises(InvalidRun, match=f"the Dask scheduler at {address} was lost"):
                losing.tried(few, range(200))
            with pytest.raises(InvalidRun, match="was lost"):  # and at once when asked again
                losing.tried(few, range(200))
        assert list(losing.known[few]) == list(range(losing.played))
        assert 3 <= losing.played < 200


def test_an_interrupted_command_takes_its_launches_back(tmp_path: Path) -> None:
    with scheduler(tmp_path) as (address, _), distributed.Client(address) as watching:
        command = start("predict", str(LAUNCH), "--launches", "5000", "--engine", "simpy",
                        "--cluster", address)  # fmt: skip
        wait_until(lambda: any(watching.processing().values()), command)
        command.send_signal(signal.SIGINT)
        _, said = command.communicate(timeout=HUNG_S)
        assert command.returncode == 130
        assert said.splitlines()[-1] == "surgeproof: interrupted"
        assert "Traceback" not in said
        wait_until(lambda: not any(watching.processing().values()))
