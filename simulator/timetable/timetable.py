"""The timetable of one launch: who comes at which instant, and the luck that each of them has.

A visitor's number says where he comes from: ``component << 52 | block << 32 | index``. Arrivals are
made block by block and never all held at once, so a hundred million of them are no matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise

import numpy as np

from simulator.timetable import draws
from simulator.timetable.counts import block_counts
from simulator.timetable.demand import Demand
from simulator.timetable.laws import Duration
from simulator.units import Floats, Ints, frozen_floats, frozen_ints

CHUNK_ARRIVALS = 16_384
"""How many arrivals are made at a time, give or take a block."""

CERTAIN = (draws.NEVER, draws.FIXED)
"""Laws of durations that no luck changes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blocks:
    """The blocks of all components in which anybody comes, in order of their starts."""

    first_visitor: Ints
    people: Ints
    count: Ints
    start_ns: Ints
    width_ns: Ints
    tilt: Floats

    def __len__(self) -> int:
        return len(self.count)

    def part(self, rows: slice | Ints) -> Blocks:
        return Blocks(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


NO_BLOCKS = Blocks(
    first_visitor=frozen_ints([]),
    people=frozen_ints([]),
    count=frozen_ints([]),
    start_ns=frozen_ints([]),
    width_ns=frozen_ints([]),
    tilt=frozen_floats([]),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrivals:
    """A stretch of the timetable in the order of its event keys: equal lengths, read-only."""

    visitor: Ints
    people: Ints
    arrived_ns: Ints

    def __len__(self) -> int:
        return len(self.visitor)

    def part(self, rows: slice | Ints) -> Arrivals:
        return Arrivals(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @classmethod
    def nobody(cls) -> Arrivals:
        return cls(**{f.name: frozen_ints([]) for f in fields(cls)})


Placement = Callable[[int, Blocks], Ints]
"""Places the arrivals of blocks: from the key of all arrivals to the instants, block by block."""


def placed(key: int, blocks: Blocks) -> Ints:
    """The instants of everybody who arrives in the given blocks."""
    instants_ns = np.empty(blocks.count.sum(), np.int64)
    draws.arrivals_in_blocks(
        key,
        blocks.first_visitor,
        blocks.count,
        blocks.start_ns,
        blocks.width_ns,
        blocks.tilt,
        instants_ns,
    )
    return instants_ns


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

    def key(self, role: int) -> int:
        """The key of all draws of one role in this launch."""
        launch = self.launch
        if role == draws.SERVICE and self.service_launch is not None:
            launch = self.service_launch
        return draws.stream(self.seed, launch, role)

    @cached_property
    def keys(self) -> tuple[int, ...]:
        """The key of each role, by its number."""
        return tuple(self.key(role) for role in range(draws.ROLES))

    def uniform(self, role: int, visitor: int, step: int = 0, attempt: int = 0) -> float:
        """A draw between 0 and 1: the luck of a visitor in one matter."""
        return draws.uniform(draws.substream(self.keys[role], step, attempt), visitor)

    def duration_ns(
        self, law: Duration, role: int, visitor: int, step: int = 0, attempt: int = 0
    ) -> int:
        """A duration that a visitor's luck decides."""
        u = self.uniform(role, visitor, step, attempt) if law.law not in CERTAIN else 0.0
        knots = law.knots
        return draws.duration_ns(law.law, law.location, law.scale, knots, 0, len(knots), u)

    @cached_property
    def counts(self) -> tuple[Ints, ...]:
        """How many arrive in each block of each component."""
        return block_counts(self.demand, self.key(draws.COUNT), self.uniform(draws.VOLUME, 0))

    @cached_property
    def total(self) -> int:
        return sum(int(counts.sum()) for counts in self.counts)

    @cached_property
    def blocks(self) -> Blocks:
        """Where and how densely everybody arrives."""
        parts = [NO_BLOCKS]
        for index, (component, counts) in enumerate(
            zip(self.demand.components, self.counts, strict=True)
        ):
            block = np.flatnonzero(counts)
            parts.append(
                Blocks(
                    first_visitor=(index << draws.COMPONENT_SHIFT) | (block << draws.BLOCK_SHIFT),
                    people=np.full(len(block), component.people),
                    count=counts[block],
                    start_ns=component.edges_ns[block],
                    width_ns=np.diff(component.edges_ns)[block],
                    tilt=component.tilt[block],
                )
            )
        together = Blocks(
            **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Blocks)}
        )
        return together.part(np.lexsort((together.first_visitor, together.start_ns)))

    def arrivals(self, place: Placement = placed) -> Iterator[Arrivals]:
        """The timetable's rows, a chunk at a time, in the order of their event keys.

        A chunk is given out as far as the blocks to come cannot reach; the rest waits for them.
        """
        key = draws.stream(self.seed, self.launch, draws.ARRIVAL)
        waiting = Arrivals.nobody()
        blocks = self.blocks
        chunk = np.cumsum(blocks.count) // CHUNK_ARRIVALS
        borders = np.append(np.flatnonzero(np.diff(chunk)) + 1, len(blocks))
        for first, last in pairwise([0, *borders.tolist()]):
            made = blocks.part(slice(first, last))
            waiting = in_order(waiting, made, place(key, made))
            if last < len(blocks):
                ready = int(np.searchsorted(waiting.arrived_ns, blocks.start_ns[last]))
                yield waiting.part(slice(ready))
                waiting = waiting.part(slice(ready, None))
        if len(waiting):
            yield waiting

    @cached_property
    def sha256(self) -> str:
        """A fingerprint of every planned row: what was predicted is what is replayed."""
        digest = hashlib.sha256()
        for arrivals in self.arrivals():
            rows = np.column_stack([arrivals.visitor, arrivals.people, arrivals.arrived_ns])
            digest.update(rows.astype("<i8").tobytes())
        return digest.hexdigest()


def in_order(waiting: Arrivals, blocks: Blocks, instants_ns: Ints) -> Arrivals:
    """Those who wait and those just placed, sorted by instant, then visitor."""
    index = np.arange(len(instants_ns)) - np.repeat(
        np.cumsum(blocks.count) - blocks.count, blocks.count
    )
    visitor = np.concatenate(
        [waiting.visitor, np.repeat(blocks.first_visitor, blocks.count) + index]
    )
    people = np.concatenate([waiting.people, np.repeat(blocks.people, blocks.count)])
    arrived_ns = np.concatenate([waiting.arrived_ns, instants_ns])
    if (np.diff(arrived_ns) <= 0).any():
        order = np.lexsort((visitor, arrived_ns))
        visitor, people, arrived_ns = visitor[order], people[order], arrived_ns[order]
    for column in (visitor, people, arrived_ns):
        column.setflags(write=False)
    return Arrivals(visitor=visitor, people=people, arrived_ns=arrived_ns)
