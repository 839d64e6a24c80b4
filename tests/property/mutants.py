"""All mutants: for each rule of a launch at least one engine that gets it wrong."""

from __future__ import annotations

from tests.property import (  # noqa: F401
    mutants_clients,
    mutants_instances,
    mutants_line,
    mutants_order,
    mutants_queue,
    mutants_release,
    mutants_scaling,
    mutants_slots,
    mutants_station,
    mutants_tracks,
    mutants_work,
)
from tests.property.mutant import MUTANTS, Mutant

__all__ = ["MUTANTS", "Mutant"]
