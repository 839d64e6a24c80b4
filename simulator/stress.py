"""Stress: from how big a disturbance a launch recovers by itself, and what makes it recover.

Metastability: a system can be held down, by its own retries and by work that nobody waits for any
more, long after what pushed it down has gone. Each trigger (:mod:`simulator.trigger`) hits the
middle of the launch and goes. The *last window* is the last tenth of the time in which people come.
The *demand* in it is what wants to be served: those who are let in then in the same launch, with
the same luck, undisturbed (without a line that is everybody who comes). The launch *heals* if
goodput in the last window, over all launches, is at least 95 % of the demand. It has recovered when
goodput reaches 95 % of that of the undisturbed launch for good, five bins at a time.

Source: Bronson, Aghayev, Charapko and Zhu 2021, "Metastable failures in distributed systems" (the
states and the trigger).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from simulator.bins import Counts
from simulator.capacity import resources_of, visits_per_s
from simulator.ending import RECOVERED_SHARE, last_window
from simulator.engine import Engine
from simulator.launches import predict
from simulator.plan import Plan
from simulator.sizing import smallest_value
from simulator.summary import Summary
from simulator.trigger import Disturbance, Trigger
from simulator.tweak import Turn, Tweak, tweak_of_line, tweaks_of_people, tweaks_of_station

LAUNCHES = 5
PULSE_SHARE = 0.01
"""A pulse lasts this share of the launch."""
PULSES = (1, 2, 4, 8, 16, 32, 64)
"""So many times the mean demand comes besides."""
DIPS = (0.25, 0.5, 1, 2, 4, 8, 16)
"""How many times as long as a pulse; the longest leaves a third of the launch to recover."""
FINENESS = 1.25
"""The smallest trigger that does not heal is found this closely."""
WANTED = 100
"""Fewer people in the last window, over all launches, say nothing."""
SMOOTH_BINS = 5

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What became of a launch after a trigger."""

    trigger: Trigger
    share: float
    """Goodput in the last window, of the demand."""
    recovered_ns: int | None
    """How long after the trigger had gone; None: not before people stopped coming."""

    @property
    def healed(self) -> bool:
        return self.share >= RECOVERED_SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """A single change with which the launch heals from a trigger."""

    tweak: Tweak
    value: float


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
            before = [each for each in before if _size(each.trigger) < _size(fatal.trigger)]
        return before[-1] if before else None


def _size(trigger: Trigger) -> float:
    return trigger.times * trigger.lasts_ns or float(trigger.lasts_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stressed:
    """What was found of a launch."""

    launches: int
    wanted: int
    """People in the last window, over all launches."""
    undisturbed: float
    """Goodput in the last window without any trigger, of the demand."""
    sweeps: tuple[Sweep, ...]
    """None, where that is not enough already."""

    @property
    def judged(self) -> bool:
        """Whether enough people come in the last window to say anything."""
        return self.wanted >= WANTED

    @property
    def heals(self) -> bool:
        """From everything that was tried."""
        fatal = any(sweep.fatal for sweep in self.sweeps)
        return self.undisturbed >= RECOVERED_SHARE and not fatal


def stress(
    plan: Plan, engine: Engine, *, launches: int = LAUNCHES, told: Told | None = None
) -> Stressed:
    """Sweep the sizes of every kind of trigger."""
    bench = Bench.of(plan, engine, launches, told)
    found = Stressed(
        launches=launches, wanted=bench.wanted, undisturbed=bench.undisturbed, sweeps=()
    )
    if not found.judged or not found.heals:
        return found
    return replace(found, sweeps=tuple(bench.sweep(kind) for kind in Disturbance))


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A launch that can be disturbed, and how it went undisturbed."""

    plan: Plan
    engine: Engine
    calm: Summary
    """All undisturbed launches together."""
    launches: int
    told: Told | None
    known: dict[Trigger, Reaction] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, engine: Engine, launches: int, told: Told | None) -> Bench:
        calm = predict(plan, engine, launches).merged
        return cls(plan=plan, engine=engine, calm=calm, launches=launches, told=told)

    @property
    def wanted(self) -> int:
        first, last = last_window(self.calm)
        return int(self.calm.bins.let_in[first:last].sum())

    @property
    def undisturbed(self) -> float:
        return self.share(self.calm)

    def share(self, summary: Summary) -> float:
        """Goodput in the last window, of the demand."""
        first, last = last_window(self.calm)
        good = int(summary.bins.good[first:last].sum())
        return good / self.wanted if self.wanted else math.nan

    @property
    def scarcest(self) -> int:
        """The station that is needed the most."""
        shares = self.calm.step_shares
        resources = resources_of(self.plan.system, self.plan.horizon_ns // 2)
        return max(resources, key=lambda resource: resource.utilisation(shares)).station

    def trigger(self, kind: Disturbance, size: float) -> Trigger:
        """A trigger in the middle of the launch."""
        horizon_ns = self.plan.horizon_ns
        unit_ns = max(1, round(PULSE_SHARE * horizon_ns))
        if kind is Disturbance.PULSE:
            return Trigger(kind=kind, at_ns=horizon_ns // 2, lasts_ns=unit_ns, times=size)
        lasts_ns = round(size * unit_ns)
        return Trigger(kind=kind, at_ns=horizon_ns // 2, lasts_ns=lasts_ns, station=self.scarcest)

    def react(self, trigger: Trigger) -> Reaction:
        """What becomes of the launch after it."""
        if trigger not in self.known:
            if self.told:
                self.told(f"{trigger.kind} {len(self.known) + 1}")
            hit = predict(trigger.applied(self.plan), self.engine, self.launches).merged
            self.known[trigger] = Reaction(
                trigger=trigger,
                share=self.share(hit),
                recovered_ns=self.recovered_ns(hit, trigger.gone_ns),
            )
        return self.known[trigger]

    def recovered_ns(self, hit: Summary, gone_ns: int) -> int | None:
        """How long after the trigger goodput was back, for good."""
        bin_ns = hit.bin_ns
        gone, last = -(-gone_ns // bin_ns), hit.horizon_ns // bin_ns
        good = smooth(hit.bins.good[gone:last])
        calm = smooth(self.calm.bins.good[gone:last])
        behind = np.flatnonzero(good < RECOVERED_SHARE * calm)
        if not len(behind):
            return 0
        since = int(behind[-1]) + 1
        return None if since >= len(good) else gone * bin_ns + since * bin_ns - gone_ns

    def sweep(self, kind: Disturbance) -> Sweep:
        """Sizes doubled until it does not heal, then halved in between."""
        healed = 0.0
        for size in PULSES if kind is Disturbance.PULSE else DIPS:
            if not self.react(self.trigger(kind, size)).healed:
                self._narrow(kind, healed, float(size))
                break
            healed = float(size)
        reactions = [each for trigger, each in self.known.items() if trigger.kind is kind]
        found = Sweep(reactions=tuple(sorted(reactions, key=lambda each: _size(each.trigger))))
        if found.fatal is None:
            return found
        return replace(found, cures=tuple(self.cures(found.fatal.trigger)))

    def _narrow(self, kind: Disturbance, heals: float, collapses: float) -> None:
        while heals and collapses / heals > FINENESS:
            middle = math.sqrt(heals * collapses)
            if self.react(self.trigger(kind, middle)).healed:
                heals = middle
            else:
                collapses = middle

    def cures(self, trigger: Trigger) -> Iterator[Cure]:
        """Every single change with which the launch heals from it, as small as it may be."""
        for tweak in self.curing():

            def passes(value: float, tweak: Tweak = tweak) -> bool:
                return self.cured(trigger, tweak, value)

            value = smallest_value(tweak, passes)
            if value is not None:
                yield Cure(tweak=tweak, value=value)

    def curing(self) -> Sequence[Tweak]:
        """Longer pauses, deadlines, and people let in more slowly."""
        system = self.plan.system
        found = [tweak for tweak in tweaks_of_people(system) if tweak.turn is Turn.BACKOFF]
        at_station = tweaks_of_station(system, self.scarcest, refuses=False)
        found += [tweak for tweak in at_station if tweak.turn is Turn.DEADLINE]
        capacity_per_s = visits_per_s(system, self.calm.step_shares)
        slower = tweak_of_line(system, capacity_per_s, faster=False)
        return [*found, slower] if slower else found

    def cured(self, trigger: Trigger, tweak: Tweak, value: float) -> bool:
        """Whether the launch heals from the trigger with a change; the demand stays what it was."""
        if self.told:
            self.told(f"{tweak.turn}")
        changed = replace(self.plan, system=tweak.applied(self.plan.system, value))
        hit = predict(trigger.applied(changed), self.engine, self.launches).merged
        return self.share(hit) >= RECOVERED_SHARE


def smooth(counts: Counts) -> Counts:
    """Sums over some bins each, as many as there are."""
    return np.convolve(counts, np.ones(SMOOTH_BINS, np.int64), mode="valid")
