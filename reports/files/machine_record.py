"""What the machine did during a replay, as plain values: a list a quantity, in the order of time."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from simulator.outcomes.machine import Machine
from simulator.units import NS_PER_S, Ints

IN_CORES = (
    "busy", "steal", "pressure", "target_cpu", "target_wait", "generator_cpu", "generator_wait",
)  # fmt: skip


def machine_record(machine: Machine) -> dict[str, Any]:
    """Of the keys of :mod:`reports.files.record`, those of "machine"."""
    strain: dict[str, list[Any]] = {
        "at_s": [round(each.at_ns / NS_PER_S, 3) for each in machine.strain],
        "cores": [each.cores for each in machine.strain],
    }
    for name in IN_CORES:
        strain[name] = [known(getattr(each, name)) for each in machine.strain]
    return {
        "here": machine.here,
        "probed": asdict(machine.probed) if machine.probed else None,
        "comparable": machine.comparable,
        "pieces": {
            "at_s": scaled(machine.at_ns, NS_PER_S),
            "cpu_ms": scaled(machine.cpu_ns, 1_000_000),
            "wall_ms": scaled(machine.wall_ns, 1_000_000),
        },
        "strain": strain,
    }


def known(value: float) -> float | None:
    """JSON has no NaN."""
    return None if math.isnan(value) else round(value, 4)


def scaled(values: Ints, unit_ns: int) -> list[float]:
    return [round(value / unit_ns, 3) for value in values.tolist()]
