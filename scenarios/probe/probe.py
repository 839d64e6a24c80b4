"""Measuring gently what each request of a launch costs.

One request at a time and at most so many a second, so that nothing waits and the service time is
seen alone. One person after the other makes all requests, in the order of the launch, with a request
for nothing before them, which measures what client, network and event loop add. Where the target
sends ``Server-Timing``, it tells its own service time; elsewhere that is the difference of the means.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import httpx

from scenarios.http import bounded
from scenarios.http.allow import Target, checked
from scenarios.http.manners import Manners
from scenarios.machine.watch import spent, used_at
from scenarios.machine.yardstick import Yardstick, baseline, beside
from scenarios.mail.office import Office
from scenarios.probe.drift.posterior import Posterior, posterior
from scenarios.probe.drift.windows import cut, windows_of
from scenarios.probe.measured import Cost, Figures, MeasuredStation, Probe
from scenarios.probe.prober import Prober, Progress, Samples
from scenarios.probe.told import GENEROUS, Capacity, ToldStation, ask, find_capacity
from simulator.errors import Misbehaved, UsageError
from simulator.scenario.words.rehearsal.requests import Request
from simulator.text.wording import format_duration

__all__ = ["Probe", "probe"]

WARM_UP = 5
RATE_PER_S = 30.0
"""A cap; one request at a time is gentle enough. Slower is not better: a processor that idles between
requests serves each of them more slowly than a busy one (37 ms at 10/s and 31 ms at 30/s were
measured within minutes), and a launch keeps it busy."""
HANDS_ON = 0.5
"""Of a service: who works for less of it may be a proxy."""
BUSY = 0.5
"""A wait for a worker longer than this share of the dearest service is not the probe's own doing."""
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

SIGNUP = Request(method="POST", path="/signup")


def probe(
    to: str | Target,
    wanted: Sequence[Request] = (SIGNUP,),
    *,
    manners: Manners | None = None,
    requests: int = 60,
    rate_per_s: float = RATE_PER_S,
    servers: int | None = None,
    waiting_room: int | None = None,
    office: Office | None = None,
    progress: Progress | None = None,
) -> Probe:
    """Measure a target that is idle; ``servers`` and ``waiting_room`` overrule what it tells.

    Each of the ``wanted`` requests is made so many times.

    Raises TargetRefused, UsageError, Unreachable or Misbehaved where nothing can be measured.
    """
    if requests < 2 or not 0 < rate_per_s <= 1000:
        raise UsageError("a probe needs at least 2 requests and a rate above 0 and up to 1000/s")
    target = checked(to)
    asked = Asked(
        tuple(wanted), manners or Manners(), requests, rate_per_s, servers, waiting_room, office
    )
    with beside(target) as yardstick:
        return asyncio.run(measure(target, asked, progress or ignore, yardstick))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a probe is asked for."""

    wanted: tuple[Request, ...]
    manners: Manners
    requests: int
    rate_per_s: float
    servers: int | None
    waiting_room: int | None
    office: Office | None = None
    """Where mails to the probe's people are caught."""


def ignore(done: int, of: int) -> None:
    """Progress that nobody watches."""


async def measure(
    target: Target, asked: Asked, progress: Progress, yardstick: Yardstick | None = None
) -> Probe:
    async with bounded.client_of(target) as client:
        silent = asked.manners.health is None
        room = asked.waiting_room
        if silent and room is None:
            room = GENEROUS
        capacity = await find_capacity(client, asked.servers, room)
        prober = Prober(target, asked.wanted, asked.manners, asked.rate_per_s, asked.office)
        cold = await prober.sample(WARM_UP, ignore)
        used = used_at(target.port) if yardstick else {}
        started_ns = time.perf_counter_ns()
        samples = await prober.sample(asked.requests, progress)
        elapsed_ns = time.perf_counter_ns() - started_ns
        worked_ns, _ = spent(used, used_at(target.port) if yardstick else {})
        pieces = yardstick.since(started_ns) if yardstick else ()
        capacity = capacity if silent else await with_refusals(client, capacity)
    costs = [judge(request, samples) for request in asked.wanted]
    require_telling(samples, costs)
    stations = tuple(
        replace(station, posterior=posterior_of(station, samples))
        for station in stations_of(costs, capacity)
    )
    busy_ns = sum(cost.service.mean_ns * asked.requests for cost in costs)
    servers = sum(max(1, station.servers) for station in stations)
    return Probe(
        id=prober.id,
        url=target.url,
        measured_at=f"{prober.started_at:%Y-%m-%d %H:%M:%S} UTC",
        rate_per_s=asked.rate_per_s,
        source=capacity.source,
        stations=stations,
        round_trip=Figures.of(samples.round_trips_ns),
        null=Figures.of(samples.null_ns),
        first_ns=cold.of[asked.wanted[0]].seen_ns[0],
        warm_up=WARM_UP,
        utilisation=busy_ns / elapsed_ns / servers,
        server_timing=samples.server_timing,
        machine=baseline(pieces, share_of(worked_ns, busy_ns)),
    )


def share_of(worked_ns: float, busy_ns: float) -> float | None:
    """The share of services that is processor time; None: nobody tells, or who listens hands the work on to others.

    >>> share_of(90.0, 100.0), share_of(10.0, 100.0), share_of(float("nan"), 100.0)
    (0.9, None, None)
    """
    share = worked_ns / busy_ns
    return share if share >= HANDS_ON else None


async def with_refusals(client: httpx.AsyncClient, capacity: Capacity) -> Capacity:
    """The stations with what their refusals ask to wait, which a target knows once it has served."""
    told = {station.name: station.retry_after_s for station in (await ask(client)).stations}
    return replace(
        capacity,
        stations=tuple(
            replace(station, retry_after_s=told.get(station.name, 0.0))
            for station in capacity.stations
        ),
    )


def stations_of(costs: Sequence[Cost], capacity: Capacity) -> Iterator[MeasuredStation]:
    """Every station that serves any of the requests."""
    served: dict[ToldStation, list[Cost]] = {}
    for cost in costs:
        served.setdefault(capacity.of(cost.request.path), []).append(cost)
    for name, (station, of_it) in zip(names_of(list(served)), served.items(), strict=True):
        yield MeasuredStation(
            name=name,
            servers=station.servers or 0,
            waiting_room=station.waiting_room or 0,
            retry_after_s=station.retry_after_s,
            costs=tuple(of_it),
        )


def names_of(stations: Sequence[ToldStation]) -> Iterator[str]:
    """What a server calls its stations goes into a file of ours, each under a name of its own."""
    told = [station.name for station in stations]
    free = (name for n in count(1) if (name := f"station-{n}") not in told)
    for name in told:
        yield name if NAME.fullmatch(name) and told.count(name) == 1 else next(free)


def judge(request: Request, samples: Samples) -> Cost:
    """What a request costs."""
    times = samples.of[request]
    seen, null = Figures.of(times.seen_ns), Figures.of(samples.null_ns)
    service = Figures.of(times.service_ns) if samples.server_timing else seen.less(null)
    return Cost(request=request, service=service, seen=seen)


def posterior_of(station: MeasuredStation, samples: Samples) -> Posterior | None:
    """How sure its service is, by the people whom it served one after the other."""
    requests = [cost.request for cost in station.costs]
    came_s = [ns / 1e9 for ns in samples.of[requests[0]].at_ns]
    services = [[ns / 1e9 for ns in samples.services_ns(request)] for request in requests]
    windows = windows_of(cut(came_s, services))
    return None if windows is None else posterior(windows)


def require_telling(samples: Samples, costs: Sequence[Cost]) -> None:
    """Raises Misbehaved where the samples cannot tell what anything costs."""
    dearest = max((cost.service for cost in costs), key=lambda service: service.mean_ns)
    if dearest.mean_ns <= 0:
        raise Misbehaved("no request took longer than an empty one: there is no cost to measure")
    if samples.server_timing:
        require_idle(samples, dearest)


def require_idle(samples: Samples, dearest: Figures) -> None:
    """Raises Misbehaved where the workers were busy with somebody else's requests.

    Those are as dear as our own dearest one. To hand a job to an idle worker takes a moment as well,
    on a busy machine as long as a request for nothing.
    """
    queue = Figures.of([ns for times in samples.of.values() for ns in times.queue_ns])
    if queue.mean_ns > BUSY * dearest.mean_ns + Figures.of(samples.null_ns).mean_ns:
        raise Misbehaved(
            f"the probe's requests waited {format_duration(queue.mean_ns)} for a worker, so somebody else"
            " is using the target; probe it while it is idle"
        )
