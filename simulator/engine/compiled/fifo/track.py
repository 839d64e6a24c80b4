"""What goes on at stations over time, noted by the kernel without events: attempt by attempt."""

from __future__ import annotations

from numpy import uintp

from simulator.engine.compiled.areas import BUSY, IN_QUEUE, OFFERED
from simulator.engine.compiled.code import called, inlined
from simulator.engine.compiled.fifo.state import BIN, BIN_START_NS, State
from simulator.engine.compiled.fifo.tables import Rules


@inlined
def turn_bin(rules: Rules, state: State, now_ns: int) -> int:
    """The bin of now, which attempts are sent in one after the other."""
    cells, grid = state.cells, rules.grid
    if now_ns >= cells[BIN_START_NS] + grid.bin_ns:
        cells[BIN] = now_ns // grid.bin_ns
        cells[BIN_START_NS] = cells[BIN] * grid.bin_ns
    return int(cells[BIN])


@inlined
def note_offered(rules: Rules, state: State, station: uintp, sent_ns: int) -> None:
    """An attempt reaches a station."""
    state.areas[station, uintp(turn_bin(rules, state, sent_ns)), OFFERED] += 1


@called
def note_change(
    rules: Rules, state: State, station: uintp, column: int, at_ns: int, more: int
) -> None:
    """So much more goes on from then on."""
    if at_ns >= rules.end_ns:
        return
    grid = rules.grid
    number = at_ns // grid.bin_ns
    left = grid.moments - ((at_ns - number * grid.bin_ns) >> grid.shift)
    row = state.areas[station, uintp(number)]
    row[uintp(column)] += more * left
    row[uintp(column + 1)] += more


@inlined
def note_stay(
    rules: Rules, state: State, station: uintp, column: int, from_ns: int, to_ns: int
) -> None:
    """One goes on from one instant to the other; mostly both are in the bin of now."""
    start_ns, grid = state.cells[BIN_START_NS], rules.grid
    if to_ns < min(start_ns + grid.bin_ns, rules.end_ns):
        moments = ((to_ns - start_ns) >> grid.shift) - ((from_ns - start_ns) >> grid.shift)
        state.areas[station, uintp(state.cells[BIN]), uintp(column)] += moments
    else:
        note_change(rules, state, station, column, from_ns, 1)
        note_change(rules, state, station, column, to_ns, -1)


@inlined
def note_work(
    rules: Rules, state: State, station: uintp, sent_ns: int, started_ns: int, done_ns: int
) -> None:
    """A job waits, if it does, and has a server."""
    if started_ns > sent_ns:
        note_stay(rules, state, station, IN_QUEUE, sent_ns, started_ns)
    note_stay(rules, state, station, BUSY, started_ns, done_ns)
