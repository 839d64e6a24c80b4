"""Others on the target's machine: who is neither the target nor what sends, and leaves no core idle.

A service that waits for a core takes longer, while its own work and the machine's speed stay what they were:
no yardstick that counts its own processor time shows it. What was predicted is then of a target that has the
machine for itself, or shares it with those only who were there when it was probed.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.outcomes.machine import Machine

LEAST_OTHERS = 0.25
"""Cores: a quarter of one is more than yardstick, watch and system take, which is some hundredths."""
FEW_IDLE = 0.1
"""The share of all cores that is idle at most, where who is ready to run often waits. Without others who took at
least as much there would have been more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Who used the target's machine as well."""

    cores: float
    """In the mean."""
    of: int


def others(machine: Machine | None) -> Others | None:
    """None where there were none, or cores enough for all, or nobody knows."""
    if machine is None or not machine.strain:
        return None
    cores = machine.strain[0].cores
    took_what_was_idle = machine.others > max(LEAST_OTHERS, FEW_IDLE * cores)
    if not (took_what_was_idle and machine.idle < FEW_IDLE):  # NaN is neither
        return None
    return Others(cores=machine.others, of=cores)
