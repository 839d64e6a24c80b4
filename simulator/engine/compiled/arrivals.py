"""The arrivals of a timetable, compiled: one at a time from each surge, merged by their keys.

They are those of :meth:`simulator.timetable.timetable.Timetable.arrivals`, by the same draws. Nothing is
kept of a block of time but where it stands, so that a minute in which a hundred million come takes
no more memory than one in which nobody does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy import uintp

from simulator.engine.compiled.code import inlined, kept
from simulator.timetable import draws
from simulator.timetable.draws import (
    BLOCK_SHIFT,
    COMPONENT_SHIFT,
    exponential,
    position_in_block,
    substream,
    uniform,
)
from simulator.timetable.timetable import CHUNK_ARRIVALS, Arrivals, Timetable
from simulator.units import Floats, Ints


class Surges(NamedTuple):
    """Where and how densely people arrive, and how far each surge has come.

    Blocks of all surges lie one behind the other; those of surge ``c`` from ``first_block[c]`` to
    before ``first_block[c + 1]``.
    """

    key: int
    """Of all arrivals of the launch."""
    people: Ints
    first_block: Ints
    counts: Ints
    start_ns: Ints
    width_ns: Ints
    tilt: Floats

    block: Ints
    """Of each surge, the block that its next arrival lies in."""
    next_index: Ints
    """The number of the next arrival in its block."""
    block_key: Ints
    gaps: Floats
    """The gaps up to the next arrival, in the block's own time."""
    all_gaps: Floats
    next_ns: Ints
    heap: Ints
    """The surges that go on, the one with the earliest next arrival first."""
    going: Ints
    """How many go on; before the start, -1."""


def surges_of(timetable: Timetable) -> Surges:
    """All surges of a timetable, before their first arrivals."""
    components = timetable.demand.components
    sizes = [len(component.mass) for component in components]
    many = len(components)
    return Surges(
        key=signed(draws.stream(timetable.seed, timetable.launch, draws.ARRIVAL)),
        people=np.array([component.people for component in components], np.int64),
        first_block=np.cumsum([0, *sizes], dtype=np.int64),
        counts=joined(timetable.counts),
        start_ns=joined([component.edges_ns[:-1] for component in components]),
        width_ns=joined([np.diff(component.edges_ns) for component in components]),
        tilt=np.concatenate([np.empty(0), *(component.tilt for component in components)]),
        block=np.zeros(many, np.int64),
        next_index=np.zeros(many, np.int64),
        block_key=np.zeros(many, np.int64),
        gaps=np.zeros(many),
        all_gaps=np.zeros(many),
        next_ns=np.zeros(many, np.int64),
        heap=np.zeros(many, np.int64),
        going=np.array([-1], np.int64),
    )


def joined(parts: tuple[Ints, ...] | list[Ints]) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *parts])


def signed(key: int) -> int:
    """The same 64 bits as a machine's signed integer."""
    return key - (1 << 64) if key >> 63 else key


@inlined
def place_next(surges: Surges, c: int) -> None:
    """Draw the instant of the surge's arrival ``index[c]`` in its block."""
    b = surges.block[uintp(c)]
    surges.gaps[uintp(c)] += exponential(
        uniform(surges.block_key[uintp(c)], surges.next_index[uintp(c)])
    )
    share = surges.gaps[uintp(c)] / surges.all_gaps[uintp(c)]
    width_ns = surges.width_ns[uintp(b)]
    instant = int(position_in_block(share, surges.tilt[uintp(b)]) * width_ns)
    surges.next_ns[uintp(c)] = surges.start_ns[uintp(b)] + min(instant, width_ns - 1)


@inlined
def open_block(surges: Surges, c: int) -> bool:
    """Go on to the first block, from ``block[c]`` on, in which anybody comes; false: none is left.

    The gaps are added up here and drawn again one by one: to keep them would take memory.
    """
    b, last = surges.block[uintp(c)], surges.first_block[uintp(c + 1)]
    while b < last and surges.counts[uintp(b)] == 0:
        b += 1
    surges.block[uintp(c)] = b
    if b == last:
        return False
    key = substream(surges.key, c, b - surges.first_block[uintp(c)])
    count = surges.counts[uintp(b)]
    whole = exponential(uniform(key, count))
    for i in range(count):
        whole += exponential(uniform(key, i))
    surges.block_key[uintp(c)] = key
    surges.all_gaps[uintp(c)] = whole
    surges.gaps[uintp(c)] = 0.0
    surges.next_index[uintp(c)] = 0
    place_next(surges, c)
    return True


@inlined
def comes_before(surges: Surges, c: int, d: int) -> bool:
    """Whether the next arrival of one surge has a smaller key than that of another."""
    return surges.next_ns[uintp(c)] < surges.next_ns[uintp(d)] or (
        surges.next_ns[uintp(c)] == surges.next_ns[uintp(d)] and c < d
    )


@inlined
def settle(surges: Surges, hole: int, c: int) -> None:
    """Put a surge into the heap, at the hole or as far below it as it belongs."""
    heap, size = surges.heap, surges.going[0]
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and comes_before(surges, heap[uintp(child + 1)], heap[uintp(child)]):
            child += 1
        if not comes_before(surges, heap[uintp(child)], c):
            break
        heap[uintp(hole)] = heap[uintp(child)]
        hole = child
    heap[uintp(hole)] = c


@inlined
def begin(surges: Surges) -> None:
    """Draw the first arrival of each surge."""
    surges.going[0] = 0
    for c in range(len(surges.people)):
        surges.block[uintp(c)] = surges.first_block[uintp(c)]
        if open_block(surges, c):
            surges.heap[uintp(surges.going[0])] = c
            surges.going[0] += 1
    for hole in range(surges.going[0] // 2 - 1, -1, -1):
        settle(surges, hole, surges.heap[uintp(hole)])


@kept
def arrive(surges: Surges, visitor: Ints, people: Ints, arrived_ns: Ints) -> int:
    """Write the next arrivals, as many as there are or fit, and return their number."""
    if surges.going[0] < 0:
        begin(surges)
    written = 0
    while written < len(visitor) and surges.going[0] > 0:
        c = surges.heap[0]
        block = surges.block[uintp(c)] - surges.first_block[uintp(c)]
        visitor[uintp(written)] = (
            (c << COMPONENT_SHIFT) | (block << BLOCK_SHIFT) | surges.next_index[uintp(c)]
        )
        people[uintp(written)] = surges.people[uintp(c)]
        arrived_ns[uintp(written)] = surges.next_ns[uintp(c)]
        written += 1

        surges.next_index[uintp(c)] += 1
        goes_on = True
        if surges.next_index[uintp(c)] < surges.counts[uintp(surges.block[uintp(c)])]:
            place_next(surges, c)
        else:
            surges.block[uintp(c)] += 1
            goes_on = open_block(surges, c)
        if not goes_on:
            surges.going[0] -= 1
            c = surges.heap[uintp(surges.going[0])]
        if surges.going[0] > 0:
            settle(surges, 0, c)
    return written


def arrivals(timetable: Timetable, chunk: int = CHUNK_ARRIVALS) -> Iterator[Arrivals]:
    """The timetable's rows in the order of their keys, a chunk at a time."""
    surges = surges_of(timetable)
    while True:
        visitor, people, arrived_ns = (np.empty(chunk, np.int64) for _ in range(3))
        many = arrive(surges, visitor, people, arrived_ns)
        if not many:
            return
        for column in (visitor, people, arrived_ns):
            column.setflags(write=False)
        yield Arrivals(visitor=visitor, people=people, arrived_ns=arrived_ns).part(slice(many))
