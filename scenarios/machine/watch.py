"""The watch: once a second, how busy the machine is, and for how long target and generator waited for it.

A thread of our own looks; it costs some milliseconds of processor time a second, most of them to find
out who belongs to whom.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from scenarios.machine.processes import (
    TICKS_PER_S,
    Thread,
    Used,
    family,
    listeners,
    processes,
    used_by,
)
from simulator.outcomes.machine import Strain

EVERY_S = 1.0
BUSY = (0, 1, 2, 5, 6)
"""user, nice, system, irq and softirq of the first line of /proc/stat; guests are within user."""
STOLEN = 7


@dataclass(frozen=True, slots=True)
class Look:
    """What the kernel had counted at an instant."""

    at_ns: int
    busy_ticks: int
    stolen_ticks: int
    pressed_us: int | None
    target: dict[Thread, Used]
    generator: dict[Thread, Used]


@dataclass(slots=True)
class Watch:
    """Looks at the machine until its block ends."""

    target: Collection[int] = ()
    """The processes that are the target, with their descendants."""
    generator: Collection[int] = ()
    strain: list[Strain] = field(default_factory=list)
    _last: Look | None = None
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        with suppress(OSError, RuntimeError):  # too many open files, or threads: nothing is seen
            self._last = self._look()
            if self._last is not None:
                thread = threading.Thread(target=self._go_on, daemon=True)
                thread.start()
                self._thread = thread
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _go_on(self) -> None:
        while not self._over.wait(EVERY_S):
            now = self._look()
            if now is None or self._last is None:
                return
            self.strain.append(between(self._last, now))
            self._last = now

    def _look(self) -> Look | None:
        counted = counts()
        if counted is None:
            return None
        known = processes()
        target, generator = family(known, self.target), family(known, self.generator)
        if os.getpid() in target:  # who serves it may have started us
            target -= family(known, [os.getpid()])
        return Look(
            at_ns=time.perf_counter_ns(),
            busy_ticks=sum(counted[column] for column in BUSY),
            stolen_ticks=counted[STOLEN],
            pressed_us=pressure_us(),
            target=used_by(target - generator),
            generator=used_by(generator),
        )


def used_at(port: int) -> dict[Thread, Used]:
    """What those have used so far who listen on a port of this machine, and their descendants; ours are left out."""
    known = processes()
    return used_by(family(known, listeners(port)) - family(known, [os.getpid()]))


def counts() -> list[int] | None:
    """What all cores together have done so far, in ticks; None where there is no /proc."""
    try:
        return list(map(int, Path("/proc/stat").read_text().partition("\n")[0].split()[1:]))
    except (OSError, ValueError):
        return None


def worked_s() -> float:
    """Processor time of everybody on this machine so far, stolen time with it; NaN where nobody tells."""
    counted = counts()
    if counted is None:
        return math.nan
    return sum(counted[column] for column in (*BUSY, STOLEN)) / TICKS_PER_S


def pressure_us(file: Path = Path("/proc/pressure/cpu")) -> int | None:
    """For how long somebody has waited for a core so far; None where the kernel does not count it."""
    with suppress(OSError, ValueError):
        for line in file.read_text().splitlines():
            if line.startswith("some "):
                return int(line.rpartition("total=")[2])
    return None


def between(before: Look, after: Look) -> Strain:
    """What happened between two looks."""
    for_ns = max(1, after.at_ns - before.at_ns)
    for_s = for_ns / 1e9
    target, generator = (
        spent(before.target, after.target),
        spent(before.generator, after.generator),
    )
    return Strain(
        at_ns=after.at_ns,
        for_ns=for_ns,
        cores=os.cpu_count() or 1,
        busy=(after.busy_ticks - before.busy_ticks) / TICKS_PER_S / for_s,
        steal=(after.stolen_ticks - before.stolen_ticks) / TICKS_PER_S / for_s,
        pressure=math.nan
        if after.pressed_us is None or before.pressed_us is None
        else (after.pressed_us - before.pressed_us) / 1e6 / for_s,
        target_cpu=target[0] / for_ns,
        target_wait=target[1] / for_ns,
        generator_cpu=generator[0] / for_ns,
        generator_wait=generator[1] / for_ns,
    )


def spent(before: dict[Thread, Used], after: dict[Thread, Used]) -> tuple[float, float]:
    """On a core, and waiting for one, of all threads together; NaN where none can be looked at.

    A thread that began in between has used what it has used; one that ended took with it what it used
    since the first look.
    """
    if not after:
        return math.nan, math.nan
    cpu, waited = (
        sum(used[part] - before.get(thread, (0, 0))[part] for thread, used in after.items())
        for part in (0, 1)
    )
    return float(cpu), float(waited)
