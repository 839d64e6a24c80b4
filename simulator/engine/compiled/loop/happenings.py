"""What each event does, compiled, if it still means something when its time comes."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.limits import INDEX_BITS, INDEX_MASK
from simulator.engine.compiled.loop.autoscaler import boot, scale
from simulator.engine.compiled.loop.clients import fail, group_of
from simulator.engine.compiled.loop.failures import break_down, start
from simulator.engine.compiled.loop.feedback import decide
from simulator.engine.compiled.loop.line.calls import call_next, expire
from simulator.engine.compiled.loop.line.joining import look
from simulator.engine.compiled.loop.line.line import is_uncalled, lose_patience, refer, refresh
from simulator.engine.compiled.loop.line.minute import publish, vanish
from simulator.engine.compiled.loop.memory.layout import (
    ANSWERS,
    BATCH_SIZE,
    BATCHES,
    BUCKET,
    BY_MINUTE,
    CALLS_LEFT,
    CANCELS,
    FULL_AT,
    GHOST,
    INSTANCE,
    JOB,
    JOB_TAG,
    JOB_VISITOR,
    KIND,
    LAST_BATCH,
    LATE,
    LEAVES_AT,
    NOW,
    OF_STATION,
    PLANNED_AT,
    PLANNED_JOB,
    RELEASE_KIND,
    RUNS_NOW,
    SENT,
    SPACING,
    STANDS,
    STATE,
    TAG,
    TOKEN_AT,
    UNDER_WAY,
    VISIT,
    VISITOR,
)
from simulator.engine.compiled.loop.release import note_call_in_minute, plan_release
from simulator.engine.compiled.loop.slots import end_session
from simulator.engine.compiled.loop.station.station import CPU, give_token
from simulator.engine.compiled.loop.work import complete, drop_attempt, enter, give_seat_back, send
from simulator.engine.rules import (
    BOOT,
    COMPLETION,
    CONTROL,
    ENTRY,
    EXPIRY,
    FAILS,
    FEEDBACK,
    FREED,
    PATIENCE,
    REFRESH,
    REPAIRED,
    SCALING,
    SEND,
    SESSION,
    TIMEOUT,
    TOKEN,
)
from simulator.outcomes.rows import UNKNOWN, Result

# A plain integer: to numba an IntEnum is a type of its own.
TIMED_OUT = int(Result.TIMED_OUT)


@called
def release(m: Memory) -> None:
    """RELEASE: the next one in line is called, or a batch will be."""
    if m[RELEASE_KIND] == BATCHES:
        m[LAST_BATCH] = m[NOW]
        m[CALLS_LEFT] = m[BATCH_SIZE]
        return
    if call_next(m):
        if m[RELEASE_KIND] == BUCKET:
            m[FULL_AT] = max(m[FULL_AT], m[NOW]) + m[SPACING]
        else:
            note_call_in_minute(m)
    plan_release(m, m[NOW] + 1)


@called
def time_out(m: Memory, visit: int, visitor: int, tag: int) -> None:
    """TIMEOUT: the client of an attempt gives it up, if he still waits for it."""
    if (
        m[visit + STATE] != UNDER_WAY
        or m[visit + VISITOR] != visitor
        or m[visit + TAG] != tag
        or m[visit + SENT] == UNKNOWN
    ):
        return
    own, cancels = m[visit + JOB], m[group_of(m, visit) + CANCELS] != 0
    m[ANSWERS] += 1
    m[LATE] += 1
    fail(m, visit, TIMED_OUT, m[NOW], 0)
    if own != 0:
        m[own + VISIT] = 0
        if cancels:
            drop_attempt(m, own)


@called
def finish_job(m: Memory, job: int, visitor: int, tag: int) -> None:
    """COMPLETION, of a job that has not been dropped, at the instant that is planned now."""
    if m[job + STATE] != RUNS_NOW or m[job + JOB_VISITOR] != visitor or m[job + JOB_TAG] != tag:
        return
    instance = m[job + INSTANCE]
    if m[m[instance + OF_STATION] + KIND] == CPU:
        if m[instance + PLANNED_JOB] != job or m[instance + PLANNED_AT] != m[NOW]:
            return
        m[instance + PLANNED_JOB] = 0
    complete(m, job)


@called
def control(m: Memory, kind: int, record: int) -> None:
    """CONTROL: something that machines do by themselves."""
    if kind == BOOT:
        instance = record >> INDEX_BITS
        boot(m, m[instance + OF_STATION], instance, record & INDEX_MASK)
    elif kind == REPAIRED:
        start(m, record)
    elif kind == FAILS:
        break_down(m, record)
    elif kind == SCALING:
        scale(m, record)
    elif kind == FEEDBACK:
        decide(m)
    else:
        publish(m)


@called
def let_token_be_used(m: Memory, instance: int) -> None:
    """TOKEN, if it is what is planned now."""
    if m[instance + TOKEN_AT] == m[NOW]:
        m[instance + TOKEN_AT] = UNKNOWN
        give_token(m, instance)


@called
def take_turn(m: Memory, visit: int, visitor: int) -> None:
    """ENTRY: who was called enters; by minute somebody looks, if he is still there."""
    if m[RELEASE_KIND] != BY_MINUTE:
        enter(m, visit)
    elif m[visit + STATE] == STANDS and m[visit + VISITOR] == visitor:
        look(m, visit)


@called
def happen_in_line(m: Memory, kind: int, visitor: int, number: int, visit: int) -> None:
    """What happens to somebody in line: EXPIRY, REFERRAL, REFRESH, PATIENCE."""
    if kind == EXPIRY:
        if m[visit + STATE] == GHOST:
            vanish(m, visit)
        else:
            expire(m, visit)
    elif kind == PATIENCE:
        stands = m[visit + STATE] == STANDS and m[visit + VISITOR] == visitor
        if stands and m[visit + LEAVES_AT] == m[NOW]:
            lose_patience(m, visit)
    elif is_uncalled(m, visit, visitor):
        if kind == REFRESH:
            refresh(m, visit, number)
        else:
            refer(m, visit)


@called
def happen_pending(m: Memory, kind: int, visitor: int, tag: int, record: int) -> None:
    """Let an event happen that was pending."""
    if kind == COMPLETION:
        finish_job(m, record, visitor, tag)
    elif kind == SEND:
        send(m, record, tag)
    elif kind == TIMEOUT:
        time_out(m, record, visitor, tag)
    elif kind == ENTRY:
        take_turn(m, record, visitor)
    elif kind == SESSION:
        end_session(m, visitor, record)
    elif kind == CONTROL:
        control(m, visitor, record)
    elif kind == TOKEN:
        let_token_be_used(m, record)
    elif kind == FREED:
        give_seat_back(m, record)
    else:
        happen_in_line(m, kind, visitor, tag, record)
