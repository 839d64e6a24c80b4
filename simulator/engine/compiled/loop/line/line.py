"""The line, compiled: who joins it, in which order it stands, and who leaves it.

Where nobody counts those in line, who has lost patience stands in it until he would be called, and
is not called then.
"""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, as_floats, called, words_at
from simulator.engine.compiled.loop.clients import group_of
from simulator.engine.compiled.loop.line.minute import become_ghost, take_place_of_minute
from simulator.engine.compiled.loop.line.release import plan_release
from simulator.engine.compiled.loop.memory.blocks import (
    append,
    exclude,
    give_block,
    include,
    unlink,
)
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import blocks, cells, tables
from simulator.engine.compiled.loop.memory.luck import lasts, luck
from simulator.engine.compiled.loop.memory.rows import write_visit
from simulator.engine.rules import PATIENCE, REFERRAL, REFRESH
from simulator.outcomes.rows import Fate
from simulator.timetable import draws

# As a plain integer.
RENEGED = int(Fate.RENEGED)

NO_NUMBER = -(1 << 62)
"""From here on, and before all numbers, stand those who have none, by lot."""
FIRST_NUMBER = -(1 << 61)


@called
def insert(m: Memory, visit: int) -> None:
    if m[cells.ORDER] == cells.BY_JOINING:
        append(m, cells.FIRST_IN_LINE, visit)
    elif m[cells.ORDER] == cells.BY_KEY:
        include(m, cells.FIRST_IN_LINE, visit)
    else:
        words_at(m[cells.LINE_SEATS])[m[cells.IN_LINE]] = visit
        m[visit + blocks.LINE_SEAT] = m[cells.IN_LINE]
    m[cells.IN_LINE] += 1


@called
def take_out(m: Memory, visit: int) -> None:
    m[cells.IN_LINE] -= 1
    if m[cells.ORDER] == cells.BY_JOINING:
        unlink(m, cells.FIRST_IN_LINE, visit)
    elif m[cells.ORDER] == cells.BY_KEY:
        exclude(m, cells.FIRST_IN_LINE, visit)
    else:
        seats = words_at(m[cells.LINE_SEATS])
        last = seats[m[cells.IN_LINE]]
        seats[m[visit + blocks.LINE_SEAT]] = last
        m[last + blocks.LINE_SEAT] = m[visit + blocks.LINE_SEAT]


@called
def take_number(m: Memory, visit: int) -> None:
    m[visit + blocks.NUMBER_IN_LINE] = m[cells.NEXT_NUMBER]
    m[cells.NEXT_NUMBER] += 1


@called
def join(m: Memory, visit: int) -> None:
    """Stand in line, and know already when patience will end."""
    visitor, group = m[visit + blocks.VISITOR], group_of(m, visit)
    m[visit + blocks.STATE] = blocks.STANDS
    m[visit + blocks.JOINED] = m[cells.NOW]
    m[visit + blocks.CALLS] = 0
    m[visit + blocks.IS_QUIET] = m[cells.IS_LIST]
    m[visit + blocks.LEAVES_AT] = m[cells.NOW] + lasts(
        m, m[group + tables.PATIENCE], draws.PATIENCE, visitor, 0, 0
    )
    take_place(m, visit, group)
    begin_patience(m, visit, group)
    insert(m, visit)
    plan_release(m, m[cells.NOW] + 1)


@called
def take_place(m: Memory, visit: int, group: int) -> None:
    """By which words somebody who joins is ordered."""
    m[visit + blocks.FIRST_KEY] = m[group + tables.RANK] if m[cells.BY_RANK] != 0 else 0
    if m[cells.RELEASE_KIND] == cells.BY_MINUTE:
        m[visit + blocks.NUMBER_IN_LINE] = 0
        take_place_of_minute(m, visit)
    elif m[cells.SHUFFLES] != 0 and m[cells.NOW] < m[cells.OPENS]:
        lot = luck(m, draws.LOTTERY, m[visit + blocks.VISITOR], 0, 0)
        m[visit + blocks.NUMBER_IN_LINE] = NO_NUMBER + int(lot * draws.TWO_TO_52)
    else:
        take_number(m, visit)


@called
def begin_patience(m: Memory, visit: int, group: int) -> None:
    """What may happen to somebody in line before he is called."""
    f = as_floats(m)
    visitor = m[visit + blocks.VISITOR]
    if (
        f[group + tables.SILENT] > 0.0
        and luck(m, draws.SILENCE, visitor, 0, 0) < f[group + tables.SILENT]
    ):
        m[visit + blocks.IS_QUIET] = 1
    if (
        m[cells.LEAVES_BY_EVENT] != 0
        and m[visit + blocks.IS_QUIET] == 0
        and m[visit + blocks.LEAVES_AT] < m[cells.CLOSES]
    ):
        plan(m, m[visit + blocks.LEAVES_AT], PATIENCE, visitor, 0, visit)
    plan_refresh(m, visit, group, 0)
    if (
        f[group + tables.REFERS] > 0.0
        and luck(m, draws.REFERRAL, visitor, 0, 0) < f[group + tables.REFERS]
    ):
        at = m[cells.NOW] + lasts(m, m[group + tables.REFERS_AFTER], draws.REFERRAL, visitor, 1, 0)
        if at < m[cells.CLOSES]:
            plan(m, at, REFERRAL, visitor, 0, visit)


@called
def plan_refresh(m: Memory, visit: int, group: int, number: int) -> None:
    after = lasts(
        m, m[group + tables.REFRESHES], draws.REFRESH, m[visit + blocks.VISITOR], 0, number
    )
    if m[cells.NOW] + after < m[cells.CLOSES]:
        plan(m, m[cells.NOW] + after, REFRESH, m[visit + blocks.VISITOR], number, visit)


@called
def is_uncalled(m: Memory, visit: int, visitor: int) -> bool:
    """Whether an event finds its visitor in line, and never called."""
    return (
        m[visit + blocks.STATE] == blocks.STANDS
        and m[visit + blocks.VISITOR] == visitor
        and m[visit + blocks.CALLS] == 0
        and m[visit + blocks.LEAVES_AT] >= m[cells.NOW]
    )


@called
def refresh(m: Memory, visit: int, number: int) -> None:
    """REFRESH: the page is reloaded, and the place lost."""
    to_the_end(m, visit)
    plan_refresh(m, visit, group_of(m, visit), number + 1)


@called
def to_the_end(m: Memory, visit: int) -> None:
    """Of those in line."""
    take_out(m, visit)
    take_number(m, visit)
    insert(m, visit)


@called
def move_ahead(m: Memory, visit: int) -> None:
    """REFERRAL: who has a number moves ahead."""
    if m[cells.ORDER] == cells.BY_KEY and m[visit + blocks.NUMBER_IN_LINE] > FIRST_NUMBER:
        exclude(m, cells.FIRST_IN_LINE, visit)
        m[visit + blocks.NUMBER_IN_LINE] -= m[group_of(m, visit) + tables.REFERS_PLACES]
        include(m, cells.FIRST_IN_LINE, visit)


@called
def lose_patience(m: Memory, visit: int) -> None:
    """PATIENCE: somebody leaves aloud; by minute his place may outlast him."""
    if m[cells.RELEASE_KIND] == cells.BY_MINUTE:
        exclude(m, cells.FIRST_IN_LINE, visit)
        write_visit(m, visit, RENEGED, m[cells.NOW])
        become_ghost(m, visit)
        return
    take_out(m, visit)
    finish(m, visit, RENEGED, m[cells.NOW])
    if m[cells.IN_LINE] == 0:
        plan_release(m, m[cells.NOW] + 1)


@called
def finish(m: Memory, visit: int, fate: int, ended: int) -> None:
    """The end of the visit of somebody who was not let in."""
    write_visit(m, visit, fate, ended)
    give_block(m, visit)
