"""The bench: a launch that can be disturbed, beside the same launches undisturbed.

A launch *stands* undisturbed if it serves at least 95 % of those who want to be served in its last
window (:mod:`simulator.advice.disturbance.moment`), but for chance. A launch that stands *recovers* from a
trigger if goodput in the last window is at least 95 % of its own undisturbed, with the same luck, but
for chance. If each is served with probability 0.95, of ``n`` people at least ``0.95 n`` are, less a few
standard deviations of a binomial number.

How long it takes is read off all launches that recover, together: until goodput is back at 95 % of that of
the same launches undisturbed (or all of it but for chance) for good, five bins at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulator.advice.disturbance.found import Reaction
from simulator.advice.disturbance.moment import CHANCE, Moment, in_bins, moment_of
from simulator.advice.disturbance.trigger import Disturbance, Trigger
from simulator.advice.why.ending import RECOVERED_SHARE
from simulator.engine.rules import Engine
from simulator.outcomes.bins import Counts
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import predict
from simulator.plan.plan import Plan

SMOOTH_BINS = 5

Told = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A launch that can be disturbed, and how it went undisturbed."""

    plan: Plan
    engine: Engine
    moment: Moment
    calm: Sequence[Summary]
    """The launches undisturbed, one by one."""
    told: Told | None
    known: dict[Trigger, Reaction] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, engine: Engine, launches: int, told: Told | None) -> Bench:
        fine = in_bins(plan)
        found = predict(fine, engine, launches)
        moment = moment_of(fine, found.merged, launches)
        return cls(plan=fine, engine=engine, moment=moment, calm=found.launches, told=told)

    @property
    def launches(self) -> int:
        return len(self.calm)

    @property
    def standing(self) -> list[int]:
        """The launches that serve their demand undisturbed."""
        return [
            launch
            for launch, calm in enumerate(self.calm)
            if not falls_short(self.good(calm), self.wanted(calm))
        ]

    def wanted(self, summary: Summary) -> int:
        """Who wants to be served in the last window: who is let in then."""
        return self._in_window(summary, summary.bins.let_in)

    def good(self, summary: Summary) -> int:
        """Who is served in it, in time."""
        return self._in_window(summary, summary.bins.good)

    def _in_window(self, summary: Summary, counts: Counts) -> int:
        bin_ns = summary.bin_ns
        return int(counts[self.moment.from_ns // bin_ns : summary.horizon_ns // bin_ns].sum())

    @property
    def undisturbed(self) -> float:
        """Goodput in the last window, of the demand, over all launches."""
        wanted = sum(self.wanted(calm) for calm in self.calm)
        return sum(self.good(calm) for calm in self.calm) / wanted if wanted else math.nan

    def trigger(self, kind: Disturbance, size: float) -> Trigger:
        """So many times the unit of a trigger, at the moment."""
        moment = self.moment
        if kind is Disturbance.PULSE:
            return Trigger(
                kind=kind,
                at_ns=moment.at_ns,
                lasts_ns=moment.unit_ns,
                people=size * moment.unit_people,
            )
        lasts_ns = max(1, round(size * moment.unit_ns))
        return Trigger(kind=kind, at_ns=moment.at_ns, lasts_ns=lasts_ns, station=moment.station)

    def react(self, trigger: Trigger) -> Reaction:
        """What becomes of the launches that stand undisturbed."""
        if trigger not in self.known:
            if self.told:
                self.told(f"{trigger.kind} {len(self.known) + 1}")
            hit = predict(trigger.applied(self.plan), self.engine, self.launches).launches
            self.known[trigger] = self._reaction(trigger, hit)
        return self.known[trigger]

    def _reaction(self, trigger: Trigger, hit: Sequence[Summary]) -> Reaction:
        standing = self.standing
        lost = [launch for launch in standing if not self.recovers(launch, hit[launch])]
        back = [launch for launch in standing if launch not in lost]
        return Reaction(
            trigger=trigger,
            launches=len(standing),
            lost=tuple(lost),
            share=self._share(standing, hit),
            lost_share=self._share(lost, hit),
            recovered_ns=self._recovered_ns(back, hit, trigger.gone_ns),
        )

    def recovers(self, launch: int, hit: Summary) -> bool:
        """Whether a launch that was disturbed serves as many in the last window as undisturbed."""
        return not falls_short(self.good(hit), self.good(self.calm[launch]))

    def _share(self, launches: Sequence[int], hit: Sequence[Summary]) -> float:
        calm = sum(self.good(self.calm[launch]) for launch in launches)
        return sum(self.good(hit[launch]) for launch in launches) / calm if calm else 0.0

    def _recovered_ns(
        self, launches: Sequence[int], hit: Sequence[Summary], gone_ns: int
    ) -> int | None:
        """How long after the trigger goodput was back, for good; None: not seen, or of no launch."""
        if not launches:
            return None
        bin_ns, last = self.plan.bin_ns, self.plan.horizon_ns // self.plan.bin_ns
        gone = -(-gone_ns // bin_ns)
        good = smooth(sum_of([hit[launch].bins.good for launch in launches])[gone:last])
        calm = smooth(sum_of([self.calm[launch].bins.good for launch in launches])[gone:last])
        chance = CHANCE * np.sqrt(calm)
        behind = np.flatnonzero(good < np.minimum(RECOVERED_SHARE * calm, calm - chance))
        if not len(behind):
            return 0
        since = int(behind[-1]) + 1
        return None if since >= len(good) else (gone + since) * bin_ns - gone_ns


def falls_short(good: int, wanted: int) -> bool:
    """Whether fewer are served than if each were with probability 0.95, by more than chance.

    >>> falls_short(940, 1_000), falls_short(920, 1_000)
    (False, True)
    """
    spread = math.sqrt(RECOVERED_SHARE * (1.0 - RECOVERED_SHARE) * wanted)
    return good < RECOVERED_SHARE * wanted - CHANCE * spread


def sum_of(counts: Sequence[Counts]) -> Counts:
    """Bin by bin."""
    return np.asarray(np.sum(counts, axis=0, dtype=np.int64))


def smooth(counts: Counts) -> Counts:
    """Sums over some bins each, as many as there are."""
    return np.convolve(counts, np.ones(SMOOTH_BINS, np.int64), mode="valid")
