"""Ending: whether a launch serves, in its last window, everybody who then wants to be served.

The *last window* is the last tenth of the time in which people come. The *demand* in it is those
who are let in then: without a line, everybody who comes. *Goodput* is who is served then, within
the objective of his journey. It has recovered if goodput is at least 95 % of the demand.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.outcomes.counts.summary import Summary
from simulator.system.capacity import resources_of, strain
from simulator.system.system import System
from simulator.units import NS_PER_S

LAST_SHARE = 0.1
RECOVERED_SHARE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the last window went."""

    from_ns: int
    wanted_per_s: float
    """People let in, a second: without a line, those who come."""
    goodput_per_s: float
    need: float
    """Utilisation of the scarcest resource if nobody had to try twice."""
    asked: float
    """The same for all attempts that were sent, retries included."""

    @property
    def recovered(self) -> bool:
        return self.goodput_per_s >= RECOVERED_SHARE * self.wanted_per_s

    @property
    def metastable(self) -> bool:
        """Whether only the retries keep it from serving a demand that it could serve."""
        return not self.recovered and self.need < 1.0 <= self.asked


def last_window(summary: Summary) -> tuple[int, int]:
    """From which bin on, and up to which."""
    last = max(1, summary.horizon_ns // summary.bin_ns)
    return last - max(1, round(LAST_SHARE * last)), last


def ending_of(summary: Summary, system: System) -> Ending:
    """How the last window of a launch went."""
    first, last = last_window(summary)
    seconds = (last - first) * summary.bin_ns / NS_PER_S
    bins = summary.bins
    wanted = float(bins.let_in[first:last].sum() / seconds)
    once = [wanted * share for share in summary.step_shares]
    sent = summary.layout.by_step(summary.steps.sent[:, first:last].sum(axis=1))
    all_sent = [number / seconds for number in sent]
    resources = resources_of(system, summary.horizon_ns)
    return Ending(
        from_ns=first * summary.bin_ns,
        wanted_per_s=wanted,
        goodput_per_s=float(bins.good[first:last].sum() / seconds),
        need=strain(resources, once),
        asked=strain(resources, all_sent),
    )
