"""What a probe found, for whoever waits for it."""

from __future__ import annotations

from scenarios.probe.drift.in_words import band_of, settled
from scenarios.probe.ladder.found.findings import Findings
from scenarios.probe.measured import SHORTEST_NS, MeasuredStation, Probe
from scenarios.probe.probe import SIGNUP
from simulator.text.wording import format_duration, format_rate


def in_words(found: Probe | Findings) -> str:
    """What a person wants to know, a line for each station."""
    if isinstance(found, Findings):
        return found.in_words()
    return "\n".join(station_in_words(station) for station in found.stations)


def station_in_words(station: MeasuredStation) -> str:
    """What its dearest request costs, how many of it are served, and what the others cost."""
    service, request = station.main.service, station.main.request
    mean_ns = settled(station.posterior) * service.mean_ns
    per_s = station.servers * 1e9 / max(SHORTEST_NS, mean_ns)
    others = [
        f"{cost.request} {format_duration(settled(station.posterior) * cost.service.mean_ns)}"
        for cost in station.costs
        if cost is not station.main
    ]
    workers = "1 worker serves" if station.servers == 1 else f"{station.servers:,} workers serve"
    named = "one signup" if request == SIGNUP else f"one {request}"
    sure = ""
    if station.posterior is not None:
        low, high = (format_duration(mean_ns * far) for far in band_of(station.posterior))
        sure = f"{low} to {high} in 8 launches of 10, "
    return (
        f"{named} costs {format_duration(mean_ns)} ({sure}n = {service.n}); {workers} {format_rate(per_s)}"
    ) + "".join(f"; {other}" for other in others)
