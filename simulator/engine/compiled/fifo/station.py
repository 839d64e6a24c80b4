"""A station that is first-come first-served, without events.

The service time of a job is known when it is sent, so its server is: the one that is free first,
from then or, if all are busy, from when it is. Who is sent later starts no earlier. So a job's
start is final when it is sent, as are the changes of servers up to that start.
"""

from __future__ import annotations

from numpy import uintp

from simulator.engine.compiled.code import called, inlined
from simulator.engine.compiled.fifo.state import State
from simulator.engine.compiled.fifo.tables import Stations
from simulator.units import FOREVER

REFUSED, NO_ROOM = -1, -2


@inlined
def replace_first(state: State, base: int, size: int, value_ns: int) -> None:
    """Give the server that is free first work until ``value_ns``; others may come before it now.

    The hole sinks to the bottom before the value rises from there: work given last mostly ends
    late, and which child is smaller is added, not branched on, since nobody could foretell it.
    """
    free, hole, child = state.free_ns, 0, 1
    while child + 1 < size:
        child += int(free[uintp(base + child + 1)] < free[uintp(base + child)])
        free[uintp(base + hole)] = free[uintp(base + child)]
        hole = child
        child = 2 * hole + 1
    if child < size:
        free[uintp(base + hole)] = free[uintp(base + child)]
        hole = child
    raise_to(state, base, hole, value_ns)


@inlined
def raise_to(state: State, base: int, hole: int, value_ns: int) -> None:
    """Put a value into the hole, or as far above it as it belongs."""
    free = state.free_ns
    while hole > 0:
        parent = (hole - 1) >> 1
        if free[uintp(base + parent)] <= value_ns:
            break
        free[uintp(base + hole)] = free[uintp(base + parent)]
        hole = parent
    free[uintp(base + hole)] = value_ns


@inlined
def retire_one(stations: Stations, state: State, station: uintp, now_ns: int) -> None:
    """The server that is free first takes no more work, from now on."""
    base = stations.first_free[station]
    first_ns = state.free_ns[uintp(base)]
    state.servers[station] -= 1
    size = state.servers[station]
    replace_first(state, base, size, state.free_ns[uintp(base + size)])
    if state.fresh[station] > 0:
        state.fresh[station] -= 1
    elif first_ns >= now_ns:
        top = stations.first_retired[station] + state.retired[station]
        state.retired_free_ns[uintp(top)] = first_ns
        state.retired[station] += 1


@inlined
def add_one(stations: Stations, state: State, station: uintp, now_ns: int) -> None:
    """One more server takes work: of those who still end theirs the last one, or else a new one.

    Work that ends at this instant ends after the change.
    """
    last_ns = -1
    if state.retired[station] > 0:
        state.retired[station] -= 1
        top = stations.first_retired[station] + state.retired[station]
        last_ns = state.retired_free_ns[uintp(top)]
    state.fresh[station] += int(last_ns < now_ns)
    state.servers[station] += 1
    base, hole = stations.first_free[station], state.servers[station] - 1
    raise_to(state, base, hole, max(last_ns, now_ns))


@inlined
def next_change_ns(stations: Stations, state: State, station: uintp) -> int:
    """When the station's servers are set next."""
    n = state.servers_change[station]
    if n == stations.last_servers[station]:
        return FOREVER + 1
    return int(stations.servers_at_ns[uintp(n)])


@called
def change_servers(stations: Stations, state: State, station: uintp) -> None:
    """Set the station's servers once."""
    n = state.servers_change[station]
    now_ns, value = stations.servers_at_ns[uintp(n)], stations.servers_value[uintp(n)]
    if state.changed_ns[station] != now_ns:
        state.fresh[station] = 0
    while state.servers[station] > value:
        retire_one(stations, state, station, now_ns)
    while state.servers[station] < value:
        add_one(stations, state, station, now_ns)
    state.changed_ns[station] = now_ns
    state.servers_change[station] = n + 1


@inlined
def change_room_until(stations: Stations, state: State, station: uintp, now_ns: int) -> None:
    """Set the waiting room as often as it happens up to now."""
    n = state.room_change[station]
    while n < stations.last_room[station] and stations.room_at_ns[uintp(n)] <= now_ns:
        state.room[station] = stations.room_value[uintp(n)]
        n += 1
    state.room_change[station] = n


@inlined
def first_free_ns(stations: Stations, state: State, station: uintp) -> int:
    if state.servers[station] == 0:
        return FOREVER
    return int(state.free_ns[uintp(stations.first_free[station])])


@inlined
def free_after_changes_ns(stations: Stations, state: State, station: uintp, free_ns: int) -> int:
    """When there is a server for the first who waits, with all changes until then.

    A change gives work to those who wait before another one of the same instant is made.
    """
    while next_change_ns(stations, state, station) <= free_ns:
        if (
            state.fresh[station] > 0
            and next_change_ns(stations, state, station) == state.changed_ns[station]
        ):
            break
        change_servers(stations, state, station)
        free_ns = first_free_ns(stations, state, station)
    if state.fresh[station] > 0:
        state.fresh[station] -= 1
    return free_ns


@inlined
def start_ns(stations: Stations, state: State, station: uintp, sent_ns: int) -> int:
    """When a job starts that is sent now; REFUSED if it is turned away.

    NO_ROOM: there was no room to note it, and nothing has happened.
    """
    while next_change_ns(stations, state, station) <= sent_ns:
        change_servers(stations, state, station)
    free_ns = first_free_ns(stations, state, station)
    if free_ns <= sent_ns:
        return sent_ns
    if not stations.bounded[station]:
        return free_after_changes_ns(stations, state, station, free_ns)
    change_room_until(stations, state, station, sent_ns)
    mask = state.starts_ns.shape[1] - 1
    head, tail = state.starts_head[station], state.starts_tail[station]
    while head < tail and state.starts_ns[station, uintp(head & mask)] <= sent_ns:
        head += 1
    state.starts_head[station] = head
    if tail - head >= state.room[station]:
        return REFUSED
    if tail - head > mask:
        return NO_ROOM
    free_ns = free_after_changes_ns(stations, state, station, free_ns)
    state.starts_ns[station, uintp(tail & mask)] = free_ns
    state.starts_tail[station] = tail + 1
    return free_ns


@inlined
def work_until(
    stations: Stations, state: State, station: uintp, started_ns: int, service_ns: int
) -> int:
    """Give the server that is free first this work, and say when it is done."""
    if started_ns >= FOREVER:
        return FOREVER
    done_ns = min(started_ns + service_ns, FOREVER)
    replace_first(state, stations.first_free[station], state.servers[station], done_ns)
    return done_ns
