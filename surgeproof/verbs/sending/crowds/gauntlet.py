"""``surgeproof gauntlet``: one probe, and then every launch of the library against this system, predicted."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from reports.gauntlet.folder import LAUNCHES, PICTURE, new_folder, require_free, seal, write
from reports.gauntlet.record import record_text
from reports.gauntlet.text import gauntlet_text
from scenarios.http.allow import check_target
from scenarios.library import shelf as library
from scenarios.mail.commands import require_leave
from scenarios.probe.ladder.bounds import Bounds
from scenarios.probe.ladder.found.findings import Findings
from scenarios.process.alone import alone
from scenarios.rehearsal.rooted import rooted
from simulator.advice.gauntlet.crowd import Host, require_requests
from simulator.advice.gauntlet.gauntlet import Gauntlet, gauntlet
from simulator.engine.rules import Engine
from simulator.errors import Misbehaved, UsageError
from simulator.plan.launches import Prediction
from simulator.scenario.scenario import Scenario, stations_document
from simulator.text.wording import format_duration
from simulator.units import NS_PER_S
from simulator.verdict.verdict import EXIT_CODES
from surgeproof.endings import tell
from surgeproof.engines import compiling, engine_named
from surgeproof.progress import counted, progress
from surgeproof.verbs.sending.crowds import worst
from surgeproof.verbs.sending.meanwhile.unkept import Unkept
from surgeproof.verbs.sending.probe.asked import Wanted
from surgeproof.verbs.sending.probe.in_words import in_words
from surgeproof.verbs.sending.probe.measuring import measure
from surgeproof.verbs.sending.probe.wish import Wish

GAUNTLETS = Path("gauntlets")
LADDER = Wish(bounds=Bounds(within_s=120.0, at_most=64))
"""Of a target that tells nothing of its servers: with all launches predicted, and one sent, that is five minutes."""
PACKAGES = ("surgeproof", "simpy", "llvmlite", "numpy")


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
    report: Path | None
    """Where page, picture and sealed predictions go; None: a new folder for each gauntlet."""
    replay: str | None
    """The launch that is sent afterwards: the worst, or one by its name; None: none is."""
    allow_files: bool
    allow_commands: bool


def run(asked: Asked) -> int:
    """Print what each launch would do to it; the exit code says whether all of them hold."""
    if asked.target is None and asked.system is None:
        raise UsageError(
            "give --target URL, to be measured, or --system FILE with stations that were"
        )
    shelf = named(asked)
    if asked.replay is not None:
        if asked.target is None:
            raise UsageError("--replay sends a launch: give --target URL as well")
        if asked.as_json:
            raise UsageError("--json is one object, and --replay prints a run besides: choose one")
        worst.require_known(asked.replay, tuple(each.name for each in shelf))
    now = datetime.now(UTC)
    scenario = launch_like(asked)
    folder = asked.report or GAUNTLETS / f"{scenario.name}-{now:%Y%m%dT%H%M%SZ}"
    require_free(folder)
    require_sendable(asked, scenario)
    engine, out = engine_named("compiled"), sys.stderr if asked.as_json else sys.stdout
    at_home = rooted(scenario)
    host = Host.of(at_home, engine)
    with Unkept(out=out) as unkept:
        began_s = time.monotonic()
        stations, file = stations_text(asked, scenario, unkept)
        known_s = time.monotonic()
        host = host.with_stations(at_home, stations_document(stations, file))
        found = tried(asked, host, shelf, engine, now)
        tell(phases(len(shelf), known_s - began_s, time.monotonic() - known_s))
        print(record_text(found) if asked.as_json else gauntlet_text(found), end="", flush=True)
        new_folder(folder)
        sealed = seal(found, folder, stations)
        unkept.stations = ""
    tell(f"sealed: sha256 {sealed}")
    method = method_of(asked, found, now)
    page = write(found, folder, sealed, method)
    if not asked.as_json:
        print(f"page: {page}; to share: {folder / PICTURE}; each launch: {folder / LAUNCHES}")
    if asked.replay is None or asked.target is None:
        return EXIT_CODES[found.outcome]
    sent = worst.to_send(found, asked.replay, stations, folder)

    def draw(prediction: Prediction) -> None:
        before = sent.before(prediction)
        write(found, folder, sealed, method, before)
        tell(f"{before.said} Its prediction is drawn in {page}")

    code = sent.send(
        asked.target, seed=asked.seed, allow_commands=asked.allow_commands, predicted=draw
    )
    after = sent.after()
    if after is not None:
        write(found, folder, sealed, method, after)
    observed = after is not None and after.is_observed
    print(f"page: {page}" + (", with what was observed" if observed else ""))
    return worst.ended(found.outcome, code)


def require_sendable(asked: Asked, scenario: Scenario) -> None:
    """Before anything is measured: what of the host's launch could never be, or could not be sent afterwards.

    Raises ScenarioError and UsageError.
    """
    if asked.system is None:
        require_requests(scenario)
    if asked.replay is not None:
        library.require_locustfiles(scenario, allow_files=asked.allow_files)
        require_leave(scenario, allowed=asked.allow_commands)


def phases(launches: int, known_s: float, predicted_s: float) -> str:
    """How long what was done so far took.

    >>> phases(16, 120.0, 45.0)
    'the system was known after 2 min, and 16 launches were predicted within 45 s'
    """
    known, predicted = (format_duration(round(each) * NS_PER_S) for each in (known_s, predicted_s))
    many = "1 launch was" if launches == 1 else f"{launches} launches were"
    return f"the system was known after {known}, and {many} predicted within {predicted}"


def method_of(asked: Asked, found: Gauntlet, now: datetime) -> list[tuple[str, str]]:
    """How it was made, for the page."""
    options = {
        "--expect": asked.expect, "--system": asked.system, "--target": asked.target,
        "--like": asked.like, "--seed": asked.seed, "--launches": asked.launches,
        "--replay": asked.replay,
    }  # fmt: skip
    given = [str(word) for pair in options.items() if pair[1] is not None for word in pair]
    allowed = {"--allow-files": asked.allow_files, "--allow-commands": asked.allow_commands}
    given += [option for option, is_given in allowed.items() if is_given]
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        ("command", shlex.join(["surgeproof", "gauntlet", *asked.names, *given])),
        ("made at", f"{now:%Y-%m-%d %H:%M} UTC"),
        ("versions", versions),
        ("simulated", f"{sum(len(each.verdict.launches) for each in found.trials):,} launches"),
    ]


def launch_like(asked: Asked) -> Scenario:
    """Whose journeys, line and objectives meet the crowds: a launch's, or a signup as the reference server has it."""
    if asked.like is not None:
        return library.load(asked.like, allow_files=asked.allow_files)
    return library.host()


def stations_text(asked: Asked, scenario: Scenario, unkept: Unkept) -> tuple[str, str]:
    """The stations of a file, or of a target as it is measured now, and what they are called."""
    if asked.system is not None:
        return library.read_named(asked.system), str(asked.system)
    assert asked.target is not None, "one of both was given"
    wanted = Wanted.of(check_target(asked.target), scenario)
    target = wanted.target
    with (
        alone(target.addresses, target.port, target.url),
        wanted.caught(allowed=asked.allow_commands) as office,
    ):
        found = measure(
            target,
            wanted.requests,
            manners=wanted.manners,
            office=office,
            keys=wanted.keys,
            wish=LADDER,
            unkept=unkept,
        )
    unkept.stations = found.stations_toml()
    tell(in_words(found))
    if isinstance(found, Findings):
        require_known(found)
    return unkept.stations, "the probe's result"


def require_known(found: Findings) -> None:
    """Raises Misbehaved where what the probe saw of the target is too little for a launch to be judged by it."""
    probe = f"surgeproof probe --target {found.url} --ladder --write stations.toml"
    if found.limit is not None and found.is_limited:
        raise Misbehaved(
            f"{found.url} refuses: {found.limit.in_words}. No prediction knows of it, so launches would seem to hold that are"
            f" refused: lift it for this machine; or write the stations ({probe}), let the steps call the limit, and give"
            " them with --system"
        )
    if not found.seen_to_its_end and found.told_servers is None:
        raise Misbehaved(
            f"{found.url} was not seen to its end: with {found.estimate.top} at once nobody queued, so launches would seem to"
            f" break that it may hold: probe it with more ({probe} --at-most {4 * found.estimate.top}), and give the"
            " stations with --system"
        )


def named(asked: Asked) -> list[Scenario]:
    """The launches whose crowds come.

    Raises UsageError where two of them have the same name.
    """
    wanted = asked.names or library.names()
    shelf = [library.load(name, allow_files=asked.allow_files) for name in wanted]
    if len({each.name for each in shelf}) < len(shelf):
        raise UsageError("two launches have the same name: name each of them once")
    return shelf


def tried(
    asked: Asked, host: Host, shelf: Sequence[Scenario], engine: Engine, now: datetime
) -> Gauntlet:
    """Every crowd, in the size that is expected."""
    with progress(compiling("predicting the gauntlet")) as step:
        return gauntlet(
            host,
            shelf,
            engine,
            expect=asked.expect,
            now=now,
            seed=asked.seed,
            launches=asked.launches,
            told=lambda done: counted(step)(done, len(shelf)),
        )
