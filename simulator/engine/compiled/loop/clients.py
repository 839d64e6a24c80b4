"""What visitors do once they are in, compiled: they think, send, wait, give up and try again."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, as_floats, called
from simulator.engine.compiled.limits import ATTEMPT_MASK, CALL_BITS, STEP_SHIFT
from simulator.engine.compiled.loop.memory.blocks import give_block
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import (
    ANSWERS,
    BACKOFF,
    BUDGET,
    BUDGET_ADDS,
    BUDGET_HOLDS,
    CAP,
    CLIENT_TIMEOUT,
    DEADLINE,
    END,
    ENDED,
    FIRST_STEP,
    GIVES_UP_AFTER,
    GROUP,
    GROUP_SIZE,
    HONOURS,
    IN_FLIGHT,
    IS_LAST,
    JITTER,
    JOB,
    LATE,
    LET_IN,
    MOST_ATTEMPTS,
    NOW,
    PEOPLE,
    SENT,
    SIGNAL_LIMIT,
    STARTED,
    STATE,
    STEP_SIZE,
    STEPS,
    TAG,
    THINK,
    UNDER_WAY,
    VISITOR,
)
from simulator.engine.compiled.loop.memory.luck import lasts, luck
from simulator.engine.compiled.loop.memory.rows import write_attempt, write_visit
from simulator.engine.compiled.loop.slots import begin_session, outlasts, renew_session
from simulator.engine.rules import SEND
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.system.people import Jitter
from simulator.timetable.draws import BACKOFF as BACKOFF_ROLE
from simulator.timetable.draws import HONOUR
from simulator.timetable.draws import THINK as THINK_ROLE
from simulator.units import MILLION

# Plain integers: to numba an IntEnum is a type of its own.
NO_JITTER = int(Jitter.NONE)
SERVED, GAVE_UP = int(Fate.SERVED), int(Fate.GAVE_UP)
SUCCESS = int(Result.SUCCESS)


@called
def group_of(m: Memory, visit: int) -> int:
    return m[PEOPLE] + m[visit + GROUP] * GROUP_SIZE


@called
def step_of(m: Memory, tag: int) -> int:
    return m[STEPS] + (tag >> STEP_SHIFT) * STEP_SIZE


@called
def attempt_of(tag: int) -> int:
    return (tag >> CALL_BITS) & ATTEMPT_MASK


@called
def let_in(m: Memory, visit: int) -> int:
    """An entry; returns for how long he thinks before his first attempt."""
    m[visit + STATE] = UNDER_WAY
    m[visit + LET_IN] = m[NOW]
    m[visit + SENT] = UNKNOWN
    m[visit + JOB] = 0
    begin_session(m, visit)
    step = m[group_of(m, visit) + FIRST_STEP]
    m[visit + TAG] = step << STEP_SHIFT
    law = m[STEPS] + step * STEP_SIZE + THINK
    return lasts(m, m[law], THINK_ROLE, m[visit + VISITOR], step, 0)


@called
def begin_attempt(m: Memory, visit: int, tag: int) -> None:
    """An attempt leaves its client; the station does not have it yet."""
    group = group_of(m, visit)
    m[visit + TAG] = tag
    m[visit + SENT] = m[NOW]
    m[visit + STARTED] = UNKNOWN
    m[visit + DEADLINE] = m[NOW] + m[group + CLIENT_TIMEOUT]
    m[IN_FLIGHT] += 1
    renew_session(m, visit)
    if attempt_of(tag) == 0:
        m[group + BUDGET] = min(m[group + BUDGET_HOLDS], m[group + BUDGET] + m[group + BUDGET_ADDS])


@called
def succeed(m: Memory, visit: int, seen: int) -> None:
    """The answer to an attempt, which its client sees at ``seen``."""
    write_attempt(m, visit, SUCCESS, seen)
    m[IN_FLIGHT] -= 1
    m[ANSWERS] += 1
    m[LATE] += seen - m[visit + SENT] > m[SIGNAL_LIMIT]
    m[visit + SENT] = UNKNOWN
    m[visit + JOB] = 0
    tag = m[visit + TAG]
    if m[step_of(m, tag) + IS_LAST] != 0:
        leave(m, visit, SERVED, seen)
        return
    step = (tag >> STEP_SHIFT) + 1
    visitor = m[visit + VISITOR]
    law = m[STEPS] + step * STEP_SIZE + THINK
    at = seen + lasts(m, m[law], THINK_ROLE, visitor, step, 0)
    if at < m[END]:
        plan(m, at, SEND, visitor, step << STEP_SHIFT, visit)


@called
def fail(m: Memory, visit: int, result: int, seen: int, asks: int) -> None:
    """An attempt failed, and its client sees it at ``seen``; a refusal asks for a pause."""
    write_attempt(m, visit, result, seen)
    m[IN_FLIGHT] -= 1
    m[visit + SENT] = UNKNOWN
    m[visit + JOB] = 0
    again = seen + pause(m, visit, asks)
    if not tries_again(m, visit, again):
        leave(m, visit, GAVE_UP, seen)
    elif again < m[END]:
        plan(m, again, SEND, m[visit + VISITOR], m[visit + TAG] + (1 << CALL_BITS), visit)


@called
def tries_again(m: Memory, visit: int, again: int) -> bool:
    """Whether he may make another attempt at that instant; asks the budget last."""
    group = group_of(m, visit)
    if attempt_of(m[visit + TAG]) + 1 >= m[group + MOST_ATTEMPTS]:
        return False
    if again - m[visit + LET_IN] > m[group + GIVES_UP_AFTER]:
        return False
    if m[group + BUDGET_ADDS] > 0:
        if m[group + BUDGET] < MILLION:
            return False
        m[group + BUDGET] -= MILLION
    return True


@called
def pause(m: Memory, visit: int, asks: int) -> int:
    """How long somebody waits after an attempt before he tries again."""
    group, tag = group_of(m, visit), m[visit + TAG]
    length, cap = m[group + BACKOFF], m[group + CAP]
    doublings = attempt_of(tag)
    while doublings > 0 and 0 < length < cap:
        length *= 2
        doublings -= 1
    length = min(length, cap)
    if length > 0 and m[group + JITTER] != NO_JITTER:
        u = luck(m, BACKOFF_ROLE, m[visit + VISITOR], tag >> STEP_SHIFT, attempt_of(tag))
        length = int(length * u)
    if asks > length:
        share = as_floats(m)[group + HONOURS]
        if share > 0.0 and luck(m, HONOUR, m[visit + VISITOR], 0, 0) < share:
            length = asks
    return length


@called
def leave(m: Memory, visit: int, fate: int, ended: int) -> None:
    """The end of the visit of somebody who was let in."""
    write_visit(m, visit, fate, ended)
    if outlasts(m, visit, ended):
        m[visit + STATE] = ENDED
        return
    give_block(m, visit)
