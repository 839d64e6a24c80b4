"""A replay over several machines: namespaces, a way of which each direction takes another time, and clocks of all kinds.

Clocks: one worker's monotonic clock is 5,000 s ahead of the master's and the other's 3,000 s behind it (time namespaces);
the wall clock of one of them is set by an hour meanwhile. So each true offset is known to the nanosecond.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from scenarios.replay.workers import SECRET_VARIABLE
from simulator.outcomes.instrument import Instrument, read_instrument
from simulator.system.objectives import JourneyObjective, Objectives
from simulator.verdict.criteria import Asks, Outcome
from simulator.verdict.validity.gates import judge_instrument
from tests.benchmarks.workers.crews import Sent, read_sent
from tests.end_to_end.command import wait_until
from tests.faults.scene import STATIONS
from tests.faults.strikes import WALL_CLOCK_SET, wrong_clocks
from tests.hanging import HUNG_S
from tests.launches.files import LAUNCH, changed
from tests.machines.machines import Machine, line_of, machines, why_not

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
    pytest.mark.skipif(shutil.which("gcc") is None, reason="a wall clock that is set needs gcc"),
]

S, MS = 10**9, 10**6
EAST_AHEAD_S, WEST_AHEAD_S = 5000, -3000
AHEAD_NS = {"east": EAST_AHEAD_S * S, "west": WEST_AHEAD_S * S}
THERE_MS, BACK_MS = 50, 200
SLOW = "8 s"
"""An objective of which 5 % is 400 ms: a clock may be wrong by 200."""
PORT = 5557


@dataclass
class Team:
    """A master's machine, on which the target is as well, and two workers' with the ways that lead from there to it."""

    hub: Machine
    east: Machine
    west: Machine
    folder: Path

    def delay(self, name: str, there_ms: int, back_ms: int) -> None:
        """Write it in one go, so that nobody reads half of it."""
        new = self.folder / f"{name}.new"
        new.write_text(f"{there_ms} {back_ms}")
        new.rename(self.folder / name)

    @property
    def env(self) -> dict[str, str]:
        return {SECRET_VARIABLE: "one secret of them all", "SURGEPROOF_ALLOW": self.hub.address}

    def serve(self) -> str:
        words = (
            "--host",
            self.hub.address,
            "--port",
            "8000",
            "--workers",
            "1",
            "--hash-cost",
            "10",
        )
        serving = self.hub.start("surgeproof", "serve", *words, env=self.env)
        line_of(serving, self.hub.address, HUNG_S)
        return f"http://{self.hub.address}:8000"

    def work(self, worker: Machine, name: str, env: dict[str, str]) -> None:
        """Have one wait for the master behind a way that takes its time."""
        way = worker.start(
            "tests.machines.delaying", str(PORT), f"{self.hub.address}:{PORT}", self.folder / name
        )
        line_of(way, "ready", HUNG_S)
        words = ("worker", "--master", f"127.0.0.1:{PORT}", "--name", name)
        worker.start("surgeproof", *words, env=self.env | env)

    def replay(self, limit: str = SLOW) -> Replay:
        """One whose objective, a median, is that."""
        launch = changed(('p50 = "1 s"', f'p50 = "{limit}"'), text=LAUNCH)
        (self.folder / "small.toml").write_text(launch)
        (self.folder / "stations.toml").write_text(STATIONS)
        runs, url = self.folder / "runs", self.serve()
        for name, worker, env in (
            ("east", self.east, {}), ("west", self.west, wrong_clocks(self.folder, WALL_CLOCK_SET)),
        ):  # fmt: skip
            self.work(worker, name, env)
        command = self.hub.start(
            *("surgeproof", "replay", self.folder / "small.toml", "--target", url),
            *("--system", self.folder / "stations.toml", "--runs", runs, "--variant", "no-line"),
            *("--launches", "1", "--workers", "0", "--await", "2"),
            *("--listen", f"{self.hub.address}:{PORT}"),
            env=self.env,
        )
        return Replay(self, command, runs)


@dataclass
class Replay:
    """One that is under way."""

    team: Team
    command: subprocess.Popen[str]
    runs: Path

    def end(self) -> tuple[int, str]:
        said, _ = self.command.communicate(timeout=HUNG_S)
        return self.command.returncode, said

    def begun(self) -> bool:
        """Whether visitors have been sent."""
        for store in self.runs.glob("*/run.sqlite"):
            with closing(sqlite3.connect(store)) as db:
                found = db.execute("SELECT name FROM sqlite_master WHERE name = 'beats'").fetchone()
                return bool(found and db.execute("SELECT count(*) FROM beats").fetchone()[0])
        return False

    def known(self) -> tuple[Instrument, Sent]:
        (store,) = self.runs.glob("*/run.sqlite")
        with closing(sqlite3.connect(store)) as db:
            (name,) = db.execute("SELECT name FROM parts WHERE provenance = 'observed'").fetchone()
            return read_instrument(db, name), read_sent(db)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with machines(0, EAST_AHEAD_S, WEST_AHEAD_S) as (hub, east, west):
        found = Team(hub, east, west, tmp_path)
        found.delay("east", THERE_MS, BACK_MS)
        found.delay("west", THERE_MS, BACK_MS)
        yield found


def clocks(instrument: Instrument) -> Outcome:
    """Whether the clocks are known well enough for an objective of 8 s."""
    asked = JourneyObjective(journey="signup", quantiles_ns=((0.5, 8 * S),))
    (found,) = (
        one
        for one in judge_instrument(instrument, Objectives(journeys=(asked,)))
        if one.asks is Asks.CLOCKS
    )
    return found.outcome


def test_each_clock_is_known_as_well_as_is_said_and_the_union_is_the_plan(team: Team) -> None:
    replay = team.replay()
    code, said = replay.end()
    assert code in (0, 1, 3), said
    instrument, sent = replay.known()

    assert sent.is_exact, said
    assert [worker.name for worker in instrument.workers] == ["east", "west"]
    assert [worker.lost for worker in instrument.workers] == [None, None]
    for worker in instrument.workers:
        wrong_ns = abs(worker.offset_ns - AHEAD_NS[worker.name])
        assert worker.bound_ns >= (THERE_MS + BACK_MS) / 2 * MS  # nobody can know more
        assert wrong_ns <= worker.bound_ns
        assert (
            wrong_ns > (BACK_MS - THERE_MS) / 4 * MS
        )  # half of the difference, but for what else takes time
    assert clocks(instrument) is Outcome.HOLDS


def test_a_way_that_changes_in_the_middle_makes_it_inconclusive_and_names_the_worker(
    team: Team,
) -> None:
    """For what was known of the clock at the opening may have been wrong by as much."""
    replay = team.replay()
    wait_until(replay.begun, replay.command)
    team.delay("west", THERE_MS, 4 * BACK_MS)
    code, said = replay.end()
    instrument, sent = replay.known()

    assert code == 3, said
    assert sent.is_exact, said
    assert max(instrument.workers, key=lambda worker: worker.bound_ns).name == "west"
    for worker in instrument.workers:
        assert abs(worker.offset_ns - AHEAD_NS[worker.name]) <= worker.bound_ns
    assert clocks(instrument) is Outcome.INCONCLUSIVE
    assert "west" in said


def test_where_the_objectives_need_a_better_clock_nobody_is_sent(team: Team) -> None:
    code, said = (replay := team.replay("400 ms")).end()
    assert code == 3
    assert "the clock of east is known to 1" in said
    assert "ms only, and the objectives need 10 ms" in said
    assert not replay.begun()
