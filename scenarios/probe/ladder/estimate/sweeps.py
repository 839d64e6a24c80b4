"""Batches by the sweep in which they were measured. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scenarios.probe.ladder.rungs import Batch

SHORTEST_S = 1e-6

Sweeps = Mapping[int, Mapping[int, Batch]]
"""By sweep, then by how many were in flight."""


def by_sweep(batches: Iterable[Batch]) -> Sweeps:
    found: dict[int, dict[int, Batch]] = {}
    for batch in batches:
        found.setdefault(batch.sweep, {})[batch.n] = batch
    return found


def service(batch: Batch, network_s: float) -> float:
    return max(SHORTEST_S, batch.answer_s - network_s)
