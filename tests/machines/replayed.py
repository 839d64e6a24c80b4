"""A replay of a small launch that one machine leads, others send, and a witness on another one takes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from scenarios.http.allow import ALLOW_VARIABLE
from scenarios.replay.workers import SECRET_VARIABLE
from simulator.outcomes.store import read_part
from simulator.outcomes.workers import Worker
from tests.benchmarks.workers.crews import Sent, read_sent
from tests.end_to_end.command import rows, wait_until
from tests.hanging import HUNG_S
from tests.launches.files import shop_text, stations_in
from tests.machines import witness
from tests.machines.network import Network

LEAD, TARGET = "lead", "target"
SURGEPROOF = (sys.executable, "-P", "-m", "surgeproof")
SECRET = "one secret of them all"
PORT = 5557


def launch(for_: str = "4 s", p50: str = "2 s") -> str:
    """Forty a second for so long; the objective sets how well clocks must be known: to a fortieth of it."""
    return shop_text(
        'name = "send"\nrequest = { method = "POST", path = "/signup", json = { who = "${visitor}" } }',
        horizon='"20 s"',
        rate='"40/s"',
        client_timeout='"5 s"',
        errors=f'0.5\np50 = "{p50}"',
        more=f'[replay]\nfor = "{for_}"\ndrain = "6 s"\nhealth = "none"\n',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visitor as it was; nanoseconds since the opening."""

    planned_ns: int
    sent_ns: int
    """By the clock of the worker that sent him, as it kept it."""
    finished_ns: int
    came_ns: int
    """When the target had his request: really, since what one clock is ahead of the other is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended, and all that it said."""

    code: int
    said: str


class Replay:
    """One that goes on, until it is asked how it ended."""

    def __init__(
        self,
        net: Network,
        home: Path,
        crew: Sequence[str],
        *,
        written: str | None = None,
        env: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """``env``: what is special about the environment of some machines' commands."""
        self.net, self.home, self.crew = net, home, tuple(crew)
        self.common = {SECRET_VARIABLE: SECRET, ALLOW_VARIABLE: net[TARGET].address}
        self.special = env or {}
        text = written or launch()
        (home / "small.toml").write_text(text)
        (home / "stations.toml").write_text(stations_in(text))
        self.log(TARGET).touch()
        where = net[TARGET].address
        net[TARGET].start(self.log(TARGET), sys.executable, "-m", witness.__name__, where)
        wait_until(lambda: witness.LISTENS in self.log(TARGET).read_text())
        at = f"{net[LEAD].address}:{PORT}"
        self.workers = {name: self.command(name, "worker", "--master", at) for name in self.crew}
        self.lead = self.command(
            LEAD, "replay", home / "small.toml", "--target", f"http://{where}:{witness.PORT}",
            "--system", home / "stations.toml", "--launches", "1", "--runs", home / "runs",
            "--workers", "0", "--await", str(len(self.crew)), "--listen", at,
        )  # fmt: skip

    def command(self, name: str, *words: str | Path) -> subprocess.Popen[str]:
        env = self.common | dict(self.special.get(name, {}))
        return self.net[name].start(self.log(name), *SURGEPROOF, *words, env=env)

    def log(self, name: str) -> Path:
        return self.home / f"{name}.log"

    def wait_for_the_middle(self) -> None:
        """All have sent somebody, and told of it."""

        def told() -> bool:
            for store in self.home.glob("runs/*/run.sqlite"):
                with suppress(sqlite3.Error):  # there is no table yet
                    told = rows(store.parent, "SELECT count(DISTINCT worker) FROM beats")
                    return told == [(len(self.crew),)]
            return False

        wait_until(told, self.lead)

    def end(self) -> Replayed:
        """How it ended, once all have."""
        ended = {}
        for name, process in chain(self.workers.items(), [(LEAD, self.lead)]):
            code = process.wait(HUNG_S)
            ended[name] = Ended(code=code, said=self.log(name).read_text())
        return Replayed(net=self.net, ended=ended, home=self.home)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What became of it."""

    net: Network
    ended: dict[str, Ended]
    """By the machines that took part."""
    home: Path

    @property
    def folder(self) -> Path:
        (found,) = (self.home / "runs").iterdir()
        return found

    def sent(self) -> Sent:
        with closing(sqlite3.connect(self.folder / "run.sqlite")) as db:
            return read_sent(db)

    @property
    def opening_ns(self) -> int:
        """By the clock of the machine that led it."""
        ((clock_ns,),) = rows(self.folder, "SELECT clock_ns FROM openings")
        return int(clock_ns)

    @property
    def workers(self) -> tuple[Worker, ...]:
        return self.sent().workers

    def came(self) -> list[tuple[int, int]]:
        """Whom the target saw, and when by its own clock, in the order in which it said so."""
        _, *said = (self.home / f"{TARGET}.log").read_text().splitlines()
        return [(int(who), int(at_ns)) for who, at_ns in map(str.split, said)]

    def visits(self, worker: Worker) -> list[Visit]:
        """Those of one worker who came and were answered."""
        opening_ns = self.opening_ns + self.net.ahead_ns(TARGET, LEAD)
        plan, came = self.sent().planned, dict(self.came())
        places = sorted(plan, key=lambda visitor: (plan[visitor], visitor))
        own = {*places[worker.number :: len(self.workers)]} & came.keys()
        with closing(sqlite3.connect(self.folder / "run.sqlite")) as db:
            (name,) = db.execute("SELECT name FROM parts WHERE provenance = 'observed'").fetchone()
            attempts = read_part(db, name).rows().attempts
        return [
            Visit(
                planned_ns=plan[row["visitor"]],
                sent_ns=int(row["sent"]),
                finished_ns=int(row["finished"]),
                came_ns=came[row["visitor"]] - opening_ns,
            )
            for row in attempts
            if row["visitor"] in own
        ]
