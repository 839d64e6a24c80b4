"""What the machine did meanwhile: the target's processor time, and whether the processor kept its speed.

The yardstick is a fixed piece of hashing of some 3 ms, ten times a second, timed by its own processor
time, so that waiting for a core is not counted: it takes 3 % of one core. A process of its own does it,
which ends when its standard input closes. It is used where the target is on this machine.
"""

from __future__ import annotations

import ipaddress
import math
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from scenarios.http.allow import Target
from scenarios.probe.ladder.rungs import Mean, Visit, mean_of
from simulator.errors import UsageError

CHANGED = 1.15
"""By what factor the yardstick's sweeps differ where the machine's speed changed."""
CROWDED = 1.2
"""A piece of work that takes so many times its processor time waits for other programs."""
FEWEST_PIECES = 5
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PIECE = """
import hashlib, select, sys, time
while not select.select([sys.stdin], [], [], 0.1)[0]:
    t, w = time.thread_time_ns(), time.perf_counter_ns()
    hashlib.pbkdf2_hmac("sha256", b"yardstick", b"salt", 6000)
    t, now = time.thread_time_ns() - t, time.perf_counter_ns()
    print(now, t, now - w, flush=True)
"""


class Piece(NamedTuple):
    """One piece of the work."""

    at_ns: int
    """When it was done."""
    cpu_ns: int
    wall_ns: int


@dataclass(slots=True)
class Yardstick:
    """Fixed pieces of work: when each was done, and the processor time that it took."""

    pieces: list[Piece] = field(default_factory=list)
    _process: subprocess.Popen[str] | None = None
    _reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", PIECE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C is for us
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is None or self._reader is None:
            return
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.pieces.append(Piece(*map(int, line.split())))


def on_this_machine(target: Target) -> bool:
    return all(ipaddress.ip_address(address).is_loopback for address in target.addresses)


def speeds(pieces: Sequence[Piece], visits: Iterable[Visit]) -> dict[int, Mean]:
    """By sweep, how long the yardstick took, beside its mean at the same rung: 1 where nothing changed.

    The same rung, because who shares a core's caches and threads with the target is slower as well.
    """
    found: dict[int, dict[int, list[int]]] = {}
    for visit in visits:
        took = [each.cpu_ns for each in during(visit, pieces)]
        found.setdefault(visit.n, {}).setdefault(visit.sweep, []).extend(took)
    ratios: dict[int, list[float]] = {}
    for sweeps in found.values():
        known = {sweep: took for sweep, took in sweeps.items() if len(took) >= FEWEST_PIECES}
        usual = np.mean([np.mean(took) for took in known.values()]) if known else 1.0
        for sweep, took in known.items():
            ratios.setdefault(sweep, []).extend(float(ns / usual) for ns in took)
    return {sweep: mean_of(each) for sweep, each in sorted(ratios.items())}


def during(visit: Visit, pieces: Sequence[Piece]) -> list[Piece]:
    return [each for each in pieces if visit.begin_ns <= each.at_ns <= visit.end_ns]


def waited(pieces: Sequence[Piece], visits: Iterable[Visit]) -> float:
    """How much longer the yardstick took than its own processor time, with one request in flight.

    One request keeps one core busy at a time: whoever waits for a core then, waits for other programs.
    """
    alone = [each for visit in visits if visit.n == 1 for each in during(visit, pieces)]
    if len(alone) < FEWEST_PIECES:
        return 1.0
    return sum(each.wall_ns for each in alone) / max(1, sum(each.cpu_ns for each in alone))


def changed(by_sweep: Mapping[int, Mean]) -> float:
    """The slowest sweep over the quickest one, where that is more than noise; else 1.

    More than noise: by three standard errors, since there are several pairs of sweeps.
    """
    if len(by_sweep) < 2:
        return 1.0
    slow = max(by_sweep.values(), key=lambda each: each.value)
    quick = min(by_sweep.values(), key=lambda each: each.value)
    sure = slow.value - quick.value > 3 * math.hypot(slow.error, quick.error)
    factor = slow.value / quick.value
    return factor if sure and factor >= CHANGED else 1.0


def require_process(pid: int | None) -> None:
    """Raises UsageError where there is no such process, or none can be looked at."""
    if pid is not None and cpu_s_of(pid) is None:
        raise UsageError(
            f"--pid {pid}: there is no such process here, or /proc does not tell of it"
        )


def cpu_s_of(pid: int) -> float | None:
    """Processor time of a process and all its descendants so far, from /proc/PID/stat."""
    found = {int(path.parent.name): fields(path) for path in Path("/proc").glob("[0-9]*/stat")}
    known = {each: told for each, told in found.items() if told}
    if pid not in known:
        return None
    ticks, family = known[pid][2] + known[pid][1], {pid}
    grown = True
    while grown:
        young = {each for each, told in known.items() if told[0] in family} - family
        ticks += sum(known[each][1] for each in young)
        family |= young
        grown = bool(young)
    return ticks / TICKS_PER_S


def fields(path: Path) -> tuple[int, int, int] | None:
    """Of a process: its parent, its own ticks, and those of the children that it has buried."""
    try:
        told = path.read_text(errors="replace").rpartition(")")[2].split()
        return int(told[1]), int(told[11]) + int(told[12]), int(told[13]) + int(told[14])
    except (OSError, ValueError, IndexError):  # it has ended meanwhile
        return None
