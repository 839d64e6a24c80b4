"""The planned visitors, each sent at his instant, and the crowd of those who have not met their fate."""

from scenarios.replay.child.surge.surge import Surge

__all__ = ["Surge"]
