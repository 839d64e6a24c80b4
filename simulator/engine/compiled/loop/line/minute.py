"""A line by minute, compiled: all who joined in one minute are alike, and enter at their looks.

The minutes in which somebody with a place joined are a list; the first of them may enter.
"""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.line.slots import note_minute
from simulator.engine.compiled.loop.memory.blocks import append, give_block, take_block, unlink
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import blocks, cells
from simulator.engine.rules import CONTROL, ENTRY, EXPIRY, PUBLISH
from simulator.units import NS_PER_MINUTE


@called
def take_place_of_minute(m: Memory, visit: int) -> None:
    """Somebody joins: minutes come in their order."""
    number, minute = m[cells.NOW] // NS_PER_MINUTE, m[cells.LAST_MINUTE]
    if minute == 0 or m[minute + blocks.MINUTE_NUMBER] != number:
        minute = take_block(m, blocks.IS_MINUTE)
        m[minute + blocks.MINUTE_NUMBER] = number
        m[minute + blocks.MINUTE_PLACES] = 0
        append(m, cells.FIRST_MINUTE, minute)
    m[minute + blocks.MINUTE_PLACES] += 1
    m[visit + blocks.MINUTE] = minute


@called
def give_place_of_minute(m: Memory, visit: int) -> None:
    minute = m[visit + blocks.MINUTE]
    m[minute + blocks.MINUTE_PLACES] -= 1
    if m[minute + blocks.MINUTE_PLACES] == 0:
        unlink(m, cells.FIRST_MINUTE, minute)
        give_block(m, minute)


@called
def become_ghost(m: Memory, visit: int) -> None:
    """Who lost patience keeps his place until some time after his last look."""
    looks = (m[cells.NOW] - m[visit + blocks.JOINED]) // m[cells.POLL_EVERY]
    at = m[visit + blocks.JOINED] + looks * m[cells.POLL_EVERY] + m[cells.GHOST_LASTS]
    m[visit + blocks.STATE] = blocks.GHOST
    if at <= m[cells.NOW]:
        vanish(m, visit)
    elif at < m[cells.CLOSES]:
        plan(m, at, EXPIRY, m[visit + blocks.VISITOR], 0, visit)


@called
def vanish(m: Memory, visit: int) -> None:
    """The place of somebody who is not there any more is gone, too."""
    m[cells.IN_LINE] -= 1
    give_place_of_minute(m, visit)
    give_block(m, visit)


@called
def may_enter(m: Memory, visit: int) -> bool:
    """Whether somebody who looks is let in."""
    note_minute(m)
    is_live = m[cells.BLIND] == 0
    taken = m[cells.TAKEN] if is_live else m[cells.SEEN_TAKEN]
    entries = m[cells.ENTRIES_IN_MINUTE] if is_live else m[cells.SEEN_ENTRIES]
    return (
        m[cells.NOW] >= m[cells.OPENS]
        and m[visit + blocks.MINUTE] == m[cells.FIRST_MINUTE]
        and taken < m[cells.TOTAL]
        and entries < m[cells.PER_MINUTE]
    )


@called
def plan_look(m: Memory, visit: int) -> None:
    at = m[cells.NOW] + m[cells.POLL_EVERY]
    if at < m[cells.CLOSES]:
        plan(m, at, ENTRY, m[visit + blocks.VISITOR], 0, visit)


@called
def publish(m: Memory) -> None:
    """PUBLISH: the counts that looks go by until the next one."""
    note_minute(m)
    m[cells.SEEN_TAKEN] = m[cells.TAKEN]
    m[cells.SEEN_ENTRIES] = m[cells.ENTRIES_BEFORE]
    if m[cells.NOW] + m[cells.BLIND] < m[cells.CLOSES]:
        plan(m, m[cells.NOW] + m[cells.BLIND], CONTROL, PUBLISH, 0, 0)
