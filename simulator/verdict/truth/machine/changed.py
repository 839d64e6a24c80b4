"""A plan with the machine as it was: the yardstick's speed over time, against that while it was probed.

The yardstick is a fixed piece of processor work, done again and again beside the target. If a piece
takes 1.3 times as long as it did while the target was probed, so does that part of a service which is
processor work; the rest (waiting for a disk, for another service) does not.

But what stands beside a loaded target is not what it stood beside while it was probed: a piece is slowed by whoever
shares caches and units of a core with it, and hastened where a core has no time to fall asleep. Its own
processor time cannot tell that from a change of the machine's speed, and a virtual machine does not say whose threads
share a core. So the target is a second witness (:mod:`simulator.verdict.truth.machine.witness`): its processor time, as a
multiple of what the services that it did were thought to need. Only what both show is the machine's doing: of two logarithms the smaller one, and nothing where
one is above 0 and the other below. A target that just has more to do moves no piece; a piece that load alone
slowed moves no target. Waiting for a core is in neither.

Source: Bulej et al. 2020, "Duet benchmarking: improving measurement accuracy in the cloud", ICPE.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from simulator.plan.plan import Plan
from simulator.system.pace import Pace
from simulator.system.stations import Station, StationKind
from simulator.units import Floats, Ints
from simulator.verdict.truth.drift import drift_of
from simulator.verdict.truth.took import ratio_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """How long a piece took, as a multiple of what it took while the target was probed."""

    ratio: float
    low: float
    high: float
    """The 95 % interval of the ratio."""
    least: float
    most: float
    """The least and the most that it was over a window of the run."""
    agreed: float = 1.0
    """Which share of it the target's own processor time shows as well, in logarithms; 0: none, or nobody knows."""
    worked: float = math.nan
    """That processor time, as a multiple of what its services were thought to need; NaN: nobody knows."""

    @property
    def differs(self) -> bool:
        """Whether the machine is told to have changed, by more than chance."""
        return self.moved and self.agreed > 0.0

    @property
    def moved(self) -> bool:
        """Whether the pieces changed by more than chance."""
        return not self.low <= 1.0 <= self.high

    @property
    def untold(self) -> bool:
        """Whether the pieces changed, and nobody can say how much of it is the machine's doing."""
        return self.moved and not self.agreed and math.isnan(self.worked)

    @property
    def told(self) -> Changed:
        """What is the machine's doing of it."""
        ends = (
            each**self.agreed for each in (self.ratio, self.low, self.high, self.least, self.most)
        )
        ratio, low, high, least, most = ends
        return replace(self, ratio=ratio, low=low, high=high, least=least, most=most, agreed=1.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Yardstick:
    """The pieces that were done during a replay."""

    probed_ns: float
    """What a piece took in the mean while the target was probed."""
    at_ns: Ints
    """When each piece began, since the opening, rising."""
    pieces_ns: Ints
    """What each took."""
    computing: float = 1.0
    """The share of a service that is processor work."""
    worked: float = math.nan
    """As :func:`simulator.verdict.truth.machine.witness.worked`."""

    @property
    def changed(self) -> Changed:
        """Of the whole run; ValueError where there is no piece."""
        ratios = self.ratios
        ratio, low, high, _ = ratio_of(ratios, np.ones(len(ratios)))
        levels = drift_of(self.at_ns, ratios).levels
        return Changed(
            ratio=ratio,
            low=low,
            high=high,
            least=float(levels.min()),
            most=float(levels.max()),
            agreed=agreed(ratio, self.worked),
            worked=self.worked,
        )

    @property
    def at_most(self) -> Yardstick:
        """As if all of each service were processor work, and all of the change the machine's doing."""
        return replace(self, computing=1.0, worked=float(self.ratios.mean()))

    @property
    def ratios(self) -> Floats:
        if not len(self.pieces_ns):
            raise ValueError("a yardstick needs a piece at least")
        return np.asarray(self.pieces_ns / self.probed_ns)

    @property
    def pace(self) -> Pace:
        """Of services."""
        drift = drift_of(self.at_ns, self.ratios)
        levels = drift.levels ** agreed(float(self.ratios.mean()), self.worked)
        return replace(drift, levels=1.0 + self.computing * (levels - 1.0)).pace


def agreed(ratio: float, worked: float) -> float:
    """Which share of a change of the pieces the target shows as well, in logarithms.

    >>> [round(agreed(1.21, worked), 3) for worked in (1.1, 1.21, 1.5, 0.9)]
    [0.5, 1.0, 1.0, 0.0]
    """
    if not worked > 0.0 or ratio == 1.0:  # NaN is not
        return 0.0
    return min(1.0, max(0.0, math.log(worked) / math.log(ratio)))


def as_machine(plan: Plan, yardstick: Yardstick) -> Plan:
    """The plan in which what works on a processor works as fast as the machine did.

    A quota's time is no work of this machine.
    """
    pace = yardstick.pace
    stations = (_paced(station, pace) for station in plan.system.stations)
    return replace(plan, system=replace(plan.system, stations=tuple(stations)))


def _paced(station: Station, pace: Pace) -> Station:
    if station.kind is StationKind.QUOTA:
        return station
    return replace(station, pace=pace if station.pace is None else station.pace.times(pace))
