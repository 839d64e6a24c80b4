"""How the generator itself fares, second by second: its share of a core, and its event loop's lag."""

from __future__ import annotations

import time

from scenarios.replay.beats import Beat
from scenarios.replay.child.clock import Clock
from scenarios.replay.child.surge import Surge

PROBE_EVERY_NS = 50_000_000
PROBES_A_BEAT = 20
SHORTEST_NS = 500_000_000
"""Over less than this the last beat would say how dear it is to stop, not to send."""


class Pulse:
    """Feels the loop twenty times a second and reports once."""

    def __init__(self, surge: Surge, clock: Clock) -> None:
        self.surge, self.clock = surge, clock
        self.share = 0.0
        self.restart()

    def restart(self) -> None:
        """Count the processor's time from now on."""
        self.cpu_ns, self.wall_ns = time.process_time_ns(), time.perf_counter_ns()

    def next_beat(self) -> Beat:
        """Probe for a second; what was found."""
        loop_lag_ns = 0
        for _ in range(PROBES_A_BEAT):
            overslept_ns = self.clock.sleep_until(self.clock.now_ns() + PROBE_EVERY_NS)
            loop_lag_ns = max(loop_lag_ns, overslept_ns)
        self.surge.garbage.look(len(self.surge.present))
        return self.beat(loop_lag_ns)

    def beat(self, loop_lag_ns: int = 0) -> Beat:
        surge = self.surge
        return Beat(
            at_ns=self.clock.now_ns(),
            started=surge.started,
            finished=surge.started - len(surge.present),
            in_flight=len(surge.present),
            waiting=surge.waiting,
            late=surge.late,
            at_cap=surge.at_cap,
            cpu_share=self.cpu_share(),
            loop_lag_ns=loop_lag_ns,
        )

    def cpu_share(self) -> float:
        """The share of one core used since the last beat, if that is long enough ago to tell."""
        wall_ns = time.perf_counter_ns() - self.wall_ns
        if wall_ns >= SHORTEST_NS:
            self.share = (time.process_time_ns() - self.cpu_ns) / wall_ns
            self.restart()
        return self.share
