"""``surgeproof gauntlet``: one probe, and then every launch of the library against this system, predicted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from reports.gauntlet.record import record_text
from reports.gauntlet.text import gauntlet_text
from scenarios.http.allow import check_target
from scenarios.http.manners import manners_of
from scenarios.library import shelf as library
from scenarios.rehearsal.sendable import keys_of, sendable
from simulator.advice.gauntlet.crowd import Host
from simulator.advice.gauntlet.gauntlet import Gauntlet, gauntlet
from simulator.engine.rules import Engine
from simulator.errors import UsageError
from simulator.scenario.scenario import Scenario, stations_document
from simulator.verdict.verdict import EXIT_CODES
from surgeproof.endings import tell
from surgeproof.engines import compiling, engine_named
from surgeproof.progress import progress
from surgeproof.verbs.sending import probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is put to the test, and how hard."""

    names: tuple[str, ...]
    """Whose crowds; of all launches of the library where none is named."""
    expect: int
    target: str | None
    system: Path | None
    like: str | None
    seed: int
    launches: int
    as_json: bool
    allow_files: bool
    allow_commands: bool


def run(asked: Asked) -> int:
    """Print what each launch would do to it; the exit code says whether all of them hold."""
    if asked.target is None and asked.system is None:
        raise UsageError(
            "give --target URL, to be measured, or --system FILE with stations that were"
        )
    engine = engine_named("compiled")
    scenario = launch_like(asked)
    host = Host.of(scenario, engine, stations_document(*stations_text(asked, scenario)))
    found = tried(asked, host, engine)
    if asked.as_json:
        print(record_text(found), end="")
    else:
        print(gauntlet_text(found), end="")
    return EXIT_CODES[found.outcome]


def launch_like(asked: Asked) -> Scenario:
    """Whose journeys, line and objectives meet the crowds: a launch's, or a signup as the reference server has it."""
    if asked.like is not None:
        return library.load(asked.like, allow_files=asked.allow_files)
    return library.host()


def stations_text(asked: Asked, scenario: Scenario) -> tuple[str, str]:
    """The stations of a file, or of a target as it is measured now, and what they are called."""
    if asked.system is not None:
        return library.read_named(asked.system), str(asked.system)
    assert asked.target is not None, "one of both was given"
    allowed = check_target(asked.target)
    sent = sendable(scenario).scenario
    wanted = list(probe.probed(sent))
    manners = manners_of(scenario, wanted)
    with probe.caught(scenario, manners, allowed=asked.allow_commands) as office:
        found = probe.measure(allowed, wanted, manners=manners, office=office, keys=keys_of(sent))
    tell(probe.in_words(found))
    return found.stations_toml(), "the probe's result"


def tried(asked: Asked, host: Host, engine: Engine) -> Gauntlet:
    """Every launch of the library, in the size that is expected."""
    named = asked.names or library.names()
    shelf = [library.load(name, allow_files=asked.allow_files) for name in named]
    if len({each.name for each in shelf}) < len(shelf):
        raise UsageError("two launches have the same name: name each of them once")
    with progress(compiling("predicting the gauntlet")) as step:
        return gauntlet(
            host,
            shelf,
            engine,
            expect=asked.expect,
            now=datetime.now(UTC),
            seed=asked.seed,
            launches=asked.launches,
            told=lambda done: step(done, len(shelf), f"{done} of {len(shelf)} launches"),
        )
