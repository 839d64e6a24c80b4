"""Calls, compiled: who is the next one, and what comes of it.

This is known when the call is made, for a visitor's luck is: only an entry, and going to the end of
the line, are events.
"""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, as_floats, called, words_at
from simulator.engine.compiled.loop.clients import group_of
from simulator.engine.compiled.loop.line.line import finish, insert, take_number, take_out
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import (
    ANSWERS_AFTER,
    BY_LOT,
    CALL_EXPIRES,
    CALLED,
    CALLS,
    CALLS_MADE,
    CLOSES,
    EXPIRED_TO_END,
    FIRST_IN_LINE,
    HAS_SLOTS,
    IN_LINE,
    IS_QUIET,
    JOINED,
    LEAVES_AT,
    LINE_SEATS,
    NOW,
    ORDER,
    POLL_EVERY,
    SHOWS_UP,
    STANDS,
    STATE,
    VISITOR,
)
from simulator.engine.compiled.loop.memory.luck import lasts, luck
from simulator.engine.compiled.loop.release import plan_release
from simulator.engine.compiled.loop.slots import come_to_nothing, take_slot
from simulator.engine.rules import ENTRY, EXPIRY
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.timetable import draws
from simulator.units import FOREVER

# Plain integers: to numba an IntEnum is a type of its own.
RENEGED, WAITING, NO_SHOW = int(Fate.RENEGED), int(Fate.WAITING), int(Fate.NO_SHOW)


@called
def next_in_line(m: Memory) -> int:
    if m[ORDER] == BY_LOT:
        u = luck(m, draws.RELEASED, 0, 0, m[CALLS_MADE])
        return words_at(m[LINE_SEATS])[int(u * m[IN_LINE])]
    return m[FIRST_IN_LINE]


@called
def call_next(m: Memory) -> bool:
    """Call the next one in line; False if he has left it, and another one may be called."""
    visit = next_in_line(m)
    take_out(m, visit)
    if m[visit + LEAVES_AT] < m[NOW] and m[visit + IS_QUIET] == 0:
        finish(m, visit, RENEGED, m[visit + LEAVES_AT])
        return False
    m[CALLS_MADE] += 1
    if m[HAS_SLOTS] != 0:
        take_slot(m, visit)
    call(m, visit)
    return True


@called
def call(m: Memory, visit: int) -> None:
    """Somebody is called, and what comes of it."""
    now, leaves, number = m[NOW], m[visit + LEAVES_AT], m[visit + CALLS]
    m[visit + CALLS] = number + 1
    decided_at = first_look(m, visit)
    is_in_time, expires = True, False
    is_in_time, expires = comes_in_time(m, visit, decided_at), m[CALL_EXPIRES] < FOREVER
    if not is_in_time:
        decided_at = now + m[CALL_EXPIRES] if expires else now
    enters = is_in_time and decided_at <= leaves
    if not enters:
        come_to_nothing(m, m[visit + VISITOR])
    if min(leaves, decided_at) >= m[CLOSES]:
        finish(m, visit, WAITING, UNKNOWN)
    elif leaves < decided_at:
        finish(m, visit, RENEGED, leaves)
    elif enters:
        m[visit + STATE] = CALLED
        plan(m, decided_at, ENTRY, m[visit + VISITOR], number, visit)
    elif expires and m[EXPIRED_TO_END] != 0:
        m[visit + STATE] = CALLED
        plan(m, decided_at, EXPIRY, m[visit + VISITOR], number, visit)
    else:
        finish(m, visit, NO_SHOW, decided_at)


@called
def first_look(m: Memory, visit: int) -> int:
    """When somebody who is called now looks and has noticed it."""
    notices, every, joined = m[NOW], m[POLL_EVERY], m[visit + JOINED]
    law = m[group_of(m, visit) + ANSWERS_AFTER]
    number = m[visit + CALLS] - 1
    notices += lasts(m, law, draws.ANSWER, m[visit + VISITOR], 0, number)
    if every > 0:
        return joined + (notices - joined + every - 1) // every * every
    return notices


@called
def comes_in_time(m: Memory, visit: int, look: int) -> bool:
    """Whether somebody comes at all, and as long as his call stands."""
    f, group = as_floats(m), group_of(m, visit)
    if look - m[NOW] > m[CALL_EXPIRES]:
        return False
    if f[group + SHOWS_UP] >= 1.0:
        return True
    number = m[visit + CALLS] - 1
    return luck(m, draws.SHOWING_UP, m[visit + VISITOR], 0, number) < f[group + SHOWS_UP]


@called
def expire(m: Memory, visit: int) -> None:
    """EXPIRY: who did not come in time goes to the end."""
    m[visit + STATE] = STANDS
    take_number(m, visit)
    insert(m, visit)
    plan_release(m, m[NOW])
