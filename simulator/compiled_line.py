"""The line, compiled: who joins it, when the next one is called, and what comes of that.

Patience is no event here. When it will end is known on joining, and it matters only when somebody
is called.
"""

from __future__ import annotations

from simulator import draws
from simulator.compiled_code import inlined
from simulator.compiled_heap import push
from simulator.compiled_state import (
    FULL_AT,
    LINE_FIRST,
    LINE_JOINED,
    LINE_LEAVES,
    LINE_PEOPLE,
    LINE_SIZE,
    LINE_VISITOR,
    LOCATION,
    NOW,
    PATIENCE_LAW,
    RELEASE_AT,
    SCALE,
    SPACING,
    Rules,
    State,
)
from simulator.compiled_visits import take_slot, write_visit
from simulator.draws import FOREVER
from simulator.engine import ENTRY
from simulator.outcomes import UNKNOWN, Fate

# Plain integers: to numba an IntEnum is a type of its own.
RENEGED, WAITING = int(Fate.RENEGED), int(Fate.WAITING)


@inlined
def join(rules: Rules, state: State, visitor: int, people: int) -> None:
    """Stand in line, and know already when patience will end."""
    cells, line = state.cells, state.line
    now = cells[NOW]
    place = (cells[LINE_FIRST] + cells[LINE_SIZE]) & (len(line) - 1)
    line[place, LINE_VISITOR] = visitor
    line[place, LINE_PEOPLE] = people
    line[place, LINE_JOINED] = now
    line[place, LINE_LEAVES] = now + draws.duration_ns(
        rules.people[people, PATIENCE_LAW],
        rules.patience[people, LOCATION],
        rules.patience[people, SCALE],
        draws.uniform(rules.patience_key, visitor),
    )
    cells[LINE_SIZE] += 1
    if cells[LINE_SIZE] == 1:
        plan_release(rules, state)


@inlined
def plan_release(rules: Rules, state: State) -> None:
    """When the first in line will be called: as soon as there are both, he and a token."""
    cells = state.cells
    ready = cells[FULL_AT] - (rules.burst - 1) * cells[SPACING]
    at = max(cells[NOW], ready)
    cells[RELEASE_AT] = at if cells[LINE_SIZE] > 0 and at < rules.closes_ns else FOREVER


@inlined
def release(rules: Rules, state: State) -> None:
    """Call the first in line, or see that he has left it."""
    cells, line = state.cells, state.line
    now = cells[NOW]
    if not rules.is_room or line[cells[LINE_FIRST], LINE_LEAVES] >= now:
        cells[FULL_AT] = max(cells[FULL_AT], now) + cells[SPACING]
    call_first(rules, state)
    plan_release(rules, state)


@inlined
def call_first(rules: Rules, state: State) -> None:
    """The first in line is called; what comes of it is known at once."""
    cells, line = state.cells, state.line
    first = cells[LINE_FIRST]
    cells[LINE_FIRST] = (first + 1) & (len(line) - 1)
    cells[LINE_SIZE] -= 1
    visitor, people = line[first, LINE_VISITOR], line[first, LINE_PEOPLE]
    joined, leaves = line[first, LINE_JOINED], line[first, LINE_LEAVES]
    look = cells[NOW]
    if rules.poll_every_ns > 0:
        looks = (look - joined + rules.poll_every_ns - 1) // rules.poll_every_ns
        look = joined + looks * rules.poll_every_ns
    if min(look, leaves) >= rules.closes_ns:
        write_visit(state, visitor, people, joined, joined, UNKNOWN, UNKNOWN, WAITING)
    elif leaves < look:
        write_visit(state, visitor, people, joined, joined, UNKNOWN, leaves, RENEGED)
    else:
        slot = take_slot(state, visitor, people, joined, joined)
        push(state, look, ENTRY, visitor, slot)
