"""What each event does, compiled, if it still means something when its time comes."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.limits import INDEX_BITS, INDEX_MASK
from simulator.engine.compiled.loop.clients import group_of, try_again
from simulator.engine.compiled.loop.line.calls import call_first, expire
from simulator.engine.compiled.loop.line.feedback import decide
from simulator.engine.compiled.loop.line.joining import look
from simulator.engine.compiled.loop.line.line import is_uncalled, lose_patience, move_ahead, refresh
from simulator.engine.compiled.loop.line.minute import publish, vanish
from simulator.engine.compiled.loop.line.release import note_call_in_minute, plan_release
from simulator.engine.compiled.loop.line.slots import end_session
from simulator.engine.compiled.loop.memory.layout import blocks, cells, stations, tables
from simulator.engine.compiled.loop.station.autoscaler import boot, scale
from simulator.engine.compiled.loop.station.failures import fail, start
from simulator.engine.compiled.loop.station.station import give_token
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

# As a plain integer.
TIMED_OUT = int(Result.TIMED_OUT)


@called
def release(m: Memory) -> None:
    """RELEASE: the next one in line is called, or a batch will be."""
    if m[cells.RELEASE_KIND] == cells.BATCHES:
        m[cells.LAST_BATCH] = m[cells.NOW]
        m[cells.CALLS_LEFT] = m[cells.BATCH_SIZE]
        return
    if call_first(m):
        if m[cells.RELEASE_KIND] == cells.BUCKET:
            m[cells.FULL_AT] = max(m[cells.FULL_AT], m[cells.NOW]) + m[cells.SPACING]
        else:
            note_call_in_minute(m)
    plan_release(m, m[cells.NOW] + 1)


@called
def time_out(m: Memory, visit: int, visitor: int, tag: int) -> None:
    """TIMEOUT: the client of an attempt gives it up, if he still waits for it."""
    if (
        m[visit + blocks.STATE] != blocks.UNDER_WAY
        or m[visit + blocks.VISITOR] != visitor
        or m[visit + blocks.TAG] != tag
        or m[visit + blocks.SENT] == UNKNOWN
    ):
        return
    own, cancels = m[visit + blocks.JOB], m[group_of(m, visit) + tables.CANCELS] != 0
    m[cells.ANSWERS] += 1
    m[cells.LATE] += 1
    try_again(m, visit, TIMED_OUT, m[cells.NOW], 0)
    if own != 0:
        m[own + blocks.VISIT] = 0
        if cancels:
            drop_attempt(m, own)


@called
def finish_job(m: Memory, job: int, visitor: int, tag: int) -> None:
    """COMPLETION, of a job that has not been dropped, at the instant that is planned now."""
    if (
        m[job + blocks.STATE] != blocks.RUNS_NOW
        or m[job + blocks.JOB_VISITOR] != visitor
        or m[job + blocks.JOB_TAG] != tag
    ):
        return
    instance = m[job + blocks.INSTANCE]
    if m[m[instance + stations.OF_STATION] + stations.HAS_SPEED] != 0:
        if (
            m[instance + stations.PLANNED_JOB] != job
            or m[instance + stations.PLANNED_AT] != m[cells.NOW]
        ):
            return
        m[instance + stations.PLANNED_JOB] = 0
    complete(m, job)


@called
def control(m: Memory, kind: int, record: int) -> None:
    """CONTROL: something that machines do by themselves."""
    if kind == BOOT:
        instance = record >> INDEX_BITS
        boot(m, m[instance + stations.OF_STATION], instance, record & INDEX_MASK)
    elif kind == REPAIRED:
        start(m, record)
    elif kind == FAILS:
        fail(m, record)
    elif kind == SCALING:
        scale(m, record)
    elif kind == FEEDBACK:
        decide(m)
    else:
        publish(m)


@called
def let_token_be_used(m: Memory, instance: int) -> None:
    """TOKEN, if it is what is planned now."""
    if m[instance + stations.TOKEN_AT] == m[cells.NOW]:
        m[instance + stations.TOKEN_AT] = UNKNOWN
        give_token(m, instance)


@called
def take_turn(m: Memory, visit: int, visitor: int) -> None:
    """ENTRY: who was called enters; by minute somebody looks, if he is still there."""
    if m[cells.RELEASE_KIND] != cells.BY_MINUTE:
        enter(m, visit)
    elif m[visit + blocks.STATE] == blocks.STANDS and m[visit + blocks.VISITOR] == visitor:
        look(m, visit)


@called
def happen_in_line(m: Memory, kind: int, visitor: int, number: int, visit: int) -> None:
    """What happens to somebody in line: EXPIRY, REFERRAL, REFRESH, PATIENCE."""
    if kind == EXPIRY:
        if m[visit + blocks.STATE] == blocks.GHOST:
            vanish(m, visit)
        else:
            expire(m, visit)
    elif kind == PATIENCE:
        stands = m[visit + blocks.STATE] == blocks.STANDS and m[visit + blocks.VISITOR] == visitor
        if stands and m[visit + blocks.LEAVES_AT] == m[cells.NOW]:
            lose_patience(m, visit)
    elif is_uncalled(m, visit, visitor):
        if kind == REFRESH:
            refresh(m, visit, number)
        else:
            move_ahead(m, visit)


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
