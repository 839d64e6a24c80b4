"""A line by minute, compiled: all who joined in one minute are alike, and enter at their looks.

The minutes in which somebody with a place joined are a list; the first of them may enter.
"""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.memory.blocks import append, give_block, take_block, unlink
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import (
    BLIND,
    CLOSES,
    ENTRIES_BEFORE,
    ENTRIES_IN_MINUTE,
    FIRST_MINUTE,
    GHOST,
    GHOST_LASTS,
    IN_LINE,
    IS_MINUTE,
    JOINED,
    LAST_MINUTE,
    MINUTE,
    MINUTE_NUMBER,
    MINUTE_PLACES,
    NOW,
    OPENS,
    PER_MINUTE,
    POLL_EVERY,
    SEEN_ENTRIES,
    SEEN_TAKEN,
    STATE,
    TAKEN,
    TOTAL,
    VISITOR,
)
from simulator.engine.compiled.loop.slots import note_minute
from simulator.engine.rules import CONTROL, ENTRY, EXPIRY, PUBLISH
from simulator.units import NS_PER_MINUTE


@called
def take_place_of_minute(m: Memory, visit: int) -> None:
    """Somebody joins: minutes come in their order."""
    number, minute = m[NOW] // NS_PER_MINUTE, m[LAST_MINUTE]
    if minute == 0 or m[minute + MINUTE_NUMBER] != number:
        minute = take_block(m, IS_MINUTE)
        m[minute + MINUTE_NUMBER] = number
        m[minute + MINUTE_PLACES] = 0
        append(m, FIRST_MINUTE, minute)
    m[minute + MINUTE_PLACES] += 1
    m[visit + MINUTE] = minute


@called
def give_place_of_minute(m: Memory, visit: int) -> None:
    minute = m[visit + MINUTE]
    m[minute + MINUTE_PLACES] -= 1
    if m[minute + MINUTE_PLACES] == 0:
        unlink(m, FIRST_MINUTE, minute)
        give_block(m, minute)


@called
def become_ghost(m: Memory, visit: int) -> None:
    """Who lost patience keeps his place until some time after his last look."""
    looks = (m[NOW] - m[visit + JOINED]) // m[POLL_EVERY]
    at = m[visit + JOINED] + looks * m[POLL_EVERY] + m[GHOST_LASTS]
    m[visit + STATE] = GHOST
    if at <= m[NOW]:
        vanish(m, visit)
    elif at < m[CLOSES]:
        plan(m, at, EXPIRY, m[visit + VISITOR], 0, visit)


@called
def vanish(m: Memory, visit: int) -> None:
    """The place of somebody who is not there any more is gone, too."""
    m[IN_LINE] -= 1
    give_place_of_minute(m, visit)
    give_block(m, visit)


@called
def may_enter(m: Memory, visit: int) -> bool:
    """Whether somebody who looks is let in."""
    note_minute(m)
    is_live = m[BLIND] == 0
    taken = m[TAKEN] if is_live else m[SEEN_TAKEN]
    entries = m[ENTRIES_IN_MINUTE] if is_live else m[SEEN_ENTRIES]
    return (
        m[NOW] >= m[OPENS]
        and m[visit + MINUTE] == m[FIRST_MINUTE]
        and taken < m[TOTAL]
        and entries < m[PER_MINUTE]
    )


@called
def plan_look(m: Memory, visit: int) -> None:
    at = m[NOW] + m[POLL_EVERY]
    if at < m[CLOSES]:
        plan(m, at, ENTRY, m[visit + VISITOR], 0, visit)


@called
def publish(m: Memory) -> None:
    """PUBLISH: the counts that looks go by until the next one."""
    note_minute(m)
    m[SEEN_TAKEN] = m[TAKEN]
    m[SEEN_ENTRIES] = m[ENTRIES_BEFORE]
    if m[NOW] + m[BLIND] < m[CLOSES]:
        plan(m, m[NOW] + m[BLIND], CONTROL, PUBLISH, 0, 0)
