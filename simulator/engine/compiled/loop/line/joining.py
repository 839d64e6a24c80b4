"""Arrivals and looks, compiled: who is let in at once, joins the line, or is not to be there."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called, words_at
from simulator.engine.compiled.loop.clients import group_of
from simulator.engine.compiled.loop.line.line import finish, join, take_out
from simulator.engine.compiled.loop.line.minute import give_place_of_minute, may_enter, plan_look
from simulator.engine.compiled.loop.line.slots import take_slot
from simulator.engine.compiled.loop.memory.blocks import take_block
from simulator.engine.compiled.loop.memory.layout import blocks, cells, tables
from simulator.engine.compiled.loop.memory.luck import lasts
from simulator.engine.compiled.loop.work import enter
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.line import Policy
from simulator.timetable import draws
from simulator.units import NS_PER_MINUTE

# As plain integers.
OPEN = int(Policy.OPEN)
BALKED, TURNED_AWAY = int(Fate.BALKED), int(Fate.TURNED_AWAY)
LONGEST = (1 << 63) - 1


@called
def arrive(m: Memory) -> None:
    """ARRIVAL: the next one in the timetable."""
    row = m[cells.NEXT_ARRIVAL]
    m[cells.NEXT_ARRIVAL] = row + 1
    visit = take_block(m, blocks.STANDS)
    m[visit + blocks.VISITOR] = words_at(m[cells.ARRIVED_VISITOR])[row]
    m[visit + blocks.GROUP] = words_at(m[cells.ARRIVED_PEOPLE])[row]
    m[visit + blocks.ARRIVED] = m[cells.NOW]
    m[visit + blocks.JOINED] = UNKNOWN
    m[visit + blocks.LET_IN] = UNKNOWN
    m[visit + blocks.UNTIL] = UNKNOWN
    if m[cells.POLICY] == OPEN:
        if m[cells.HAS_SLOTS] != 0:
            take_slot(m, visit)
        enter(m, visit)
    elif m[cells.IN_LINE] >= m[cells.PLACES]:
        finish(m, visit, TURNED_AWAY, m[cells.NOW])
    elif balks(m, visit):
        finish(m, visit, BALKED, m[cells.NOW])
    else:
        join(m, visit)
        if m[cells.RELEASE_KIND] == cells.BY_MINUTE:
            look(m, visit)


@called
def balks(m: Memory, visit: int) -> bool:
    """Whether the announced wait is longer than somebody would wait."""
    law = m[group_of(m, visit) + tables.BALKS]
    if m[law + tables.LAW] == draws.NEVER:
        return False
    return announced_wait_ns(m, m[cells.IN_LINE]) > lasts(
        m, law, draws.BALKING, m[visit + blocks.VISITOR], 0, 0
    )


@called
def announced_wait_ns(m: Memory, ahead: int) -> int:
    """How long it will take for so many, as somebody who comes is told."""
    kind = m[cells.RELEASE_KIND]
    if kind == cells.BUCKET:
        return times(ahead, m[cells.SPACING])
    if kind == cells.BATCHES:
        return times(ahead // m[cells.BATCH_SIZE], m[cells.BATCH_EVERY])
    return max(slots_wait_ns(m, ahead), times(ahead, NS_PER_MINUTE) // max(1, m[cells.PER_MINUTE]))


@called
def slots_wait_ns(m: Memory, ahead: int) -> int:
    """How long it takes until so many slots are free, and one more."""
    needed, total, held = (
        max(0, ahead + 1 + m[cells.TAKEN] - m[cells.TOTAL]),
        max(1, m[cells.TOTAL]),
        m[cells.HELD],
    )
    return min(LONGEST // 2, times(needed, held // total)) + needed * (held % total) // total


@called
def times(a: int, b: int) -> int:
    """The product of two that are not negative, as far as 64 bits can say it."""
    return a * b if a == 0 or b <= LONGEST // a else LONGEST


@called
def look(m: Memory, visit: int) -> None:
    """By minute: somebody in line looks, and enters if it is his turn."""
    if may_enter(m, visit):
        step_in(m, visit)
    else:
        plan_look(m, visit)


@called
def step_in(m: Memory, visit: int) -> None:
    """By minute: somebody leaves the line, and takes a slot."""
    take_out(m, visit)
    give_place_of_minute(m, visit)
    take_slot(m, visit)
    enter(m, visit)
