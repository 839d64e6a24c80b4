"""How the generator itself fares, second by second: its share of a core, and its event loop's lag."""

from __future__ import annotations

import time

from scenarios.replay.beats import Beat
from scenarios.replay.child.clock import Clock
from scenarios.replay.child.surge import Surge
from simulator.units import FOREVER

PROBE_EVERY_NS = 50_000_000
PROBES_A_BEAT = 20
SHORTEST_NS = 500_000_000
"""Over less than this the last beat would say how dear it is to stop, not to send."""


class Pulse:
    """Feels the loop twenty times a second and reports once."""

    def __init__(self, surge: Surge, clock: Clock) -> None:
        self.surge, self.clock = surge, clock
        self.share = 0.0
        self.lag_ns = 0
        """The longest that the loop overslept since the last beat."""
        self.due_ns = FOREVER
        """When the probe that is under way should be over."""
        self.restart()

    def restart(self) -> None:
        """Count the processor's time from now on."""
        self.cpu_ns, self.wall_ns = time.process_time_ns(), time.perf_counter_ns()

    def next_beat(self) -> Beat:
        """Probe for a second; what was found."""
        for _ in range(PROBES_A_BEAT):
            self.due_ns = self.clock.now_ns() + PROBE_EVERY_NS
            self.clock.sleep_until(self.due_ns)
            self.feel()
        self.surge.garbage.look(len(self.surge.present))
        return self.beat()

    def feel(self) -> None:
        """Note how late it is, also for a probe that whoever stops it never let end."""
        self.lag_ns = max(self.lag_ns, self.clock.now_ns() - self.due_ns)

    def beat(self) -> Beat:
        surge, lag_ns, self.lag_ns = self.surge, self.lag_ns, 0
        return Beat(
            at_ns=self.clock.now_ns(),
            started=surge.started,
            finished=surge.started - len(surge.present),
            in_flight=len(surge.present),
            waiting=surge.waiting,
            late=surge.late,
            at_cap=surge.at_cap,
            cpu_share=self.cpu_share(),
            loop_lag_ns=lag_ns,
        )

    def cpu_share(self) -> float:
        """The share of one core used since the last beat, if that is long enough ago to tell."""
        wall_ns = time.perf_counter_ns() - self.wall_ns
        if wall_ns >= SHORTEST_NS:
            self.share = (time.process_time_ns() - self.cpu_ns) / wall_ns
            self.restart()
        return self.share
