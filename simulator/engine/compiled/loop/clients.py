"""What visitors do once they are in, compiled: they think, send, wait, give up and try again."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, as_floats, called
from simulator.engine.compiled.limits import ATTEMPT_MASK, CALL_BITS, STEP_SHIFT
from simulator.engine.compiled.loop.line.slots import begin_session, outlasts, renew_session
from simulator.engine.compiled.loop.memory.blocks import give_block
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import blocks, cells, tables
from simulator.engine.compiled.loop.memory.luck import lasts, luck
from simulator.engine.compiled.loop.memory.rows import write_attempt, write_visit
from simulator.engine.rules import SEND
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.system.people import Jitter
from simulator.timetable import draws
from simulator.timetable.draws import HONOUR
from simulator.units import MILLION

# As plain integers.
NO_JITTER = int(Jitter.NONE)
SERVED, GAVE_UP = int(Fate.SERVED), int(Fate.GAVE_UP)
SUCCESS = int(Result.SUCCESS)


@called
def group_of(m: Memory, visit: int) -> int:
    return m[cells.PEOPLE] + m[visit + blocks.GROUP] * tables.GROUP_SIZE


@called
def step_of(m: Memory, tag: int) -> int:
    return m[cells.STEPS] + (tag >> STEP_SHIFT) * tables.STEP_SIZE


@called
def attempt_of(tag: int) -> int:
    return (tag >> CALL_BITS) & ATTEMPT_MASK


@called
def let_in(m: Memory, visit: int) -> int:
    """An entry; returns for how long he thinks before his first attempt."""
    m[visit + blocks.STATE] = blocks.UNDER_WAY
    m[visit + blocks.LET_IN] = m[cells.NOW]
    m[visit + blocks.SENT] = UNKNOWN
    m[visit + blocks.JOB] = 0
    begin_session(m, visit)
    step = m[group_of(m, visit) + tables.FIRST_STEP]
    m[visit + blocks.TAG] = step << STEP_SHIFT
    law = m[cells.STEPS] + step * tables.STEP_SIZE + tables.THINK
    return lasts(m, m[law], draws.THINK, m[visit + blocks.VISITOR], step, 0)


@called
def begin_attempt(m: Memory, visit: int, tag: int) -> None:
    """An attempt leaves its client; the station does not have it yet."""
    group = group_of(m, visit)
    m[visit + blocks.TAG] = tag
    m[visit + blocks.SENT] = m[cells.NOW]
    m[visit + blocks.STARTED] = UNKNOWN
    m[visit + blocks.DEADLINE] = m[cells.NOW] + m[group + tables.CLIENT_TIMEOUT]
    m[cells.IN_FLIGHT] += 1
    renew_session(m, visit)
    if attempt_of(tag) == 0:
        m[group + tables.BUDGET] = min(
            m[group + tables.BUDGET_HOLDS], m[group + tables.BUDGET] + m[group + tables.BUDGET_ADDS]
        )


@called
def succeed(m: Memory, visit: int, seen: int) -> None:
    """The answer to an attempt, which its client sees at ``seen``."""
    write_attempt(m, visit, SUCCESS, seen)
    m[cells.IN_FLIGHT] -= 1
    m[cells.ANSWERS] += 1
    m[cells.LATE] += seen - m[visit + blocks.SENT] > m[cells.SIGNAL_LIMIT]
    m[visit + blocks.SENT] = UNKNOWN
    m[visit + blocks.JOB] = 0
    tag = m[visit + blocks.TAG]
    if m[step_of(m, tag) + tables.IS_LAST] != 0:
        leave(m, visit, SERVED, seen)
        return
    step = (tag >> STEP_SHIFT) + 1
    visitor = m[visit + blocks.VISITOR]
    law = m[cells.STEPS] + step * tables.STEP_SIZE + tables.THINK
    at = seen + lasts(m, m[law], draws.THINK, visitor, step, 0)
    if at < m[cells.END]:
        plan(m, at, SEND, visitor, step << STEP_SHIFT, visit)


@called
def try_again(m: Memory, visit: int, result: int, seen: int, asks: int) -> None:
    """An attempt failed, and its client sees it at ``seen``; a refusal asks for a pause."""
    write_attempt(m, visit, result, seen)
    m[cells.IN_FLIGHT] -= 1
    m[visit + blocks.SENT] = UNKNOWN
    m[visit + blocks.JOB] = 0
    again = seen + pause_ns(m, visit, asks)
    if not may_retry(m, visit, again):
        leave(m, visit, GAVE_UP, seen)
    elif again < m[cells.END]:
        plan(
            m,
            again,
            SEND,
            m[visit + blocks.VISITOR],
            m[visit + blocks.TAG] + (1 << CALL_BITS),
            visit,
        )


@called
def may_retry(m: Memory, visit: int, again: int) -> bool:
    """Whether he may make another attempt at that instant; asks the budget last."""
    group = group_of(m, visit)
    if attempt_of(m[visit + blocks.TAG]) + 1 >= m[group + tables.MOST_ATTEMPTS]:
        return False
    if again - m[visit + blocks.LET_IN] > m[group + tables.GIVES_UP_AFTER]:
        return False
    if m[group + tables.BUDGET_ADDS] > 0:
        if m[group + tables.BUDGET] < MILLION:
            return False
        m[group + tables.BUDGET] -= MILLION
    return True


@called
def pause_ns(m: Memory, visit: int, asks: int) -> int:
    """How long somebody waits after an attempt before he tries again."""
    group, tag = group_of(m, visit), m[visit + blocks.TAG]
    length, cap = m[group + tables.BACKOFF], m[group + tables.CAP]
    doublings = attempt_of(tag)
    while doublings > 0 and 0 < length < cap:
        length *= 2
        doublings -= 1
    length = min(length, cap)
    if length > 0 and m[group + tables.JITTER] != NO_JITTER:
        u = luck(m, draws.BACKOFF, m[visit + blocks.VISITOR], tag >> STEP_SHIFT, attempt_of(tag))
        length = int(length * u)
    if asks > length:
        share = as_floats(m)[group + tables.HONOURS]
        if share > 0.0 and luck(m, HONOUR, m[visit + blocks.VISITOR], 0, 0) < share:
            length = asks
    return length


@called
def leave(m: Memory, visit: int, fate: int, ended: int) -> None:
    """The end of the visit of somebody who was let in."""
    write_visit(m, visit, fate, ended)
    if outlasts(m, visit, ended):
        m[visit + blocks.STATE] = blocks.ENDED
        return
    give_block(m, visit)
