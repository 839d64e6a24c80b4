"""Stations, compiled: jobs that are sent, wait, are refused, begun and done.

``whole`` is None in a launch of the simple words; what stands behind ``whole is not None`` is then
not compiled.
"""

from __future__ import annotations

from simulator.compiled_blocks import give_block, take_block
from simulator.compiled_client import attempt_of, begin_attempt, fail, let_in, step_of, succeed
from simulator.compiled_code import Memory, called, inlined
from simulator.compiled_cpu import run_on_cpu, stop_on_cpu
from simulator.compiled_events import plan
from simulator.compiled_instances import (
    ATTEMPT_AND_CALL,
    choose,
    forget_occupant,
    leave_queue,
    note_load,
    note_occupant,
    note_ready,
    occupy,
    stand_in_queue,
)
from simulator.compiled_layout import (
    BUSY,
    CALL_MASK,
    CALL_SERVICE,
    CALL_SIZE,
    CALL_STATION,
    CALLED_JOBS,
    CALLS_NOW,
    COLD_UNTIL,
    DEADLINE,
    END,
    FIRST_CALL,
    FIRST_INSTANCE,
    FIRST_WAITING,
    GOING_ON,
    INSTANCE,
    IS_SURE,
    JOB,
    JOB_TAG,
    JOB_VISITOR,
    KIND,
    NOW,
    OF_STATION,
    OTHER,
    QUEUED_AT,
    RETRY_AFTER,
    ROOM,
    ROUND_TRIP,
    RUNS_NOW,
    SEAT,
    SEAT_LASTS,
    SEATS,
    SENT,
    SERVERS,
    SERVICE,
    SHEDS_AFTER,
    SLOWDOWN,
    STARTED,
    STATE,
    STATION,
    STEP_SHIFT,
    TAG,
    UP,
    VISIT,
    VISITOR,
    WAITING,
    WAITS,
)
from simulator.compiled_luck import lasts
from simulator.compiled_quota import has_token, plan_token, take_token
from simulator.draws import FOREVER, HOLD
from simulator.draws import SERVICE as SERVICE_ROLE
from simulator.engine import COMPLETION, FREED, SEND, TIMEOUT
from simulator.outcomes import UNKNOWN, Result
from simulator.system import StationKind

# Plain integers: to numba an IntEnum is a type of its own.
CPU, QUOTA = int(StationKind.CPU), int(StationKind.QUOTA)
TURNED_AWAY, FAILED_RESULT = int(Result.TURNED_AWAY), int(Result.FAILED)


# Attempts ------------------------------------------------------------------------------------------


@called
def enter(m: Memory, visit: int, whole: int | None) -> None:
    """Somebody is let in."""
    thinks = let_in(m, visit, whole)
    if thinks == 0:
        send(m, visit, m[visit + TAG], whole)
    elif m[NOW] + thinks < m[END]:
        plan(m, m[NOW] + thinks, SEND, m[visit + VISITOR], m[visit + TAG], visit)


@called
def send(m: Memory, visit: int, tag: int, whole: int | None) -> None:
    """An attempt is a job for the station of its step."""
    begin_attempt(m, visit, tag, whole)
    job = take_block(m, WAITS)
    m[job + JOB_VISITOR] = m[visit + VISITOR]
    m[job + JOB_TAG] = tag
    m[job + VISIT] = visit
    m[job + OTHER] = 0
    m[job + QUEUED_AT] = 0
    m[visit + JOB] = job
    deadline = m[visit + DEADLINE]
    answered = place(m, job, m[step_of(m, tag) + STATION], whole)
    # Nobody needs an alarm for what is known to come in time.
    if answered > deadline and deadline < m[END] and m[visit + SENT] != UNKNOWN:
        plan(m, deadline, TIMEOUT, m[visit + VISITOR], tag, visit)


# Jobs ----------------------------------------------------------------------------------------------


@called
def place(m: Memory, job: int, station: int, whole: int | None) -> int:
    """A job reaches a station; returns when its answer will be seen, as far as that is known."""
    instance = m[station + FIRST_INSTANCE]
    is_quota = False
    if whole is not None:
        instance = choose(m, station, job)
        if instance == 0:
            refuse(m, job, FAILED_RESULT, 0, whole)
            return FOREVER
        is_quota = m[station + KIND] == QUOTA
    m[job + INSTANCE] = instance
    is_free = m[instance + BUSY] < m[instance + SERVERS]
    if whole is not None and is_quota:
        is_free = has_token(m, instance)
        if is_free:
            take_token(m, instance)
    if is_free:
        return begin(m, job, whole)
    if m[instance + WAITING] < m[instance + ROOM]:
        stand_in_queue(m, instance, job)
        if whole is not None:
            note_load(m, instance)
            if is_quota:
                plan_token(m, instance)
    else:
        refuse(m, job, TURNED_AWAY, m[station + RETRY_AFTER], whole)
    return FOREVER


@called
def refuse(m: Memory, job: int, result: int, asks: int, whole: int | None) -> None:
    """A job is turned away; the attempt ends with it."""
    own = job
    if whole is not None and m[job + JOB_TAG] & CALL_MASK != 0:
        own = m[job + OTHER]
        give_block(m, job)
        vacate(m, own, whole)
    come_back(m, own, result, asks, whole)


@called
def come_back(m: Memory, own: int, result: int, asks: int, whole: int | None) -> None:
    """An attempt without a job any more has failed, if its client still waits to see it in time."""
    visit, tag = m[own + VISIT], m[own + JOB_TAG]
    give_block(m, own)
    if visit == 0:
        return
    m[visit + JOB] = 0
    seen = m[NOW] + m[m[step_of(m, tag) + STATION] + ROUND_TRIP]
    if seen <= m[visit + DEADLINE] and seen < m[END]:
        fail(m, visit, result, seen, asks, whole)


@called
def begin(m: Memory, job: int, whole: int | None) -> int:
    """Service of a job begins; returns when its answer will be seen, as far as that is known."""
    instance, visitor, tag = m[job + INSTANCE], m[job + JOB_VISITOR], m[job + JOB_TAG]
    step = step_of(m, tag)
    m[job + STATE] = RUNS_NOW
    number, law = attempt_of(tag), m[step + SERVICE]
    if tag & CALL_MASK != 0:
        number = tag & ATTEMPT_AND_CALL
        law = m[m[step + FIRST_CALL] + ((tag & CALL_MASK) - 1) * CALL_SIZE + CALL_SERVICE]
    elif m[job + VISIT] != 0:
        m[m[job + VISIT] + STARTED] = m[NOW]
    service = lasts(m, law, SERVICE_ROLE, visitor, tag >> STEP_SHIFT, number)
    if whole is not None:
        station = m[instance + OF_STATION]
        if m[NOW] < m[instance + COLD_UNTIL]:
            service = in_thousandths(service, m[station + SLOWDOWN])
        note_occupant(m, job)
        if m[station + KIND] != QUOTA:
            occupy(m, instance, 1)
        if m[station + KIND] == CPU:
            run_on_cpu(m, job, service)
            return FOREVER
    else:
        m[instance + BUSY] += 1
    finish = m[NOW] + service
    if finish < m[END]:
        plan(m, finish, COMPLETION, visitor, tag, job)
    return finish + m[m[step + STATION] + ROUND_TRIP] if m[step + IS_SURE] != 0 else FOREVER


@inlined
def in_thousandths(duration: int, thousandths: int) -> int:
    """``duration * thousandths // 1000``, or FOREVER where that would be as long."""
    whole, rest = duration // 1000, duration % 1000
    if thousandths > 0 and whole >= FOREVER // thousandths:
        return FOREVER
    return whole * thousandths + rest * thousandths // 1000


@called
def vacate(m: Memory, job: int, whole: int | None) -> None:
    """A job that was begun leaves its server."""
    instance = m[job + INSTANCE]
    if whole is not None:
        station = m[instance + OF_STATION]
        forget_occupant(m, job)
        if m[station + KIND] == QUOTA:
            return
        if m[station + KIND] == CPU and m[job + STATE] == RUNS_NOW:
            stop_on_cpu(m, job)
        occupy(m, instance, -1)
    else:
        m[instance + BUSY] -= 1
    note_ready(m, instance)


@called
def complete(m: Memory, job: int, whole: int | None) -> None:
    """COMPLETION: a job is done."""
    if whole is None:
        end_attempt(m, job, whole)
    elif m[job + JOB_TAG] & CALL_MASK != 0:
        # Its server takes waiting jobs before the attempt goes on.
        vacate(m, job, whole)
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
        go_on(m, job, whole)
    else:
        end_attempt(m, job, whole)


@called
def go_on(m: Memory, own: int, whole: int | None) -> None:
    """Send the next called job of an attempt; after the last one it is complete."""
    tag, done = m[own + JOB_TAG], m[own + QUEUED_AT]
    step = step_of(m, tag)
    if done == m[step + CALLED_JOBS]:
        end_attempt(m, own, whole)
        return
    job = take_block(m, WAITS)
    m[job + JOB_VISITOR] = m[own + JOB_VISITOR]
    m[job + JOB_TAG] = tag + done + 1
    m[job + VISIT] = 0
    m[job + OTHER] = own
    m[job + QUEUED_AT] = 0
    m[own + OTHER] = job
    place(m, job, m[m[step + FIRST_CALL] + done * CALL_SIZE + CALL_STATION], whole)


@called
def end_attempt(m: Memory, own: int, whole: int | None) -> None:
    """An attempt is complete: its server is free, and its client sees the answer if he waits."""
    visit, tag = m[own + VISIT], m[own + JOB_TAG]
    step = step_of(m, tag)
    vacate(m, own, whole)
    if whole is not None and m[step + SEAT] != 0 and not take_seat(m, own, step):
        come_back(m, own, TURNED_AWAY, m[m[step + SEAT] + RETRY_AFTER], whole)
        return
    give_block(m, own)
    if visit == 0:
        return
    m[visit + JOB] = 0
    seen = m[NOW] + m[m[step + STATION] + ROUND_TRIP]
    if seen <= m[visit + DEADLINE] and seen < m[END]:
        succeed(m, visit, seen, whole)


@inlined
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


@inlined
def give_seat_back(m: Memory, instance: int) -> None:
    """FREED: a held server is free again."""
    m[instance + SEATS] -= 1
    occupy(m, instance, -1)
    note_ready(m, instance)


@inlined
def next_waiting(m: Memory, instance: int, whole: int | None) -> int:
    """The first one waiting leaves the queue; 0 if he was turned away for having waited too long."""
    job = m[instance + FIRST_WAITING]
    leave_queue(m, instance, job)
    if whole is not None:
        note_load(m, instance)
        station = m[instance + OF_STATION]
        if m[NOW] - m[job + QUEUED_AT] > m[station + SHEDS_AFTER]:
            refuse(m, job, TURNED_AWAY, m[station + RETRY_AFTER], whole)
            return 0
    return job


@inlined
def give_token(m: Memory, instance: int, whole: int | None) -> None:
    """TOKEN: a quota's first waiting job gets it."""
    job = next_waiting(m, instance, whole)
    if job != 0:
        take_token(m, instance)
        begin(m, job, whole)
    plan_token(m, instance)


# Jobs that nobody wants any more -------------------------------------------------------------------


@called
def drop_attempt(m: Memory, own: int, whole: int | None) -> None:
    """All jobs of an attempt are dropped, the called one first."""
    if m[own + OTHER] != 0:
        drop(m, m[own + OTHER], whole)
    drop(m, own, whole)


@called
def drop(m: Memory, job: int, whole: int | None) -> None:
    state, instance = m[job + STATE], m[job + INSTANCE]
    if state == WAITS:
        leave_queue(m, instance, job)
        note_load(m, instance)
        if m[m[instance + OF_STATION] + KIND] == QUOTA:
            plan_token(m, instance)
    elif state == RUNS_NOW or state == CALLS_NOW:
        vacate(m, job, whole)
    give_block(m, job)
