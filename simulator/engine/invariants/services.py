"""How long services may last: at the pace of their station, cold, and beside others."""

from __future__ import annotations

import numpy as np

from simulator.system.pace import Pace
from simulator.system.stations import Station
from simulator.units import FOREVER, Floats, Ints

ROUNDED_NS = 1
"""Processor sharing keeps attained service as a float: an instant may be off by its rounding."""


def paced_ns(service_ns: Ints, pace: Pace | None, begun_ns: Ints) -> Ints:
    """Services at the pace of when each of them begins."""
    if pace is None:
        return service_ns
    steps = np.searchsorted(pace.starts_ns, begun_ns, side="right") - 1
    return times(service_ns, np.array(pace.factors)[np.maximum(steps, 0)])


def paced_sometime_ns(service_ns: Ints, pace: Pace | None) -> tuple[Ints, Ints]:
    """How long services last at least, and at most, that begin nobody knows when."""
    if pace is None:
        return service_ns, service_ns
    return times(service_ns, min(pace.factors)), times(service_ns, max(pace.factors))


def times(service_ns: Ints, factor: float | Floats) -> Ints:
    """Services so many times as long, halves rounded up; nothing lasts longer than for ever."""
    longer_ns: Floats = np.multiply(service_ns, factor, dtype=np.float64)
    forever = longer_ns >= FOREVER
    whole_ns: Ints = np.floor(np.where(forever, 0.0, longer_ns) + 0.5).astype(np.int64)
    return np.where(forever, FOREVER, whole_ns)


def cold_ns(service_ns: Ints, station: Station) -> Ints:
    """As long as they last while an instance is cold; as before, where none ever is."""
    if station.cold is None:
        return service_ns
    longer_ns: Ints = service_ns * station.cold.slowdown_thousandths // 1000
    return longer_ns


def inflated_ns(service_ns: Ints, factor: float) -> Ints:
    """Services beside so many others that each takes so many times as long, rounded up."""
    if factor == 1.0:
        return service_ns
    longer_ns: Ints = np.ceil(service_ns * factor).astype(np.int64)
    return longer_ns
