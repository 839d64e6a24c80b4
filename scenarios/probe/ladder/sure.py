"""How sure a ladder is of the services while all servers are busy. Pure: rungs in, a posterior out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from scenarios.probe.drift.posterior import Posterior, posterior
from scenarios.probe.drift.windows import Loaded, Seen, windows_of, with_loaded
from scenarios.probe.ladder.estimate.estimate import Estimate
from scenarios.probe.ladder.found.served import cost_ns
from scenarios.probe.ladder.machine.beside import without_us
from scenarios.probe.ladder.rungs import Rung, Visit


def wandering(
    rungs: Sequence[Rung], found: Estimate, told: bool, cv: float, cores: int | None = None
) -> Posterior | None:
    """How much the service wanders, and how sure it is while all servers are busy.

    By all visits in which nobody queued, and those in which all servers always worked: these tell the capacity,
    by which a launch stands or falls. Those of one rung have a mean of their own: how many times slower
    they are is the inflation's matter.
    """
    seen = [
        Seen(
            visit.begin_ns / 1e9,
            visit.end_ns / 1e9,
            rung.n,
            services_s(visit, found.network_s, told),
        )
        for rung in rungs
        if rung.n <= found.servers
        for visit in rung.visits
    ]
    windows = windows_of(seen)
    if windows is None:
        return None
    return posterior(with_loaded(windows, list(busy(rungs, found, cv, cores)), first=True))


def busy(rungs: Sequence[Rung], found: Estimate, cv: float, cores: int | None) -> Iterator[Loaded]:
    """The visits with more in flight than there are servers: ``c`` seconds of service are done in a second.

    Of so many services the mean varies as that of as many independent ones does.
    """
    above = [visit for rung in rungs if rung.n > found.servers for visit in rung.visits]
    for visit, batch in zip(above, without_us(above, cores), strict=True):
        yield Loaded(
            begin_s=visit.begin_ns / 1e9,
            end_s=visit.end_ns / 1e9,
            log_mean=math.log(found.servers / batch.per_s),
            noise=cv * cv / max(1.0, visit.per_s * visit.window_s),
        )


def services_s(visit: Visit, network_s: float, told: bool) -> list[list[float]]:
    """What each request of a visit took, those of one request together."""
    requests = sorted({e.request for e in visit.completed}, key=str)
    return [
        [cost_ns(e, network_s, told) / 1e9 for e in visit.completed if e.request == request]
        for request in requests
    ]
