"""The second witness of a machine's speed: the target's processor time, against what its services need.

The target spends processor time on more than its services: on looks of people in line, and on refusals. Where these
are many, what is spent says nothing of services; nor does it where those of a station are not known, which spent some
of it. And whether services that take longer beside others work longer, or only wait, a probe cannot say: what they need
lies between both. Of the two bounds that follow the one counts that tells less.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from simulator.outcomes.machine import Machine
from simulator.outcomes.rows import Block, Result
from simulator.system.stations import StationKind
from simulator.system.system import System
from simulator.units import Floats
from simulator.verdict.truth.played.services import Services, running_of
from simulator.verdict.truth.took import thought_of

LITTLE_ELSE = 0.1
"""Of the attempts: more looks and refusals may take what no service needs."""


def worked(
    system: System,
    services: Mapping[str, Services],
    machine: Machine,
    computing: float | None,
    *,
    rows: Block,
    looks: int = 0,
) -> float:
    """The target's processor time, as a multiple of what the services that it did were thought to need.

    Of those that began while both were watched; ``looks`` are those of people in line. NaN: nobody knows.
    """
    seen = [each for each in machine.strain if not math.isnan(each.target_cpu)]
    if computing is None or not seen or not tells(system, services, rows, looks):
        return math.nan
    spent_ns = sum(each.target_cpu * each.for_ns for each in seen)
    begin_ns, end_ns = seen[0].at_ns - seen[0].for_ns, seen[-1].at_ns
    least_ns = most_ns = 0.0
    for station in system.stations:
        each = services[station.name]
        if station.kind is StationKind.QUOTA or not len(each.step):
            continue
        inside = (each.begun_ns >= begin_ns) & (each.begun_ns < end_ns)
        least_ns += computing * float(thought_of(system, each)[inside].sum())
        most_ns += computing * float(needed(system, each)[inside].sum())
    return surer(spent_ns / most_ns, spent_ns / least_ns) if least_ns > 0.0 else math.nan


def tells(system: System, services: Mapping[str, Services], rows: Block, looks: int) -> bool:
    """Whether what the target spends is spent on services, and all of these are known. A quota is no work of it."""
    attempts = rows.attempts
    refused = attempts["result"] == Result.TURNED_AWAY
    if looks + int(refused.sum()) > LITTLE_ELSE * len(attempts):
        return False
    served = {system.steps[step].station for step in np.unique(attempts["step"][~refused]).tolist()}
    working = (system.stations[each] for each in served)
    return all(
        each.kind is StationKind.QUOTA or len(services[each.name].step) > 0 for each in working
    )


def surer(low: float, high: float) -> float:
    """Of two bounds the one nearer to 1; NaN where one is above it and the other below.

    >>> surer(1.1, 1.3), surer(0.7, 0.9), surer(0.8, 1.2)
    (1.1, 0.9, nan)
    """
    if low >= 1.0:
        return low
    return high if high <= 1.0 else math.nan


def needed(system: System, services: Services) -> Floats:
    """What each service was thought to take beside as many others (ns)."""
    (station,) = (each for each in system.stations if each.name == services.station)
    factors = np.array(station.inflation)
    running = running_of(services).astype(np.int64)
    among: Floats = factors[np.minimum(running, len(factors)) - 1]
    return thought_of(system, services) * among
