"""Processes of this machine: who belongs to whom, who listens where, and what they have used so far.

From /proc, so on Linux alone: elsewhere nothing is known, and nothing is claimed.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from simulator.errors import UsageError

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
LISTENING = "0A"
"""A socket's state in /proc/net/tcp."""

Thread = tuple[int, int]
"""The numbers of a process and of one of its threads."""
Used = tuple[int, int]
"""Nanoseconds on a core, and ready to run but waiting for one."""


def require_process(pid: int | None) -> None:
    """Raises UsageError where there is no such process, or none can be looked at."""
    if pid is not None and cpu_s_of(pid) is None:
        raise UsageError(
            f"--pid {pid}: there is no such process here, or /proc does not tell of it"
        )


def cpu_s_of(pid: int) -> float | None:
    """Processor time of a process and all its descendants so far, from /proc/PID/stat."""
    known = processes()
    if pid not in known:
        return None
    buried = known[pid][2]
    ticks = buried + sum(known[each][1] for each in family(known, [pid]))
    return ticks / TICKS_PER_S


def processes() -> dict[int, tuple[int, int, int]]:
    """Of each: its parent, its own ticks, and those of the children that it has buried."""
    found = {int(path.parent.name): fields(path) for path in Path("/proc").glob("[0-9]*/stat")}
    return {pid: told for pid, told in found.items() if told}


def fields(path: Path) -> tuple[int, int, int] | None:
    try:
        told = path.read_text(errors="replace").rpartition(")")[2].split()
        return int(told[1]), int(told[11]) + int(told[12]), int(told[13]) + int(told[14])
    except (OSError, ValueError, IndexError):  # it has ended meanwhile
        return None


def family(known: dict[int, tuple[int, int, int]], heads: Iterable[int]) -> set[int]:
    """Those processes and all their descendants, as far as they are known."""
    found = {pid for pid in heads if pid in known}
    young = found
    while young:
        young = {pid for pid, told in known.items() if told[0] in young} - found
        found = found | young
    return found


def listeners(port: int) -> set[int]:
    """The processes that listen on a port of this machine; those of others cannot be seen."""
    sockets = {f"socket:[{inode}]" for inode in listening(port)}
    return {pid for pid, held in held_files() if held in sockets} if sockets else set()


def listening(port: int) -> Iterator[str]:
    """The sockets that listen on a port, by the kernel's tables: columns 2, 4 and 10 of each row."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for row in Path(table).read_text().splitlines()[1:]:
                cells = row.split()
                if cells[3] == LISTENING and int(cells[1].rpartition(":")[2], 16) == port:
                    yield cells[9]


def held_files() -> Iterator[tuple[int, str]]:
    """Each process and what it holds open."""
    for folder in Path("/proc").glob("[0-9]*/fd"):
        with suppress(OSError):  # of others, or ended
            for each in folder.iterdir():
                with suppress(OSError):
                    yield int(folder.parent.name), str(each.readlink())


def used_by(pids: Collection[int]) -> dict[Thread, Used]:
    """What each thread of those processes has used so far, from schedstat; empty: nobody knows."""
    found: dict[Thread, Used] = {}
    for pid in pids:
        with suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                with suppress(OSError, ValueError, IndexError):
                    cpu, waited = (thread / "schedstat").read_text().split()[:2]
                    found[pid, int(thread.name)] = int(cpu), int(waited)
    return found


def nice_of(pids: Collection[int]) -> int:
    """The lowest priority among processes: the largest number; 0 where none is known."""
    found = [0]
    for pid in pids:
        with suppress(OSError):
            found.append(os.getpriority(os.PRIO_PROCESS, pid))
    return max(found)
