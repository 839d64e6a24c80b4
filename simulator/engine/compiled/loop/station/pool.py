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
from simulator.engine.compiled.loop.memory.layout import blocks, cells, stations
from simulator.engine.compiled.loop.memory.luck import luck
from simulator.engine.compiled.loop.station.track import note, note_all, note_busy
from simulator.system.stations import Balance, StationKind
from simulator.timetable import draws
from simulator.units import FOREVER

# As plain integers.
SHARED, ROUND_ROBIN, RANDOM, LEAST_BUSY = (int(balance) for balance in Balance)
CPU, QUOTA = int(StationKind.CPU), int(StationKind.QUOTA)
ATTEMPT_AND_CALL = (1 << (ATTEMPT_BITS + CALL_BITS)) - 1

assert STEP_SHIFT == ATTEMPT_BITS + CALL_BITS


@called
def instance_at(m: Memory, station: int, index: int) -> int:
    return m[m[station + stations.INSTANCE_LIST] + index]


# Which one gets a job ------------------------------------------------------------------------------


@called
def choose(m: Memory, station: int, job: int) -> int:
    """The instance that a job is for, or 0 if none is up."""
    balance = m[station + stations.BALANCE]
    if balance == SHARED:
        instance = m[station + stations.FIRST_INSTANCE]
        return instance if m[instance + stations.STATE] == stations.UP else 0
    ups = m[station + stations.UPS]
    if ups == 0:
        return 0
    if balance == LEAST_BUSY:
        return instance_at(m, station, m[m[station + stations.LOADS] + 1] & INDEX_MASK)
    place = next_in_turn(m, station, ups)
    if balance == RANDOM:
        tag = m[job + blocks.JOB_TAG]
        step, attempt_and_call = tag >> STEP_SHIFT, tag & ATTEMPT_AND_CALL
        place = int(
            luck(m, draws.BALANCE, m[job + blocks.JOB_VISITOR], step, attempt_and_call) * ups
        )
    index = m[m[station + stations.UP_INDEXES] + place]
    m[station + stations.POINTER] = index + 1
    return instance_at(m, station, index)


@called
def next_in_turn(m: Memory, station: int, ups: int) -> int:
    """The place, among those up, of the first one at or after the pointer."""
    indexes, pointer = m[station + stations.UP_INDEXES], m[station + stations.POINTER]
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
    station = m[instance + stations.OF_STATION]
    if m[station + stations.BALANCE] != LEAST_BUSY:
        return
    tree, index = m[station + stations.LOADS], m[instance + stations.INDEX]
    load = FOREVER
    if m[instance + stations.STATE] == stations.UP:
        load = (m[instance + stations.BUSY] + m[instance + stations.WAITING]) << INDEX_BITS | index
    node = m[station + stations.LEAVES] + index
    m[tree + node] = load
    while node > 1:
        node >>= 1
        m[tree + node] = min(m[tree + 2 * node], m[tree + 2 * node + 1])


@called
def recount(m: Memory, station: int) -> None:
    """After instances came or went, or have other servers: who is up, with how many servers."""
    note_areas(m, station)
    ups, busy, servers = 0, 0, 0
    active, there = (
        m[station + stations.NOTED_BUSY] if m[station + stations.KIND] == QUOTA else 0,
        0,
    )
    for index in range(m[station + stations.INSTANCES]):
        instance = instance_at(m, station, index)
        if m[instance + stations.STATE] == stations.UP:
            m[m[station + stations.UP_INDEXES] + ups] = index
            ups += 1
            busy += m[instance + stations.BUSY]
            servers += m[instance + stations.SERVERS]
            if m[station + stations.KIND] == CPU:
                active += min(m[instance + stations.RUNNING_JOBS], m[instance + stations.CORES])
                there += m[instance + stations.CORES]
            elif m[station + stations.KIND] == QUOTA:
                there += 1
            else:
                active += m[instance + stations.BUSY]
                there += m[instance + stations.SERVERS]
    units = m[station + stations.UNITS] if m[station + stations.BALANCE] == SHARED else 1
    note_all(m, station, active, there, ups * units)
    m[station + stations.UPS] = ups
    m[station + stations.BUSY_UP] = busy
    m[station + stations.SERVERS_UP] = servers


# Servers and waiting rooms -------------------------------------------------------------------------


@called
def note_areas(m: Memory, station: int) -> None:
    """The integrals of occupied servers and of servers up to now; wide ones may wrap around."""
    passed = m[cells.NOW] - m[station + stations.AREA_SINCE]
    m[station + stations.AREA_SINCE] = m[cells.NOW]
    m[station + stations.BUSY_AREA] += m[station + stations.BUSY_UP] * passed
    m[station + stations.SERVERS_AREA] += m[station + stations.SERVERS_UP] * passed


@called
def occupy(m: Memory, instance: int, servers: int) -> None:
    """So many servers more (or fewer) are occupied."""
    station = m[instance + stations.OF_STATION]
    m[instance + stations.BUSY] += servers
    if m[instance + stations.STATE] == stations.UP and m[station + stations.KIND] != CPU:
        note_busy(m, station, servers)
    if m[station + stations.SCALES_EVERY] > 0 and m[instance + stations.STATE] == stations.UP:
        note_areas(m, station)
        m[station + stations.BUSY_UP] += servers
    note_load(m, instance)


@called
def note_occupant(m: Memory, job: int) -> None:
    """Remember who is there, in case the instance fails."""
    instance = m[job + blocks.INSTANCE]
    if m[m[instance + stations.OF_STATION] + stations.HAS_FAILURES] == 0:
        return
    first = m[instance + stations.OCCUPANTS]
    m[job + blocks.AFTER] = first
    m[job + blocks.BEFORE] = 0
    if first != 0:
        m[first + blocks.BEFORE] = job
    m[instance + stations.OCCUPANTS] = job


@called
def forget_occupant(m: Memory, job: int) -> None:
    instance = m[job + blocks.INSTANCE]
    if m[m[instance + stations.OF_STATION] + stations.HAS_FAILURES] == 0:
        return
    before, after = m[job + blocks.BEFORE], m[job + blocks.AFTER]
    if before != 0:
        m[before + blocks.AFTER] = after
    else:
        m[instance + stations.OCCUPANTS] = after
    if after != 0:
        m[after + blocks.BEFORE] = before


@called
def wait(m: Memory, instance: int, job: int) -> None:
    append(m, instance + stations.FIRST_WAITING, job)
    m[instance + stations.WAITING] += 1
    note(m, m[instance + stations.OF_STATION], IN_QUEUE, 1)
    m[job + blocks.STATE] = blocks.WAITS
    m[job + blocks.QUEUED_AT] = m[cells.NOW]


@called
def leave_queue(m: Memory, instance: int, job: int) -> None:
    unlink(m, instance + stations.FIRST_WAITING, job)
    m[instance + stations.WAITING] -= 1
    note(m, m[instance + stations.OF_STATION], IN_QUEUE, -1)


@called
def note_ready(m: Memory, instance: int) -> None:
    """If there are both, let free servers take waiting jobs once this event has happened."""
    if (
        m[instance + stations.WAITING] == 0
        or m[instance + stations.BUSY] >= m[instance + stations.SERVERS]
    ):
        return
    if m[instance + stations.IS_READY] != 0:
        return
    m[instance + stations.IS_READY] = 1
    m[instance + stations.NEXT_READY] = 0
    if m[cells.READY] == 0:
        m[cells.READY] = instance
    else:
        m[m[cells.LAST_READY] + stations.NEXT_READY] = instance
    m[cells.LAST_READY] = instance


@called
def drop_first_ready(m: Memory) -> None:
    instance = m[cells.READY]
    m[instance + stations.IS_READY] = 0
    m[cells.READY] = m[instance + stations.NEXT_READY]
