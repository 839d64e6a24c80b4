"""``surgeproof probe``: what the requests of a launch cost a server, measured gently."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from scenarios.http.allow import Target, check_target, checked
from scenarios.http.manners import Manners, manners_of
from scenarios.library import shelf as library
from scenarios.mail.commands import mails_in_words, require_leave
from scenarios.mail.office import Office, mails
from scenarios.probe.measured import SHORTEST_NS, Keys, MeasuredStation, Probe, taken
from scenarios.probe.probe import RATE_PER_S, SIGNUP, probe
from scenarios.rehearsal.sendable import keys_of, known_requests, sendable
from scenarios.replay.preparation import prepare
from simulator.errors import Mistake, ScenarioError, UsageError
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.rehearsal.requests import Request
from simulator.system.line import Waitlist
from simulator.text.wording import format_duration, format_rate
from surgeproof.endings import tell
from surgeproof.options import rate_of
from surgeproof.progress import progress


def run(
    target: str,
    *,
    like: str | None,
    write: Path | None,
    requests: int,
    rate: str | None,
    servers: int | None,
    waiting_room: int | None,
    allow_files: bool,
    allow_commands: bool,
) -> int:
    """Print what was measured as a stations file, or write one."""
    allowed = check_target(target)
    if write is not None:
        require_new(write)
    wanted, manners, keys = [SIGNUP], Manners(), {}
    with ExitStack() as stack:
        office = None
        if like is not None:
            scenario = library.load(like, allow_files=allow_files)
            sent = sendable(scenario).scenario
            wanted, keys = list(probed(sent)), keys_of(sent)
            manners = manners_of(scenario, wanted)
            allowed = replace(allowed, trust=manners.trust)
            office = stack.enter_context(caught(scenario, manners, allowed=allow_commands))
        found = measure(
            allowed,
            wanted,
            manners=manners,
            requests=requests,
            rate_per_s=RATE_PER_S if rate is None else rate_of("--rate", rate),
            servers=servers,
            waiting_room=waiting_room,
            office=office,
            keys=keys,
        )
    if write is None:
        print(found.stations_toml(), end="")
    else:
        found.write(write)
        print(f"{in_words(found)}; written to {write}")
    return 0


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
) -> Probe:
    """Probe each request, with progress; the line must not be in the way: it is opened if we may."""
    target, manners = checked(to), manners or Manners()
    prepare(target, Waitlist(), manners)
    with progress("probing the target") as step:
        found = probe(
            target,
            tuple(dict.fromkeys(wanted)),
            manners=manners,
            requests=requests,
            rate_per_s=rate_per_s,
            servers=servers,
            waiting_room=waiting_room,
            office=office,
            progress=lambda done, of: step(done, of, f"{done} of {of} times"),
        )
    return replace(found, keys=keys or {})


def in_words(found: Probe) -> str:
    """What a person wants to know, a line for each station."""
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
    return (
        f"{named} costs {format_duration(service.mean_ns)} (± {format_duration(service.standard_error_ns)} standard"
        f" error, n = {service.n}); {workers} {format_rate(per_s)}"
    ) + "".join(f"; {other}" for other in others)
