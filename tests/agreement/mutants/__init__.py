"""All mutants: for each rule of a launch at least one engine that gets it wrong."""

from __future__ import annotations

from tests.agreement.mutants import (
    autoscaler,
    clients,
    line,
    minute,
    order,
    pace,
    pool,
    queue,
    release,
    slots,
    station,
    tracks,
    work,
)

MUTANTS = (
    *line.MUTANTS,
    *queue.MUTANTS,
    *release.MUTANTS,
    *slots.MUTANTS,
    *minute.MUTANTS,
    *clients.MUTANTS,
    *work.MUTANTS,
    *station.MUTANTS,
    *pace.MUTANTS,
    *pool.MUTANTS,
    *autoscaler.MUTANTS,
    *tracks.MUTANTS,
    *order.MUTANTS,
)
