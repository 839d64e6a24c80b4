"""Measuring a target that nothing is known of: by a probe where it tells its servers, else by a ladder."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from scenarios.http.allow import Target, checked
from scenarios.http.manners import Manners
from scenarios.machine.here import on_this_machine
from scenarios.mail.commands import mails_in_words, require_leave
from scenarios.mail.office import Office, mails
from scenarios.probe.ladder.found.findings import Findings
from scenarios.probe.ladder.ladder import climbing
from scenarios.probe.measured import Keys, Probe
from scenarios.probe.probe import RATE_PER_S, probe
from scenarios.probe.told import tells
from scenarios.rehearsal.sendable import known_requests
from scenarios.replay.preparation import prepare
from simulator.errors import Mistake, ScenarioError, Stopped
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.rehearsal.requests import Request
from simulator.system.line import Waitlist
from surgeproof.endings import Terminated, tell
from surgeproof.progress import Step, progress
from surgeproof.verbs.sending.meanwhile.unkept import Unkept
from surgeproof.verbs.sending.probe.wish import Wish

Heed = Callable[[], None]
"""Raises what ends a probe, where somebody wants that."""


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
    unkept: Unkept | None = None,
) -> Probe | Findings:
    """Probe each request, with progress; the line must not be in the way: it is opened if we may.

    ``heed`` is called again and again, and may raise what ends it; ``unkept`` is told what a ladder had found by then.
    """
    target, manners, wish = checked(to), manners or Manners(), wish or Wish()
    prepare(target, Waitlist(), manners)
    silent = servers is None and (manners.health is None or not asyncio.run(tells(target)))
    if wish.ladder or silent:
        return climbed(target, wanted, manners, wish, office, keys, heed, unkept)
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
    unkept: Unkept | None,
) -> Findings:
    """What a ladder finds; ``unkept`` is told what it had found where somebody ends it."""
    each = tuple(dict.fromkeys(wanted))
    ladder = climbing(target, each, manners, wish.bounds, wish.pid)
    tell(f"the ladder sends {ladder.bounds.in_words(each, target.url)}")
    ladder.office, ladder.keys = office, keys or {}
    try:
        with probing(heed) as said:
            ladder.tell = said
            return ladder.run()
    except (KeyboardInterrupt, Terminated, Stopped):
        if unkept is not None and (found := ladder.so_far(interrupted=True)) is not None:
            unkept.stations = found.stations_toml()
        raise


def warn_of_cores(target: Target, servers: int | None) -> None:
    """Servers that are more than this machine has cores share them."""
    cores = os.cpu_count() or 1
    if servers is not None and servers > cores and on_this_machine(target):
        tell(
            f"--servers {servers} on {cores} cores: if its work is the processor's, they slow one another"
            " down, which one request at a time cannot show; leave --servers out and add --ladder"
        )
