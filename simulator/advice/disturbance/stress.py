"""Stress: from how big a disturbance a launch recovers by itself, and what makes it recover.

Metastability: a system can be held down, by its own retries and by work that nobody waits for any
more, long after what pushed it down has gone. Each trigger (:mod:`simulator.advice.disturbance.trigger`) hits the
middle of the launch and goes. The *last window* is the last tenth of the time in which people come.
The *demand* in it is what wants to be served: those who are let in then in the same launch, with
the same luck, undisturbed (without a line that is everybody who comes). The launch *heals* if
goodput in the last window is at least 95 % of the demand, over all launches and, but for chance, in
each of them. It has recovered when
goodput reaches 95 % of that of the undisturbed launch for good (or all of it but for chance), five
bins at a time.

Source: Bronson, Aghayev, Charapko and Zhu 2021, "Metastable failures in distributed systems" (the
states and the trigger).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from simulator.advice.change.smallest import smallest_value
from simulator.advice.change.toll import Toll, tolerated, toll_of
from simulator.advice.change.tweak import (
    Turn,
    Tweak,
    tweak_of_line,
    tweaks_of_people,
    tweaks_of_station,
)
from simulator.advice.disturbance.trigger import (
    Cure,
    Disturbance,
    Reaction,
    Stressed,
    Sweep,
    Trigger,
    size_of,
)
from simulator.advice.why.ending import RECOVERED_SHARE, last_window
from simulator.engine.rules import Engine
from simulator.outcomes.bins import Counts
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import predict
from simulator.plan.plan import Plan
from simulator.system.capacity import resources_of, visits_per_s

LAUNCHES = 5
PULSE_SHARE = 0.01
"""A pulse lasts this share of the launch."""
BIGGEST = {Disturbance.PULSE: 64, Disturbance.DIP: 16}
"""A pulse is so many times the mean demand besides; a dip is so many times as long as a pulse, and
the longest leaves a third of the launch to recover."""
HALVINGS = 8
"""So often is the first size halved, where already that does not heal."""
FINENESS = 1.25
"""The smallest trigger that does not heal is found this closely."""
SMOOTH_BINS = 5
CHANCE = 3.0
"""So many standard deviations of a count are no difference."""

Told = Callable[[str], None]


def stress(
    plan: Plan, engine: Engine, *, launches: int = LAUNCHES, told: Told | None = None
) -> Stressed:
    """Sweep the sizes of every kind of trigger."""
    bench = Bench.of(plan, engine, launches, told)
    lost, _ = bench.lost(bench.each)
    found = Stressed(
        launches=launches,
        wanted=bench.wanted,
        undisturbed=bench.undisturbed,
        undisturbed_lost=lost,
        sweeps=(),
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
    each: Sequence[Summary]
    """And one by one."""
    launches: int
    told: Told | None
    known: dict[Trigger, Reaction] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, engine: Engine, launches: int, told: Told | None) -> Bench:
        found = predict(plan, engine, launches)
        return cls(
            plan=plan,
            engine=engine,
            calm=found.merged,
            each=found.launches,
            launches=launches,
            told=told,
        )

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

    def lost(self, launches: Sequence[Summary]) -> tuple[int, float]:
        """How many of them serve too little in the last window, and what share of their demand.

        A count of ``n`` varies by its root: what falls short by less than three of these is chance.
        """
        first, last = last_window(self.calm)
        short = [
            (good, wanted)
            for calm, hit in zip(self.each, launches, strict=True)
            if (good := int(hit.bins.good[first:last].sum()))
            < RECOVERED_SHARE * (wanted := int(calm.bins.let_in[first:last].sum()))
            - CHANCE * math.sqrt(wanted)
        ]
        demand = sum(wanted for _, wanted in short)
        return len(short), sum(good for good, _ in short) / demand if demand else 0.0

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
            found = predict(trigger.applied(self.plan), self.engine, self.launches)
            hit = found.merged
            lost, lost_share = self.lost(found.launches)
            self.known[trigger] = Reaction(
                trigger=trigger,
                share=self.share(hit),
                lost=lost,
                lost_share=lost_share,
                recovered_ns=self.recovered_ns(hit, trigger.gone_ns),
            )
        return self.known[trigger]

    def recovered_ns(self, hit: Summary, gone_ns: int) -> int | None:
        """How long after the trigger goodput was back, for good."""
        bin_ns = hit.bin_ns
        gone, last = -(-gone_ns // bin_ns), hit.horizon_ns // bin_ns
        good = smooth(hit.bins.good[gone:last])
        calm = smooth(self.calm.bins.good[gone:last])
        chance = CHANCE * np.sqrt(calm)
        behind = np.flatnonzero(good < np.minimum(RECOVERED_SHARE * calm, calm - chance))
        if not len(behind):
            return 0
        since = int(behind[-1]) + 1
        return None if since >= len(good) else gone * bin_ns + since * bin_ns - gone_ns

    def sweep(self, kind: Disturbance) -> Sweep:
        """Sizes doubled until it does not heal, or halved until it does, then in between."""
        size = 1.0
        if self._heals(kind, size):
            while size < BIGGEST[kind] and self._heals(kind, 2 * size):
                size *= 2
            if size < BIGGEST[kind]:
                self._narrow(kind, size, 2 * size)
        else:
            smallest = 0.5**HALVINGS
            while size > smallest and not self._heals(kind, size / 2):
                size /= 2
            if size > smallest:
                self._narrow(kind, size / 2, size)
        reactions = [each for trigger, each in self.known.items() if trigger.kind is kind]
        found = Sweep(reactions=tuple(sorted(reactions, key=lambda each: size_of(each.trigger))))
        if found.fatal is None:
            return found
        return replace(found, cures=tuple(self.cures(found.fatal.trigger)))

    def _heals(self, kind: Disturbance, size: float) -> bool:
        return self.react(self.trigger(kind, size)).healed

    def _narrow(self, kind: Disturbance, heals: float, collapses: float) -> None:
        while collapses / heals > FINENESS:
            middle = math.sqrt(heals * collapses)
            if self._heals(kind, middle):
                heals = middle
            else:
                collapses = middle

    def cures(self, trigger: Trigger) -> Iterator[Cure]:
        """Every single change with which the launch heals from it, as small as it may be."""
        for tweak in self.curing():

            def passes(value: float, tweak: Tweak = tweak) -> bool:
                return self.cured(trigger, tweak, value)

            value = smallest_value(tweak, passes)
            toll = None if value is None else self.toll(tweak, value)
            if value is not None and toll is not None and toll.within(self.tolerated):
                yield Cure(tweak=tweak, value=value, toll=toll)

    @property
    def tolerated(self) -> Toll:
        """What a change may cost people in the line."""
        return tolerated(self.plan.objectives.line, toll_of(self.each, within=1.0))

    def toll(self, tweak: Tweak, value: float) -> Toll:
        """What a change costs people in the line, undisturbed: a line is no free remedy."""
        changed = replace(self.plan, system=tweak.applied(self.plan.system, value))
        return toll_of(predict(changed, self.engine, self.launches).launches)

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
        found = predict(trigger.applied(changed), self.engine, self.launches)
        lost, _ = self.lost(found.launches)
        return self.share(found.merged) >= RECOVERED_SHARE and not lost


def smooth(counts: Counts) -> Counts:
    """Sums over some bins each, as many as there are."""
    return np.convolve(counts, np.ones(SMOOTH_BINS, np.int64), mode="valid")
