"""What a ladder found, in the scenario language and in sentences, each figure with how far to trust it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from scenarios.machine import yardstick
from scenarios.probe.drift.in_words import deciles, factor_in_words, surety
from scenarios.probe.drift.posterior import Posterior
from scenarios.probe.ladder.bounds import Bounds
from scenarios.probe.ladder.estimate import Estimate
from scenarios.probe.ladder.limits import Limit
from scenarios.probe.ladder.machine.speed import CROWDED
from scenarios.probe.ladder.order import discipline as disciplines
from scenarios.probe.ladder.order.discipline import Discipline
from scenarios.probe.ladder.rungs import LITTLE, Exchange, Mean, Rung, mean_of
from scenarios.probe.measured import (
    SHORTEST_NS,
    Figures,
    Keys,
    milliseconds,
    taken,
)
from scenarios.probe.told import GENEROUS, ToldStation
from simulator.host.files import write_new
from simulator.outcomes.machine import Baseline
from simulator.scenario.words.rehearsal.requests import Request
from simulator.scenario.words.stations import Station
from simulator.text.wording import format_duration, format_rate, format_share

SLOWED = 1.005
"""A factor below is told nobody."""
BUSY_PROBE = 0.7
"""Above this share of a core the probe itself may be what is slow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What one request costs, with its standard error from batch means."""

    request: Request
    service: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found at a target, by a ladder."""

    id: str
    url: str
    measured_at: str
    bounds: Bounds
    rungs: tuple[Rung, ...]
    estimate: Estimate
    discipline: Discipline | None
    served: tuple[Served, ...]
    network_how: str
    people: int
    keys: Keys = field(default_factory=dict)
    told: ToldStation | None = None
    """What the target says of itself, which is believed."""
    source: str = ""
    limit: Limit | None = None
    broke: str = ""
    posterior: Posterior | None = None
    """What the visits in which nobody queued say of the service; None where they are too few."""
    speed_changed: float = 1.0
    """By what factor the machine's own speed changed; 1: it did not, or was not looked at."""
    yardstick: bool = False
    machine: Baseline | None = None
    """How fast the machine was meanwhile; None: the target is on another one."""
    crowded: float = 1.0
    """How many times its processor time a fixed piece of work took with one request in flight."""
    slowed: float = 1.0
    """How many times as much the rungs above the servers would have been served if the probe took no core."""
    mostly_ours: bool = False
    """Whether the probe needed more than half of the cores above the servers: the target may serve more."""
    interrupted: bool = False
    held_out: tuple[str, ...] = ()
    """What a step came to that was predicted before it was sent; empty: none was sent."""

    def with_step(self, words: Iterable[str], widen: Callable[[Posterior], Posterior]) -> Findings:
        """The findings with what a held-out step says of the service."""
        known = widen(self.posterior) if self.posterior else None
        return replace(self, posterior=known, held_out=tuple(words))

    # What is written

    @property
    def shares(self) -> bool:
        return self.discipline is not None and self.discipline.shares

    @property
    def confirmed(self) -> bool:
        """Whether the rungs above the servers show the end of what the target serves, and not of the probe."""
        return self.estimate.confirmed and not self.mostly_ours

    @property
    def at_least(self) -> str:
        """Before figures that may be higher."""
        return "" if self.estimate.kink_seen and not self.mostly_ours else "at least "

    @property
    def told_servers(self) -> int | None:
        return self.told.servers if self.told else None

    @property
    def name(self) -> str:
        return self.told.name if self.told else "target"

    @property
    def waiting_room(self) -> int:
        if self.told is not None and self.told.waiting_room is not None:
            return self.told.waiting_room
        if self.limit is not None and self.limit.kind == "room":
            return max(0, self.limit.room - self.servers)
        return GENEROUS

    @property
    def servers(self) -> int:
        """How many are worked on at once."""
        if self.told_servers is not None:
            return self.told_servers
        if self.shares and self.discipline is not None:
            return max(self.discipline.at_once, self.estimate.servers)
        return self.estimate.servers

    @property
    def kind(self) -> str:
        return "cpu" if self.shares and self.told_servers is None else "pool"

    def stations_toml(self) -> str:
        """The station, with comments that tell how it was measured and how far to trust it."""
        comments = "\n".join(f"# {line}" for line in [*self.story(), "", *self.trust()])
        return f"{comments}\n\n{self._station()}{self._quota()}"

    def write(self, path: Path) -> None:
        """Raises UsageError where the file exists or may not be written."""
        try:
            write_new(path, self.stations_toml())
        except FileExistsError:
            raise taken(path) from None

    def _station(self) -> str:
        main = self.main.service
        cores = f"cores = {self.estimate.servers}\n" if self.kind == "cpu" else ""
        served = "\n".join(
            f"# {key}: mean {milliseconds(each.service.mean_ns)} ±"
            f" {off_by(each.service.standard_error_ns, milliseconds)} (standard error from batch means), cv"
            f" {each.service.cv:.3f}, n = {each.service.n}.\n"
            f"{json.dumps(key)} = {law(each.service)}"
            for each in self.served
            for key in self.keys.get(each.request, [str(each.request)])
        )
        return f"""[[station]]
name = {json.dumps(self.name)}
kind = "{self.kind}"
servers = {self.servers}
{cores}waiting_room = {self.waiting_room}
service = {law(main)}
{self._factor()}{self._inflation()}round_trip = "{milliseconds(self.estimate.network_s * 1e9)}"
{yardstick.in_words(self.machine)}measured = "{self.id}"

[station.serves]
{served}
"""

    def _factor(self) -> str:
        """How sure the service is while all servers are busy; alone in flight it is known less, and decides less."""
        if self.posterior is not None:
            return surety(self.posterior)
        capacity = self.estimate.capacity_per_s
        error = format_share(capacity.relative_error) if capacity.batches > 1 else ""
        return factor_in_words(
            deciles(capacity.relative_error, capacity.batches),
            f"Capacity ± {error} (standard error from batch means)",
        )

    def _inflation(self) -> str:
        factors = self.estimate.inflation
        if not factors:
            return ""
        written = f"inflation = [{', '.join(f'{each:g}' for each in factors)}]"
        errors = ", ".join(
            f"{k} at once {mean.value:.3f} ± {off_by(mean.error, '{:.3f}'.format)}"
            for k, mean in self.estimate.factors
            if k > 1
        )
        known = "" if knows_inflation() else "# "
        return f"# Inflation: {errors} (standard error from batch means).\n{known}{written}\n"

    def _quota(self) -> str:
        limit = self.limit
        if limit is None or limit.kind not in ("rate", "window"):
            return ""
        return (
            '\n# The limit, as a station that a step may call: calls = [{ at = "limit" }].\n'
            '# [[station]]\n# name = "limit"\n# kind = "quota"\n# waiting_room = 0\n'
            f'# service = {{ law = "fixed", mean = "0.001 ms" }}\n'
            f'# quota = {{ rate = "{limit.rate_per_s:.4g}/s", burst = {max(1, limit.burst)} }}\n'
        )

    @property
    def main(self) -> Served:
        """The dearest request."""
        return max(self.served, key=lambda each: each.service.mean_ns)

    # How it is told

    def story(self) -> Iterator[str]:
        """How it was measured, and what was seen at each rung."""
        yield f"{self.url}, measured {self.measured_at} by a closed loop of up to {self.rungs[-1].n} at once."
        if self.interrupted:
            yield "It was interrupted: this is what was measured until then."
        yield f"{self.people:,} people, each new and on a connection of his own."
        yield f"{self.network_how[0].upper()}{self.network_how[1:]}."
        yield from table(self.rungs)
        if self.discipline is not None:
            yield f"{disciplines.in_words(self.discipline)}."

    def trust(self) -> Iterator[str]:
        """How far to trust it, a sentence each."""
        found = self.estimate
        capacity, error = found.capacity_per_s.value, found.capacity_per_s.error
        yield f"Capacity {format_rate(capacity)} ± {off_by(error, '{:.2g}/s'.format)} (standard error from batch means): {self._verdict()}."
        yield from self._of_servers()
        if self.told_servers is None and self.waiting_room == GENEROUS:
            yield f"Nobody saw the end of its waiting room: {GENEROUS:,} is generous, not measured."
        if self.limit is not None:
            yield f"{self.limit.in_words}."
        if self.broke:
            yield f"The ladder ended where there was no answer any more: {self.broke}."
        if found.falls:
            yield "With more at once it serves confidently less: a surge will be served more slowly than this."
        yield from self.held_out
        yield from self._of_the_instrument()

    def _verdict(self) -> str:
        found = self.estimate
        if not found.kink_seen:
            return f"at least; with {found.top} at once nobody queued yet"
        if self.mostly_ours:
            return "the probe needed more than half of the cores: the capacity is at least this"
        if not found.confirmed:
            return "uncertain, since the batches do not agree"
        if found.capacity_per_s.relative_error > 0.05:
            return "rough"
        return "the rungs above serve no more"

    def _of_servers(self) -> Iterator[str]:
        found, c = self.estimate, self.estimate.servers
        what = "Servers" if self.kind == "pool" else "Cores"
        if self.told_servers is not None:
            agrees = "the ladder agrees" if self.confirmed else "the ladder cannot confirm it"
            if self.alone is not None and self.alone != self.told_servers:
                agrees = f"but the ladder alone would say {self.alone}: check it"
            yield f"Servers: {self.told_servers}, {self.source}; {agrees}."
        elif not found.kink_seen:
            yield f"{what}: at least {c}; try --at-most {2 * found.top}."
        elif self.confirmed:
            yield f"{what}: {c}; with one more in flight it serves confidently less than 5 % more."
            if found.with_inflation > c:
                yield (
                    f"A request for nothing takes so long that {found.with_inflation} servers that slow"
                    " one another down would look alike; the capacity is the same."
                )
        else:
            others = " or ".join(map(str, found.or_else))
            yield f"{what}: {c} or {others or 'more'}, which the data leave open; written is {c}, the likelier."
        if self.shares and self.discipline and self.told_servers is None:
            more = "at least " if self.discipline.at_once >= 8 else ""
            yield f"They share: {more}{self.servers} at once on {c} core{'s' if c > 1 else ''}, or one event loop."

    alone: int | None = None
    """What the ladder says of the servers where the target's own word is taken."""

    def _of_the_instrument(self) -> Iterator[str]:
        off = [rung for rung in self.rungs if abs(rung.little - 1) > LITTLE]
        if off:
            worst = max(off, key=lambda rung: abs(rung.little - 1))
            yield (
                f"Little's law is {100 * abs(worst.little - 1):.0f} % off with {worst.n} at once: between"
                " an answer and the next request the probe takes so long itself; its X is too low by as much"
                " where nobody queues, and R is right."
            )
        busiest = max(self.rungs, key=lambda rung: rung.own_cpu)
        if busiest.own_cpu > BUSY_PROBE:
            yield (
                f"With {busiest.n} at once the probe itself kept {100 * busiest.own_cpu:.0f} % of a core"
                " busy: the server may serve more than it could ask for."
            )
        if self.slowed > SLOWED:
            yield (
                f"The probe shares this machine's cores, and all of them were busy: without it the rungs above the"
                f" servers would have been served {self.slowed:.2f} times as much, which is in capacity and inflation."
            )
        if self.speed_changed > 1:
            yield (
                f"The machine changed its own speed by a factor of {self.speed_changed:.2f} meanwhile (a"
                " fixed piece of work took so much longer): probe again, or trust no figure beyond that."
            )
        if self.crowded > CROWDED:
            yield (
                "Other programs compete for this machine's cores (with one request in flight a fixed piece"
                f" of work took {self.crowded:.1f} times its processor time): the server is given less than"
                " it has, so capacity and number of servers are those of this minute, and may be too low."
            )
        elif self.yardstick and self.speed_changed == 1:
            yield "The machine kept its speed (a fixed piece of work, ten times a second, 3 % of a core)."
        yield from self._of_cpu()

    def _of_cpu(self) -> Iterator[str]:
        known = [(rung.n, mean) for rung in self.rungs if (mean := rung.cpu_s) is not None]
        if not known:
            return
        (_, first), (n, last) = known[0], known[-1]
        grows = last.value / first.value if first.value else 1.0
        cores = last.value * self.rungs[-1].per_s.value
        why = (
            "the processor itself gets slower (caches, hyperthreads, its frequency)"
            if grows > 1.1
            else "what inflates answers is waiting: for a core, a lock, or another system"
        )
        yield (
            f"Processor time of the target for one request: {milliseconds(first.value * 1e9)} alone,"
            f" {milliseconds(last.value * 1e9)} with {n} at once, which keeps {cores:.2f} cores busy; {why}."
        )

    def in_words(self) -> str:
        """What a person wants to know, in a line."""
        main = self.main
        c, many = self.estimate.servers, self.at_least
        kind = {"pool": "server", "cpu": "core"}[self.kind]
        inflated = self.estimate.inflation
        slower = f", each {inflated[-1]:.2f} times as slow with {c} at once" if inflated else ""
        how = "shared" if self.shares else "first come, first served"
        return (
            f"one {main.request} costs {format_duration(main.service.mean_ns)} (±"
            f" {off_by(main.service.standard_error_ns, format_duration)}); {many}{c} {kind}{'s' if c > 1 else ''}"
            f" ({how}){slower}; {many}{format_rate(self.estimate.capacity_per_s.value)}{' of all requests together' if len(self.served) > 1 else ''}"
        )


def knows_inflation() -> bool:
    """Whether a station can say it."""
    return "inflation" in Station.model_fields


def law(service: Figures) -> str:
    mean = milliseconds(max(SHORTEST_NS, service.mean_ns))
    return f'{{ law = "lognormal", mean = "{mean}", cv = {service.cv:.4f} }}'


def off_by(error: float, written: Callable[[float], str]) -> str:
    """What stands behind a ±: of one batch nobody knows it."""
    return written(error) if math.isfinite(error) else "unknown"


def table(rungs: tuple[Rung, ...]) -> Iterator[str]:
    """Rung by rung."""
    yield " at once    X (1/s) ± s.e.     R (ms) ± s.e.   X R / N   batches"
    for rung in rungs:
        x, r = rung.per_s, in_ms(rung.answer_s)
        yield (
            f"{rung.n:8} {x.value:9.2f} ± {off_by(x.error, '{:.2f}'.format):<7} {r.value:9.1f} ± {off_by(r.error, '{:.1f}'.format):<7}"
            f" {rung.little:7.3f} {len(rung.visits):9}"
        )


def in_ms(mean: Mean) -> Mean:
    return Mean(mean.value * 1e3, mean.error * 1e3, mean.batches)


def served_of(rungs: tuple[Rung, ...], network_s: float, told: bool) -> tuple[Served, ...]:
    """What each request costs, from the first rung: its mean over batches, and its spread."""
    (first,) = (rung for rung in rungs if rung.n == 1)
    requests = dict.fromkeys(e.request for visit in first.visits for e in visit.completed)
    found = []
    for request in requests:
        batches = [
            took
            for visit in first.visits
            if (
                took := [
                    cost_ns(e, network_s, told) for e in visit.completed if e.request == request
                ]
            )
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
