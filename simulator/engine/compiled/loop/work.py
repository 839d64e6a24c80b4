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
from simulator.engine.compiled.loop.memory.layout import (
    BUSY,
    CALL_SIZE,
    CALL_STATION,
    CALLED_JOBS,
    CALLS_NOW,
    DEADLINE,
    END,
    FIRST_CALL,
    FIRST_INSTANCE,
    GOING_ON,
    INSTANCE,
    IS_LOST,
    JOB,
    JOB_TAG,
    JOB_VISITOR,
    KIND,
    NOW,
    OF_STATION,
    OTHER,
    QUEUED_AT,
    RETRY_AFTER,
    ROUND_TRIP,
    SEAT,
    SEAT_LASTS,
    SEATS,
    SENT,
    SERVERS,
    STATE,
    STATION,
    TAG,
    UP,
    VISIT,
    VISITOR,
    WAITING,
    WAITS,
)
from simulator.engine.compiled.loop.memory.luck import lasts
from simulator.engine.compiled.loop.station.cpu import stop_on_cpu
from simulator.engine.compiled.loop.station.pool import leave_queue, note_load, note_ready, occupy
from simulator.engine.compiled.loop.station.quota import plan_token
from simulator.engine.compiled.loop.station.station import (
    CPU,
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
        send(m, visit, m[visit + TAG])
    elif m[NOW] + thinks < m[END]:
        plan(m, m[NOW] + thinks, SEND, m[visit + VISITOR], m[visit + TAG], visit)


@called
def send(m: Memory, visit: int, tag: int) -> None:
    """An attempt is a job for the station of its step."""
    begin_attempt(m, visit, tag)
    job = take_block(m, WAITS)
    m[job + JOB_VISITOR] = m[visit + VISITOR]
    m[job + JOB_TAG] = tag
    m[job + VISIT] = visit
    m[job + OTHER] = 0
    m[job + QUEUED_AT] = 0
    m[visit + JOB] = job
    deadline = m[visit + DEADLINE]
    answered = place(m, job, m[step_of(m, tag) + STATION])
    # Nobody needs an alarm for what is known to come in time.
    if answered > deadline and deadline < m[END] and m[visit + SENT] != UNKNOWN:
        plan(m, deadline, TIMEOUT, m[visit + VISITOR], tag, visit)


@called
def complete(m: Memory, job: int) -> None:
    """COMPLETION: a job is done."""
    if m[job + JOB_TAG] & CALL_MASK != 0:
        # Its server takes waiting jobs before the attempt goes on.
        vacate(m, job)
        own = m[job + OTHER]
        m[own + OTHER] = 0
        m[own + QUEUED_AT] = m[job + JOB_TAG] & CALL_MASK
        give_block(m, job)
        m[GOING_ON] = own
    elif m[step_of(m, m[job + JOB_TAG]) + CALLED_JOBS] > 0:
        if m[m[m[job + INSTANCE] + OF_STATION] + KIND] == CPU:
            stop_on_cpu(m, job)
        m[job + STATE] = CALLS_NOW
        m[job + QUEUED_AT] = 0
        go_on(m, job)
    else:
        end_attempt(m, job)


@called
def go_on(m: Memory, own: int) -> None:
    """Send the next called job of an attempt; after the last one it is complete."""
    tag, done = m[own + JOB_TAG], m[own + QUEUED_AT]
    step = step_of(m, tag)
    if done == m[step + CALLED_JOBS]:
        end_attempt(m, own)
        return
    job = take_block(m, WAITS)
    m[job + JOB_VISITOR] = m[own + JOB_VISITOR]
    m[job + JOB_TAG] = tag + done + 1
    m[job + VISIT] = 0
    m[job + OTHER] = own
    m[job + QUEUED_AT] = 0
    m[own + OTHER] = job
    place(m, job, m[m[step + FIRST_CALL] + done * CALL_SIZE + CALL_STATION])


@called
def end_attempt(m: Memory, own: int) -> None:
    """An attempt is complete: its server is free, and its client sees the answer if he waits."""
    visit, tag = m[own + VISIT], m[own + JOB_TAG]
    step = step_of(m, tag)
    vacate(m, own)
    if m[step + SEAT] != 0 and not take_seat(m, own, step):
        come_back(m, own, TURNED_AWAY, m[m[step + SEAT] + RETRY_AFTER])
        return
    give_block(m, own)
    if visit == 0:
        return
    m[visit + JOB] = 0
    seen = m[NOW] + m[m[step + STATION] + ROUND_TRIP]
    if seen <= m[visit + DEADLINE] and seen < m[END]:
        succeed(m, visit, seen)


@called
def take_seat(m: Memory, own: int, step: int) -> bool:
    """Keep a server of another station for a while, if one is free and nobody waits for it."""
    instance = m[m[step + SEAT] + FIRST_INSTANCE]
    if (
        m[m[step + SEAT] + KIND] == QUOTA
        or m[instance + STATE] != UP
        or m[instance + WAITING] > 0
        or m[instance + BUSY] >= m[instance + SERVERS]
    ):
        return False
    occupy(m, instance, 1)
    m[instance + SEATS] += 1
    visitor, tag = m[own + JOB_VISITOR], m[own + JOB_TAG]
    at = m[NOW] + lasts(m, m[step + SEAT_LASTS], HOLD, visitor, tag >> STEP_SHIFT, attempt_of(tag))
    if at < m[END]:
        plan(m, at, FREED, visitor, tag, instance)
    return True


@called
def give_seat_back(m: Memory, instance: int) -> None:
    """FREED: a held server is free again."""
    m[instance + SEATS] -= 1
    occupy(m, instance, -1)
    note_ready(m, instance)


@called
def drop_attempt(m: Memory, own: int) -> None:
    """All jobs of an attempt are dropped, the called one first."""
    if m[own + OTHER] != 0:
        drop(m, m[own + OTHER])
    drop(m, own)


@called
def drop(m: Memory, job: int) -> None:
    state, instance = m[job + STATE], m[job + INSTANCE]
    if state == WAITS:
        leave_queue(m, instance, job)
        note_load(m, instance)
        if m[m[instance + OF_STATION] + KIND] == QUOTA:
            plan_token(m, instance)
    elif state != IS_LOST:
        vacate(m, job)
    give_block(m, job)
