"""What master and workers say to one another, on Locust's own messages.

A worker comes (Locust's ``client_ready``). The master asks its clock several times (PING, PONG), tells it the
orders and the plan (ARM, PLAN), hears that it is ready or why not (ARMED), and tells it the opening by its own
clock (GO). From then on the worker tells rows (ROWS, answered by TAKEN), twice a second that it lives and how
its connections fare (BEAT), and, where the launch has rules for its answers, ten times a second how many there were of which kind (COUNTS); at its end,
how it ended (DONE). The master may tell it to stop (STOP).
"""

from __future__ import annotations

from dataclasses import dataclass, field

PING, PONG = "surge_ping", "surge_pong"
ARM, PLAN, ARMED = "surge_arm", "surge_plan", "surge_armed"
GO, STOP = "surge_go", "surge_stop"
ROWS, TAKEN, BEAT, DONE = "surge_rows", "surge_taken", "surge_beat", "surge_done"
COUNTS = "surge_counts"

PLAN_BYTES = 1 << 18
"""Of the plan in one message: nobody's receiving greenlet is held up by more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arming:
    """What a worker is told before it is armed."""

    orders: str
    """As JSON."""
    shard: int
    of: int
    plan_bytes: int
    files: dict[str, str] = field(default_factory=dict)
    """The files that it needs, each with its sha256."""
    authorized: bool = False
    """Whether requests carry an Authorization header, which each machine's environment holds."""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a worker ended."""

    how: str
    """As an end record says it."""
    started: int
    batches: int
    """How many it has told; some may still be on their way."""
    fault: str = ""
    """Why it broke down; empty where it did not."""
