"""The target's processor time, as a ladder sees it: of a process that is named, as it tells it, or of who listens.

Who listens on the target's port of this machine is looked at from outside, and may hand the work on to others, as a
proxy does: where it works for less than half of a service, nothing is said of the target.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from scenarios.http import bounded
from scenarios.machine.processes import Thread, Used, cpu_s_of
from scenarios.machine.watch import spent, used_at
from scenarios.probe.ladder.estimate.estimate import Estimate
from scenarios.probe.ladder.rungs import Rung
from scenarios.probe.people import People
from scenarios.probe.probe import HANDS_ON
from scenarios.probe.told import read_cpu

Cpu = Callable[[], Awaitable[float | None]]
"""Asks for the target's processor time so far, in s."""


@dataclass(slots=True)
class Listeners:
    """Those who listen on a port of this machine, and their descendants."""

    port: int
    spent_ns: float = 0.0
    """Since the first look; a thread that ends takes with it only what it used since the last one."""
    _used: dict[Thread, Used] = field(default_factory=dict)

    async def __call__(self) -> float | None:
        """Their processor time so far; None: nobody can be looked at."""
        now = used_at(self.port)
        if not now:
            return None
        self.spent_ns += spent(self._used, now)[0]
        self._used = now
        return self.spent_ns / 1e9


async def source_of(people: People, pid: int | None, *, here: bool) -> Cpu:
    """Where the processor time can be had: of who is named, ``here`` of who listens, or as the target tells it."""
    if pid is not None:

        async def by_pid() -> float | None:
            return cpu_s_of(pid)

        return by_pid
    # Of several workers each tells its own at /metrics, and any of them may answer.
    listeners = Listeners(people.target.port)
    if here and await listeners() is not None:
        return listeners
    if people.manners.health is not None and await cpu_told(people) is not None:
        return lambda: cpu_told(people)
    return no_cpu


async def no_cpu() -> float | None:
    """Where the target's processor time cannot be had."""
    return None


async def cpu_told(people: People) -> float | None:
    """``process_cpu_seconds_total`` of the target's metrics, if it tells it."""
    async with bounded.client_of(people.target, people.address) as client:
        return read_cpu(await bounded.request(client, "GET", "/metrics"))


def own_work(rungs: Sequence[Rung], found: Estimate, cpu: Cpu) -> tuple[Rung, ...]:
    """The rungs, without the processor time of a listener who may hand the work on."""
    share = computing(rungs[0], found)
    if not isinstance(cpu, Listeners) or share is None or share >= HANDS_ON:
        return tuple(rungs)
    return tuple(
        replace(rung, visits=tuple(replace(visit, cpu_s=None) for visit in rung.visits))
        for rung in rungs
    )


def computing(first: Rung, found: Estimate) -> float | None:
    """The share of a service, alone in flight, that is the target's processor time; None: nobody knows."""
    return None if first.cpu_s is None else first.cpu_s.value / found.service_s.value
