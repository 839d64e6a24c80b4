"""Slots and the sessions that take them, compiled."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.line.release import plan_release
from simulator.engine.compiled.loop.memory.blocks import give_block
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import blocks, cells
from simulator.engine.rules import SESSION
from simulator.outcomes.rows import UNKNOWN
from simulator.units import NS_PER_MINUTE


@called
def begin_session(m: Memory, visit: int) -> None:
    """An entry; the slot was taken by the call (without a call, just now)."""
    note_minute(m)
    m[cells.ENTRIES_IN_MINUTE] += 1
    if m[cells.HAS_SLOTS] != 0:
        m[visit + blocks.UNTIL] = m[cells.NOW] + m[cells.SESSION_LASTS]
        plan_end(m, visit)


@called
def plan_end(m: Memory, visit: int) -> None:
    if m[visit + blocks.UNTIL] < m[cells.CLOSES]:
        plan(m, m[visit + blocks.UNTIL], SESSION, m[visit + blocks.VISITOR], 0, visit)


@called
def renew_session(m: Memory, visit: int) -> None:
    """An attempt is sent."""
    if m[cells.RENEWS] != 0 and m[visit + blocks.UNTIL] != UNKNOWN:
        m[visit + blocks.UNTIL] = m[cells.NOW] + m[cells.SESSION_LASTS]


@called
def end_session(m: Memory, visitor: int, visit: int) -> None:
    """SESSION: nobody's (a call that came to nothing), or somebody's who may have renewed it."""
    if visit == 0:
        free_slot(m, kept_for_nothing_ns(m))
    elif (
        (m[visit + blocks.STATE] == blocks.UNDER_WAY or m[visit + blocks.STATE] == blocks.ENDED)
        and m[visit + blocks.VISITOR] == visitor
        and m[visit + blocks.UNTIL] != UNKNOWN
    ):
        if m[visit + blocks.UNTIL] > m[cells.NOW]:
            plan_end(m, visit)
            return
        m[visit + blocks.UNTIL] = UNKNOWN
        held = m[cells.NOW] - m[visit + blocks.SLOT_SINCE]
        if m[visit + blocks.STATE] == blocks.ENDED:
            give_block(m, visit)
        free_slot(m, held)


@called
def free_slot(m: Memory, held: int) -> None:
    """A slot becomes free, and those that come are told how fast that goes."""
    m[cells.TAKEN] -= 1
    m[cells.FREED_SLOTS] += 1
    if m[cells.FREED_SLOTS] == 1:
        m[cells.HELD] = held
    else:
        m[cells.HELD] += (held - m[cells.HELD]) // min(m[cells.FREED_SLOTS], m[cells.REMEMBERS])
    plan_release(m, m[cells.NOW] + 1)


@called
def take_slot(m: Memory, visit: int) -> None:
    """Somebody has a slot from now on."""
    m[cells.TAKEN] += 1
    m[visit + blocks.SLOT_SINCE] = m[cells.NOW]


@called
def kept_for_nothing_ns(m: Memory) -> int:
    """How long a call has its slot that comes to nothing."""
    return min(m[cells.CALL_EXPIRES], m[cells.SESSION_LASTS])


@called
def come_to_nothing(m: Memory, visitor: int) -> None:
    """A call has a slot, which it gives back although nobody comes."""
    if m[cells.HAS_SLOTS] != 0:
        at = m[cells.NOW] + kept_for_nothing_ns(m)
        if at < m[cells.CLOSES]:
            plan(m, at, SESSION, visitor, 0, 0)


@called
def outlasts(m: Memory, visit: int, ended: int) -> bool:
    """Whether a session is still open when its visit ends, and its block is needed for it."""
    if m[visit + blocks.UNTIL] == UNKNOWN:
        return False
    if m[cells.EARLY] != 0 and ended < m[visit + blocks.UNTIL]:
        m[visit + blocks.UNTIL] = ended
        plan_end(m, visit)
    return m[visit + blocks.UNTIL] < m[cells.CLOSES]


@called
def note_minute(m: Memory) -> None:
    """Let the count of entries be that of the minute that it is now."""
    minute = m[cells.NOW] // NS_PER_MINUTE
    if m[cells.ENTRIES_MINUTE] != minute:
        follows = m[cells.ENTRIES_MINUTE] + 1 == minute
        m[cells.ENTRIES_BEFORE] = m[cells.ENTRIES_IN_MINUTE] if follows else 0
        m[cells.ENTRIES_IN_MINUTE] = 0
        m[cells.ENTRIES_MINUTE] = minute
