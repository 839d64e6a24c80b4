"""The memory of one launch, its arrays beside it, and how they grow while nobody is lost.

Before anything grows it is cleared of what has no future: who has left the line unnoticed, and
events of what has ended. Memory follows those who are present, not those who came.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simulator.engine.compiled.areas import INSTANCES_UP, THERE, change, no_areas
from simulator.engine.compiled.limits import patience_is_an_event
from simulator.engine.compiled.loop.memory.end import line_rows
from simulator.engine.compiled.loop.memory.growth import has_future, larger_station
from simulator.engine.compiled.loop.memory.layout import blocks, cells, stations
from simulator.engine.compiled.loop.memory.opening.opening import tables_of
from simulator.engine.compiled.loop.memory.rows import ATTEMPT_WORDS, VISIT_WORDS
from simulator.outcomes.tracks import Grid
from simulator.system.line import LineKind
from simulator.system.system import System
from simulator.timetable.timetable import Arrivals, Timetable
from simulator.units import FOREVER, Ints

AT_FIRST = ((THERE, stations.NOTED_THERE), (INSTANCES_UP, stations.NOTED_INSTANCES))
"""What goes on at the opening, in columns of areas and words of a station."""
LINE_OF_CACHE = 8
"""Words."""


def aligned(words: int) -> Ints:
    """Room for so many words that begins where a line of the processor's cache does."""
    room = np.empty(words + LINE_OF_CACHE, np.int64)
    skipped = -room.ctypes.data // 8 % LINE_OF_CACHE
    return room[skipped : skipped + words]


def address_of(array: Ints) -> int:
    return int(array.ctypes.data)


def set_grid(memory: Ints, grid: Grid) -> None:
    """Say in the cells how time is cut into bins; it is the first one now."""
    memory[cells.BIN_NS] = memory[cells.BIN_END] = grid.bin_ns
    memory[cells.BIN_SHIFT], memory[cells.BIN_MOMENTS] = grid.shift, grid.moments


@dataclass(slots=True)
class State:
    """What the loop works on; the cells of the memory say where the other arrays are."""

    memory: Ints
    first_block: int
    block_rows: int
    leaves_unnoticed: bool
    """Whether somebody may have left the line and still stand in it."""
    events: Ints
    line_seats: Ints
    areas: Ints
    """What goes on at stations, by station and bin of time."""
    holes: list[slice] = field(default_factory=list)
    """Blocks whose place tables have taken."""
    visits: Ints = field(init=False)
    attempts: Ints = field(init=False)
    arrivals: Arrivals = field(init=False)

    @classmethod
    def at_opening(
        cls, timetable: Timetable, system: System, grid: Grid, size: int, rows: int
    ) -> State:
        """Nobody is there yet; there is room for ``size`` blocks and events, a power of two."""
        tables = tables_of(timetable, system)
        first_block = -(-len(tables.words) // blocks.BLOCK_SIZE) * blocks.BLOCK_SIZE
        memory = aligned(first_block + size * blocks.BLOCK_SIZE)
        memory[: len(tables.words)] = tables.words
        memory[cells.TOP] = first_block
        areas = no_areas(grid, len(tables.stations))
        set_grid(memory, grid)
        for number, station in enumerate(tables.stations):
            memory[station + stations.TRACK] = address_of(areas[number])
            for column, word in AT_FIRST:
                change(areas, grid, number, column, 0, int(memory[station + word]))
        state = cls(
            memory=memory,
            first_block=first_block,
            block_rows=rows,
            leaves_unnoticed=system.waitlist.kind is LineKind.ROOM
            and not patience_is_an_event(system),
            events=np.empty((size, blocks.EVENT_SIZE), np.int64),
            line_seats=np.empty(size, np.int64),
            areas=areas,
        )
        state.set_events(np.array(sorted(tables.events), np.int64).reshape(-1, blocks.EVENT_SIZE))
        state.set_arrivals(Arrivals.nobody())
        state.memory[cells.ALL_ARRIVED] = 0
        state.empty_rows()
        state.tell()
        return state

    def tell(self) -> None:
        """Say in the cells where everything is."""
        memory = self.memory
        memory[cells.LIMIT] = len(self.memory)
        memory[cells.EVENTS] = address_of(self.events)
        memory[cells.MOST_PENDING] = len(self.events)
        memory[cells.LINE_SEATS] = address_of(self.line_seats)
        memory[cells.MOST_LINE_SEATS] = len(self.line_seats)

    @property
    def blocks(self) -> Ints:
        """All blocks that were ever used, one a row."""
        return self.memory[self.first_block : self.memory[cells.TOP]].reshape(-1, blocks.BLOCK_SIZE)

    @property
    def states(self) -> Ints:
        """What each block is."""
        found = self.blocks[:, blocks.STATE].copy()
        for hole in self.holes:
            found[hole] = blocks.NOBODY
        return found

    # What Python provides --------------------------------------------------------------------------

    def set_arrivals(self, arrivals: Arrivals | None) -> None:
        """The next chunk; None says that everybody has come."""
        memory = self.memory
        memory[cells.ALL_ARRIVED] = arrivals is None
        self.arrivals = Arrivals.nobody() if arrivals is None else arrivals
        memory[cells.NEXT_ARRIVAL] = 0
        memory[cells.ARRIVALS] = len(self.arrivals)
        memory[cells.ARRIVED_VISITOR] = address_of(self.arrivals.visitor)
        memory[cells.ARRIVED_PEOPLE] = address_of(self.arrivals.people)
        memory[cells.ARRIVED_AT] = address_of(self.arrivals.arrived_ns)

    def empty_rows(self) -> None:
        """New arrays: the old ones belong to whoever was given their rows."""
        memory = self.memory
        self.visits = np.empty((self.block_rows, VISIT_WORDS), np.int64)
        self.attempts = np.empty((self.block_rows, ATTEMPT_WORDS), np.int64)
        memory[cells.VISIT_ROWS] = address_of(self.visits)
        memory[cells.ATTEMPT_ROWS] = address_of(self.attempts)
        memory[cells.VISITS] = memory[cells.ATTEMPTS] = 0
        memory[cells.MOST_ROWS] = self.block_rows

    def set_events(self, events: Ints) -> None:
        """These in their order (a sorted list is a heap), and room for as many again."""
        size = len(self.events)
        needed = 2 * (len(events) + int(self.memory[cells.MOST_AT_ONCE]))
        while size < needed:
            size *= 2
        self.events = np.empty((size, blocks.EVENT_SIZE), np.int64)
        self.events[: len(events)] = events
        self.memory[cells.PENDING] = len(events)
        self.tell()

    def more_events(self) -> None:
        events = self.events[: self.memory[cells.PENDING]]
        events = events[has_future(self.memory, events)]
        columns = (blocks.EVENT_TAG, blocks.EVENT_VISITOR, blocks.EVENT_KEY)
        self.set_events(events[np.lexsort([events[:, column] for column in columns])])

    def more_line(self) -> None:
        self.line_seats = np.concatenate([self.line_seats, np.empty_like(self.line_seats)])
        self.tell()

    def more_blocks(self) -> Ints:
        """Room for more blocks, and the rows of those whose blocks could be given to others."""
        left = self.clear_line() if self.leaves_unnoticed else self.blocks[:0]
        rows = line_rows(left, int(self.memory[cells.CLOSES]))
        if 2 * len(left) <= len(self.blocks):
            self.enlarge(0)
        return rows

    def enlarge(self, words: int) -> None:
        """Twice the room for blocks, and so many words more."""
        larger = aligned(2 * len(self.memory) - self.first_block + words)
        larger[: len(self.memory)] = self.memory
        self.memory = larger
        self.tell()

    def more_instances(self) -> None:
        """More instances for the station that lacks some; their tables come among the blocks."""
        station = int(self.memory[cells.SHORT_OF])
        first = int(self.memory[cells.TOP])
        words = larger_station(self.memory, station, first)
        size = -(-len(words) // blocks.BLOCK_SIZE) * blocks.BLOCK_SIZE
        self.enlarge(size)
        self.memory[first : first + len(words)] = words
        self.memory[cells.TOP] = first + size
        row = (first - self.first_block) // blocks.BLOCK_SIZE
        self.holes.append(slice(row, row + size // blocks.BLOCK_SIZE))
        self.memory[cells.SHORT_OF] = -station

    def clear_line(self) -> Ints:
        """Take those out of the line who have left it; returns a copy of their blocks."""
        memory, rows_of_blocks = self.memory, self.blocks
        stands = self.states == blocks.STANDS
        patient = rows_of_blocks[:, blocks.LEAVES_AT] >= memory[cells.NOW]
        gone = stands & ~patient & (rows_of_blocks[:, blocks.IS_QUIET] == 0)
        left: Ints = rows_of_blocks[gone]
        present = np.flatnonzero(stands & ~gone)
        present = present[np.argsort(rows_of_blocks[present, blocks.NUMBER_IN_LINE])]
        first, last = self.chain(present)
        memory[[cells.FIRST_IN_LINE, cells.LAST_IN_LINE]] = first, last
        memory[cells.IN_LINE] = len(present)
        if not len(present):
            memory[cells.RELEASE_AT] = FOREVER
        self.free(np.flatnonzero(gone))
        return left

    def chain(self, rows: Ints) -> tuple[int, int]:
        """Make a list of blocks, in this order; returns its first and its last one."""
        if not len(rows):
            return 0, 0
        addresses = self.first_block + rows * blocks.BLOCK_SIZE
        self.blocks[rows, blocks.NEXT] = np.append(addresses[1:], 0)
        self.blocks[rows, blocks.PREVIOUS] = np.append(0, addresses[:-1])
        return int(addresses[0]), int(addresses[-1])

    def free(self, rows: Ints) -> None:
        """Give blocks to whoever needs one next."""
        if len(rows):
            first, last = self.chain(rows)
            self.memory[last + blocks.NEXT] = self.memory[cells.FREE]
            self.memory[cells.FREE] = first
            self.memory[cells.FREE_BLOCKS] += len(rows)
            self.blocks[rows, blocks.STATE] = blocks.NOBODY
