"""What each request costs a server that has nothing else to do: from a ladder's first rung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scenarios.probe.ladder.rungs import Exchange, Rung, mean_of
from scenarios.probe.measured import SHORTEST_NS, Figures
from simulator.scenario.words.rehearsal.requests import Request

FEWEST_SEEN = 4
"""Answers to a request alone in flight: of fewer no spread is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What one request costs, with its standard error from batch means."""

    request: Request
    service: Figures


def served_of(
    rungs: tuple[Rung, ...], network_s: float, told: bool, warm: Sequence[Exchange] = ()
) -> tuple[Served, ...]:
    """What each request costs, from the first rung: its mean over batches, and its spread.

    Of one that hardly any batch saw, those of the warm-up count as another.
    """
    (first,) = (rung for rung in rungs if rung.n == 1)
    seen = [visit.completed for visit in first.visits]
    requests = dict.fromkeys(e.request for completed in (warm, *seen) for e in completed)
    found = []
    for request in requests:
        few = sum(e.request == request for completed in seen for e in completed) < FEWEST_SEEN
        batches = [
            took
            for completed in ((warm, *seen) if few else seen)
            if (took := [cost_ns(e, network_s, told) for e in completed if e.request == request])
        ]
        figures = Figures.of([ns for took in batches for ns in took])
        error = mean_of([sum(took) / len(took) for took in batches]).error
        found.append(Served(request=request, service=replace(figures, standard_error_ns=error)))
    return tuple(found)


def cost_ns(exchange: Exchange, network_s: float, told: bool) -> int:
    """Of one request, alone in flight: what the server says, else what was seen less the network."""
    if told and exchange.service_ns is not None:
        return max(round(SHORTEST_NS), exchange.service_ns)
    return max(round(SHORTEST_NS), exchange.took_ns - round(network_s * 1e9))
