"""Calls, compiled: who is the next one, and what comes of it.

This is known when the call is made, for a visitor's luck is: only an entry, and going to the end of
the line, are events.
"""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, as_floats, called, words_at
from simulator.engine.compiled.loop.clients import group_of
from simulator.engine.compiled.loop.line.line import finish, insert, take_number, take_out
from simulator.engine.compiled.loop.line.release import plan_release
from simulator.engine.compiled.loop.line.slots import come_to_nothing, take_slot
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import blocks, cells, tables
from simulator.engine.compiled.loop.memory.luck import lasts, luck
from simulator.engine.rules import ENTRY, EXPIRY
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.timetable import draws
from simulator.units import FOREVER

# As plain integers.
RENEGED, WAITING, NO_SHOW = int(Fate.RENEGED), int(Fate.WAITING), int(Fate.NO_SHOW)


@called
def next_in_line(m: Memory) -> int:
    if m[cells.ORDER] == cells.BY_LOT:
        u = luck(m, draws.RELEASED, 0, 0, m[cells.CALLS_MADE])
        return words_at(m[cells.LINE_SEATS])[int(u * m[cells.IN_LINE])]
    return m[cells.FIRST_IN_LINE]


@called
def call_first(m: Memory) -> bool:
    """Call the next one in line; False if he has left it, and another one may be called."""
    visit = next_in_line(m)
    take_out(m, visit)
    if m[visit + blocks.LEAVES_AT] < m[cells.NOW] and m[visit + blocks.IS_QUIET] == 0:
        finish(m, visit, RENEGED, m[visit + blocks.LEAVES_AT])
        return False
    m[cells.CALLS_MADE] += 1
    if m[cells.HAS_SLOTS] != 0:
        take_slot(m, visit)
    call(m, visit)
    return True


@called
def call(m: Memory, visit: int) -> None:
    """Somebody is called, and what comes of it."""
    now, leaves, number = m[cells.NOW], m[visit + blocks.LEAVES_AT], m[visit + blocks.CALLS]
    m[visit + blocks.CALLS] = number + 1
    decided_at = first_look_ns(m, visit)
    is_in_time, expires = shows_up(m, visit, decided_at), m[cells.CALL_EXPIRES] < FOREVER
    if not is_in_time:
        decided_at = now + m[cells.CALL_EXPIRES] if expires else now
    enters = is_in_time and decided_at <= leaves
    if not enters:
        come_to_nothing(m, m[visit + blocks.VISITOR])
    if min(leaves, decided_at) >= m[cells.CLOSES]:
        finish(m, visit, WAITING, UNKNOWN)
    elif leaves < decided_at:
        finish(m, visit, RENEGED, leaves)
    elif enters:
        m[visit + blocks.STATE] = blocks.CALLED
        plan(m, decided_at, ENTRY, m[visit + blocks.VISITOR], number, visit)
    elif expires and m[cells.EXPIRED_TO_END] != 0:
        m[visit + blocks.STATE] = blocks.CALLED
        plan(m, decided_at, EXPIRY, m[visit + blocks.VISITOR], number, visit)
    else:
        finish(m, visit, NO_SHOW, decided_at)


@called
def first_look_ns(m: Memory, visit: int) -> int:
    """When somebody who is called now looks and has noticed it."""
    notices, every, joined = m[cells.NOW], m[cells.POLL_EVERY], m[visit + blocks.JOINED]
    law = m[group_of(m, visit) + tables.ANSWERS_AFTER]
    number = m[visit + blocks.CALLS] - 1
    notices += lasts(m, law, draws.ANSWER, m[visit + blocks.VISITOR], 0, number)
    if every > 0:
        return joined + (notices - joined + every - 1) // every * every
    return notices


@called
def shows_up(m: Memory, visit: int, look: int) -> bool:
    """Whether somebody comes at all, and as long as his call stands."""
    f, group = as_floats(m), group_of(m, visit)
    if look - m[cells.NOW] > m[cells.CALL_EXPIRES]:
        return False
    if f[group + tables.SHOWS_UP] >= 1.0:
        return True
    number = m[visit + blocks.CALLS] - 1
    return (
        luck(m, draws.SHOWING_UP, m[visit + blocks.VISITOR], 0, number) < f[group + tables.SHOWS_UP]
    )


@called
def expire(m: Memory, visit: int) -> None:
    """EXPIRY: who did not come in time goes to the end."""
    m[visit + blocks.STATE] = blocks.STANDS
    take_number(m, visit)
    insert(m, visit)
    plan_release(m, m[cells.NOW])
