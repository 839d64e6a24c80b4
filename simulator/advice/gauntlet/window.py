"""The window of a trial that is replayed: its busiest seconds, and as many of its people as can be sent.

Time, timeouts and retries are never scaled. Where one machine cannot send all who come in the window, fewer
are sent to the same server: the replay then asks less of it than the launch would, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.advice.gauntlet.crowd import Host
from simulator.advice.gauntlet.trial import Trial
from simulator.plan.likeness import MOST_VISITORS, duration_text
from simulator.plan.peaks import peak
from simulator.scenario.document.toml_text import toml_text
from simulator.scenario.scale.numbers import significant
from simulator.scenario.scenario import Scenario, parse
from simulator.system.people import People
from simulator.units import FOREVER, NS_PER_S

FOR_NS = 20 * NS_PER_S
DRAIN_NS = 10 * NS_PER_S
"""Those under way are waited for at least so long."""
LONGEST_DRAIN_NS = 60 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What of a launch is sent."""

    from_ns: int
    for_ns: int
    drain_ns: int
    people: float
    """Who come in it, in the launch."""
    factor: float
    """The share of them that is sent."""

    @classmethod
    def of(cls, trial: Trial) -> Window:
        """The busiest one."""
        plan = trial.plan
        found = peak(plan.demand, min(FOR_NS, plan.horizon_ns), plan.horizon_ns)
        return cls(
            from_ns=found.at_ns,
            for_ns=found.width_ns,
            drain_ns=max(DRAIN_NS, *map(until_gone_ns, plan.system.people)),
            people=found.people,
            factor=significant(min(1.0, MOST_VISITORS / max(1e-9, found.people))),
        )

    def words(self, host: Host) -> dict[str, Any]:
        """As [replay] says it, with what the host's own says of its server."""
        said = {
            **host.replay,
            "from": duration_text(self.from_ns),
            "for": duration_text(self.for_ns),
            "drain": duration_text(self.drain_ns),
            "demand_factor": self.factor,
        }
        if self.factor < 1.0:
            many = f"{self.people:,.0f} people come in this window"
            said["reason"] = f"{many}, and one machine sends {MOST_VISITORS:,} at most."
        return said


def until_gone_ns(people: People) -> int:
    """How long somebody may be under way at a server that never answers, a minute at most.

    But no shorter than he waits for one answer: a drain that is says nothing.
    """
    timeout_ns, retries = people.client_timeout_ns, people.retries
    if timeout_ns >= FOREVER:
        return LONGEST_DRAIN_NS
    pauses_ns = (retries.attempts - 1) * retries.cap_ns
    return max(timeout_ns, min(LONGEST_DRAIN_NS, retries.attempts * timeout_ns + pauses_ns))


def rehearsable(launch: Scenario, window: Window, host: Host) -> Scenario:
    """A launch of the gauntlet with the window in which it is replayed."""
    return parse(toml_text({**launch.document, "replay": window.words(host)}), launch.file)
