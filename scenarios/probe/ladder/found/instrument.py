"""What measuring itself, and whatever else ran beside it, may have done to a ladder's figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scenarios.probe.ladder.machine.speed import CROWDED
from scenarios.probe.ladder.rungs import Rung

SLOWED = 1.005
"""A factor below is told nobody."""
BUSY_PROBE = 0.7
"""Above this share of a core the probe itself may be what is slow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """The probe and its machine while the ladder was climbed."""

    speed_changed: float = 1.0
    """By what factor the machine's own speed changed; 1: it did not, or was not looked at."""
    yardstick: bool = False
    """Whether its speed was looked at."""
    crowded: float = 1.0
    """How many times its processor time a fixed piece of work took with one request in flight."""
    slowed: float = 1.0
    """How many times as much the rungs above the servers would have been served if the probe took no core."""
    mostly_ours: bool = False
    """Whether the probe needed more than half of the cores above the servers: the target may serve more."""

    def in_words(self, rungs: Sequence[Rung]) -> Iterator[str]:
        """What of it a reader has to know, a sentence each."""
        busiest = max(rungs, key=lambda rung: rung.own_cpu)
        if busiest.own_cpu > BUSY_PROBE:
            yield (
                f"With {busiest.n} at once the probe itself kept {100 * busiest.own_cpu:.0f} % of a core"
                " busy: the server may serve more than it could ask for."
            )
        if self.slowed > SLOWED:
            yield (
                f"The probe shares this machine's cores, and all of them were busy: without it the rungs above the"
                f" servers would have been served {self.slowed:.2f} times as much, which is in capacity and inflation."
            )
        if self.speed_changed > 1:
            yield (
                f"The machine changed its own speed by a factor of {self.speed_changed:.2f} meanwhile (a"
                " fixed piece of work took so much longer): probe again, or trust no figure beyond that."
            )
        if self.crowded > CROWDED:
            yield (
                "Other programs compete for this machine's cores (with one request in flight a fixed piece"
                f" of work took {self.crowded:.1f} times its processor time): the server is given less than"
                " it has, so capacity and number of servers are those of this minute, and may be too low."
            )
        elif self.yardstick and self.speed_changed == 1:
            yield "The machine kept its speed (a fixed piece of work, ten times a second, 3 % of a core)."
