"""Instances of stations, compiled: which of them is up, who occupies its servers and waits at it."""

from __future__ import annotations

from simulator.engine.compiled.areas import IN_QUEUE
from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.limits import (
    ATTEMPT_BITS,
    CALL_BITS,
    INDEX_BITS,
    INDEX_MASK,
    STEP_SHIFT,
)
from simulator.engine.compiled.loop.memory.blocks import append, unlink
from simulator.engine.compiled.loop.memory.layout import (
    AFTER,
    AREA_SINCE,
    BALANCE,
    BEFORE,
    BUSY,
    BUSY_AREA,
    BUSY_UP,
    CORES,
    FIRST_INSTANCE,
    FIRST_WAITING,
    HAS_FAILURES,
    INDEX,
    INSTANCE,
    INSTANCE_LIST,
    INSTANCES,
    IS_READY,
    JOB_TAG,
    JOB_VISITOR,
    KIND,
    LAST_READY,
    LEAVES,
    LOADS,
    NEXT_READY,
    NOTED_BUSY,
    NOW,
    OCCUPANTS,
    OF_STATION,
    POINTER,
    QUEUED_AT,
    READY,
    RUNNING_JOBS,
    SCALES_EVERY,
    SERVERS,
    SERVERS_AREA,
    SERVERS_UP,
    STATE,
    UNITS,
    UP,
    UP_INDEXES,
    UPS,
    WAITING,
    WAITS,
)
from simulator.engine.compiled.loop.memory.luck import luck
from simulator.engine.compiled.loop.station.track import note, note_all, note_busy
from simulator.system.stations import Balance, StationKind
from simulator.timetable.draws import BALANCE as BALANCE_ROLE
from simulator.units import FOREVER

# Plain integers: to numba an IntEnum is a type of its own.
SHARED, ROUND_ROBIN, RANDOM, LEAST_BUSY = (int(balance) for balance in Balance)
CPU, QUOTA = int(StationKind.CPU), int(StationKind.QUOTA)
ATTEMPT_AND_CALL = (1 << (ATTEMPT_BITS + CALL_BITS)) - 1

assert STEP_SHIFT == ATTEMPT_BITS + CALL_BITS


@called
def instance_at(m: Memory, station: int, index: int) -> int:
    return m[m[station + INSTANCE_LIST] + index]


# Which one gets a job ------------------------------------------------------------------------------


@called
def choose(m: Memory, station: int, job: int) -> int:
    """The instance that a job is for, or 0 if none is up."""
    balance = m[station + BALANCE]
    if balance == SHARED:
        instance = m[station + FIRST_INSTANCE]
        return instance if m[instance + STATE] == UP else 0
    ups = m[station + UPS]
    if ups == 0:
        return 0
    if balance == LEAST_BUSY:
        return instance_at(m, station, m[m[station + LOADS] + 1] & INDEX_MASK)
    place = next_in_turn(m, station, ups)
    if balance == RANDOM:
        tag = m[job + JOB_TAG]
        step, attempt_and_call = tag >> STEP_SHIFT, tag & ATTEMPT_AND_CALL
        place = int(luck(m, BALANCE_ROLE, m[job + JOB_VISITOR], step, attempt_and_call) * ups)
    index = m[m[station + UP_INDEXES] + place]
    m[station + POINTER] = index + 1
    return instance_at(m, station, index)


@called
def next_in_turn(m: Memory, station: int, ups: int) -> int:
    """The place, among those up, of the first one at or after the pointer."""
    indexes, pointer = m[station + UP_INDEXES], m[station + POINTER]
    low, high = 0, ups
    while low < high:
        middle = (low + high) >> 1
        if m[indexes + middle] < pointer:
            low = middle + 1
        else:
            high = middle
    return low if low < ups else 0


@called
def note_load(m: Memory, instance: int) -> None:
    """Tell the tree of loads, of which each node is the smaller of the two below it."""
    station = m[instance + OF_STATION]
    if m[station + BALANCE] != LEAST_BUSY:
        return
    tree, index = m[station + LOADS], m[instance + INDEX]
    load = FOREVER
    if m[instance + STATE] == UP:
        load = (m[instance + BUSY] + m[instance + WAITING]) << INDEX_BITS | index
    node = m[station + LEAVES] + index
    m[tree + node] = load
    while node > 1:
        node >>= 1
        m[tree + node] = min(m[tree + 2 * node], m[tree + 2 * node + 1])


@called
def recount(m: Memory, station: int) -> None:
    """After instances came or went, or have other servers: who is up, with how many servers."""
    note_areas(m, station)
    ups, busy, servers = 0, 0, 0
    active, there = m[station + NOTED_BUSY] if m[station + KIND] == QUOTA else 0, 0
    for index in range(m[station + INSTANCES]):
        instance = instance_at(m, station, index)
        if m[instance + STATE] == UP:
            m[m[station + UP_INDEXES] + ups] = index
            ups += 1
            busy += m[instance + BUSY]
            servers += m[instance + SERVERS]
            if m[station + KIND] == CPU:
                active += min(m[instance + RUNNING_JOBS], m[instance + CORES])
                there += m[instance + CORES]
            elif m[station + KIND] == QUOTA:
                there += 1
            else:
                active += m[instance + BUSY]
                there += m[instance + SERVERS]
    units = m[station + UNITS] if m[station + BALANCE] == SHARED else 1
    note_all(m, station, active, there, ups * units)
    m[station + UPS] = ups
    m[station + BUSY_UP] = busy
    m[station + SERVERS_UP] = servers


# Servers and waiting rooms -------------------------------------------------------------------------


@called
def note_areas(m: Memory, station: int) -> None:
    """The integrals of occupied servers and of servers up to now; wide ones may wrap around."""
    passed = m[NOW] - m[station + AREA_SINCE]
    m[station + AREA_SINCE] = m[NOW]
    m[station + BUSY_AREA] += m[station + BUSY_UP] * passed
    m[station + SERVERS_AREA] += m[station + SERVERS_UP] * passed


@called
def occupy(m: Memory, instance: int, servers: int) -> None:
    """So many servers more (or fewer) are occupied."""
    station = m[instance + OF_STATION]
    m[instance + BUSY] += servers
    if m[instance + STATE] == UP and m[station + KIND] != CPU:
        note_busy(m, station, servers)
    if m[station + SCALES_EVERY] > 0 and m[instance + STATE] == UP:
        note_areas(m, station)
        m[station + BUSY_UP] += servers
    note_load(m, instance)


@called
def note_occupant(m: Memory, job: int) -> None:
    """Remember who is there, in case the instance fails."""
    instance = m[job + INSTANCE]
    if m[m[instance + OF_STATION] + HAS_FAILURES] == 0:
        return
    first = m[instance + OCCUPANTS]
    m[job + AFTER] = first
    m[job + BEFORE] = 0
    if first != 0:
        m[first + BEFORE] = job
    m[instance + OCCUPANTS] = job


@called
def forget_occupant(m: Memory, job: int) -> None:
    instance = m[job + INSTANCE]
    if m[m[instance + OF_STATION] + HAS_FAILURES] == 0:
        return
    before, after = m[job + BEFORE], m[job + AFTER]
    if before != 0:
        m[before + AFTER] = after
    else:
        m[instance + OCCUPANTS] = after
    if after != 0:
        m[after + BEFORE] = before


@called
def stand_in_queue(m: Memory, instance: int, job: int) -> None:
    append(m, instance + FIRST_WAITING, job)
    m[instance + WAITING] += 1
    note(m, m[instance + OF_STATION], IN_QUEUE, 1)
    m[job + STATE] = WAITS
    m[job + QUEUED_AT] = m[NOW]


@called
def leave_queue(m: Memory, instance: int, job: int) -> None:
    unlink(m, instance + FIRST_WAITING, job)
    m[instance + WAITING] -= 1
    note(m, m[instance + OF_STATION], IN_QUEUE, -1)


@called
def note_ready(m: Memory, instance: int) -> None:
    """If there are both, let free servers take waiting jobs once this event has happened."""
    if m[instance + WAITING] == 0 or m[instance + BUSY] >= m[instance + SERVERS]:
        return
    if m[instance + IS_READY] != 0:
        return
    m[instance + IS_READY] = 1
    m[instance + NEXT_READY] = 0
    if m[READY] == 0:
        m[READY] = instance
    else:
        m[m[LAST_READY] + NEXT_READY] = instance
    m[LAST_READY] = instance


@called
def drop_first_ready(m: Memory) -> None:
    instance = m[READY]
    m[instance + IS_READY] = 0
    m[READY] = m[instance + NEXT_READY]
