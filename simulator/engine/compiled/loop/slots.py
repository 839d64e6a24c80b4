"""Slots and the sessions that take them, compiled."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.memory.blocks import give_block
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import (
    CALL_EXPIRES,
    CLOSES,
    EARLY,
    ENDED,
    ENTRIES_BEFORE,
    ENTRIES_IN_MINUTE,
    ENTRIES_MINUTE,
    FREED_SLOTS,
    HAS_SLOTS,
    HELD,
    NOW,
    REMEMBERS,
    RENEWS,
    SESSION_LASTS,
    SLOT_SINCE,
    STATE,
    TAKEN,
    UNDER_WAY,
    UNTIL,
    VISITOR,
)
from simulator.engine.compiled.loop.release import plan_release
from simulator.engine.rules import SESSION
from simulator.outcomes.rows import UNKNOWN
from simulator.units import NS_PER_MINUTE


@called
def begin_session(m: Memory, visit: int) -> None:
    """An entry; the slot was taken by the call (without a call, just now)."""
    note_minute(m)
    m[ENTRIES_IN_MINUTE] += 1
    if m[HAS_SLOTS] != 0:
        m[visit + UNTIL] = m[NOW] + m[SESSION_LASTS]
        plan_end(m, visit)


@called
def plan_end(m: Memory, visit: int) -> None:
    if m[visit + UNTIL] < m[CLOSES]:
        plan(m, m[visit + UNTIL], SESSION, m[visit + VISITOR], 0, visit)


@called
def renew_session(m: Memory, visit: int) -> None:
    """An attempt is sent."""
    if m[RENEWS] != 0 and m[visit + UNTIL] != UNKNOWN:
        m[visit + UNTIL] = m[NOW] + m[SESSION_LASTS]


@called
def end_session(m: Memory, visitor: int, visit: int) -> None:
    """SESSION: nobody's (a call that came to nothing), or somebody's who may have renewed it."""
    if visit == 0:
        free_slot(m, kept_for_nothing(m))
    elif (
        (m[visit + STATE] == UNDER_WAY or m[visit + STATE] == ENDED)
        and m[visit + VISITOR] == visitor
        and m[visit + UNTIL] != UNKNOWN
    ):
        if m[visit + UNTIL] > m[NOW]:
            plan_end(m, visit)
            return
        m[visit + UNTIL] = UNKNOWN
        held = m[NOW] - m[visit + SLOT_SINCE]
        if m[visit + STATE] == ENDED:
            give_block(m, visit)
        free_slot(m, held)


@called
def free_slot(m: Memory, held: int) -> None:
    """A slot becomes free, and those that come are told how fast that goes."""
    m[TAKEN] -= 1
    m[FREED_SLOTS] += 1
    if m[FREED_SLOTS] == 1:
        m[HELD] = held
    else:
        m[HELD] += (held - m[HELD]) // min(m[FREED_SLOTS], m[REMEMBERS])
    plan_release(m, m[NOW] + 1)


@called
def take_slot(m: Memory, visit: int) -> None:
    """Somebody has a slot from now on."""
    m[TAKEN] += 1
    m[visit + SLOT_SINCE] = m[NOW]


@called
def kept_for_nothing(m: Memory) -> int:
    """How long a call has its slot that comes to nothing."""
    return min(m[CALL_EXPIRES], m[SESSION_LASTS])


@called
def come_to_nothing(m: Memory, visitor: int) -> None:
    """A call has a slot, which it gives back although nobody comes."""
    if m[HAS_SLOTS] != 0:
        at = m[NOW] + kept_for_nothing(m)
        if at < m[CLOSES]:
            plan(m, at, SESSION, visitor, 0, 0)


@called
def outlasts(m: Memory, visit: int, ended: int) -> bool:
    """Whether a session is still open when its visit ends, and its block is needed for it."""
    if m[visit + UNTIL] == UNKNOWN:
        return False
    if m[EARLY] != 0 and ended < m[visit + UNTIL]:
        m[visit + UNTIL] = ended
        plan_end(m, visit)
    return m[visit + UNTIL] < m[CLOSES]


@called
def note_minute(m: Memory) -> None:
    """Let the count of entries be that of the minute that it is now."""
    minute = m[NOW] // NS_PER_MINUTE
    if m[ENTRIES_MINUTE] != minute:
        follows = m[ENTRIES_MINUTE] + 1 == minute
        m[ENTRIES_BEFORE] = m[ENTRIES_IN_MINUTE] if follows else 0
        m[ENTRIES_IN_MINUTE] = 0
        m[ENTRIES_MINUTE] = minute
