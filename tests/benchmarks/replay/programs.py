"""Programs of a benchmark: compiled, started on a core of their own, and ended."""

import os
import resource
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from simulator.units import Ints
from tests.loopback import free_port

FLAGS = ("-O2", "-Wall")
GENERATOR, SERVER = 0, 1
"""The cores on which each of them runs."""


def compiled(name: str, folder: Path) -> Path:
    """A program of this folder."""
    program = folder / name
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run(["gcc", *FLAGS, "-o", str(program), str(source)], check=True)
    return program


def first(pid: int) -> None:
    """Let it have its core before whoever else uses this machine, where we may say so.

    A mere ``nice`` weighs nothing against another session's processes (autogroups).
    """
    with suppress(PermissionError):
        os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(1))


def on_core(core: int, words: Sequence[str]) -> list[str]:
    """A program that has a core, before others where we may say so."""
    chosen = ["chrt", "--rr", "1"] if os.geteuid() == 0 else []
    return [*chosen, "taskset", "--cpu-list", str(core), *words]


@dataclass(frozen=True)
class Server:
    """A server that answers at once, and notes when."""

    url: str
    port: int
    process: "subprocess.Popen[bytes]"
    notes: Path

    def noted(self) -> Ints:
        """End it: when each request came, by the machine's monotonic clock."""
        self.process.terminate()
        self.process.wait()
        return np.fromfile(self.notes, np.int64)


@contextmanager
def server(core: int = SERVER) -> Iterator[Server]:
    """One that lives as long as the block, at most."""
    with TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        program, notes = compiled("server", folder), folder / "notes"
        words = on_core(core, [str(program), str(port), str(notes)])
        with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            try:
                yield Server(f"http://127.0.0.1:{port}", port, process, notes)
            finally:
                process.terminate()


def cpu_of(
    words: Sequence[str], env: Mapping[str, str] | None = None, core: int = GENERATOR
) -> tuple[float, float, str]:
    """Run a program on a core: its processor seconds, children's included, the wall's, what it printed."""
    before, began_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(
        on_core(core, words), capture_output=True, text=True, check=False,
        env=os.environ | dict(env or {}), stdin=subprocess.DEVNULL,
    )  # fmt: skip
    after, ended_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    spent_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent_s, ended_s - began_s, ran.stdout + ran.stderr
