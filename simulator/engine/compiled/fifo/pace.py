"""The pace of stations in the kernel without events.

Who is sent later starts no earlier (:mod:`simulator.engine.compiled.fifo.station`), so that the step
of a pace that holds is looked for from where it was for the one before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy import uintp

from simulator.engine.compiled.code import inlined
from simulator.system.system import System
from simulator.units import FOREVER, Floats, Ints

NEVER_NS = (1 << 63) - 1
"""After whatever starts, be it never."""


class Paces(NamedTuple):
    """The steps of all paces, those of a station followed by one that never comes."""

    is_paced: Ints
    """Of each station."""
    first: Ints
    """Of each station: its first step."""
    starts_ns: Ints
    factors: Floats


def paces_of(system: System) -> Paces:
    paces = [station.pace for station in system.stations]
    starts = [() if pace is None else (*pace.starts_ns, NEVER_NS) for pace in paces]
    factors = [() if pace is None else (*pace.factors, np.inf) for pace in paces]
    return Paces(
        is_paced=np.array([pace is not None for pace in paces], np.int64),
        first=np.cumsum([0, *map(len, starts)], dtype=np.int64)[:-1].copy(),
        starts_ns=np.array([start for each in starts for start in each], np.int64),
        factors=np.array([factor for each in factors for factor in each], np.float64),
    )


@inlined
def paced_ns(paces: Paces, steps: Ints, station: uintp, started_ns: int, service_ns: int) -> int:
    """How long a service takes that starts then; ``steps``: which step held last, of each station."""
    if not paces.is_paced[station]:
        return service_ns
    step = steps[station]
    while paces.starts_ns[uintp(step + 1)] <= started_ns:
        step += 1
    steps[station] = step
    longer_ns = service_ns * paces.factors[uintp(step)]
    return FOREVER if longer_ns >= FOREVER else int(longer_ns + 0.5)
