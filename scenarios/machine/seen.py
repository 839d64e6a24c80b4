"""What was seen of the machine while load was sent: yardstick and watch, side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

from scenarios.http.allow import Target
from scenarios.machine.here import fingerprint, on_this_machine, port_of
from scenarios.machine.processes import listeners, nice_of
from scenarios.machine.watch import Watch
from scenarios.machine.yardstick import Yardstick
from simulator.outcomes.machine import Baseline, write_machine


@dataclass(slots=True)
class Seen:
    """What was seen so far."""

    yardstick: Yardstick = field(default_factory=Yardstick)
    watch: Watch = field(default_factory=Watch)
    here: str = ""
    """The machine's fingerprint, where the target is on it."""

    @contextmanager
    def beside(self, target: Target, generator: int) -> Iterator[None]:
        """Look while the block runs; ``generator`` is the process that sends the load.

        The yardstick is used where the target is on this machine: of others it would tell nothing.
        """
        ours = on_this_machine(target)
        self.watch.generator = (generator,)
        if ours:
            self.watch.target = listeners(port_of(target.url))
            self.yardstick.nice = nice_of(self.watch.target)
            self.here = fingerprint()
        with self.watch, ExitStack() as stack:
            if ours:
                with suppress(OSError):  # no more processes can be started: its speed stays unknown
                    stack.enter_context(self.yardstick)
            yield

    def keep(self, db: sqlite3.Connection, part: int, probed: Baseline | None) -> None:
        """Write it into a run's store, once the load's sender has written its last row.

        Not sooner: whoever writes beside it makes its event loop wait.
        """
        write_machine(
            db, part, self.yardstick.pieces, self.watch.strain, here=self.here, probed=probed
        )
