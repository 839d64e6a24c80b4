"""Limited: attempts that were refused though a server was free, as a limit that somebody set does it.

A station as it was described refuses who finds its waiting room full, so while all its servers are busy.
Who is refused while fewer are under way than there are servers was refused for another reason.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.outcomes.rows import UNKNOWN, Block, Result
from simulator.system.stations import StationKind
from simulator.system.system import System

FEWEST = 10
MOSTLY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """Of one station."""

    station: str
    refused: int
    free: int
    """Of these, while fewer than its servers were busy."""
    served_per_s: float
    """Successes a second from the first refusal to the last one."""


def limited(rows: Block, system: System, number: int) -> Limited | None:
    """What is seen of it; None where refusals are few, or the waiting room explains them."""
    station = system.stations[number]
    if station.kind is StationKind.QUOTA:
        return None
    steps = [index for index, step in enumerate(system.steps) if step.station == number]
    own = rows.attempts[np.isin(rows.attempts["step"], steps)]
    refused = own["sent"][own["result"] == Result.TURNED_AWAY]
    if len(refused) < FEWEST:
        return None
    rest = own[own["result"] != Result.TURNED_AWAY]
    over = np.sort(rest["finished"][rest["finished"] != UNKNOWN])
    before = np.searchsorted(np.sort(rest["sent"]), refused, side="left")
    under_way = before - np.searchsorted(over, refused, side="right")
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
