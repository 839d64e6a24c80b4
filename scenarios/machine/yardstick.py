"""The yardstick: a fixed piece of work, again and again, that tells whether the processor kept its speed.

It is hashing of some 3 ms, ten times a second, timed by its own processor time, so that waiting for a
core is not counted: it takes 3 % of one core. A process of its own does it, which ends when its standard
input closes. It is used where the target is on this machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np

from scenarios.http.allow import Target
from scenarios.machine.cores import Cores, cores_of
from scenarios.machine.here import fingerprint, on_this_machine
from scenarios.machine.processes import listeners, nice_of
from simulator.outcomes.machine import Baseline
from simulator.scenario.words.stations import Station

FEWEST_PIECES = 5
LEAST_COMPUTING = 0.001
"""The least that a file says."""
ENDS_WITHIN_S = 1.0
"""It looks ten times a second whether it is over."""
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
    """When it was done, by the machine's monotonic clock, which all its processes share."""
    cpu_ns: int
    wall_ns: int


@dataclass(slots=True)
class Yardstick:
    """Fixed pieces of work: when each was done, and the processor time that it took."""

    nice: int = 0
    """Whose priority it takes: the target's. It is never raised."""
    cores: Cores = frozenset()
    """On which it runs: the target's; empty: on those of this process."""
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
        with suppress(OSError):  # it has ended, or may not: then it runs as we do
            if self.nice > 0:
                os.setpriority(os.PRIO_PROCESS, self._process.pid, self.nice)
            if self.cores:
                os.sched_setaffinity(self._process.pid, self.cores)
        self._reader = threading.Thread(target=self._read, daemon=True)
        try:
            self._reader.start()
        except RuntimeError:  # no more threads can be started
            with self._process as ended:  # which closes its pipes and waits for it
                ended.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is None or self._reader is None:
            return
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        try:
            self._process.wait(ENDS_WITHIN_S)
        except (
            subprocess.TimeoutExpired
        ):  # somebody has stopped it: whoever sends load must not wait
            self._process.kill()
            self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def since(self, begin_ns: int) -> list[Piece]:
        """The pieces that were begun then, or later."""
        return [each for each in self.pieces if each.at_ns - each.wall_ns >= begin_ns]

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.pieces.append(Piece(*map(int, line.split())))


@contextmanager
def beside(target: Target) -> Iterator[Yardstick | None]:
    """The yardstick while the block runs, as the target does; None: its speed stays unknown.

    It is used where the target is on this machine: of others it would tell nothing.
    """
    with ExitStack() as stack:
        used = None
        if on_this_machine(target):
            with suppress(OSError, RuntimeError):  # no more processes, or threads, can be started
                pids = listeners(target.port)
                measured = Yardstick(nice=nice_of(pids), cores=cores_of(pids))
                used = stack.enter_context(measured)
        yield used


def in_words(found: Baseline | None) -> str:
    r"""The same as a station's file has it, a line; empty: there is none.

    >>> in_words(Baseline(piece_ns=3_120_000.0, sd_ns=140_000.0, machine="0123456789ab"))
    'yardstick = { piece = "3.120 ms", sd = "0.140 ms", machine = "0123456789ab" }\n'
    """
    if found is None:
        return ""
    piece, sd = (f"{ns / 1e6:.3f} ms" for ns in (found.piece_ns, found.sd_ns))
    computing = "" if found.computing is None else f", computing = {found.computing:.3f}"
    return f'yardstick = {{ piece = "{piece}", sd = "{sd}", machine = "{found.machine}"{computing} }}\n'


def of_stations(stations: Sequence[Station]) -> Baseline | None:
    """What the stations of a file say of the machine on which they were measured.

    None where they say nothing, or were measured by several probes that do not say the same.
    """
    found = {
        Baseline(
            piece_ns=float(said.piece_ns),
            sd_ns=float(said.sd_ns),
            machine=said.machine,
            computing=said.computing,
        )
        for station in stations
        if (said := station.yardstick) is not None
    }
    return found.pop() if len(found) == 1 else None


def baseline(pieces: Sequence[Piece], computing: float | None = None) -> Baseline | None:
    """What is kept of the pieces beside a probe; None: too few to tell.

    ``computing``: the share of the target's services that was its own processor time, where that is known.
    """
    if len(pieces) < FEWEST_PIECES or not (here := fingerprint()):
        return None
    took = np.array([each.cpu_ns for each in pieces], np.float64)
    share = None if computing is None else min(1.0, max(LEAST_COMPUTING, computing))
    return Baseline(
        piece_ns=float(took.mean()),
        sd_ns=float(took.std(ddof=1)),
        machine=here,
        computing=share,
    )
