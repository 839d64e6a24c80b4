"""Processes of this machine: who belongs to whom, who listens where, and what they have used so far.

From /proc, so on Linux alone: elsewhere nothing is known, and nothing is claimed.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from simulator.errors import UsageError

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
ESTABLISHED, LISTENING = "01", "0A"
"""A socket's states in /proc/net/tcp."""
WITHIN_V6 = "0000000000000000FFFF0000"
"""How an address of the fourth version begins in the table of the sixth."""

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


class Socket(NamedTuple):
    """One row of the kernel's tables."""

    state: str
    own: tuple[str, int]
    """Address and port."""
    other: tuple[str, int]
    inode: str


def listening(port: int) -> Iterator[str]:
    """The sockets that listen on a port."""
    return (each.inode for each in sockets() if each.state == LISTENING and each.own[1] == port)


def sockets() -> Iterator[Socket]:
    """All of them, by the kernel's tables: columns 2, 3, 4 and 10 of each row."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for row in Path(table).read_text().splitlines()[1:]:
                cells = row.split()
                yield Socket(cells[3], end_of(cells[1]), end_of(cells[2]), cells[9])


def end_of(cell: str) -> tuple[str, int]:
    """Address and port of one end of a connection.

    >>> end_of("0000000000000000FFFF00000100007F:1F90")
    ('0100007F', 8080)
    """
    address, _, port = cell.partition(":")
    return address.removeprefix(WITHIN_V6), int(port, 16)


def behind(
    known: dict[int, tuple[int, int, int]], heads: Collection[int], ours: Collection[int] = ()
) -> set[int]:
    """Who serves processes: those to whose ports they are connected on this machine, who serves these, and so on.

    A proxy's servers are such, and their database. What is reached by a socket without a port, or not connected to
    now, is not found; ``ours`` never belong to them.
    """
    table = list(sockets())
    ends = {(each.own, each.other) for each in table if each.state == ESTABLISHED}
    ports = {each.inode: each.own[1] for each in table if each.state == LISTENING}
    serving = set(ports.values())
    asked = {
        each.inode: each.other[1]
        for each in table
        if each.own[1] not in serving and (each.other, each.own) in ends
    }
    servers: dict[int, set[int]] = {}
    asks: dict[int, set[int]] = {}
    for pid, held in held_files():
        if pid in ours:
            continue
        inode = held.removeprefix("socket:[").removesuffix("]")
        if inode in ports:
            servers.setdefault(ports[inode], set()).add(pid)
        elif inode in asked:
            asks.setdefault(pid, set()).add(asked[inode])
    everybody = young = set(heads)
    while young:
        wanted = {port for pid in young for port in asks.get(pid, ())}
        reached = family(known, (pid for port in wanted for pid in servers.get(port, ())))
        young = reached - everybody
        everybody = everybody | young
    return everybody - set(heads)


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
