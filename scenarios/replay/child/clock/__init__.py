"""Time in the replay's child: a clock that counts from the opening, and one alarm for whoever sleeps."""

from scenarios.replay.child.clock.clock import Clock

__all__ = ["Clock"]
