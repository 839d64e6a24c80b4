"""Attempts, compiled: one is a job for the station of its step, and perhaps jobs that this one calls."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.limits import CALL_MASK, STEP_SHIFT
from simulator.engine.compiled.loop.clients import (
    attempt_of,
    begin_attempt,
    let_in,
    step_of,
    succeed,
)
from simulator.engine.compiled.loop.memory.blocks import give_block, take_block
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import blocks, cells, stations, tables
from simulator.engine.compiled.loop.memory.luck import lasts
from simulator.engine.compiled.loop.station.pool import leave_queue, note_load, note_ready, occupy
from simulator.engine.compiled.loop.station.quota import plan_token
from simulator.engine.compiled.loop.station.sharing import stop_at_speed
from simulator.engine.compiled.loop.station.station import (
    QUOTA,
    TURNED_AWAY,
    come_back,
    place,
    vacate,
)
from simulator.engine.rules import FREED, SEND, TIMEOUT
from simulator.outcomes.rows import UNKNOWN
from simulator.timetable.draws import HOLD


@called
def enter(m: Memory, visit: int) -> None:
    """Somebody is let in."""
    thinks = let_in(m, visit)
    if thinks == 0:
        send(m, visit, m[visit + blocks.TAG])
    elif m[cells.NOW] + thinks < m[cells.END]:
        plan(
            m, m[cells.NOW] + thinks, SEND, m[visit + blocks.VISITOR], m[visit + blocks.TAG], visit
        )


@called
def send(m: Memory, visit: int, tag: int) -> None:
    """An attempt is a job for the station of its step."""
    begin_attempt(m, visit, tag)
    job = take_block(m, blocks.WAITS)
    m[job + blocks.JOB_VISITOR] = m[visit + blocks.VISITOR]
    m[job + blocks.JOB_TAG] = tag
    m[job + blocks.VISIT] = visit
    m[job + blocks.OTHER] = 0
    m[job + blocks.QUEUED_AT] = 0
    m[visit + blocks.JOB] = job
    deadline = m[visit + blocks.DEADLINE]
    answered = place(m, job, m[step_of(m, tag) + tables.STATION])
    # Nobody needs an alarm for what is known to come in time.
    if answered > deadline and deadline < m[cells.END] and m[visit + blocks.SENT] != UNKNOWN:
        plan(m, deadline, TIMEOUT, m[visit + blocks.VISITOR], tag, visit)


@called
def complete(m: Memory, job: int) -> None:
    """COMPLETION: a job is done."""
    if m[job + blocks.JOB_TAG] & CALL_MASK != 0:
        # Its server takes waiting jobs before the attempt goes on.
        vacate(m, job)
        own = m[job + blocks.OTHER]
        m[own + blocks.OTHER] = 0
        m[own + blocks.QUEUED_AT] = m[job + blocks.JOB_TAG] & CALL_MASK
        give_block(m, job)
        m[cells.GOING_ON] = own
    elif m[step_of(m, m[job + blocks.JOB_TAG]) + tables.CALLED_JOBS] > 0:
        if m[m[m[job + blocks.INSTANCE] + stations.OF_STATION] + stations.HAS_SPEED] != 0:
            stop_at_speed(m, job)
        m[job + blocks.STATE] = blocks.CALLS_NOW
        m[job + blocks.QUEUED_AT] = 0
        go_on(m, job)
    else:
        end_attempt(m, job)


@called
def go_on(m: Memory, own: int) -> None:
    """Send the next called job of an attempt; after the last one it is complete."""
    tag, done = m[own + blocks.JOB_TAG], m[own + blocks.QUEUED_AT]
    step = step_of(m, tag)
    if done == m[step + tables.CALLED_JOBS]:
        end_attempt(m, own)
        return
    job = take_block(m, blocks.WAITS)
    m[job + blocks.JOB_VISITOR] = m[own + blocks.JOB_VISITOR]
    m[job + blocks.JOB_TAG] = tag + done + 1
    m[job + blocks.VISIT] = 0
    m[job + blocks.OTHER] = own
    m[job + blocks.QUEUED_AT] = 0
    m[own + blocks.OTHER] = job
    place(m, job, m[m[step + tables.FIRST_CALL] + done * tables.CALL_SIZE + tables.CALL_STATION])


@called
def end_attempt(m: Memory, own: int) -> None:
    """An attempt is complete: its server is free, and its client sees the answer if he waits."""
    visit, tag = m[own + blocks.VISIT], m[own + blocks.JOB_TAG]
    step = step_of(m, tag)
    vacate(m, own)
    if m[step + tables.SEAT] != 0 and not take_seat(m, own, step):
        come_back(m, own, TURNED_AWAY, m[m[step + tables.SEAT] + stations.RETRY_AFTER])
        return
    give_block(m, own)
    if visit == 0:
        return
    m[visit + blocks.JOB] = 0
    seen = m[cells.NOW] + m[m[step + tables.STATION] + stations.ROUND_TRIP]
    if seen <= m[visit + blocks.DEADLINE] and seen < m[cells.END]:
        succeed(m, visit, seen)


@called
def take_seat(m: Memory, own: int, step: int) -> bool:
    """Keep a server of another station for a while, if one is free and nobody waits for it."""
    instance = m[m[step + tables.SEAT] + stations.FIRST_INSTANCE]
    if (
        m[m[step + tables.SEAT] + stations.KIND] == QUOTA
        or m[instance + stations.STATE] != stations.UP
        or m[instance + stations.WAITING] > 0
        or m[instance + stations.BUSY] >= m[instance + stations.SERVERS]
    ):
        return False
    occupy(m, instance, 1)
    m[instance + stations.SEATS] += 1
    visitor, tag = m[own + blocks.JOB_VISITOR], m[own + blocks.JOB_TAG]
    at = m[cells.NOW] + lasts(
        m, m[step + tables.SEAT_LASTS], HOLD, visitor, tag >> STEP_SHIFT, attempt_of(tag)
    )
    if at < m[cells.END]:
        plan(m, at, FREED, visitor, tag, instance)
    return True


@called
def give_seat_back(m: Memory, instance: int) -> None:
    """FREED: a held server is free again."""
    m[instance + stations.SEATS] -= 1
    occupy(m, instance, -1)
    note_ready(m, instance)


@called
def drop_attempt(m: Memory, own: int) -> None:
    """All jobs of an attempt are dropped, the called one first."""
    if m[own + blocks.OTHER] != 0:
        drop(m, m[own + blocks.OTHER])
    drop(m, own)


@called
def drop(m: Memory, job: int) -> None:
    state, instance = m[job + blocks.STATE], m[job + blocks.INSTANCE]
    if state == blocks.WAITS:
        leave_queue(m, instance, job)
        note_load(m, instance)
        if m[m[instance + stations.OF_STATION] + stations.KIND] == QUOTA:
            plan_token(m, instance)
    elif state != blocks.IS_LOST:
        vacate(m, job)
    give_block(m, job)
