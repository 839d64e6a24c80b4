"""The compiled engine: the same launch as :mod:`simulator.engine.readable.launch`, a hundred times as fast.

It exists for speed alone. A compiled loop runs until it needs something: the next
arrivals, an empty block for rows, or more room for those who are present. Python provides it and
lets the loop go on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.compiled.areas import tracks_of
from simulator.engine.compiled.fifo.engine import Fifo
from simulator.engine.compiled.fold import fold as compiled_fold
from simulator.engine.compiled.limits import refuse_overflow
from simulator.engine.compiled.loop.kernel import (
    ARRIVALS_USED_UP,
    BLOCKS_FULL,
    DONE,
    EVENTS_FULL,
    LINE_FULL,
    ROWS_FULL,
    place,
    run,
)
from simulator.engine.compiled.loop.memory.end import line_rows, under_way_rows
from simulator.engine.compiled.loop.memory.layout import blocks, cells
from simulator.engine.compiled.loop.memory.opening.tables import signed
from simulator.engine.compiled.loop.memory.rows import ATTEMPT_WORDS
from simulator.engine.compiled.loop.memory.state import State, address_of
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import ATTEMPT, VISIT, Block, Outcomes, Provenance
from simulator.outcomes.tracks import Grid, Tracks
from simulator.system.system import System
from simulator.timetable.timetable import Blocks, Timetable
from simulator.units import Ints


class Compiled:
    """The engine that is fast."""

    name = "compiled"

    def __init__(
        self, *, block_rows: int = 65_536, first_size: int = 1024, fifo: bool = True
    ) -> None:
        self.block_rows = block_rows
        """The most rows of a kind in a block."""
        self.first_size = first_size
        """Room for so many of a kind is made at first, a power of two; it grows when needed."""
        self.fifo = fifo
        """Whether a launch that needs no events is played without them: the same rows, sooner."""

    def simulate(
        self, timetable: Timetable, system: System, *, bin_ns: int | None = None
    ) -> Outcomes:
        """What becomes of every visitor, as a stream of blocks."""
        if self.fifo and Fifo().covers(system):
            fifo = Fifo(block_rows=self.block_rows, first_size=self.first_size)
            return fifo.simulate(timetable, system, bin_ns=bin_ns)
        grid = Grid.of(bin_ns or max(1, timetable.end_ns), timetable.end_ns)
        tracks = grid.tracks(len(system.stations))
        return Outcomes(
            provenance=Provenance.PREDICTED,
            horizon_ns=timetable.horizon_ns,
            end_ns=timetable.end_ns,
            blocks=self.blocks(timetable, system, grid, tracks),
            tracks=None if bin_ns is None else tracks,
        )

    def summarise(
        self, timetable: Timetable, system: System, *, bin_ns: int, layout: Layout
    ) -> Summary:
        """As :func:`simulator.outcomes.counts.fold.summarise` of what is simulated; rows are not kept."""
        if self.fifo and Fifo().covers(system):
            return Fifo().summarise(timetable, system, bin_ns=bin_ns, layout=layout)
        outcomes = self.simulate(timetable, system, bin_ns=bin_ns)
        return compiled_fold.summarise(outcomes, bin_ns=bin_ns, layout=layout)

    def blocks(
        self, timetable: Timetable, system: System, grid: Grid, tracks: Tracks
    ) -> Iterator[Block]:
        refuse_overflow(timetable, system)
        state = State.at_opening(timetable, system, grid, self.first_size, self.block_rows)
        arrivals = timetable.arrivals(place=placed)
        while (status := run(address_of(state.memory))) != DONE:
            if status == ARRIVALS_USED_UP:
                state.set_arrivals(next(arrivals, None))
            elif status == ROWS_FULL:
                yield rows_so_far(state)
                state.empty_rows()
            elif status == EVENTS_FULL:
                state.more_events()
            elif status == BLOCKS_FULL:
                yield from in_blocks(state.more_blocks(), NO_ATTEMPTS, self.block_rows)
            elif status == LINE_FULL:
                state.more_line()
            else:
                state.more_instances()
        yield rows_so_far(state)
        yield from self.rows_at_the_end(state)
        tracks_of(state.areas, grid, timetable.end_ns, tracks)

    def rows_at_the_end(self, state: State) -> Iterator[Block]:
        """Those still in the line, and those still under way."""
        closes_ns = int(state.memory[cells.CLOSES])
        # Asked for once: to tell what each block is reads all of them.
        ever_used, state_of = state.blocks, state.states
        for first in range(0, len(ever_used), self.block_rows):
            part = slice(first, first + self.block_rows)
            present, kind = ever_used[part], state_of[part]
            in_line = line_rows(present[kind == blocks.STANDS], closes_ns)
            visits, attempts = under_way_rows(present[kind == blocks.UNDER_WAY])
            yield block_of(np.concatenate([in_line, visits]), attempts)


NO_ATTEMPTS = np.empty((0, ATTEMPT_WORDS), np.int64)


def placed(key: int, blocks: Blocks) -> Ints:
    """As :func:`simulator.timetable.timetable.placed`, by the same draws compiled."""
    instants_ns = np.empty(blocks.count.sum(), np.int64)
    place(
        signed(key),
        blocks.first_visitor,
        blocks.count,
        blocks.start_ns,
        blocks.width_ns,
        blocks.tilt,
        instants_ns,
    )
    return instants_ns


def rows_so_far(state: State) -> Block:
    visits, attempts = (int(state.memory[cell]) for cell in (cells.VISITS, cells.ATTEMPTS))
    return block_of(state.visits[:visits], state.attempts[:attempts])


def in_blocks(visits: Ints, attempts: Ints, size: int) -> Iterator[Block]:
    for first in range(0, max(len(visits), len(attempts)), size):
        rows = slice(first, first + size)
        yield block_of(visits[rows], attempts[rows])


def block_of(visits: Ints, attempts: Ints) -> Block:
    """Rows of integers seen as records; nothing is copied."""
    visits, attempts = np.ascontiguousarray(visits), np.ascontiguousarray(attempts)
    return Block(visits=visits.view(VISIT).reshape(-1), attempts=attempts.view(ATTEMPT).reshape(-1))
