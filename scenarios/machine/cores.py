"""Cores: which of them are one processor's, and who may run where.

Two logical cores may be threads of one physical core, which then share its caches and its units: who is to
be kept apart gets physical cores of his own, where there are enough.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from scenarios.machine.here import usable_cores
from scenarios.machine.processes import family, processes
from simulator.errors import UsageError

Cores = frozenset[int]
SIBLINGS = "/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list"


def physical(cores: Collection[int]) -> list[Cores]:
    """Those of the cores that are one physical core, in the order of their first."""
    found = {siblings(core) & frozenset(cores) for core in cores}
    return sorted(found, key=min)


def siblings(core: int, file: str = SIBLINGS) -> Cores:
    """The logical cores of a core's physical one; itself alone where nobody tells."""
    with suppress(OSError, ValueError):
        return listed(Path(file.format(core=core)).read_text()) | {core}
    return frozenset({core})


def listed(text: str) -> Cores:
    r"""As the kernel writes them.

    >>> sorted(listed("0-2,8\n"))
    [0, 1, 2, 8]
    """
    found: set[int] = set()
    for part in text.strip().split(","):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def cores_of(pids: Collection[int]) -> Cores:
    """All cores on which any of the processes may run; empty where nobody can tell."""
    found: set[int] = set()
    for pid in pids:
        with suppress(OSError, AttributeError):
            found |= os.sched_getaffinity(pid)
    return frozenset(found)


@contextmanager
def here_on(cores: Cores) -> Iterator[None]:
    """This thread runs on these cores alone while the block does, and so does whatever it starts."""
    before = usable_cores()
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def moved(pid: int, cores: Cores) -> Iterator[None]:
    """A process, its descendants and all their threads run on these cores while the block does.

    Raises UsageError where it may not be moved.
    """
    before: dict[int, set[int]] = {}
    try:
        for thread in threads_of(family(processes(), [pid])):
            move(pid, thread, cores, before)
        yield
    finally:
        moved_back(pid, cores, before)


def move(pid: int, thread: int, cores: Cores, before: dict[int, set[int]]) -> None:
    """One of its threads; where it was is written down. Raises UsageError where it may not be moved."""
    try:
        was = os.sched_getaffinity(thread)
        os.sched_setaffinity(thread, cores)
    except ProcessLookupError:
        return  # it has ended
    except PermissionError:
        raise immovable(pid) from None
    before[thread] = was


def moved_back(pid: int, cores: Cores, before: Mapping[int, set[int]]) -> None:
    """Everybody to where he was; and to where the process was, who was started meanwhile and so is bound as it was."""
    for thread, was in before.items():
        with suppress(OSError):
            os.sched_setaffinity(thread, was)
    if pid not in before:
        return
    for thread in threads_of(family(processes(), [pid])):
        with suppress(OSError):
            if thread not in before and os.sched_getaffinity(thread) == cores:
                os.sched_setaffinity(thread, before[pid])


def require_movable(pid: int) -> None:
    """Raises UsageError where this user may not move a process: tried by leaving it where it is."""
    try:
        os.sched_setaffinity(pid, os.sched_getaffinity(pid))
    except ProcessLookupError:
        return  # it has ended
    except PermissionError:
        raise immovable(pid) from None


def immovable(pid: int) -> UsageError:
    return UsageError(
        f"--pin-target {pid}: it may not be moved by this user; start it with taskset instead"
    )


def threads_of(pids: Collection[int]) -> Iterator[int]:
    for pid in sorted(pids):
        with suppress(OSError):
            yield from sorted(int(each.name) for each in Path(f"/proc/{pid}/task").iterdir())
