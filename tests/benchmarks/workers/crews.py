"""Launches of the library sent by one, two and four workers: ``python -m tests.benchmarks.workers.crews`` (ten minutes).

Truth Social and Threads, as their files scale them, against the reference target, which is measured once for each
launch and then stands in a stations file, so that the same is predicted whoever sends. Each run is a command line of
its own against a target of its own. Writes the table of docs/workers.md; the exit code is 1 where what was sent
together is not the plan exactly, or another timetable was sent than by the others.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenarios.http.line import TOKEN_VARIABLE
from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from simulator.outcomes.instrument import read_instrument
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.outcomes.store import read_part
from simulator.outcomes.workers import Worker
from simulator.text.wording import format_count
from simulator.units import Ints
from tests.benchmarks.replay.sent import deviation
from tests.benchmarks.workers import pages

LAUNCHES = ("truth-social-2022", "threads-2023")
CREWS = (1, 2, 4)
MS = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What several workers sent of one plan. Instants in nanoseconds since the opening."""

    timetable_sha256: str
    planned: dict[int, int]
    """When each visitor was to come."""
    came: dict[int, int]
    """Whom the rows show as sent, and by when he was planned there."""
    workers: tuple[Worker, ...]
    starts_ns: Ints
    """When the first request of each of them went out, in the order of the plan."""
    lags_ns: Ints
    cpu_s: tuple[float, ...]
    """Processor time of each worker, by their numbers."""

    @property
    def is_exact(self) -> bool:
        """Whether everybody of the plan was sent at his instant, once, and nobody else.

        A row is kept once, whoever tells it twice; how many they sent is what the workers counted themselves.
        """
        counted = sum(worker.started or 0 for worker in self.workers)
        shares = sum(worker.planned for worker in self.workers)
        return self.came == self.planned and counted == shares == len(self.planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One of the runs."""

    launch: str
    crew: int
    sent: Sent
    exit_code: int
    outcome: str
    """The verdict's word."""


def read_sent(db: sqlite3.Connection) -> Sent:
    """Of the only observed part of a run's store."""
    (part, name) = db.execute(
        "SELECT part, name FROM parts WHERE provenance = 'observed'"
    ).fetchone()
    planned = db.execute("SELECT visitor, arrived FROM planned WHERE part = ?", (part,)).fetchall()
    visits = read_part(db, name).rows().visits
    came = visits[visits["fate"] != Fate.UNSENT]
    starts = np.where(came["joined"] != UNKNOWN, came["joined"], came["let_in"])
    begun = starts != UNKNOWN
    return Sent(
        timetable_sha256=sealed_sha256(db),
        planned=dict(planned),
        came=dict(zip(came["visitor"].tolist(), came["arrived"].tolist(), strict=True)),
        workers=read_instrument(db, name).workers,
        starts_ns=np.sort(starts[begun]),
        lags_ns=(starts - came["arrived"])[begun],
        cpu_s=cpu_of(db, part),
    )


def sealed_sha256(db: sqlite3.Connection) -> str:
    """Of the timetable that the run predicted; whoever sends it holds the plan's file against it."""
    (facts,) = db.execute("SELECT facts FROM plans WHERE subject = 'rehearsal'").fetchone()
    return str(json.loads(facts)["timetable_sha256"])


def cpu_of(db: sqlite3.Connection, part: int) -> tuple[float, ...]:
    """From each worker's beats: what it used of a core, times how long that was."""
    rows = db.execute(
        "SELECT sum((at_ns - before_ns) / 1e9 * cpu_share) FROM (SELECT worker, at_ns, cpu_share,"
        " lag(at_ns, 1, 0) OVER (PARTITION BY worker ORDER BY at_ns) AS before_ns FROM beats WHERE part = ?)"
        " GROUP BY worker ORDER BY worker",
        (part,),
    )
    return tuple(each for (each,) in rows)


# How they are sent --------------------------------------------------------------------------------


def every_run(launches: Sequence[str], crews: Sequence[int]) -> list[Run]:
    """Of each launch by each crew."""
    found = []
    for launch in launches:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with TargetProcess(Settings(workers=1, outbox=True)) as target:
                stations = folder / "stations.toml"
                words = ("--like", launch, "--write", str(stations), "--no-held-out")
                code, said = surgeproof(target, "probe", "--target", target.url, *words)
                assert code == 0, said
            found += [run_of(launch, crew, stations, folder / str(crew)) for crew in crews]
    return found


def run_of(launch: str, crew: int, stations: Path, runs: Path) -> Run:
    """Send it to a target of its own."""
    with TargetProcess(Settings(workers=1, outbox=True)) as target:
        code, said = surgeproof(
            target, "replay", launch, "--target", target.url, "--system", str(stations), "--runs", str(runs),
            "--workers", str(crew), "--launches", "20", "--seed", "1",
        )  # fmt: skip
    print(said, file=sys.stderr)
    (folder,) = runs.iterdir()
    with closing(sqlite3.connect(folder / "run.sqlite")) as db:
        sent = read_sent(db)
    outcome = json.loads((folder / "verdict.json").read_text("utf-8"))["verdict"]["outcome"]
    return Run(launch=launch, crew=crew, sent=sent, exit_code=code, outcome=outcome)


def surgeproof(target: TargetProcess, *words: str) -> tuple[int, str]:
    """Run a command to its end; its exit code, and what it said."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "surgeproof", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False, env=os.environ | {TOKEN_VARIABLE: target.token},
    )  # fmt: skip
    return done.returncode, done.stdout


# What is told of them -----------------------------------------------------------------------------


def table(runs: Sequence[Run]) -> str:
    head = ["launch", "workers", "visitors planned / sent", "union = plan", "start lag p50 / p99, ms",
            "off the plan per 100 ms", "CPU s of each worker", "verdict (exit code)"]  # fmt: skip
    said = []
    for launch in dict.fromkeys(run.launch for run in runs):
        hashes = {run.sent.timetable_sha256 for run in runs if run.launch == launch}
        same = "one timetable" if len(hashes) == 1 else "**different timetables**"
        said.append(f"{launch}: {same}, sha256 {', '.join(sorted(each[:16] for each in hashes))}")
    return f"{pages.table(head, [row(run) for run in runs])}\n\n{'; '.join(said)}."


def row(run: Run) -> list[str]:
    sent = run.sent
    p50, p99 = np.quantile(sent.lags_ns, [0.5, 0.99]) / MS
    off = deviation(np.array(sorted(sent.planned.values())), sent.starts_ns)
    return [
        run.launch,
        str(run.crew),
        f"{format_count(len(sent.planned))} / {format_count(len(sent.came))}",
        "yes" if sent.is_exact else "**no**",
        f"{p50:.2f} / {p99:.2f}",
        f"{off:.1%}",
        ", ".join(f"{each:.1f}" for each in sent.cpu_s),
        f"{run.outcome} ({run.exit_code})",
    ]


def is_right(runs: Sequence[Run]) -> bool:
    """Whether each sent the plan exactly, and all of one launch the same."""
    plans = {(run.launch, run.sent.timetable_sha256) for run in runs}
    return all(run.sent.is_exact for run in runs) and len(plans) == len(
        {run.launch for run in runs}
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--launches", nargs="*", default=LAUNCHES)
    parser.add_argument("--crews", nargs="*", type=int, default=CREWS)
    asked = parser.parse_args()
    runs = every_run(asked.launches, asked.crews)
    pages.write("crews", table(runs))
    return 0 if is_right(runs) else 1


if __name__ == "__main__":
    sys.exit(main())
