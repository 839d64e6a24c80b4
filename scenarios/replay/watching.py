"""Watching a replay that is under way: its beats, whether somebody wants it to end, and whether it still lives."""

from __future__ import annotations

import time
from collections.abc import Callable

from scenarios.process.open_files import too_few
from scenarios.replay.beats import Beat
from scenarios.replay.generator import TO_END_S, Child
from scenarios.replay.keeping.run_store import identity, require_same
from scenarios.replay.keeping.scribe import Scribe
from simulator.errors import InvalidRun, Stopped

LOOK_EVERY_S = 0.2
TO_BEGIN_S = 60.0
"""For the child to start and warm up: 1.5 s, and far more on a machine that is busy."""
SILENT_S = 15.0
"""It beats every second; who is not sent for so long is late beyond any measure."""

Progress = Callable[[Beat], None]
Halt = Callable[[], str]
"""Why somebody wants the replay to end; nothing while nobody does."""


def require_wanted(halt: Halt | None) -> None:
    """Raises Stopped where somebody wants no more to be sent."""
    if halt is not None and (why := halt()):
        raise Stopped(why)


def watch(
    child: Child,
    scribe: Scribe,
    to_come_s: float,
    end_s: float,
    progress: Progress | None,
    halt: Halt | None = None,
) -> None:
    """Wait for the child and pass on its beats.

    Raises Stopped if somebody wants it to end; InvalidRun if it shows no sign of life, or is not done when it should be; NotKept if the
    store is gone or full: then no more load is sent, of which nothing would be known.
    """
    last_ns, known = -1, identity(scribe.db)
    began_s = seen_s = time.monotonic()
    while not child.ends_within(LOOK_EVERY_S):
        require_same(scribe.db, known)
        require_wanted(halt)
        scribe.require_well()
        now_s, beat = time.monotonic(), scribe.beat
        if beat is not None and beat.at_ns > last_ns:
            last_ns, seen_s = beat.at_ns, now_s
            if progress is not None:
                progress(beat)
        silent_s = now_s - seen_s
        if silent_s > (to_come_s + TO_BEGIN_S if beat is None else SILENT_S):
            raise InvalidRun(
                f"the load generator showed no sign of life for {silent_s:.0f} s and was stopped:"
                f" was it frozen, or the machine overloaded? Its log is {child.log}"
            )
        if now_s - began_s > to_come_s + TO_BEGIN_S + end_s + TO_END_S:
            raise InvalidRun("the replay did not end on time, and was stopped")


def require_files(scribe: Scribe, wanted: int) -> None:
    """Raises InvalidRun where visitors were not sent for want of open files."""
    beat = scribe.beat
    if beat is not None and beat.at_cap:
        raise too_few(wanted, f"{beat.at_cap:,} visitors were not sent: too many were under way")
