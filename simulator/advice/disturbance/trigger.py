"""Triggers: what a launch is disturbed by, from an instant on, for a while.

A *pulse* is extra people. A *dip* takes all servers of one station away, or the tokens of a quota.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from simulator.plan.plan import Plan
from simulator.system.capacity import station_at
from simulator.system.stations import StationKind
from simulator.system.system import Change, Lever, System
from simulator.timetable.demand import Component, Demand


class Disturbance(enum.StrEnum):
    """Too many people, or too little to serve them."""

    PULSE = "pulse"
    DIP = "dip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One disturbance."""

    kind: Disturbance
    at_ns: int
    lasts_ns: int
    people: float = 0.0
    """Of a pulse: so many are expected besides."""
    station: int = 0
    """Of a dip."""

    @property
    def gone_ns(self) -> int:
        return self.at_ns + self.lasts_ns

    @property
    def size(self) -> float:
        """By which triggers of one kind are compared: people, or nanoseconds."""
        return self.people if self.kind is Disturbance.PULSE else float(self.lasts_ns)

    def applied(self, plan: Plan) -> Plan:
        """The launch with it; everybody else keeps his luck."""
        if self.kind is Disturbance.PULSE:
            return replace(plan, demand=self._pulsed(plan.demand))
        return replace(plan, system=self._dipped(plan.system, plan.horizon_ns))

    def _pulsed(self, demand: Demand) -> Demand:
        share = self.people / demand.total if demand.total else 0.0
        more = tuple(
            Component.of(each.people, [self.at_ns, self.gone_ns], [share * float(each.mass.sum())])
            for each in demand.components
        )
        return Demand(components=demand.components + more)

    def _dipped(self, system: System, horizon_ns: int) -> System:
        station = station_at(system, self.station, self.gone_ns)
        if station.kind is StationKind.QUOTA:
            lever, nothing, again = Lever.QUOTA_SPACING_NS, horizon_ns, station.quota.spacing_ns
        else:
            lever, nothing, again = Lever.SERVERS, 0, station.servers
        # What operators do meanwhile takes effect when the dip is over.
        kept = [change for change in system.changes if not self._covers(change, lever)]
        for at_ns, value in ((self.at_ns, nothing), (self.gone_ns, again)):
            kept.append(Change(at_ns=at_ns, lever=lever, value=value, station=self.station))
        ordered = sorted(kept, key=lambda change: change.at_ns)
        return replace(system, changes=tuple(ordered))

    def _covers(self, change: Change, lever: Lever) -> bool:
        same = (change.lever, change.station) == (lever, self.station)
        return same and self.at_ns <= change.at_ns <= self.gone_ns
