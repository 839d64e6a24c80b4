"""Who is expected when: demand as blocks of time, each with its expected number of arrivals."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from simulator.timetable.volume import Curves, Volume
from simulator.units import Floats, Ints, frozen_floats, frozen_ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Brought:
    """How the arrivals of some components bring those of others, which are one *family*.

    Each arrival brings a Poisson number of people, of mean ``number`` in all time. They are spread
    over the blocks of the family, which all have the same edges, and divided among its members.
    """

    by: tuple[int, ...]
    """Indices of the components outside the family whose arrivals bring."""
    number: float
    again: bool
    """Whether who was brought brings others himself (then ``number < 1``)."""
    shares: tuple[float, ...]
    """Of each member of the family; they stand one after the other among the components."""
    spread: Floats
    """Shape (m, m): from somebody in a block, the share of those he brings that come in another."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Component:
    """One surge: ``m`` blocks of time between ``m + 1`` edges.

    Within a block arrivals are a Poisson process whose rate is linear: density
    ``1 + tilt (2x - 1)`` over the block, ``x`` from 0 to 1, ``|tilt| <= 1``. How many come in a
    block is a Poisson number, its mean the block's mass, if the volume is certain and nobody is
    brought by others; else :mod:`simulator.timetable.counts` says how it is drawn.
    """

    people: int
    """Index of the group in :attr:`simulator.system.system.System.people`."""
    edges_ns: Ints
    """Shape (m + 1,), increasing, since the opening."""
    mass: Floats
    """Shape (m,): expected arrivals in each block, not negative."""
    tilt: Floats
    """Shape (m,)."""
    volume: Volume | Curves | None = None
    """How uncertain the mass is; None: it is certain."""
    brought: Brought | None = None
    """None: they come by themselves."""
    certain: bool = False
    """Whether as many come in a block as its mass says, and not a Poisson number of that mean; a mass that is
    no whole number is rounded up or down by chance, so that its mean is kept."""

    @classmethod
    def at(cls, people: int, at_ns: Ints, end_ns: int) -> Component:
        """Arrivals at known instants, each in a block of one nanosecond; from ``end_ns`` on nobody comes."""
        instants, counts = np.unique(at_ns[at_ns < end_ns], return_counts=True)
        edges = np.unique(np.concatenate([[0], instants, instants + 1, [end_ns]]))
        mass = np.zeros(len(edges) - 1)
        mass[np.searchsorted(edges, instants)] = counts
        return replace(cls.of(people, edges, mass), certain=True)

    @classmethod
    def of(
        cls,
        people: int,
        edges_ns: ArrayLike,
        mass: ArrayLike,
        tilt: ArrayLike | None = None,
        volume: Volume | Curves | None = None,
        brought: Brought | None = None,
    ) -> Component:
        edges = frozen_ints(edges_ns)
        flat = np.zeros(len(edges) - 1)
        return cls(
            people=people,
            edges_ns=edges,
            mass=frozen_floats(mass),
            tilt=frozen_floats(flat if tilt is None else tilt),
            volume=volume,
            brought=brought,
        )

    def drawn(self, u: float) -> Component:
        """The same with the volume that a draw names, for certain."""
        if self.volume is None:
            return self
        return replace(self, mass=frozen_floats(self.mass * self.volume.factor(u)), volume=None)

    def expected_by(self, at_ns: int) -> float:
        """Expected arrivals before ``at_ns``."""
        edges = self.edges_ns
        block = int(np.searchsorted(edges, at_ns, side="right")) - 1
        if block < 0:
            return 0.0
        if block >= len(self.mass):
            return float(self.mass.sum())
        x = float((at_ns - edges[block]) / (edges[block + 1] - edges[block]))
        share = x * (1.0 + float(self.tilt[block]) * (x - 1.0))
        return float(self.mass[:block].sum()) + share * float(self.mass[block])

    def cut(self, from_ns: int, to_ns: int, factor: float) -> Component:
        """The part in ``[from_ns, to_ns)``, moved to start at 0, with ``factor`` times the people.

        It is of the likely volume, and of those brought as many as are expected.
        """
        if self.certain:
            return self._cut_at_instants(from_ns, to_ns, factor)
        inner = self.edges_ns[(self.edges_ns > from_ns) & (self.edges_ns < to_ns)]
        edges = np.concatenate([[from_ns], inner, [to_ns]]).astype(np.int64)
        by_edge = np.array([self.expected_by(int(edge)) for edge in edges])
        blocks = np.clip(
            np.searchsorted(self.edges_ns, edges[:-1], side="right") - 1, 0, len(self.mass) - 1
        )
        left, right = self.rate_at(blocks, edges[:-1]), self.rate_at(blocks, edges[1:])
        total = left + right
        tilt = np.divide(right - left, total, out=np.zeros_like(total), where=total > 0)
        return Component.of(
            self.people, edges - from_ns, factor * np.maximum(np.diff(by_edge), 0.0), tilt
        )

    def _cut_at_instants(self, from_ns: int, to_ns: int, factor: float) -> Component:
        """The same of blocks so narrow that none is cut in two."""
        some = np.flatnonzero(self.mass)
        some = some[(self.edges_ns[some] >= from_ns) & (self.edges_ns[some] < to_ns)]
        cut = Component.at(self.people, self.edges_ns[some] - from_ns, to_ns - from_ns)
        mass = np.array(cut.mass)
        mass[mass > 0] = factor * self.mass[some]
        return replace(cut, mass=frozen_floats(mass))

    def by_instant(self, per_block: Floats | Ints, at_ns: Ints | Floats) -> Floats:
        """How many lie before each instant, of so many in each block, as the rate spreads them."""
        edges = self.edges_ns
        block = np.clip(np.searchsorted(edges, at_ns, side="right") - 1, 0, len(self.mass) - 1)
        x = np.clip((at_ns - edges[block]) / np.diff(edges)[block], 0.0, 1.0)
        share = x * (1.0 + self.tilt[block] * (x - 1.0))
        before = np.concatenate([[0.0], np.cumsum(per_block)])
        return np.asarray(before[block] + share * per_block[block])

    def rate_at(self, blocks: Ints, at_ns: Ints) -> Floats:
        """Expected arrivals a nanosecond at the given instants of the given blocks."""
        start, width = self.edges_ns[blocks], np.diff(self.edges_ns)[blocks]
        x = np.clip((at_ns - start) / width, 0.0, 1.0)
        return self.mass[blocks] / width * (1.0 + self.tilt[blocks] * (2.0 * x - 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """All surges of a launch together."""

    components: tuple[Component, ...]

    @property
    def total(self) -> float:
        return sum(float(component.mass.sum()) for component in self.components)

    def expected_by(self, at_ns: int) -> float:
        return sum(component.expected_by(at_ns) for component in self.components)

    @property
    def likely(self) -> Demand:
        """The same demand, with the likely volume for certain."""
        return replace(self, components=tuple(replace(c, volume=None) for c in self.components))

    def drawn(self, u: float) -> Demand:
        """The same demand with the volume that a draw names: at 0.9, one launch in ten has more.

        Of those brought by others as many as are expected of the likely volume.
        """
        return replace(self, components=tuple(c.drawn(u) for c in self.components))

    def window(self, from_ns: int, to_ns: int, factor: float = 1.0) -> Demand:
        """The demand of a rehearsal: a stretch of time, with a share or a multiple of the people."""
        return replace(
            self,
            components=tuple(c.cut(from_ns, to_ns, factor) for c in self.components),
        )
