"""The line before stations that are first-come first-served, as a recursion over the arrivals.

In order of joining each is called as soon as he has come, the line has opened and the bucket holds
a token; who has left before that takes none. So his call is known as soon as he is seen, and nobody
has to be kept in a line.
"""

from __future__ import annotations

from simulator.engine.compiled.code import inlined
from simulator.engine.compiled.fifo.state import FULL_AT_NS, NEXT_CHANGE, POLICY, SPACING_NS
from simulator.engine.compiled.fifo.tables import Line
from simulator.system.line import Policy
from simulator.system.system import Lever
from simulator.units import FOREVER, Ints

# As plain numbers.
SETS_POLICY, IS_OPEN = int(Lever.POLICY), int(Policy.OPEN)


@inlined
def set_spacing(cells: Ints, now_ns: int, spacing_ns: int) -> None:
    """The token in the making comes when it was due or a spacing from now, the others after it."""
    missing_ns = cells[FULL_AT_NS] - now_ns
    if missing_ns > 0:
        missing = missing_ns // cells[SPACING_NS]
        rest_ns = missing_ns - missing * cells[SPACING_NS]
        cells[FULL_AT_NS] = now_ns + missing * spacing_ns + min(rest_ns, spacing_ns)
    cells[SPACING_NS] = spacing_ns


@inlined
def make_change(line: Line, cells: Ints) -> None:
    """Set the next lever of the line."""
    n = cells[NEXT_CHANGE]
    if line.change_lever[n] == SETS_POLICY:
        cells[POLICY] = line.change_value[n]
    else:
        set_spacing(cells, line.change_at_ns[n], line.change_value[n])
    cells[NEXT_CHANGE] = n + 1


@inlined
def change_until(line: Line, cells: Ints, now_ns: int) -> None:
    """Set all levers whose instant has come."""
    while (
        cells[NEXT_CHANGE] < len(line.change_at_ns)
        and line.change_at_ns[cells[NEXT_CHANGE]] <= now_ns
    ):
        make_change(line, cells)


@inlined
def ready_ns(line: Line, cells: Ints) -> int:
    """When the bucket holds a token, as things stand."""
    return int(max(cells[FULL_AT_NS] - (line.burst - 1) * cells[SPACING_NS], line.opens_ns))


@inlined
def turn_ns(line: Line, cells: Ints, joined_ns: int) -> tuple[int, bool]:
    """When somebody is called who is the next in line, and whether that takes a token.

    Changes up to then are made, but for one that opens the line: that one calls the others too.
    """
    while True:
        called_ns = max(ready_ns(line, cells), joined_ns)
        n = cells[NEXT_CHANGE]
        if n == len(line.change_at_ns) or line.change_at_ns[n] > called_ns:
            return called_ns, True
        if line.change_lever[n] == SETS_POLICY and line.change_value[n] == IS_OPEN:
            return line.change_at_ns[n], False
        make_change(line, cells)


@inlined
def take_token(cells: Ints, now_ns: int) -> None:
    cells[FULL_AT_NS] = max(cells[FULL_AT_NS], now_ns) + cells[SPACING_NS]


@inlined
def first_look_ns(line: Line, joined_ns: int, called_ns: int) -> int:
    """When somebody who was called then sees it."""
    if line.poll_every_ns == 0:
        return called_ns
    looks = (called_ns - joined_ns + line.poll_every_ns - 1) // line.poll_every_ns
    return joined_ns + looks * line.poll_every_ns


@inlined
def earliest_call_ns(line: Line, cells: Ints, arrived_ns: int) -> int:
    """Nobody who has not been seen yet is called before; ``arrived_ns`` is that of the first."""
    if cells[POLICY] == IS_OPEN:
        return arrived_ns
    n = cells[NEXT_CHANGE]
    change_ns = line.change_at_ns[n] if n < len(line.change_at_ns) else FOREVER
    return max(arrived_ns, min(ready_ns(line, cells), change_ns))
