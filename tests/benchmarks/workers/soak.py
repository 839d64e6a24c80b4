"""Twenty minutes of several workers, and what becomes of everybody's memory: ``python -m tests.benchmarks.workers.soak``.

A steady launch is sent by the command line to a server in C that answers at once; from the opening on the resident
memory of the command, the master and each worker is read every ten seconds. What comes before the caches are warm
counts for nothing. The exit code is 1 where a process is not flat (:mod:`tests.benchmarks.workers.flat`).
Writes the table of docs/workers.md. ``--kept FILE``: the readings, from which ``--from FILE`` makes the same table.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from simulator.text.wording import format_count
from simulator.units import Floats
from tests.benchmarks.replay.launch import FLAT, TEXT
from tests.benchmarks.replay.programs import server
from tests.benchmarks.workers import pages
from tests.benchmarks.workers.family import family_of, resident_bytes, started
from tests.benchmarks.workers.flat import LEAST_BYTES, Slope, is_flat, kept_bytes, slope_of

EVERY_S = 10.0
SHOWN = 5
"""Readings of a table, evenly over the time."""
MB = 1e6
STATIONS = '[[station]]\nname = "web"\nservers = 64\nwaiting_room = 1_000\nservice = "1 ms"\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is sent, by whom, and for how long it is looked at."""

    per_s: float
    workers: int
    warm_up_s: float
    soak_s: float

    @property
    def seconds(self) -> float:
        return self.warm_up_s + self.soak_s

    def per_s_of(self, process: str) -> float:
        """How many visitors a second a process has to do with: a worker sends its share."""
        return self.per_s / self.workers if process.startswith("worker") else self.per_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """The readings of one soak: seconds since the opening, and of each process what it had then."""

    asked: Asked
    at_s: list[float]
    bytes: dict[str, list[int]]
    last_line: str
    exit_code: int

    def warm(self, process: str) -> tuple[Floats, Floats]:
        """The readings of a process once the caches are warm."""
        at_s = np.array(self.at_s)
        counts = at_s >= self.asked.warm_up_s
        return at_s[counts], np.array(self.bytes[process], float)[counts]

    def slope(self, process: str) -> Slope:
        return slope_of(*self.warm(process))

    def is_flat(self, process: str) -> bool:
        return is_flat(self.slope(process), self.asked.per_s_of(process))


def soaked(asked: Asked) -> Soaked:
    """Send it, and read."""
    with tempfile.TemporaryDirectory() as name, server() as target:
        folder = Path(name)
        surge = FLAT.format(rate=asked.per_s)
        (folder / "soak.toml").write_text(
            TEXT.format(surge=surge, seconds=asked.seconds, connections="visitor", more="")
        )
        (folder / "stations.toml").write_text(STATIONS)
        words: list[str | Path] = [
            *("replay", folder / "soak.toml", "--target", target.url),
            *("--system", folder / "stations.toml", "--runs", folder / "runs"),
            *("--workers", str(asked.workers), "--launches", "1", "--seed", "1"),
        ]
        with started(words) as command:
            try:
                wait_for_the_opening(command, folder / "runs")
                at_s, found = readings(command, asked)
                said, _ = command.communicate()
            finally:
                command.terminate()
        return Soaked(
            asked=asked, at_s=at_s, bytes=found, last_line=said.strip().splitlines()[-1],
            exit_code=command.returncode,
        )  # fmt: skip


def wait_for_the_opening(command: subprocess.Popen[str], runs: Path) -> None:
    while not has_beaten(runs):
        assert command.poll() is None, command.communicate()[0]
        time.sleep(0.2)


def has_beaten(runs: Path) -> bool:
    """Whether workers have told how they fare."""
    for store in runs.glob("*/run.sqlite"):
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(store)) as db:
            return bool(db.execute("SELECT count(*) FROM beats").fetchone()[0])
    return False


def readings(
    command: subprocess.Popen[str], asked: Asked
) -> tuple[list[float], dict[str, list[int]]]:
    """Until the last visitor has come."""
    began_s, family = time.monotonic(), family_of(command.pid)
    at_s: list[float] = []
    found: dict[str, list[int]] = {name: [] for name in family}
    while (now_s := time.monotonic() - began_s) < asked.seconds:
        seen = resident_bytes(family)
        assert seen.keys() == found.keys(), "a process ended too early"
        at_s.append(now_s)
        for name, each in seen.items():
            found[name].append(each)
        time.sleep(max(0.0, len(at_s) * EVERY_S - now_s))
    return at_s, found


def table(soak: Soaked) -> str:
    """What a soak found, in Markdown."""
    asked, (at_s, _) = soak.asked, soak.warm("the command")
    shown = np.linspace(0, len(at_s) - 1, SHOWN).astype(int)
    head = ["process", *(f"{at_s[each] / 60:.0f} min" for each in shown),
            "growth in 20 min, MB", "of it kept for a visitor, bytes, at most", "flat"]  # fmt: skip
    rows = [row(soak, name, shown.tolist()) for name in soak.bytes]
    return (
        f"{format_count(round(asked.per_s * asked.seconds))} visitors, {asked.per_s:g} a second, {asked.workers} workers,"
        f" {asked.seconds / 60:.0f} minutes, of which the first {asked.warm_up_s / 60:.0f} warm the caches; resident memory"
        f" in MB. Growth is given with its standard error (batch means); flat is what keeps less than {LEAST_BYTES:g} bytes"
        f" of a visitor with 95 % certainty: less than anything that Python can keep of one.\n\n{pages.table(head, rows)}"
        f"\n\nIt ended with exit code {soak.exit_code}: {soak.last_line.partition('; report: ')[0]}."
    )


def row(soak: Soaked, name: str, shown: list[int]) -> list[str]:
    slope, (_, values) = soak.slope(name), soak.warm(name)
    in_mb = [1200 / MB * each for each in (slope.per_s, slope.error_per_s)]
    return [
        name,
        *(f"{values[each] / MB:.1f}" for each in shown),
        f"{in_mb[0]:+.2f} ± {in_mb[1]:.2f}",
        f"{kept_bytes(slope, soak.asked.per_s_of(name)):.1f}",
        "yes" if soak.is_flat(name) else "**no**",
    ]


def read(file: Path) -> Soaked:
    found = json.loads(file.read_text("utf-8"))
    return Soaked(**found | {"asked": Asked(**found["asked"])})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-s", type=float, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--warm-up-s", type=float, default=240)
    parser.add_argument("--soak-s", type=float, default=1200)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--from", type=Path, dest="found")
    given = parser.parse_args()
    asked = Asked(
        per_s=given.per_s, workers=given.workers, warm_up_s=given.warm_up_s, soak_s=given.soak_s
    )
    soak = read(given.found) if given.found else soaked(asked)
    if given.kept:
        given.kept.write_text(json.dumps(asdict(soak)), "utf-8")
    pages.write("soak", table(soak))
    return 0 if all(map(soak.is_flat, soak.bytes)) else 1


if __name__ == "__main__":
    sys.exit(main())
