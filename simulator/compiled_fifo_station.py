"""A station that is first-come first-served, without events.

The service time of a job is known when it is sent, so its server is: the one that is free first,
from then or, if all are busy, from when it is. Who is sent later starts no earlier. So a job's
start is final when it is sent, as are the changes of servers up to that start.
"""

from __future__ import annotations

from numpy import uintp

from simulator.compiled_code import inlined
from simulator.compiled_fifo_state import State, Stations
from simulator.draws import FOREVER

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
def retire_one(stations: Stations, state: State, station: int, now_ns: int) -> None:
    """The server that is free first takes no more work, from now on."""
    base = stations.first_free[uintp(station)]
    first_ns = state.free_ns[uintp(base)]
    state.servers[uintp(station)] -= 1
    size = state.servers[uintp(station)]
    replace_first(state, base, size, state.free_ns[uintp(base + size)])
    if state.fresh[uintp(station)] > 0:
        state.fresh[uintp(station)] -= 1
    if first_ns > now_ns:
        top = stations.first_retired[uintp(station)] + state.retired[uintp(station)]
        state.retired_free_ns[uintp(top)] = first_ns
        state.retired[uintp(station)] += 1


@inlined
def add_one(stations: Stations, state: State, station: int, now_ns: int) -> None:
    """One more server takes work: of those who still end theirs the last one, or else a new one."""
    value_ns = now_ns
    if state.retired[uintp(station)] > 0:
        state.retired[uintp(station)] -= 1
        top = stations.first_retired[uintp(station)] + state.retired[uintp(station)]
        value_ns = max(now_ns, state.retired_free_ns[uintp(top)])
    state.fresh[uintp(station)] += int(value_ns == now_ns)
    state.servers[uintp(station)] += 1
    hole = state.servers[uintp(station)] - 1
    raise_to(state, stations.first_free[uintp(station)], hole, value_ns)


@inlined
def next_change_ns(stations: Stations, state: State, station: int) -> int:
    """When the station's servers are set next."""
    n = state.servers_change[uintp(station)]
    if n == stations.last_servers[uintp(station)]:
        return FOREVER + 1
    return stations.servers_at_ns[uintp(n)]


@inlined
def change_servers(stations: Stations, state: State, station: int) -> None:
    """Set the station's servers once."""
    n = state.servers_change[uintp(station)]
    now_ns = stations.servers_at_ns[uintp(n)]
    if state.changed_ns[uintp(station)] != now_ns:
        state.fresh[uintp(station)] = 0
    while state.servers[uintp(station)] > stations.servers_value[uintp(n)]:
        retire_one(stations, state, station, now_ns)
    while state.servers[uintp(station)] < stations.servers_value[uintp(n)]:
        add_one(stations, state, station, now_ns)
    state.changed_ns[uintp(station)] = now_ns
    state.servers_change[uintp(station)] = n + 1


@inlined
def change_room_until(stations: Stations, state: State, station: int, now_ns: int) -> None:
    while (
        state.room_change[uintp(station)] < stations.last_room[uintp(station)]
        and stations.room_at_ns[state.room_change[uintp(station)]] <= now_ns
    ):
        state.room[uintp(station)] = stations.room_value[state.room_change[uintp(station)]]
        state.room_change[uintp(station)] += 1


@inlined
def first_free_ns(stations: Stations, state: State, station: int) -> int:
    if state.servers[uintp(station)] == 0:
        return FOREVER
    return state.free_ns[uintp(stations.first_free[uintp(station)])]


@inlined
def free_after_changes_ns(stations: Stations, state: State, station: int, free_ns: int) -> int:
    """When there is a server for the first who waits, with all changes until then.

    A change gives work to those who wait before another one of the same instant is made.
    """
    while next_change_ns(stations, state, station) <= free_ns:
        if (
            state.fresh[uintp(station)] > 0
            and next_change_ns(stations, state, station) == state.changed_ns[uintp(station)]
        ):
            break
        change_servers(stations, state, station)
        free_ns = first_free_ns(stations, state, station)
    if state.fresh[uintp(station)] > 0:
        state.fresh[uintp(station)] -= 1
    return free_ns


@inlined
def start_ns(stations: Stations, state: State, station: int, sent_ns: int) -> int:
    """When a job starts that is sent now; REFUSED if it is turned away.

    NO_ROOM: there was no room to note it, and nothing has happened.
    """
    while next_change_ns(stations, state, station) <= sent_ns:
        change_servers(stations, state, station)
    free_ns = first_free_ns(stations, state, station)
    if free_ns <= sent_ns:
        return sent_ns
    if not stations.bounded[uintp(station)]:
        return free_after_changes_ns(stations, state, station, free_ns)
    change_room_until(stations, state, station, sent_ns)
    size = state.starts_ns.shape[1]
    head, tail = state.starts_head[uintp(station)], state.starts_tail[uintp(station)]
    while head < tail and state.starts_ns[uintp(station), uintp(head & (size - 1))] <= sent_ns:
        head += 1
    state.starts_head[uintp(station)] = head
    if tail - head >= state.room[uintp(station)]:
        return REFUSED
    if tail - head == size:
        return NO_ROOM
    free_ns = free_after_changes_ns(stations, state, station, free_ns)
    state.starts_ns[uintp(station), uintp(tail & (size - 1))] = free_ns
    state.starts_tail[uintp(station)] = tail + 1
    return free_ns


@inlined
def work_until(
    stations: Stations, state: State, station: int, started_ns: int, service_ns: int
) -> int:
    """Give the server that is free first this work, and say when it is done."""
    if started_ns >= FOREVER:
        return FOREVER
    finished_ns = min(started_ns + service_ns, FOREVER)
    replace_first(state, stations.first_free[uintp(station)], state.servers[uintp(station)], finished_ns)
    return finished_ns
