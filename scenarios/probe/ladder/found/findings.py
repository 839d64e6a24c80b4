"""What a ladder found, in the scenario language and in sentences, each figure with how far to trust it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from scenarios.machine import yardstick
from scenarios.probe.drift.in_words import settled
from scenarios.probe.drift.posterior import Posterior
from scenarios.probe.ladder.bounds import Bounds
from scenarios.probe.ladder.estimate.estimate import Estimate
from scenarios.probe.ladder.found.instrument import Instrument
from scenarios.probe.ladder.found.seen import of_cpu, of_little, off_by, table
from scenarios.probe.ladder.found.served import Served
from scenarios.probe.ladder.found.words import inflation_of, quota_of, surety_of
from scenarios.probe.ladder.limits import Limit
from scenarios.probe.ladder.order import discipline as disciplines
from scenarios.probe.ladder.order.discipline import Discipline
from scenarios.probe.ladder.rungs import Rung
from scenarios.probe.measured import Keys, law, milliseconds
from scenarios.probe.told import GENEROUS, ToldStation
from simulator.outcomes.machine import Baseline
from simulator.text.wording import format_duration, format_rate


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
    alone: int | None = None
    """What the ladder says of the servers where the target's own word is taken."""
    by_cores: bool = False
    """Whether the rungs alone would say more servers than the target has cores to compute on."""
    source: str = ""
    limit: Limit | None = None
    broke: str = ""
    failed: tuple[str, ...] = ()
    """What went wrong with single requests that are left out."""
    posterior: Posterior | None = None
    """What the visits in which nobody queued say of the service; None where they are too few."""
    machine: Baseline | None = None
    """How fast the machine was meanwhile; None: the target is on another one."""
    instrument: Instrument = field(default_factory=Instrument)
    interrupted: bool = False
    held_out: tuple[str, ...] = ()
    """What a step came to that was predicted before it was sent; empty: none was sent."""
    others: tuple[Findings, ...] = ()
    """The same with each number of servers that the data leave open."""

    def with_step(self, words: Iterable[str], widen: Callable[[Posterior], Posterior]) -> Findings:
        """The findings with what a held-out step says of the service."""
        known = widen(self.posterior) if self.posterior else None
        return replace(self, posterior=known, held_out=tuple(words))

    def rather_than(self, other: Findings, odds: float) -> str:
        """Why a step of load speaks for these servers, and not for those of the ladder."""
        c, what = self.estimate.servers, "server" if self.kind == "pool" else "core"
        return (
            f"With {c} {what}{'s' if c > 1 else ''}, which the ladder leaves open, the step"
            f" is {odds:.3g} times as likely as with {other.estimate.servers}: written is {c}."
        )

    # What is written

    @property
    def shares(self) -> bool:
        return self.discipline is not None and self.discipline.shares

    @property
    def confirmed(self) -> bool:
        """Whether the rungs above the servers show the end of what the target serves, and not of the probe."""
        return self.estimate.confirmed and not self.instrument.mostly_ours

    @property
    def at_least(self) -> str:
        """Before figures that may be higher."""
        return "" if self.seen_to_its_end and not self.instrument.mostly_ours else "at least "

    @property
    def told_servers(self) -> int | None:
        return self.told.servers if self.told else None

    @property
    def written(self) -> float:
        """How many times as long as measured alone in flight a service is taken to be."""
        return self.estimate.correction * settled(self.posterior)

    @property
    def is_limited(self) -> bool:
        """Whether a limit was met that no station says: of a rate, or of who asks as the probe does."""
        return self.limit is not None and self.limit.kind in ("rate", "window", "ban")

    @property
    def has_full_room(self) -> bool:
        """Whether all of them were served at once until more were refused."""
        room = self.limit is not None and self.limit.kind == "room"
        return room and not self.estimate.kink_seen

    @property
    def seen_to_its_end(self) -> bool:
        """Whether it is known how many are served at once: who comes beside them waits, or is refused."""
        return self.estimate.kink_seen or self.has_full_room

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
        return f"{comments}\n\n{self._station()}{quota_of(self.limit)}"

    def _station(self) -> str:
        main, factor = self.main.service, self.written
        cores = f"cores = {self.estimate.servers}\n" if self.kind == "cpu" else ""
        served = "\n".join(
            f"# {key}: mean {milliseconds(each.service.mean_ns)} ±"
            f" {off_by(each.service.standard_error_ns, milliseconds)} (standard error from batch means), cv"
            f" {each.service.cv:.3f}, n = {each.service.n}.\n"
            f"{json.dumps(key)} = {law(each.service, factor)}"
            for each in self.served
            for key in self.keys.get(each.request, [str(each.request)])
        )
        return f"""[[station]]
name = {json.dumps(self.name)}
kind = "{self.kind}"
servers = {self.servers}
{cores}waiting_room = {self.waiting_room}
service = {law(main, factor)}
{surety_of(self.posterior, self.estimate)}{inflation_of(self.estimate)}round_trip = "{milliseconds(self.estimate.network_s * 1e9)}"
{yardstick.in_words(self.machine)}measured = "{self.id}"

[station.serves]
{served}
"""

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
        away = milliseconds(self.estimate.network_s * 1e9)
        yield f"{self.network_how[0].upper()}{self.network_how[1:]}; {away} of an answer occupy no server."
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
        if self.failed and not self.broke:
            yield (
                f"{len(self.failed)} request{'s' if len(self.failed) > 1 else ''} failed and count{'' if len(self.failed) > 1 else 's'} nowhere: {self.failed[-1]}."
            )
        if self.broke:
            yield f"The ladder ended where there was no answer any more: {self.broke}."
        if found.falls:
            yield "With more at once it serves confidently less: a surge will be served more slowly than this."
        yield from self.held_out
        yield from of_little(self.rungs)
        yield from self.instrument.in_words(self.rungs)
        yield from of_cpu(self.rungs)

    def _verdict(self) -> str:
        found = self.estimate
        if self.has_full_room:
            return "more at once are refused"
        if not found.kink_seen:
            return f"at least; with {found.top} at once nobody queued yet"
        if self.instrument.mostly_ours:
            return "the probe itself had not enough of a core to ask for more: the capacity is at least this"
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
        elif self.has_full_room:
            yield f"{what}: {c}; more at once are refused."
        elif not found.kink_seen:
            yield f"{what}: at least {c}; try --at-most {2 * found.top}."
        elif self.by_cores:
            yield f"{what}: {c}; a service is work for the processor, and this machine has no more of them."
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

    def in_words(self) -> str:
        """What a person wants to know, in a line."""
        main = self.main
        c, many = self.estimate.servers, self.at_least
        kind = {"pool": "server", "cpu": "core"}[self.kind]
        inflated = self.estimate.inflation
        slower = f", each {inflated[-1]:.2f} times as slow with {c} at once" if inflated else ""
        how = "in an order that bursts did not tell"
        if self.discipline is not None:
            how = "shared" if self.shares else "first come, first served"
        service, settled_by = main.service, settled(self.posterior)
        error = service.standard_error_ns
        sure = f" (± {format_duration(error)})" if math.isfinite(error) else ""
        beyond = (
            f"; {self.limit.rule}, which is in no prediction"
            if self.limit and self.is_limited
            else ""
        )
        return (
            f"one {main.request} costs {format_duration(self.written * service.mean_ns)}{sure};"
            f" {many}{c} {kind}{'s' if c > 1 else ''} ({how}){slower};"
            f" {many}{format_rate(self.estimate.capacity_per_s.value / settled_by)}"
            f"{' of all requests together' if len(self.served) > 1 else ''}{beyond}"
        )
