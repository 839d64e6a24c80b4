"""A plan with the machine as it was: the yardstick's speed over time, against that while it was probed.

The yardstick is a fixed piece of processor work, done again and again beside the target. If a piece
takes 1.3 times as long as it did while the target was probed, so does that part of a service which is
processor work; the rest (waiting for a disk, for another service) does not.

Source: Bulej et al. 2020, "Duet benchmarking: improving measurement accuracy in the cloud", ICPE.
"""

from __future__ import annotations

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

    @property
    def differs(self) -> bool:
        """Whether that is more than chance."""
        return not self.low <= 1.0 <= self.high


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Yardstick:
    """The pieces that were done during a replay."""

    probed_ns: float
    """What a piece took in the mean while the target was probed."""
    at_ns: Ints
    """When each piece began, since the opening, rising."""
    pieces_ns: Ints
    """What each took."""
    bound: float = 1.0
    """The share of a service that is processor work."""

    @property
    def changed(self) -> Changed:
        """Of the whole run; ValueError where there is no piece."""
        ratios = self.ratios
        ratio, low, high, _ = ratio_of(ratios, np.ones(len(ratios)))
        levels = drift_of(self.at_ns, ratios).levels
        return Changed(
            ratio=ratio, low=low, high=high, least=float(levels.min()), most=float(levels.max())
        )

    @property
    def ratios(self) -> Floats:
        if not len(self.pieces_ns):
            raise ValueError("a yardstick needs a piece at least")
        return np.asarray(self.pieces_ns / self.probed_ns)

    @property
    def pace(self) -> Pace:
        """Of services."""
        drift = drift_of(self.at_ns, self.ratios)
        return replace(drift, levels=1.0 + self.bound * (drift.levels - 1.0)).pace


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
