"""What can be turned about a system."""

from __future__ import annotations

import enum


class Turn(enum.StrEnum):
    """What is turned. Rates are a second, durations in nanoseconds."""

    SERVERS = "servers"
    CORES = "cores"
    INSTANCES = "instances"
    FLOOR = "autoscaler floor"
    CEILING = "autoscaler ceiling"
    QUOTA = "quota"
    PER_DAY = "tokens a day"
    WAITING_ROOM = "waiting room"
    DEADLINE = "deadline"
    RELEASE = "release"
    BATCH = "batch"
    BATCH_EVERY = "time between batches"
    SLOTS = "slots"
    SESSION = "session"
    PER_MINUTE = "let in a minute"
    EARLY = "early release"
    POLL = "poll"
    PLACES = "places in line"
    LINE = "line"
    NO_LINE = "no line"
    BACKOFF = "backoff"
    CLIENT_TIMEOUT = "client timeout"


WHOLE = {
    Turn.SERVERS,
    Turn.CORES,
    Turn.INSTANCES,
    Turn.FLOOR,
    Turn.CEILING,
    Turn.PER_DAY,
    Turn.WAITING_ROOM,
    Turn.BATCH,
    Turn.SLOTS,
    Turn.PER_MINUTE,
    Turn.PLACES,
}
"""Those whose values are counts."""
NARROW = {
    Turn.RELEASE,
    Turn.BATCH,
    Turn.BATCH_EVERY,
    Turn.SLOTS,
    Turn.SESSION,
    Turn.PER_MINUTE,
    Turn.LINE,
}
"""Those of which too much does harm as well: people let in too fast find the servers busy, people let
in too slowly never get in."""
AT_ONCE = {Turn.DEADLINE, Turn.EARLY, Turn.NO_LINE}
"""Those that have only one other value: a deadline is set to what clients wait."""
OF_PEOPLE = {Turn.BACKOFF, Turn.CLIENT_TIMEOUT}
OF_STATIONS = {
    Turn.SERVERS, Turn.CORES, Turn.INSTANCES, Turn.FLOOR, Turn.CEILING, Turn.QUOTA, Turn.PER_DAY,
    Turn.WAITING_ROOM, Turn.DEADLINE,
}  # fmt: skip
OF_CAPACITY = OF_STATIONS - {Turn.WAITING_ROOM, Turn.DEADLINE}
"""Those that let a station serve more."""
