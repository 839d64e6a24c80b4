"""``surgeproof probe``: what the requests of a launch cost a server, and how many it serves at once.

A target that tells its servers, or whose servers are given, is measured one request at a time; of any
other the ladder finds them: more and more people at once.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from scenarios.http.allow import Target, check_target, checked
from scenarios.http.manners import Manners, manners_of
from scenarios.library import shelf as library
from scenarios.machine.here import on_this_machine
from scenarios.mail.commands import mails_in_words, require_leave
from scenarios.mail.office import Office, mails
from scenarios.probe.drift.in_words import band_of
from scenarios.probe.held_out.step import Limits
from scenarios.probe.ladder.bounds import Bounds
from scenarios.probe.ladder.findings import Findings
from scenarios.probe.ladder.ladder import climbing
from scenarios.probe.measured import SHORTEST_NS, Keys, MeasuredStation, Probe, taken
from scenarios.probe.probe import RATE_PER_S, SIGNUP, WARM_UP, probe
from scenarios.probe.told import tells
from scenarios.process.alone import alone
from scenarios.rehearsal.sendable import keys_of, known_requests, sendable
from scenarios.replay.preparation import prepare
from simulator.errors import Mistake, ScenarioError, UsageError
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.rehearsal.requests import Request
from simulator.system.line import Waitlist
from simulator.text.wording import format_duration, format_rate
from surgeproof.endings import Terminated, tell
from surgeproof.options import duration_of, rate_of
from surgeproof.progress import Step, progress
from surgeproof.verbs.sending import held_out as step
from surgeproof.verbs.sending.sharing import Sharing

Heed = Callable[[], None]
"""Raises what ends a probe, where somebody wants that."""
MOST_AT_ONCE = Bounds().at_most
MOST_PER_S = 100.0
"""Of a held-out step where nobody says a rate: gentle to a server that could do far more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked of a ladder."""

    ladder: bool = False
    """Whether one is wanted in any case."""
    bounds: Bounds = field(default_factory=Bounds)
    pid: int | None = None

    def leaving(self, spare_s: float) -> Wish:
        """The same with so much of the time kept for what comes after; at least half of it is the ladder's."""
        within_s = max(self.bounds.within_s / 2, self.bounds.within_s - spare_s)
        return replace(self, bounds=replace(self.bounds, within_s=within_s))


def most_per_s(rate: str | None) -> float:
    """Requests a second of the held-out step, at most: as many as were allowed, where somebody said."""
    return MOST_PER_S if rate is None else rate_of("--rate", rate)


def run(
    target: str,
    *,
    like: str | None,
    write: Path | None,
    requests: int,
    rate: str | None,
    servers: int | None,
    waiting_room: int | None,
    ladder: bool = False,
    at_most: int | None = None,
    within: str | None = None,
    pid: int | None = None,
    held_out: bool = True,
    dry_run: bool = False,
    allow_files: bool,
    allow_commands: bool,
) -> int:
    """Print what was measured as a stations file, or write one."""
    allowed = check_target(target)
    if write is not None:
        require_new(write)
    wish = wished(ladder=ladder, at_most=at_most, within=within, pid=pid)
    rate_per_s = RATE_PER_S if rate is None else rate_of("--rate", rate)
    if wish.ladder and servers is not None:
        raise UsageError("--servers says what a ladder would measure: leave it out, or the ladder")
    wanted, manners, keys = [SIGNUP], Manners(), {}
    with ExitStack() as stack:
        office = None
        if like is not None:
            scenario = library.load(like, allow_files=allow_files)
            sent = sendable(scenario).scenario
            wanted, keys = list(probed(sent)), keys_of(sent)
            manners = manners_of(scenario, wanted)
            allowed = replace(allowed, trust=manners.trust)
        if dry_run:
            said = announced(allowed, wanted, wish, requests, rate_per_s, given=servers is not None)
            if held_out:
                said.append(step.announced(tuple(dict.fromkeys(wanted)), most_per_s(rate)))
            print("\n".join(said))
            return 0
        if like is not None:
            office = stack.enter_context(caught(scenario, manners, allowed=allow_commands))
        stack.enter_context(alone(allowed.addresses, allowed.port, allowed.url))
        sharing = sharing_at(allowed, manners) if held_out else None
        ladders, began_s = wish.leaving(step.NEEDS_S) if held_out else wish, time.monotonic()
        found = measure(
            allowed,
            wanted,
            manners=manners,
            requests=requests,
            rate_per_s=rate_per_s,
            servers=servers,
            waiting_room=waiting_room,
            office=office,
            keys=keys,
            wish=ladders,
        )
        if held_out:
            limits = Limits(most_per_s=most_per_s(rate))
            if isinstance(found, Findings):  # only a ladder keeps to a time
                left_s = wish.bounds.within_s - (time.monotonic() - began_s) - step.STARTS_S
                limits = replace(limits, within_s=left_s)
            each = tuple(dict.fromkeys(wanted))
            found = step.judged_by_a_step(
                found, allowed, each, manners, office, keys, limits, sharing
            )
    if write is None:
        print(found.stations_toml(), end="")
    else:
        found.write(write)
        print(f"{in_words(found)}; written to {write}")
        many = found.people if isinstance(found, Findings) else requests + WARM_UP
        tell(f"{many:,} people were made up for it; their addresses end in @{found.id}.invalid")
    return 0


def sharing_at(target: Target, manners: Manners) -> Sharing:
    """What sending a held-out step takes of the target's cores: as a replay's prediction has it."""
    tells_of_line = prepare(target, Waitlist(), manners)
    return Sharing.of(target, keep_alive=manners.keep_alive, is_ours=tells_of_line)


def wished(*, ladder: bool, at_most: int | None, within: str | None, pid: int | None) -> Wish:
    """What the options ask of a ladder: each of them asks for one.

    Raises UsageError.
    """
    bounds = Bounds(at_most=MOST_AT_ONCE if at_most is None else at_most)
    if within is not None:
        bounds = replace(bounds, within_s=duration_of("--within", within) / 1e9)
        if not 1 <= bounds.within_s <= 3600:
            raise UsageError("--within is from 1 s to 1 h")
    asked = ladder or any(option is not None for option in (at_most, within, pid))
    return Wish(ladder=asked, bounds=bounds, pid=pid)


def announced(
    target: Target,
    wanted: Sequence[Request],
    wish: Wish,
    requests: int,
    rate_per_s: float,
    *,
    given: bool,
) -> list[str]:
    """What would be sent."""
    each = tuple(dict.fromkeys(wanted))
    many = (requests + WARM_UP) * (len(each) + 1)
    quick = (
        f"to {target.url}: {many:,} requests at most, one at a time, at most {format_rate(rate_per_s)};"
        f" {requests + WARM_UP} new people, whose addresses end in .invalid, each make"
        f" {', '.join(map(str, each))}, and one for /healthz"
    )
    climbed = f"the ladder sends {wish.bounds.in_words(each, target.url)}"
    if wish.ladder:
        return [climbed]
    if given:
        return [f"the probe sends {quick}"]
    return [
        f"if the target tells its servers in /healthz or /metrics, the probe sends {quick}",
        f"if not, {climbed}",
    ]


def probed(sent: Scenario) -> Sequence[Request]:
    """The requests that can be measured; what a locustfile's user sends is not among them, and said.

    Raises ScenarioError where there are no others.
    """
    wanted = known_requests(sent)
    for journey in sent.words.journey:
        if journey.locust:
            key = f"journey.{journey.name}"
            problem = f"is taken by {journey.locust}, whose requests the probe does not know"
            remedy = (
                "give the [[station]] of its steps the service that your server has, or probe a launch"
                " whose steps have these requests"
            )
            if not wanted:
                raise ScenarioError([Mistake(sent.file, key, problem, remedy)])
            tell(f"{key} {problem}: {remedy}")
    return wanted


@contextmanager
def caught(scenario: Scenario, manners: Manners, *, allowed: bool) -> Iterator[Office | None]:
    """The launch's mails, with what is run or listened on said aloud before.

    Raises UsageError where that cannot be, or no command may be run.
    """
    require_leave(scenario, allowed=allowed)
    with mails(scenario, manners.data) as office:
        for line in mails_in_words(scenario):
            tell(line)
        yield office


def require_new(path: Path) -> None:
    """Raises UsageError before anything is measured, where the result could not be kept."""
    if path.exists():
        raise taken(path)
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise UsageError(f"cannot write {path}: the folder does not exist or cannot be written")


def go_on() -> None:
    """Nobody wants it to end."""


@contextmanager
def probing(heed: Heed) -> Iterator[Step]:
    """Progress of a probe, at each step of which somebody may want it to end."""
    with progress("probing the target") as said:

        def step(done: float, of: float, note: str) -> None:
            heed()
            said(done, of, note)

        yield step


def measure(
    to: str | Target,
    wanted: Sequence[Request],
    *,
    manners: Manners | None = None,
    requests: int = 60,
    rate_per_s: float = RATE_PER_S,
    servers: int | None = None,
    waiting_room: int | None = None,
    keys: Keys | None = None,
    office: Office | None = None,
    wish: Wish | None = None,
    heed: Heed = go_on,
) -> Probe | Findings:
    """Probe each request, with progress; the line must not be in the way: it is opened if we may.

    ``heed`` is called again and again, and may raise what ends it.
    """
    target, manners, wish = checked(to), manners or Manners(), wish or Wish()
    prepare(target, Waitlist(), manners)
    silent = servers is None and (manners.health is None or not asyncio.run(tells(target)))
    if wish.ladder or silent:
        return climbed(target, wanted, manners, wish, office, keys, heed)
    warn_of_cores(target, servers)
    with probing(heed) as said:
        measured = probe(
            target,
            tuple(dict.fromkeys(wanted)),
            manners=manners,
            requests=requests,
            rate_per_s=rate_per_s,
            servers=servers,
            waiting_room=waiting_room,
            office=office,
            progress=lambda done, of: said(done, of, f"{done} of {of} times"),
        )
    return replace(measured, keys=keys or {})


def climbed(
    target: Target,
    wanted: Sequence[Request],
    manners: Manners,
    wish: Wish,
    office: Office | None,
    keys: Keys | None,
    heed: Heed,
) -> Findings:
    """What a ladder finds; who interrupts it is told what was found until then."""
    each = tuple(dict.fromkeys(wanted))
    ladder = climbing(target, each, manners, wish.bounds, wish.pid)
    tell(f"the ladder sends {ladder.bounds.in_words(each, target.url)}")
    ladder.office, ladder.keys = office, keys or {}
    try:
        with probing(heed) as said:
            ladder.tell = said
            return ladder.run()
    except (KeyboardInterrupt, Terminated):
        if (found := ladder.so_far(interrupted=True)) is not None:
            print(found.stations_toml(), end="", flush=True)
        raise


def warn_of_cores(target: Target, servers: int | None) -> None:
    """Servers that are more than this machine has cores share them."""
    cores = os.cpu_count() or 1
    if servers is not None and servers > cores and on_this_machine(target):
        tell(
            f"--servers {servers} on {cores} cores: if its work is the processor's, they slow one another"
            " down, which one request at a time cannot show; leave --servers out and add --ladder"
        )


def in_words(found: Probe | Findings) -> str:
    """What a person wants to know, a line for each station."""
    if isinstance(found, Findings):
        return found.in_words()
    return "\n".join(station_in_words(station) for station in found.stations)


def station_in_words(station: MeasuredStation) -> str:
    """What its dearest request costs, how many of it are served, and what the others cost."""
    service, request = station.main.service, station.main.request
    per_s = station.servers * 1e9 / max(SHORTEST_NS, service.mean_ns)
    others = [
        f"{cost.request} {format_duration(cost.service.mean_ns)}"
        for cost in station.costs
        if cost is not station.main
    ]
    workers = "1 worker serves" if station.servers == 1 else f"{station.servers:,} workers serve"
    named = "one signup" if request == SIGNUP else f"one {request}"
    sure = ""
    if station.posterior is not None:
        low, high = (format_duration(service.mean_ns * far) for far in band_of(station.posterior))
        sure = f"{low} to {high} in 8 launches of 10, "
    return (
        f"{named} costs {format_duration(service.mean_ns)} ({sure}n = {service.n}); {workers} {format_rate(per_s)}"
    ) + "".join(f"; {other}" for other in others)
