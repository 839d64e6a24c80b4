"""Limited: attempts that were refused though a server was free, as a limit that somebody set does it.

A station as it was described refuses who finds its waiting room full, so while all its servers are busy.
Who is refused while fewer are under way than there are servers was refused for another reason. Who has given
up waiting for his answer may hold a server still: where services are known, they say who does. Where they are not,
or steps call one another, nobody can tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.outcomes.rows import UNKNOWN, Block, Result
from simulator.system.stations import StationKind
from simulator.system.system import System
from simulator.verdict.truth.played.services import Services

FEWEST = 10
"""Refusals. Where nothing is hidden there are none while a server is free, so this is no matter of chance: of fewer nobody could read
the limit's rate."""
MOSTLY = 0.5
"""The share of them that came while a server was free; the others may have found the room full, as described."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """Of one station."""

    station: str
    refused: int
    free: int
    """Of these, while fewer than its servers were busy."""
    served_per_s: float
    """Successes a second from the first refusal to the last one."""


def limited(rows: Block, system: System, number: int, services: Services) -> Limited | None:
    """What is seen of it; None where refusals are few, or the waiting room explains them."""
    station = system.stations[number]
    steps = [index for index, step in enumerate(system.steps) if step.station == number]
    calls = any(system.steps[index].calls for index in steps)
    called = any(call.station == number for step in system.steps for call in step.calls)
    if station.kind is StationKind.QUOTA or calls or called:
        return None
    own = rows.attempts[np.isin(rows.attempts["step"], steps)]
    refused = own["sent"][own["result"] == Result.TURNED_AWAY]
    if len(refused) < FEWEST:
        return None
    rest = own[own["result"] != Result.TURNED_AWAY]
    begun, over = rest["sent"], rest["finished"][rest["finished"] != UNKNOWN]
    if not len(services.step) and (rest["result"] == Result.TIMED_OUT).any():
        return None
    if len(services.step):
        begun, over = services.begun_ns, services.begun_ns + services.took_ns
    before = np.searchsorted(np.sort(begun), refused, side="left")
    under_way = before - np.searchsorted(np.sort(over), refused, side="right")
    free = int((under_way < station.servers * station.instances).sum())
    if free < MOSTLY * len(refused):
        return None
    first, last = int(refused.min()), int(refused.max())
    served = rest["finished"][rest["result"] == Result.SUCCESS]
    between = int(((served >= first) & (served <= last)).sum())
    return Limited(
        station=station.name,
        refused=len(refused),
        free=free,
        served_per_s=between * 1e9 / max(1, last - first),
    )
