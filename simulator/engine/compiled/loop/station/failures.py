"""Instances that come up, fail and are repaired, compiled."""

from __future__ import annotations

from simulator.engine.compiled.areas import IN_QUEUE
from simulator.engine.compiled.code import Memory, as_floats, called
from simulator.engine.compiled.limits import CALL_MASK, INDEX_BITS
from simulator.engine.compiled.loop.clients import step_of, try_again
from simulator.engine.compiled.loop.memory.blocks import exclude, include
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import blocks, cells, stations, tables
from simulator.engine.compiled.loop.memory.luck import lasts
from simulator.engine.compiled.loop.station.pool import note_load, note_ready, recount
from simulator.engine.compiled.loop.station.station import FAILED_RESULT
from simulator.engine.compiled.loop.station.track import note
from simulator.engine.compiled.loop.work import drop_attempt
from simulator.engine.rules import CONTROL, FAILS, REPAIRED
from simulator.outcomes.rows import UNKNOWN
from simulator.timetable import draws
from simulator.timetable.draws import RUN


@called
def name_of(m: Memory, instance: int) -> int:
    """Who an instance is in draws and events."""
    return (
        m[m[instance + stations.OF_STATION] + stations.NUMBER] << INDEX_BITS
        | m[instance + stations.INDEX]
    )


@called
def plan_control(m: Memory, at: int, kind: int, name: int, record: int) -> None:
    if at < m[cells.END]:
        plan(m, at, CONTROL, kind, name, record)


@called
def start(m: Memory, instance: int) -> None:
    """BOOT, REPAIRED: an instance comes up."""
    station, name = m[instance + stations.OF_STATION], name_of(m, instance)
    m[instance + stations.STATE] = stations.UP
    m[instance + stations.COLD_UNTIL] = m[cells.NOW] + m[station + stations.COLD_LASTS]
    if m[station + stations.HAS_FAILURES] != 0:
        m[instance + stations.STARTS] += 1
        runs = lasts(m, m[station + stations.RUNS], RUN, name, 0, m[instance + stations.STARTS])
        m[instance + stations.FAILS_AT] = m[cells.NOW] + runs
        plan_control(m, m[instance + stations.FAILS_AT], FAILS, name, instance)
    recount(m, station)
    note_load(m, instance)
    note_ready(m, instance)


@called
def fail(m: Memory, instance: int) -> None:
    """FAILS: everything there is lost; the main loop loses one attempt after the other."""
    if (
        m[instance + stations.STATE] != stations.UP
        or m[instance + stations.FAILS_AT] != m[cells.NOW]
    ):
        return
    station, name = m[instance + stations.OF_STATION], name_of(m, instance)
    job = m[instance + stations.FIRST_WAITING]
    while job != 0:
        following = m[job + blocks.NEXT]
        lose(m, job)
        job = following
    job = m[instance + stations.OCCUPANTS]
    while job != 0:
        following = m[job + blocks.AFTER]
        lose(m, job)
        job = following
    note(m, station, IN_QUEUE, -m[instance + stations.WAITING])
    m[instance + stations.STATE] = stations.FAILED
    m[instance + stations.FIRST_WAITING] = m[instance + stations.LAST_WAITING] = m[
        instance + stations.WAITING
    ] = 0
    m[instance + stations.OCCUPANTS] = 0
    m[instance + stations.BUSY] = m[instance + stations.SEATS]
    m[instance + stations.RUNNING_JOBS] = m[instance + stations.TARGETS] = m[
        instance + stations.PLANNED_JOB
    ] = 0
    as_floats(m)[instance + stations.ATTAINED] = 0.0
    m[instance + stations.TOKEN_AT] = UNKNOWN
    recount(m, station)
    note_load(m, instance)
    repair = lasts(
        m, m[station + stations.REPAIR], draws.REPAIR, name, 0, m[instance + stations.STARTS]
    )
    plan_control(m, m[cells.NOW] + repair, REPAIRED, name, instance)


@called
def lose(m: Memory, job: int) -> None:
    """A job of an instance that broke down; its attempt comes into the set of those lost, once."""
    own = job if m[job + blocks.JOB_TAG] & CALL_MASK == 0 else m[job + blocks.OTHER]
    m[job + blocks.STATE] = blocks.IS_LOST
    if m[own + blocks.QUEUED_AT] != UNKNOWN:
        m[own + blocks.QUEUED_AT] = UNKNOWN
        m[own + blocks.FIRST_KEY] = 0
        include(m, cells.LOST, own)


@called
def lose_first(m: Memory) -> None:
    """One attempt is lost, and its client sees it, if he still waits then."""
    own = m[cells.LOST]
    exclude(m, cells.LOST, own)
    visit, tag = m[own + blocks.VISIT], m[own + blocks.JOB_TAG]
    drop_attempt(m, own)
    if visit == 0:
        return
    m[visit + blocks.JOB] = 0
    seen = m[cells.NOW] + m[m[step_of(m, tag) + tables.STATION] + stations.ROUND_TRIP]
    if seen <= m[visit + blocks.DEADLINE] and seen < m[cells.END]:
        try_again(m, visit, FAILED_RESULT, seen, 0)
