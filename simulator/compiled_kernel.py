"""The rules of :mod:`simulator.engine` again, as an event loop that numba compiles.

Arrivals, changes and the next release stand beside the heap of events. Work without a bound that
follows from one event (a policy that opens, servers that are added, an instance that fails) goes
one turn of the loop at a time, so that the room for rows, events and blocks has to be checked in
one place only: a turn writes at most one row of each kind.

``whole`` is None in a launch of the simple words; what stands behind ``whole is not None`` is then
not compiled.
"""

from __future__ import annotations

from simulator import draws
from simulator.compiled_arrival import arrive, look, step_in
from simulator.compiled_client import fail
from simulator.compiled_code import Memory, called, inlined, kept, words_at
from simulator.compiled_control import boot, break_down, lose_first, scale, start
from simulator.compiled_events import drop_first
from simulator.compiled_feedback import decide
from simulator.compiled_instances import drop_first_ready
from simulator.compiled_layout import (
    ALL_ARRIVED,
    ANSWERS,
    ARRIVALS,
    ARRIVED_AT,
    AT,
    ATTEMPTS,
    BATCH_SIZE,
    BATCHES,
    BLOCK_SIZE,
    BUCKET,
    BUSY,
    BY_LOT,
    BY_MINUTE,
    CALLED,
    CALLS_LEFT,
    CANCELS,
    CLASS_BITS,
    CLASS_MASK,
    CLOSES,
    END,
    EVENT_KEY,
    EVENT_RECORD,
    EVENT_TAG,
    EVENT_VISITOR,
    EVENTS,
    FIRST_IN_LINE,
    FREE_BLOCKS,
    FULL_AT,
    GHOST,
    GOING_ON,
    IN_LINE,
    INDEX_BITS,
    INDEX_MASK,
    INSTANCE,
    JOB,
    JOB_TAG,
    JOB_VISITOR,
    KIND,
    LAST_BATCH,
    LAST_CHANGE,
    LATE,
    LEAVES_AT,
    LIMIT,
    LINE_SEATS,
    LOST,
    MOST_AT_ONCE,
    MOST_LINE_SEATS,
    MOST_PENDING,
    MOST_ROWS,
    NEXT_ARRIVAL,
    NEXT_CHANGE,
    NOW,
    OF_STATION,
    ORDER,
    PENDING,
    PLANNED_AT,
    PLANNED_JOB,
    READY,
    RELEASE_AT,
    RELEASE_KIND,
    RUNS_NOW,
    SENT,
    SERVERS,
    SPACING,
    STANDS,
    STATE,
    TAG,
    TOKEN_AT,
    TOP,
    UNDER_WAY,
    VISIT,
    VISITOR,
    VISITS,
    WAITING,
)
from simulator.compiled_levers import set_lever
from simulator.compiled_line import (
    call_next,
    expire,
    is_uncalled,
    lose_patience,
    refer,
    refresh,
)
from simulator.compiled_minute import publish, vanish
from simulator.compiled_release import note_call_in_minute, plan_release
from simulator.compiled_sessions import end_session
from simulator.compiled_station import (
    CPU,
    begin,
    complete,
    drop_attempt,
    enter,
    give_seat_back,
    give_token,
    go_on,
    next_waiting,
    send,
)
from simulator.compiled_client import group_of
from simulator.demand import Floats, Ints
from simulator.draws import FOREVER
from simulator.engine import (
    ARRIVAL,
    BOOT,
    COMPLETION,
    CONTROL,
    ENTRY,
    EXPIRY,
    FAILS,
    FEEDBACK,
    FREED,
    PATIENCE,
    REFERRAL,
    REFRESH,
    RELEASE,
    REPAIRED,
    SCALING,
    SEND,
    SESSION,
    TIMEOUT,
    TOKEN,
)
from simulator.outcomes import UNKNOWN, Result

DONE, ARRIVALS_USED_UP, ROWS_FULL, EVENTS_FULL, BLOCKS_FULL, LINE_FULL = range(6)
"""Why the loop came back."""

BLOCKS_AT_ONCE = 4
"""More than a turn of the loop needs: a visit, his minute, his attempt."""

# A plain integer: to numba an IntEnum is a type of its own.
TIMED_OUT = int(Result.TIMED_OUT)


# Events --------------------------------------------------------------------------------------------


@called
def release(m: Memory, whole: int | None) -> None:
    """RELEASE: the next one in line is called, or a batch will be."""
    if whole is not None and m[RELEASE_KIND] == BATCHES:
        m[LAST_BATCH] = m[NOW]
        m[CALLS_LEFT] = m[BATCH_SIZE]
        return
    if call_next(m, whole):
        if m[RELEASE_KIND] == BUCKET:
            m[FULL_AT] = max(m[FULL_AT], m[NOW]) + m[SPACING]
        elif whole is not None:
            note_call_in_minute(m)
    plan_release(m, m[NOW] + 1)


@called
def time_out(m: Memory, visit: int, visitor: int, tag: int, whole: int | None) -> None:
    """TIMEOUT: the client of an attempt gives it up, if he still waits for it."""
    if (
        m[visit + STATE] != UNDER_WAY
        or m[visit + VISITOR] != visitor
        or m[visit + TAG] != tag
        or m[visit + SENT] == UNKNOWN
    ):
        return
    own, cancels = m[visit + JOB], False
    if whole is not None:
        m[ANSWERS] += 1
        m[LATE] += 1
        cancels = m[group_of(m, visit) + CANCELS] != 0
    fail(m, visit, TIMED_OUT, m[NOW], 0, whole)
    if own != 0:
        m[own + VISIT] = 0
        if whole is not None and cancels:
            drop_attempt(m, own, whole)


@inlined
def finish_job(m: Memory, job: int, visitor: int, tag: int, whole: int | None) -> None:
    """COMPLETION, of a job that has not been dropped, at the instant that is planned now."""
    if whole is not None:
        if (
            m[job + STATE] != RUNS_NOW
            or m[job + JOB_VISITOR] != visitor
            or m[job + JOB_TAG] != tag
        ):
            return
        instance = m[job + INSTANCE]
        if m[m[instance + OF_STATION] + KIND] == CPU:
            if m[instance + PLANNED_JOB] != job or m[instance + PLANNED_AT] != m[NOW]:
                return
            m[instance + PLANNED_JOB] = 0
    complete(m, job, whole)


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
def happen_in_line(m: Memory, kind: int, visitor: int, number: int, visit: int) -> None:
    """What happens to somebody in the line of a launch with all words."""
    if kind == EXPIRY:
        if m[visit + STATE] == GHOST:
            vanish(m, visit)
        else:
            expire(m, visit)
    elif kind == PATIENCE:
        if (
            m[visit + STATE] == STANDS
            and m[visit + VISITOR] == visitor
            and m[visit + LEAVES_AT] == m[NOW]
        ):
            lose_patience(m, visit)
    elif is_uncalled(m, visit, visitor):
        if kind == REFRESH:
            refresh(m, visit, number)
        else:
            refer(m, visit)


@called
def happen_at_station(
    m: Memory, kind: int, visitor: int, tag: int, record: int, whole: int
) -> None:
    """What happens in a launch with all words, other than in the line."""
    if kind == CONTROL:
        control(m, visitor, record)
    elif kind == TOKEN:
        if m[record + TOKEN_AT] == m[NOW]:
            m[record + TOKEN_AT] = UNKNOWN
            give_token(m, record, whole)
    elif kind == FREED:
        give_seat_back(m, record)
    else:
        end_session(m, visitor, record)


@inlined
def take_turn(m: Memory, visit: int, visitor: int, whole: int | None) -> None:
    """ENTRY: who was called enters; by minute somebody looks."""
    if whole is not None and m[RELEASE_KIND] == BY_MINUTE:
        if m[visit + STATE] == STANDS and m[visit + VISITOR] == visitor:
            look(m, visit, whole)
    else:
        enter(m, visit, whole)


@inlined
def happen_pending(m: Memory, whole: int | None) -> None:
    """Let the first event in the heap happen."""
    h = words_at(m[EVENTS])
    kind, visitor = h[EVENT_KEY] & CLASS_MASK, h[EVENT_VISITOR]
    tag, record = h[EVENT_TAG], h[EVENT_RECORD]
    drop_first(m)
    if kind == COMPLETION:
        finish_job(m, record, visitor, tag, whole)
    elif kind == TIMEOUT:
        time_out(m, record, visitor, tag, whole)
    elif kind == SEND:
        send(m, record, tag, whole)
    elif kind == ENTRY:
        take_turn(m, record, visitor, whole)
    elif whole is not None:
        if kind < RELEASE and kind != EXPIRY:
            happen_at_station(m, kind, visitor, tag, record, whole)
        else:
            happen_in_line(m, kind, visitor, tag, record)


@inlined
def next_arrival_at(m: Memory) -> int:
    row = m[NEXT_ARRIVAL]
    if row == m[ARRIVALS]:
        return FOREVER
    at = words_at(m[ARRIVED_AT])[row]
    return at if at < m[CLOSES] else FOREVER


@inlined
def next_change_at(m: Memory) -> int:
    return m[m[NEXT_CHANGE] + AT] if m[NEXT_CHANGE] != m[LAST_CHANGE] else FOREVER


@called
def happen(m: Memory, whole: int | None) -> bool:
    """Let the event with the smallest key happen; False if none is left before the end."""
    change_at, arrival_at, release_at = next_change_at(m), next_arrival_at(m), m[RELEASE_AT]
    pending_at, pending_class = FOREVER, 0
    if m[PENDING] > 0:
        key = words_at(m[EVENTS])[EVENT_KEY]
        pending_at, pending_class = key >> CLASS_BITS, key & CLASS_MASK
    now = min(change_at, arrival_at, release_at, pending_at)
    if now >= m[END]:
        return False
    m[NOW] = now
    if change_at == now:
        set_lever(m, whole)
    elif release_at == now and not (pending_at == now and pending_class < RELEASE):
        release(m, whole)
    elif arrival_at == now and not (pending_at == now and pending_class < ARRIVAL):
        arrive(m, whole)
    else:
        happen_pending(m, whole)
    return True


# Turns ---------------------------------------------------------------------------------------------


@inlined
def let_next_in(m: Memory, whole: int | None) -> None:
    """One of the calls that are made together; after the last one the next RELEASE is planned."""
    if whole is not None and m[RELEASE_KIND] == BY_MINUTE:
        if m[FIRST_IN_LINE] != 0:
            step_in(m, m[FIRST_IN_LINE], whole)
        else:
            m[CALLS_LEFT] = 0
    elif m[IN_LINE] == 0:
        m[CALLS_LEFT] = 0
    elif call_next(m, whole):
        m[CALLS_LEFT] -= 1
    if m[CALLS_LEFT] == 0:
        plan_release(m, m[NOW] + 1)


@called
def settle(m: Memory, whole: int | None) -> bool:
    """One turn of what follows at once from what just happened; False if nothing does."""
    if whole is not None and m[LOST] != 0:
        lose_first(m, whole)
    elif m[READY] != 0:
        instance = m[READY]
        if m[instance + WAITING] > 0 and m[instance + BUSY] < m[instance + SERVERS]:
            job = next_waiting(m, instance, whole)
            if job != 0:
                begin(m, job, whole)
        else:
            drop_first_ready(m)
    elif whole is not None and m[GOING_ON] != 0:
        own = m[GOING_ON]
        m[GOING_ON] = 0
        go_on(m, own, whole)
    elif m[CALLS_LEFT] != 0:
        let_next_in(m, whole)
    else:
        return False
    return True


@inlined
def lacks_room(m: Memory, whole: int | None) -> int:
    """What has to be emptied or enlarged before anything else may happen; DONE if nothing."""
    if m[VISITS] == m[MOST_ROWS] or m[ATTEMPTS] == m[MOST_ROWS]:
        return ROWS_FULL
    if m[PENDING] + m[MOST_AT_ONCE] > m[MOST_PENDING]:
        return EVENTS_FULL
    if m[TOP] + BLOCKS_AT_ONCE * BLOCK_SIZE > m[LIMIT] and m[FREE_BLOCKS] < BLOCKS_AT_ONCE:
        return BLOCKS_FULL
    if whole is not None and m[ORDER] == BY_LOT and m[IN_LINE] == m[MOST_LINE_SEATS]:
        return LINE_FULL
    return DONE


@kept
def run(memory: int, whole: int | None) -> int:
    """Let events happen until the end, or until Python has to provide something."""
    m = words_at(memory)
    while True:
        lacking = lacks_room(m, whole)
        if lacking != DONE:
            return lacking
        if settle(m, whole):
            continue
        if m[NEXT_ARRIVAL] == m[ARRIVALS] and m[ALL_ARRIVED] == 0:
            return ARRIVALS_USED_UP
        if not happen(m, whole):
            return DONE


@kept
def place(
    key: int,
    first_visitor: Ints,
    count: Ints,
    start_ns: Ints,
    width_ns: Ints,
    tilt: Floats,
    out: Ints,
) -> None:
    """Compiled :func:`simulator.draws.arrivals_in_blocks`."""
    draws.arrivals_in_blocks(key, first_visitor, count, start_ns, width_ns, tilt, out)
