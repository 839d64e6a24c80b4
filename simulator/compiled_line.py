"""The line, compiled: who joins it, in which order it stands, who leaves it, and who is called.

What comes of a call is known when it is made, for a visitor's luck is: only an entry, and going to
the end of the line, are events. Where nobody counts those in line, who has lost patience stands in
it until he would be called, and is not called then.

``whole`` is None in a launch of the simple words; what stands behind ``whole is not None`` is then
not compiled.
"""

from __future__ import annotations

from simulator import draws
from simulator.compiled_blocks import append, exclude, give_block, include, unlink
from simulator.compiled_client import group_of
from simulator.compiled_code import Memory, as_floats, called, inlined, words_at
from simulator.compiled_events import plan
from simulator.compiled_layout import (
    ANSWERS_AFTER,
    BY_JOINING,
    BY_KEY,
    BY_LOT,
    BY_MINUTE,
    BY_RANK,
    CALL_EXPIRES,
    CALLED,
    CALLS,
    CALLS_MADE,
    CLOSES,
    EXPIRED_TO_END,
    FIRST_IN_LINE,
    FIRST_KEY,
    HAS_SLOTS,
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
    POLL_EVERY,
    RANK,
    REFERS,
    REFERS_AFTER,
    REFERS_PLACES,
    REFRESHES,
    RELEASE_KIND,
    SHOWS_UP,
    SHUFFLES,
    SILENT,
    STANDS,
    STATE,
    TAKEN,
    VISITOR,
)
from simulator.compiled_luck import lasts, luck
from simulator.compiled_minute import become_ghost, take_place_of_minute
from simulator.compiled_release import plan_release
from simulator.compiled_rows import write_visit
from simulator.compiled_sessions import come_to_nothing
from simulator.draws import FOREVER
from simulator.engine import ENTRY, EXPIRY, REFERRAL, REFRESH
from simulator.engine import PATIENCE as PATIENCE_CLASS
from simulator.outcomes import UNKNOWN, Fate

# Plain integers: to numba an IntEnum is a type of its own.
RENEGED, WAITING, NO_SHOW = int(Fate.RENEGED), int(Fate.WAITING), int(Fate.NO_SHOW)

NO_NUMBER = -(1 << 62)
"""From here on, and before all numbers, stand those who have none, by lot."""
FIRST_NUMBER = -(1 << 61)


# The order -----------------------------------------------------------------------------------------


@inlined
def insert(m: Memory, visit: int, whole: int | None) -> None:
    if whole is None or m[ORDER] == BY_JOINING:
        append(m, FIRST_IN_LINE, visit)
    elif m[ORDER] == BY_KEY:
        include(m, FIRST_IN_LINE, visit)
    else:
        words_at(m[LINE_SEATS])[m[IN_LINE]] = visit
        m[visit + LINE_SEAT] = m[IN_LINE]
    m[IN_LINE] += 1


@inlined
def take_out(m: Memory, visit: int, whole: int | None) -> None:
    m[IN_LINE] -= 1
    if whole is None or m[ORDER] == BY_JOINING:
        unlink(m, FIRST_IN_LINE, visit)
    elif m[ORDER] == BY_KEY:
        exclude(m, FIRST_IN_LINE, visit)
    else:
        seats = words_at(m[LINE_SEATS])
        last = seats[m[IN_LINE]]
        seats[m[visit + LINE_SEAT]] = last
        m[last + LINE_SEAT] = m[visit + LINE_SEAT]


@inlined
def take_number(m: Memory, visit: int) -> None:
    m[visit + NUMBER_IN_LINE] = m[NEXT_NUMBER]
    m[NEXT_NUMBER] += 1


@inlined
def next_in_line(m: Memory, whole: int | None) -> int:
    if whole is not None and m[ORDER] == BY_LOT:
        u = luck(m, draws.RELEASED, 0, 0, m[CALLS_MADE])
        return words_at(m[LINE_SEATS])[int(u * m[IN_LINE])]
    return m[FIRST_IN_LINE]


# Joining, and what happens in line -----------------------------------------------------------------


@called
def join(m: Memory, visit: int, whole: int | None) -> None:
    """Stand in line, and know already when patience will end."""
    visitor, group = m[visit + VISITOR], group_of(m, visit)
    m[visit + STATE] = STANDS
    m[visit + JOINED] = m[NOW]
    m[visit + CALLS] = 0
    m[visit + IS_QUIET] = m[IS_LIST]
    m[visit + LEAVES_AT] = m[NOW] + lasts(m, m[group + PATIENCE], draws.PATIENCE, visitor, 0, 0)
    if whole is None:
        take_number(m, visit)
    else:
        take_place(m, visit, group)
        plan_stay(m, visit, group)
    insert(m, visit, whole)
    plan_release(m, m[NOW] + 1)


@inlined
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


@inlined
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


@inlined
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
    take_out(m, visit, 1)
    take_number(m, visit)
    insert(m, visit, 1)


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
    take_out(m, visit, 1)
    finish(m, visit, RENEGED, m[NOW])
    if m[IN_LINE] == 0:
        plan_release(m, m[NOW] + 1)


@inlined
def finish(m: Memory, visit: int, fate: int, ended: int) -> None:
    """The end of the visit of somebody who was not let in."""
    write_visit(m, visit, fate, ended)
    give_block(m, visit)


# Calls ---------------------------------------------------------------------------------------------


@called
def call_next(m: Memory, whole: int | None) -> bool:
    """Call the next one in line; False if he has left it, and another one may be called."""
    visit = next_in_line(m, whole)
    take_out(m, visit, whole)
    if m[visit + LEAVES_AT] < m[NOW] and m[visit + IS_QUIET] == 0:
        finish(m, visit, RENEGED, m[visit + LEAVES_AT])
        return False
    m[CALLS_MADE] += 1
    if whole is not None and m[HAS_SLOTS] != 0:
        m[TAKEN] += 1
    call(m, visit, whole)
    return True


@called
def call(m: Memory, visit: int, whole: int | None) -> None:
    """Somebody is called, and what comes of it."""
    now, leaves, number = m[NOW], m[visit + LEAVES_AT], m[visit + CALLS]
    m[visit + CALLS] = number + 1
    decided_at = first_look(m, visit, whole)
    is_in_time, expires = True, False
    if whole is not None:
        is_in_time, expires = comes_in_time(m, visit, decided_at), m[CALL_EXPIRES] < FOREVER
        if not is_in_time:
            decided_at = now + m[CALL_EXPIRES] if expires else now
    enters = is_in_time and decided_at <= leaves
    if whole is not None and not enters:
        come_to_nothing(m)
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


@inlined
def first_look(m: Memory, visit: int, whole: int | None) -> int:
    """When somebody who is called now looks and has noticed it."""
    notices, every, joined = m[NOW], m[POLL_EVERY], m[visit + JOINED]
    if whole is not None:
        law = m[group_of(m, visit) + ANSWERS_AFTER]
        number = m[visit + CALLS] - 1
        notices += lasts(m, law, draws.ANSWER, m[visit + VISITOR], 0, number)
    if every > 0:
        return joined + (notices - joined + every - 1) // every * every
    return notices


@inlined
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
    insert(m, visit, 1)
    plan_release(m, m[NOW])
