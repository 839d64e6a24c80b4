"""The line, compiled: who joins it, in which order it stands, and who leaves it.

Where nobody counts those in line, who has lost patience stands in it until he would be called, and
is not called then.
"""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, as_floats, called, words_at
from simulator.engine.compiled.loop.clients import group_of
from simulator.engine.compiled.loop.line.minute import become_ghost, take_place_of_minute
from simulator.engine.compiled.loop.memory.blocks import (
    append,
    exclude,
    give_block,
    include,
    unlink,
)
from simulator.engine.compiled.loop.memory.events import plan
from simulator.engine.compiled.loop.memory.layout import (
    BY_JOINING,
    BY_KEY,
    BY_MINUTE,
    BY_RANK,
    CALLS,
    CLOSES,
    FIRST_IN_LINE,
    FIRST_KEY,
    IN_LINE,
    IS_LIST,
    IS_QUIET,
    JOINED,
    LEAVES_AT,
    LEAVES_BY_EVENT,
    LINE_SEAT,
    LINE_SEATS,
    NEXT_NUMBER,
    NOW,
    NUMBER_IN_LINE,
    OPENS,
    ORDER,
    PATIENCE,
    RANK,
    REFERS,
    REFERS_AFTER,
    REFERS_PLACES,
    REFRESHES,
    RELEASE_KIND,
    SHUFFLES,
    SILENT,
    STANDS,
    STATE,
    VISITOR,
)
from simulator.engine.compiled.loop.memory.luck import lasts, luck
from simulator.engine.compiled.loop.memory.rows import write_visit
from simulator.engine.compiled.loop.release import plan_release
from simulator.engine.rules import PATIENCE as PATIENCE_CLASS
from simulator.engine.rules import REFERRAL, REFRESH
from simulator.outcomes.rows import Fate
from simulator.timetable import draws

# A plain integer: to numba an IntEnum is a type of its own.
RENEGED = int(Fate.RENEGED)

NO_NUMBER = -(1 << 62)
"""From here on, and before all numbers, stand those who have none, by lot."""
FIRST_NUMBER = -(1 << 61)


@called
def insert(m: Memory, visit: int) -> None:
    if m[ORDER] == BY_JOINING:
        append(m, FIRST_IN_LINE, visit)
    elif m[ORDER] == BY_KEY:
        include(m, FIRST_IN_LINE, visit)
    else:
        words_at(m[LINE_SEATS])[m[IN_LINE]] = visit
        m[visit + LINE_SEAT] = m[IN_LINE]
    m[IN_LINE] += 1


@called
def take_out(m: Memory, visit: int) -> None:
    m[IN_LINE] -= 1
    if m[ORDER] == BY_JOINING:
        unlink(m, FIRST_IN_LINE, visit)
    elif m[ORDER] == BY_KEY:
        exclude(m, FIRST_IN_LINE, visit)
    else:
        seats = words_at(m[LINE_SEATS])
        last = seats[m[IN_LINE]]
        seats[m[visit + LINE_SEAT]] = last
        m[last + LINE_SEAT] = m[visit + LINE_SEAT]


@called
def take_number(m: Memory, visit: int) -> None:
    m[visit + NUMBER_IN_LINE] = m[NEXT_NUMBER]
    m[NEXT_NUMBER] += 1


@called
def join(m: Memory, visit: int) -> None:
    """Stand in line, and know already when patience will end."""
    visitor, group = m[visit + VISITOR], group_of(m, visit)
    m[visit + STATE] = STANDS
    m[visit + JOINED] = m[NOW]
    m[visit + CALLS] = 0
    m[visit + IS_QUIET] = m[IS_LIST]
    m[visit + LEAVES_AT] = m[NOW] + lasts(m, m[group + PATIENCE], draws.PATIENCE, visitor, 0, 0)
    take_place(m, visit, group)
    plan_stay(m, visit, group)
    insert(m, visit)
    plan_release(m, m[NOW] + 1)


@called
def take_place(m: Memory, visit: int, group: int) -> None:
    """By which words somebody who joins is ordered."""
    m[visit + FIRST_KEY] = m[group + RANK] if m[BY_RANK] != 0 else 0
    if m[RELEASE_KIND] == BY_MINUTE:
        m[visit + NUMBER_IN_LINE] = 0
        take_place_of_minute(m, visit)
    elif m[SHUFFLES] != 0 and m[NOW] < m[OPENS]:
        lot = luck(m, draws.LOTTERY, m[visit + VISITOR], 0, 0)
        m[visit + NUMBER_IN_LINE] = NO_NUMBER + int(lot * draws.TWO_TO_52)
    else:
        take_number(m, visit)


@called
def plan_stay(m: Memory, visit: int, group: int) -> None:
    """What may happen to somebody in line before he is called."""
    f = as_floats(m)
    visitor = m[visit + VISITOR]
    if f[group + SILENT] > 0.0 and luck(m, draws.SILENCE, visitor, 0, 0) < f[group + SILENT]:
        m[visit + IS_QUIET] = 1
    if m[LEAVES_BY_EVENT] != 0 and m[visit + IS_QUIET] == 0 and m[visit + LEAVES_AT] < m[CLOSES]:
        plan(m, m[visit + LEAVES_AT], PATIENCE_CLASS, visitor, 0, visit)
    plan_refresh(m, visit, group, 0)
    if f[group + REFERS] > 0.0 and luck(m, draws.REFERRAL, visitor, 0, 0) < f[group + REFERS]:
        at = m[NOW] + lasts(m, m[group + REFERS_AFTER], draws.REFERRAL, visitor, 1, 0)
        if at < m[CLOSES]:
            plan(m, at, REFERRAL, visitor, 0, visit)


@called
def plan_refresh(m: Memory, visit: int, group: int, number: int) -> None:
    after = lasts(m, m[group + REFRESHES], draws.REFRESH, m[visit + VISITOR], 0, number)
    if m[NOW] + after < m[CLOSES]:
        plan(m, m[NOW] + after, REFRESH, m[visit + VISITOR], number, visit)


@called
def is_uncalled(m: Memory, visit: int, visitor: int) -> bool:
    """Whether an event finds its visitor in line, and never called."""
    return (
        m[visit + STATE] == STANDS
        and m[visit + VISITOR] == visitor
        and m[visit + CALLS] == 0
        and m[visit + LEAVES_AT] >= m[NOW]
    )


@called
def refresh(m: Memory, visit: int, number: int) -> None:
    """REFRESH: the page is reloaded, and the place lost."""
    go_to_end(m, visit)
    plan_refresh(m, visit, group_of(m, visit), number + 1)


@called
def go_to_end(m: Memory, visit: int) -> None:
    """Of those in line."""
    take_out(m, visit)
    take_number(m, visit)
    insert(m, visit)


@called
def refer(m: Memory, visit: int) -> None:
    """REFERRAL: who has a number moves ahead."""
    if m[ORDER] == BY_KEY and m[visit + NUMBER_IN_LINE] > FIRST_NUMBER:
        exclude(m, FIRST_IN_LINE, visit)
        m[visit + NUMBER_IN_LINE] -= m[group_of(m, visit) + REFERS_PLACES]
        include(m, FIRST_IN_LINE, visit)


@called
def lose_patience(m: Memory, visit: int) -> None:
    """PATIENCE: somebody leaves aloud; by minute his place may outlast him."""
    if m[RELEASE_KIND] == BY_MINUTE:
        exclude(m, FIRST_IN_LINE, visit)
        write_visit(m, visit, RENEGED, m[NOW])
        become_ghost(m, visit)
        return
    take_out(m, visit)
    finish(m, visit, RENEGED, m[NOW])
    if m[IN_LINE] == 0:
        plan_release(m, m[NOW] + 1)


@called
def finish(m: Memory, visit: int, fate: int, ended: int) -> None:
    """The end of the visit of somebody who was not let in."""
    write_visit(m, visit, fate, ended)
    give_block(m, visit)
