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
from simulator.scenario.scale import significant
from simulator.scenario.scenario import Scenario, parse
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
        patient_ns = max(people.client_timeout_ns for people in plan.system.people)
        drain_ns = LONGEST_DRAIN_NS if patient_ns >= FOREVER else max(DRAIN_NS, patient_ns)
        return cls(
            from_ns=found.at_ns,
            for_ns=found.width_ns,
            drain_ns=drain_ns,
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


def rehearsable(launch: Scenario, window: Window, host: Host) -> Scenario:
    """A launch of the gauntlet with the window in which it is replayed."""
    return parse(toml_text({**launch.document, "replay": window.words(host)}), launch.file)
