"""Apart: what sends on cores of its own, and the target on the others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from scenarios.http.allow import Target
from scenarios.machine.cores import (
    Cores,
    cores_of,
    here_on,
    moved,
    physical,
    require_movable,
)
from scenarios.machine.here import on_this_machine, usable_cores
from scenarios.machine.processes import listeners
from simulator.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Who is on which cores."""

    generator: Cores
    target: Cores
    pid: int | None
    """The process that was moved to the target's; None: it was there by itself."""

    def __str__(self) -> str:
        """What was done.

        >>> print(Apart(generator=frozenset({0}), target=frozenset({1, 2}), pid=None))
        the generator on core 0, the target on cores 1, 2
        """
        target = "the target" if self.pid is None else f"the target (process {self.pid})"
        shared = ""
        if len(physical(self.generator | self.target)) < len(physical(self.generator)) + len(
            physical(self.target)
        ):
            shared = ", which are threads of one physical core"
        return f"the generator on {named(self.generator)}, {target} on {named(self.target)}{shared}"

    @contextmanager
    def sending(self) -> Iterator[None]:
        """What the block starts runs on the generator's cores."""
        with here_on(self.generator):
            yield


def named(cores: Cores) -> str:
    told = ", ".join(map(str, sorted(cores)))
    return f"core {told}" if len(cores) == 1 else f"cores {told}"


@contextmanager
def kept_apart(target: Target, pid: int | None, workers: int = 1) -> Iterator[Apart]:
    """Keep them apart while the block runs: the target where it is, or where its process is moved.

    Raises UsageError where they cannot be.
    """
    apart = apart_of(target, pid, workers)
    with nullcontext() if pid is None else moved(pid, apart.target):
        yield apart


def apart_of(target: Target, pid: int | None, workers: int = 1) -> Apart:
    """Who would be where; nobody is moved. ``workers``: how many processes send.

    Raises UsageError where there are too few cores, the target may use all of them, or its process may not be moved.
    """
    require_here(target)
    if pid is None:
        return beside(cores_of(listeners(target.port)), usable_cores(), workers)
    if not cores_of([pid]):
        raise UsageError(f"--pin-target {pid}: there is no such process here")
    require_movable(pid)
    return split(usable_cores() | cores_of([pid]), workers, pid)


def require_here(target: Target) -> None:
    """Raises UsageError where nobody can be kept apart here."""
    if not on_this_machine(target):
        raise UsageError(f"--pin: {target.host} is another machine, so nothing is shared with it")
    if not hasattr(os, "sched_setaffinity"):
        raise UsageError("--pin: this system cannot be told who runs on which core; leave it out")


def beside(target: Cores, usable: Cores, workers: int = 1) -> Apart:
    """The generator on those of the usable cores that a target leaves by itself."""
    if not target:
        raise UsageError("--pin: the target's process cannot be seen; name it (--pin-target PID)")
    if not usable - target:
        raise UsageError(
            f"--pin: the target may run on {named(target)}, which leaves none to the generator; name"
            " its process (--pin-target PID), which is then moved while this lasts, or start it with"
            " taskset"
        )
    if len(usable - target) < workers:
        raise UsageError(
            f"--pin: the target leaves {named(usable - target)} to {workers} workers, which is too few:"
            f" use --workers {len(usable - target)}"
        )
    return Apart(generator=usable - target, target=target, pid=None)


def split(usable: Cores, workers: int, pid: int) -> Apart:
    """The last cores for the generator, one a process that sends, and the others for the target.

    Whole physical cores, where both get one; else logical ones.
    """
    if len(usable) <= workers:
        raise UsageError(
            f"--pin: {named(usable)} for {workers + 1} processes are too few: without it what sending"
            " costs the target stands in the prediction"
        )
    whole = physical(usable)
    if len(whole) > workers:
        ours = frozenset().union(*whole[-workers:])
    else:
        ours = frozenset(sorted(usable)[-workers:])
    return Apart(generator=ours, target=usable - ours, pid=pid)
