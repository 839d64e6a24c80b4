"""The watch: once a second, how busy the machine is, and for how long target and generator waited for it.

A thread of our own looks; it costs some milliseconds of processor time a second, most of them to find
out who belongs to whom. Who serves the target (a proxy's servers, a database) is found by its connections: before the
first look, and after the first second, the second, the fourth and so on, since all open files of the machine are looked
through for it.
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
    behind,
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
    behind: dict[Thread, Used]


@dataclass(slots=True)
class Watch:
    """Looks at the machine until its block ends."""

    target: Collection[int] = ()
    """The processes that are the target, with their descendants."""
    generator: Collection[int] = ()
    strain: list[Strain] = field(default_factory=list)
    _behind: set[int] = field(default_factory=set)
    """Who serves the target, as far as it was found."""
    _last: Look | None = None
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        with suppress(OSError, RuntimeError):  # too many open files, or threads: nothing is seen
            self._follow()
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
            looks = len(self.strain)
            if looks & (looks - 1) == 0 and self._follow():
                self._last = (
                    self._look() or now
                )  # what they used before they were found is of no second

    def _follow(self) -> bool:
        """Find who serves the target; whether there are more of them than were known."""
        if not self.target:
            return False
        known, before = processes(), len(self._behind)
        ours = {os.getpid(), *family(known, self.generator)}  # a target may send us mails
        self._behind |= behind(known, self._without_us(known, self.target), ours)
        return len(self._behind) > before

    def _without_us(
        self, known: dict[int, tuple[int, int, int]], heads: Collection[int]
    ) -> set[int]:
        """Processes and their descendants, but for what sends the load."""
        found = family(known, heads)
        if os.getpid() in found:  # who serves it may have started us
            found -= family(known, [os.getpid()])
        return found - family(known, self.generator)

    def _look(self) -> Look | None:
        counted = counts()
        if counted is None:
            return None
        known = processes()
        target = self._without_us(known, self.target)
        servers = self._without_us(known, self._behind) - target
        return Look(
            at_ns=time.perf_counter_ns(),
            busy_ticks=sum(counted[column] for column in BUSY),
            stolen_ticks=counted[STOLEN],
            pressed_us=pressure_us(),
            target=used_by(target),
            generator=used_by(family(known, self.generator)),
            behind=used_by(servers),
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
        behind_cpu=spent(before.behind, after.behind)[0] / for_ns if after.behind else 0.0,
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
