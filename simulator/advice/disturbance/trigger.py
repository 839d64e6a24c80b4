"""Triggers: what a launch is disturbed by in its middle, for a while.

A *pulse* is extra people: as many times those who come in the mean as its size says. A *dip* takes
all servers of one station away, or the tokens of a quota.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from simulator.advice.change.toll import Toll
from simulator.advice.change.tweak import Tweak
from simulator.advice.why.ending import RECOVERED_SHARE
from simulator.plan.plan import Plan
from simulator.system.capacity import station_at
from simulator.system.stations import StationKind
from simulator.system.system import Change, Lever, System
from simulator.timetable.demand import Component, Demand
from simulator.verdict.criteria import Outcome

WANTED = 100
"""Fewer people in the last window, over all launches, say nothing."""


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
    times: float = 0.0
    """Of a pulse: so many times the mean demand comes besides."""
    station: int = 0
    """Of a dip."""

    @property
    def gone_ns(self) -> int:
        return self.at_ns + self.lasts_ns

    def extra_people(self, demand: Demand, horizon_ns: int) -> float:
        """How many come besides, in the mean."""
        return self.times * demand.total * self.lasts_ns / horizon_ns

    def applied(self, plan: Plan) -> Plan:
        """The launch with it; everybody else keeps his luck."""
        if self.kind is Disturbance.PULSE:
            return replace(plan, demand=self._pulsed(plan))
        return replace(plan, system=self._dipped(plan.system, plan.horizon_ns))

    def _pulsed(self, plan: Plan) -> Demand:
        share = self.times * self.lasts_ns / plan.horizon_ns
        more = tuple(
            Component.of(each.people, [self.at_ns, self.gone_ns], [share * float(each.mass.sum())])
            for each in plan.demand.components
        )
        return Demand(components=plan.demand.components + more)

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


# What became of the launch ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What became of a launch after a trigger."""

    trigger: Trigger
    share: float
    """Goodput in the last window, of the demand, over all launches."""
    lost: int = 0
    """In how many launches it is less than that of a launch that healed, by more than chance."""
    lost_share: float = 0.0
    """Their goodput in it, of their demand."""
    recovered_ns: int | None
    """How long after the trigger had gone; None: not before people stopped coming."""

    @property
    def healed(self) -> bool:
        """Over all launches, and in each of them: a mean would hide one that collapses."""
        return self.share >= RECOVERED_SHARE and not self.lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """A single change with which the launch heals from a trigger."""

    tweak: Tweak
    value: float
    toll: Toll | None = None
    """What it costs people in the line while nothing disturbs the launch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """All sizes of one kind of trigger that were tried, the smallest first."""

    reactions: tuple[Reaction, ...]
    cures: tuple[Cure, ...] = ()
    """From the smallest that does not heal."""

    @property
    def fatal(self) -> Reaction | None:
        """The smallest that does not heal."""
        return next((each for each in self.reactions if not each.healed), None)

    @property
    def harmless(self) -> Reaction | None:
        """The largest below it."""
        before = [each for each in self.reactions if each.healed]
        fatal = self.fatal
        if fatal is not None:
            before = [each for each in before if size_of(each.trigger) < size_of(fatal.trigger)]
        return before[-1] if before else None


def size_of(trigger: Trigger) -> float:
    """By which triggers of one kind are compared."""
    return trigger.times * trigger.lasts_ns or float(trigger.lasts_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stressed:
    """What was found of a launch."""

    launches: int
    wanted: int
    """People in the last window, over all launches."""
    undisturbed: float
    """Goodput in the last window without any trigger, of the demand."""
    undisturbed_lost: int = 0
    """In how many launches it is too little, by more than chance."""
    sweeps: tuple[Sweep, ...]
    """None, where that is not enough already."""

    @property
    def outcome(self) -> Outcome:
        """Holds: it heals from everything that was tried."""
        if not self.judged:
            return Outcome.INCONCLUSIVE
        return Outcome.HOLDS if self.heals else Outcome.FAILS

    @property
    def judged(self) -> bool:
        """Whether enough people come in the last window to say anything."""
        return self.wanted >= WANTED

    @property
    def heals(self) -> bool:
        """From everything that was tried."""
        fatal = any(sweep.fatal for sweep in self.sweeps)
        calm = self.undisturbed >= RECOVERED_SHARE and not self.undisturbed_lost
        return calm and not fatal
