"""All mutants: for each rule of a launch at least one engine that gets it wrong."""

from __future__ import annotations

from tests.agreement.mutants import (  # noqa: F401
    autoscaler,
    clients,
    line,
    order,
    pool,
    queue,
    release,
    slots,
    station,
    tracks,
    work,
)
from tests.agreement.mutants.mutant import MUTANTS, Mutant

__all__ = ["MUTANTS", "Mutant"]
