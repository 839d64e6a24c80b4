"""The timetable of one launch: who comes at which instant, and the luck that each of them has.

A visitor's number says where he comes from: ``component << 52 | block << 32 | index``. Arrivals are
made block by block and never all held at once, so a hundred million of them are no matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from simulator import draws
from simulator.demand import Demand, Floats, Ints

BLOCK_SHIFT, COMPONENT_SHIFT = 32, 52
CHUNK_ARRIVALS = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockOfArrivals:
    """One block of one component: how many come in it, and how they are spread."""

    key: int
    """Of the stream that places the arrivals, masked to 64 bits."""
    first_visitor: int
    people: int
    count: int
    start_ns: int
    width_ns: int
    tilt: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrivals:
    """A stretch of the timetable in the order of its event keys: equal lengths, read-only."""

    visitor: Ints
    people: Ints
    arrived_ns: Ints

    def __len__(self) -> int:
        return len(self.visitor)


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """Every random draw of one launch."""

    demand: Demand
    horizon_ns: int
    """Arrivals end and the line closes."""
    end_ns: int
    """Those let in have until then."""
    seed: int = 0
    launch: int = 0
    """Which of the launches: another one has other arrivals and other luck."""
    service_launch: int | None = None
    """Another launch's service times for the same arrivals, as a rehearsal repeats itself."""

    @cached_property
    def patience_key(self) -> int:
        return draws.stream(self.seed, self.launch, draws.PATIENCE)

    @cached_property
    def backoff_key(self) -> int:
        return draws.stream(self.seed, self.launch, draws.BACKOFF)

    @cached_property
    def service_key(self) -> int:
        launch = self.launch if self.service_launch is None else self.service_launch
        return draws.stream(self.seed, launch, draws.SERVICE)

    @cached_property
    def counts(self) -> tuple[Ints, ...]:
        """How many arrive in each block of each component."""
        key = draws.stream(self.seed, self.launch, draws.COUNT)
        return tuple(
            poisson_counts(draws.substream(key, index, 0), component.mass)
            for index, component in enumerate(self.demand.components)
        )

    @cached_property
    def total(self) -> int:
        return sum(int(counts.sum()) for counts in self.counts)

    def chunks(self) -> Iterator[list[BlockOfArrivals]]:
        """The blocks, grouped so that each group ends before the next one starts."""
        key = draws.stream(self.seed, self.launch, draws.ARRIVAL)
        blocks: list[BlockOfArrivals] = []
        for index, (component, counts) in enumerate(
            zip(self.demand.components, self.counts, strict=True)
        ):
            edges = component.edges_ns
            blocks.extend(
                BlockOfArrivals(
                    key=draws.substream(key, index, int(block)),
                    first_visitor=(index << COMPONENT_SHIFT) | (int(block) << BLOCK_SHIFT),
                    people=component.people,
                    count=int(counts[block]),
                    start_ns=int(edges[block]),
                    width_ns=int(edges[block + 1] - edges[block]),
                    tilt=float(component.tilt[block]),
                )
                for block in np.flatnonzero(counts)
            )
        blocks.sort(key=lambda block: (block.start_ns, block.first_visitor))
        group: list[BlockOfArrivals] = []
        count, end_ns = 0, 0
        for block in blocks:
            if count >= CHUNK_ARRIVALS and block.start_ns >= end_ns:
                yield group
                group, count = [], 0
            group.append(block)
            count += block.count
            end_ns = max(end_ns, block.start_ns + block.width_ns)
        if group:
            yield group

    def arrivals(self) -> Iterator[Arrivals]:
        """The timetable's rows, a chunk at a time, in the order of their event keys."""
        for chunk in self.chunks():
            size = sum(block.count for block in chunk)
            visitor, people = np.empty(size, np.int64), np.empty(size, np.int64)
            arrived_ns = np.empty(size, np.int64)
            offset = 0
            for block in chunk:
                rows = slice(offset, offset + block.count)
                visitor[rows] = block.first_visitor + np.arange(block.count)
                people[rows] = block.people
                draws.arrivals_in_block(
                    block.key,
                    block.count,
                    block.start_ns,
                    block.width_ns,
                    block.tilt,
                    arrived_ns,
                    offset,
                )
                offset += block.count
            yield in_order(visitor, people, arrived_ns)

    @cached_property
    def sha256(self) -> str:
        """A fingerprint of every planned row: what was predicted is what is replayed."""
        digest = hashlib.sha256()
        for arrivals in self.arrivals():
            rows = np.column_stack([arrivals.visitor, arrivals.people, arrivals.arrived_ns])
            digest.update(rows.astype("<i8").tobytes())
        return digest.hexdigest()


def in_order(visitor: Ints, people: Ints, arrived_ns: Ints) -> Arrivals:
    """The given arrivals, sorted by instant, then visitor."""
    order = np.lexsort((visitor, arrived_ns))
    columns = [visitor[order], people[order], arrived_ns[order]]
    for column in columns:
        column.setflags(write=False)
    return Arrivals(visitor=columns[0], people=columns[1], arrived_ns=columns[2])


def poisson_counts(key: int, mass: Floats) -> Ints:
    """A Poisson count for each block, by inversion of one uniform each."""
    uniforms = np.array([draws.uniform(key, block) for block in range(len(mass))])
    return np.asarray(stats.poisson.ppf(uniforms, mass)).astype(np.int64)
