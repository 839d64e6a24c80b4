"""Stations, compiled: jobs that reach them, wait, are refused, and are begun."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, as_floats, called
from simulator.engine.compiled.limits import CALL_MASK, STEP_SHIFT
from simulator.engine.compiled.loop.clients import attempt_of, step_of, try_again
from simulator.engine.compiled.loop.memory.blocks import give_block
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import blocks, cells, stations, tables
from simulator.engine.compiled.loop.memory.luck import lasts
from simulator.engine.compiled.loop.station.pool import (
    ATTEMPT_AND_CALL,
    choose,
    forget_occupant,
    leave_queue,
    note_load,
    note_occupant,
    note_ready,
    occupy,
    wait,
)
from simulator.engine.compiled.loop.station.quota import has_token, plan_token, take_token
from simulator.engine.compiled.loop.station.sharing import run_at_speed, stop_at_speed
from simulator.engine.compiled.loop.station.track import note_offered
from simulator.engine.rules import COMPLETION
from simulator.outcomes.rows import Result
from simulator.system.stations import StationKind
from simulator.timetable import draws
from simulator.units import FOREVER

# As plain integers.
QUOTA = int(StationKind.QUOTA)
TURNED_AWAY, FAILED_RESULT = int(Result.TURNED_AWAY), int(Result.FAILED)


@called
def place(m: Memory, job: int, station: int) -> int:
    """A job reaches a station; returns when its answer will be seen, as far as that is known."""
    note_offered(m, station)
    instance = choose(m, station, job)
    if instance == 0:
        refuse(m, job, FAILED_RESULT, 0)
        return FOREVER
    m[job + blocks.INSTANCE] = instance
    if takes(m, station, instance):
        return begin(m, job)
    if m[instance + stations.WAITING] < m[instance + stations.ROOM]:
        wait(m, instance, job)
        note_load(m, instance)
        if m[station + stations.KIND] == QUOTA:
            plan_token(m, instance)
    else:
        refuse(m, job, TURNED_AWAY, m[station + stations.RETRY_AFTER])
    return FOREVER


@called
def takes(m: Memory, station: int, instance: int) -> bool:
    """Whether a job need not wait; a quota's token is then taken."""
    if m[station + stations.KIND] != QUOTA:
        return m[instance + stations.BUSY] < m[instance + stations.SERVERS]
    if has_token(m, instance):
        take_token(m, instance)
        return True
    return False


@called
def refuse(m: Memory, job: int, result: int, asks: int) -> None:
    """A job is turned away; the attempt ends with it."""
    own = job
    if m[job + blocks.JOB_TAG] & CALL_MASK != 0:
        own = m[job + blocks.OTHER]
        give_block(m, job)
        vacate(m, own)
    come_back(m, own, result, asks)


@called
def come_back(m: Memory, own: int, result: int, asks: int) -> None:
    """An attempt without a job any more has failed, if its client still waits to see it in time."""
    visit, tag = m[own + blocks.VISIT], m[own + blocks.JOB_TAG]
    give_block(m, own)
    if visit == 0:
        return
    m[visit + blocks.JOB] = 0
    seen = m[cells.NOW] + m[m[step_of(m, tag) + tables.STATION] + stations.ROUND_TRIP]
    if seen <= m[visit + blocks.DEADLINE] and seen < m[cells.END]:
        try_again(m, visit, result, seen, asks)


@called
def begin(m: Memory, job: int) -> int:
    """Service of a job begins; returns when its answer will be seen, as far as that is known."""
    instance, visitor, tag = (
        m[job + blocks.INSTANCE],
        m[job + blocks.JOB_VISITOR],
        m[job + blocks.JOB_TAG],
    )
    step = step_of(m, tag)
    m[job + blocks.STATE] = blocks.RUNS_NOW
    number, law = attempt_of(tag), m[step + tables.SERVICE]
    if tag & CALL_MASK != 0:
        number = tag & ATTEMPT_AND_CALL
        law = m[
            m[step + tables.FIRST_CALL]
            + ((tag & CALL_MASK) - 1) * tables.CALL_SIZE
            + tables.CALL_SERVICE
        ]
    elif m[job + blocks.VISIT] != 0:
        m[m[job + blocks.VISIT] + blocks.STARTED] = m[cells.NOW]
    service = lasts(m, law, draws.SERVICE, visitor, tag >> STEP_SHIFT, number)
    station = m[instance + stations.OF_STATION]
    if m[station + stations.PACE] != 0:
        service = paced(m, station, service)
    if m[cells.NOW] < m[instance + stations.COLD_UNTIL]:
        service = in_thousandths(service, m[station + stations.SLOWDOWN])
    note_occupant(m, job)
    if m[station + stations.KIND] != QUOTA:
        occupy(m, instance, 1)
    if m[station + stations.HAS_SPEED] != 0:
        run_at_speed(m, job, service)
        return FOREVER
    finish = m[cells.NOW] + service
    if finish < m[cells.END]:
        plan(m, finish, COMPLETION, visitor, tag, job)
    return (
        finish + m[m[step + tables.STATION] + stations.ROUND_TRIP]
        if m[step + tables.IS_SURE] != 0
        else FOREVER
    )


@called
def paced(m: Memory, station: int, service: int) -> int:
    """How long a service takes at the pace of now, which is looked for from where it was before."""
    step = m[station + stations.PACE]
    while m[step + stations.PACE_SIZE + stations.PACE_START] <= m[cells.NOW]:
        step += stations.PACE_SIZE
    m[station + stations.PACE] = step
    longer = service * as_floats(m)[step + stations.PACE_FACTOR]
    return FOREVER if longer >= FOREVER else int(longer + 0.5)


@called
def in_thousandths(duration: int, thousandths: int) -> int:
    """``duration * thousandths // 1000``, or FOREVER where that would be as long."""
    whole, rest = duration // 1000, duration % 1000
    if thousandths > 0 and whole >= FOREVER // thousandths:
        return FOREVER
    return whole * thousandths + rest * thousandths // 1000


@called
def vacate(m: Memory, job: int) -> None:
    """A job that was begun leaves its server."""
    instance = m[job + blocks.INSTANCE]
    station = m[instance + stations.OF_STATION]
    forget_occupant(m, job)
    if m[station + stations.KIND] == QUOTA:
        return
    if m[station + stations.HAS_SPEED] != 0 and m[job + blocks.STATE] == blocks.RUNS_NOW:
        stop_at_speed(m, job)
    occupy(m, instance, -1)
    note_ready(m, instance)


@called
def next_waiting(m: Memory, instance: int) -> int:
    """The first one waiting leaves the queue; 0 if he was turned away for having waited too long."""
    job = m[instance + stations.FIRST_WAITING]
    leave_queue(m, instance, job)
    note_load(m, instance)
    station = m[instance + stations.OF_STATION]
    if m[cells.NOW] - m[job + blocks.QUEUED_AT] > m[station + stations.SHEDS_AFTER]:
        refuse(m, job, TURNED_AWAY, m[station + stations.RETRY_AFTER])
        return 0
    return job


@called
def give_token(m: Memory, instance: int) -> None:
    """TOKEN: a quota's first waiting job gets it."""
    job = next_waiting(m, instance)
    if job != 0:
        take_token(m, instance)
        begin(m, job)
    plan_token(m, instance)
