"""What a probe found, and how it is written down as a file of stations."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from scenarios.machine import yardstick
from scenarios.probe.drift.in_words import settled, surety
from scenarios.probe.drift.posterior import Posterior
from simulator.errors import UsageError
from simulator.host.files import write_new
from simulator.outcomes.counts.histogram import SAMPLES_BEYOND, Histogram
from simulator.outcomes.machine import Baseline
from simulator.scenario.words.rehearsal.requests import Request
from simulator.text.wording import format_rate

SHORTEST_NS = 1_000.0

Keys = Mapping[Request, Sequence[str]]
"""What a request is called where the stations of a file say what it costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Some durations in numbers; what nobody can know is NaN."""

    n: int
    mean_ns: float
    sd_ns: float
    standard_error_ns: float
    """How far the mean may be off, from the spread alone."""
    skewness: float
    p50_ns: float
    p95_ns: float
    """NaN where too few samples lie beyond it."""

    @classmethod
    def of(cls, durations_ns: Sequence[int]) -> Figures:
        """The figures of some durations; of a single one no spread is known."""
        values = np.array(durations_ns, dtype=np.int64)
        histogram = Histogram()
        histogram.add(values)
        mean_ns = float(values.mean())
        sd_ns = float(values.std(ddof=1)) if len(values) > 1 else 0.0
        return cls(
            n=len(values),
            mean_ns=mean_ns,
            sd_ns=sd_ns,
            standard_error_ns=sd_ns / math.sqrt(len(values)),
            skewness=float(((values - mean_ns) ** 3).mean()) / sd_ns**3 if sd_ns else 0.0,
            p50_ns=histogram.quantile_ns(0.5) if histogram.enough_for(0.5) else math.nan,
            p95_ns=histogram.quantile_ns(0.95) if histogram.enough_for(0.95) else math.nan,
        )

    def less(self, other: Figures) -> Figures:
        """What remains when an independent part is taken out: means and variances subtract.

        A difference may come out negative, by chance: it is 0 then. Quantiles do not subtract.
        """
        return Figures(
            n=self.n,
            mean_ns=max(0.0, self.mean_ns - other.mean_ns),
            sd_ns=math.sqrt(max(0.0, self.sd_ns**2 - other.sd_ns**2)),
            standard_error_ns=math.hypot(self.standard_error_ns, other.standard_error_ns),
            skewness=math.nan,
            p50_ns=math.nan,
            p95_ns=math.nan,
        )

    @property
    def relative_error(self) -> float:
        """The standard error of the mean, of the mean."""
        return self.standard_error_ns / self.mean_ns if self.mean_ns else 0.0

    @property
    def cv(self) -> float:
        return self.sd_ns / self.mean_ns if self.mean_ns else 0.0

    def __str__(self) -> str:
        mean, error = milliseconds(self.mean_ns), milliseconds(self.standard_error_ns)
        parts = [f"mean {mean} ± {error} (standard error)", f"cv {self.cv:.3f}"]
        if not math.isnan(self.skewness):
            parts.append(f"skewness {self.skewness:.1f}")
            parts += [self._quantile(0.5, self.p50_ns), self._quantile(0.95, self.p95_ns)]
        return ", ".join(parts)

    def _quantile(self, quantile: float, value_ns: float) -> str:
        name = f"p{100 * quantile:.0f}"
        if math.isnan(value_ns):
            needed = math.ceil(SAMPLES_BEYOND / (1 - quantile) - 1e-9)
            return f"{name} too few ({self.n} of {needed})"
        return f"{name} {milliseconds(value_ns)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one request costs."""

    request: Request
    service: Figures
    seen: Figures
    """Send to last byte, as the client saw it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredStation:
    """What serves some of the requests, and what each costs it."""

    name: str
    servers: int
    waiting_room: int
    retry_after_s: float
    costs: tuple[Cost, ...]
    """At least one."""
    posterior: Posterior | None = None
    """What windows of the probe say of it; None where no two of its services share a window."""

    @property
    def main(self) -> Cost:
        """The dearest request: what the station is there for."""
        return max(self.costs, key=lambda cost: cost.service.mean_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What was measured at a target while it had next to nothing to do."""

    id: str
    url: str
    measured_at: str
    rate_per_s: float
    """The cap on the probe's own requests."""
    source: str
    """Who told of the stations' servers and waiting rooms."""
    stations: tuple[MeasuredStation, ...]
    round_trip: Figures
    """What network, client and event loop add to service and queue."""
    null: Figures
    """A request that asks for nothing: the client's and the network's own overhead."""
    first_ns: int
    """The first request of all, cold, as the client saw it; in no other figure."""
    warm_up: int
    """How many of each request were discarded before the measurement."""
    utilisation: float
    """Share of the servers' time that the probe itself kept busy."""
    server_timing: bool
    """Whether the target told its service times; else they are differences of means."""
    machine: Baseline | None = None
    """How fast the machine was meanwhile; None: the target is on another one."""
    keys: Keys = field(default_factory=dict)
    """Under which words a request is written down, where its method and path are not enough."""
    held_out: tuple[str, ...] = ()
    """What a step came to that was predicted before it was sent; empty: none was sent."""

    def with_step(self, words: Iterable[str], widen: Callable[[Posterior], Posterior]) -> Probe:
        """The probe with what a held-out step says of every station."""
        stations = tuple(
            replace(each, posterior=widen(each.posterior) if each.posterior else None)
            for each in self.stations
        )
        return replace(self, stations=stations, held_out=tuple(words))

    @property
    def costs(self) -> tuple[Cost, ...]:
        """Of every request."""
        return tuple(cost for station in self.stations for cost in station.costs)

    def stations_toml(self) -> str:
        """The measurement in the scenario language, with comments that tell how it was made."""
        return "\n".join([*self._story(), *(self._station(each) for each in self.stations)])

    def _story(self) -> list[str]:
        lines = [
            f"{self.url}, measured {self.measured_at}.",
            f"One request at a time, at most {format_rate(self.rate_per_s)}.",
            f"Share of the servers' time that the probe kept busy: {self.utilisation:.3f}.",
            f"Before that, {self.warm_up} of each kind as warm-up, not counted.",
            f"The very first request, cold, took {milliseconds(self.first_ns)}.",
            f"Servers and waiting room: {self.source}.",
            f"Round trip, {self.round_trip.n} times: {self.round_trip}.",
            f"An empty request, {self.null.n} times: {self.null}."
            if self.null.mean_ns
            else "No empty request was made, as the launch has none beside its steps: nothing is subtracted.",
            *self.held_out,
        ]
        return [f"# {line}" for line in lines]

    def _served(self, cost: Cost, factor: float) -> Iterator[str]:
        for key in self.keys.get(cost.request, [str(cost.request)]):
            yield f"# {key}: {cost.service}."
            yield f"{json.dumps(key)} = {law(cost.service, factor)}"

    def _station(self, station: MeasuredStation) -> str:
        main, how = station.main, "reported by Server-Timing"
        if not self.server_timing:
            how = "as seen, less an empty request"
        asks = f'retry_after = "{station.retry_after_s:.3f} s"\n' if station.retry_after_s else ""
        factor = settled(station.posterior)
        served = "\n".join(line for cost in station.costs for line in self._served(cost, factor))
        return f"""
[[station]]
name = "{station.name}"
kind = "pool"
servers = {station.servers}
waiting_room = {station.waiting_room}
service = {law(main.service, factor)}
{surety(station.posterior)}{asks}round_trip = "{milliseconds(self.round_trip.mean_ns)}"
{yardstick.in_words(self.machine)}measured = "{self.id}"

# Service, {main.service.n} times, {how}.
[station.serves]
{served}
"""


def write_stations(path: Path, stations_toml: str) -> None:
    """Write a stations file; an existing one may hold somebody's comments and is kept.

    Raises UsageError where the file exists or may not be written, NotKept where the disk is full.
    """
    try:
        write_new(path, stations_toml)
    except FileExistsError:
        raise taken(path) from None


def taken(path: Path) -> UsageError:
    """That a file is there already: it may hold somebody's comments."""
    return UsageError(
        f"{path} exists and is not overwritten; choose another name, or remove it first"
    )


def law(service: Figures, factor: float = 1.0) -> str:
    """A law of these figures, of so many times the mean; what is too little to be measured takes the least that is written."""
    mean = milliseconds(max(SHORTEST_NS, factor * service.mean_ns))
    return f'{{ law = "lognormal", mean = "{mean}", cv = {service.cv:.4f} }}'


def milliseconds(ns: float) -> str:
    """In milliseconds, to the microsecond.

    >>> milliseconds(32_104_000)
    '32.104 ms'
    """
    return f"{ns / 1e6:.3f} ms"
