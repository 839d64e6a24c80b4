"""Arrivals and looks, compiled: who is let in at once, joins the line, or is not to be there."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called, words_at
from simulator.engine.compiled.loop.clients import group_of
from simulator.engine.compiled.loop.line.line import finish, join, take_out
from simulator.engine.compiled.loop.line.minute import give_place_of_minute, may_enter, plan_look
from simulator.engine.compiled.loop.memory.blocks import take_block
from simulator.engine.compiled.loop.memory.layout import (
    ARRIVED,
    ARRIVED_PEOPLE,
    ARRIVED_VISITOR,
    BALKS,
    BATCH_EVERY,
    BATCH_SIZE,
    BATCHES,
    BUCKET,
    BY_MINUTE,
    GROUP,
    HAS_SLOTS,
    HELD,
    IN_LINE,
    JOINED,
    LAW,
    LET_IN,
    NEXT_ARRIVAL,
    NOW,
    PER_MINUTE,
    PLACES,
    POLICY,
    RELEASE_KIND,
    SPACING,
    STANDS,
    TAKEN,
    TOTAL,
    UNTIL,
    VISITOR,
)
from simulator.engine.compiled.loop.memory.luck import lasts
from simulator.engine.compiled.loop.slots import take_slot
from simulator.engine.compiled.loop.work import enter
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.line import Policy
from simulator.timetable import draws
from simulator.units import NS_PER_MINUTE

# Plain integers: to numba an IntEnum is a type of its own.
OPEN = int(Policy.OPEN)
BALKED, TURNED_AWAY = int(Fate.BALKED), int(Fate.TURNED_AWAY)
LONGEST = (1 << 63) - 1


@called
def arrive(m: Memory) -> None:
    """ARRIVAL: the next one in the timetable."""
    row = m[NEXT_ARRIVAL]
    m[NEXT_ARRIVAL] = row + 1
    visit = take_block(m, STANDS)
    m[visit + VISITOR] = words_at(m[ARRIVED_VISITOR])[row]
    m[visit + GROUP] = words_at(m[ARRIVED_PEOPLE])[row]
    m[visit + ARRIVED] = m[NOW]
    m[visit + JOINED] = UNKNOWN
    m[visit + LET_IN] = UNKNOWN
    m[visit + UNTIL] = UNKNOWN
    if m[POLICY] == OPEN:
        if m[HAS_SLOTS] != 0:
            take_slot(m, visit)
        enter(m, visit)
    elif m[IN_LINE] >= m[PLACES]:
        finish(m, visit, TURNED_AWAY, m[NOW])
    elif balks(m, visit):
        finish(m, visit, BALKED, m[NOW])
    else:
        join(m, visit)
        if m[RELEASE_KIND] == BY_MINUTE:
            look(m, visit)


@called
def balks(m: Memory, visit: int) -> bool:
    """Whether the announced wait is longer than somebody would wait."""
    law = m[group_of(m, visit) + BALKS]
    if m[law + LAW] == draws.NEVER:
        return False
    return announced(m, m[IN_LINE]) > lasts(m, law, draws.BALKING, m[visit + VISITOR], 0, 0)


@called
def announced(m: Memory, ahead: int) -> int:
    """How long it will take for so many, as somebody who comes is told."""
    kind = m[RELEASE_KIND]
    if kind == BUCKET:
        return times(ahead, m[SPACING])
    if kind == BATCHES:
        return times(ahead // m[BATCH_SIZE], m[BATCH_EVERY])
    return max(slots_wait(m, ahead), times(ahead, NS_PER_MINUTE) // max(1, m[PER_MINUTE]))


@called
def slots_wait(m: Memory, ahead: int) -> int:
    """How long it takes until so many slots are free, and one more."""
    needed, total, held = max(0, ahead + 1 + m[TAKEN] - m[TOTAL]), max(1, m[TOTAL]), m[HELD]
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
