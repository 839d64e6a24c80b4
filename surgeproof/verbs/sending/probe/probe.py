"""``surgeproof probe``: what the requests of a launch cost a server, and how many it serves at once.

A target that tells its servers, or whose servers are given, is measured one request at a time; of any
other the ladder finds them: more and more people at once.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scenarios.http import allow
from scenarios.http.allow import Target, check_target
from scenarios.http.manners import Manners
from scenarios.library import shelf as library
from scenarios.mail.office import Office
from scenarios.probe.held_out.step import Limits
from scenarios.probe.ladder.found.findings import Findings
from scenarios.probe.measured import Probe, taken, write_stations
from scenarios.probe.probe import WARM_UP
from scenarios.process.alone import alone
from scenarios.replay.preparation import prepare
from simulator.host.files import require_folder
from simulator.system.line import Waitlist
from surgeproof.endings import tell
from surgeproof.verbs.sending.meanwhile.unkept import Unkept
from surgeproof.verbs.sending.probe import held_out as step
from surgeproof.verbs.sending.probe.asked import Asked, Wanted
from surgeproof.verbs.sending.probe.in_words import in_words
from surgeproof.verbs.sending.probe.measuring import measure
from surgeproof.verbs.sending.probe.wish import Wish, announced
from surgeproof.verbs.sending.sharing import Sharing


def run(asked: Asked) -> int:
    """Print what was measured as a stations file, or write one."""
    target = allow.resolve(asked.target) if asked.dry_run else check_target(asked.target)
    if asked.write is not None:
        require_new(asked.write)
    wish, rate_per_s = asked.wish(), asked.rate_per_s
    wanted = Wanted(target=target)
    if asked.like is not None:
        wanted = Wanted.of(target, library.load(asked.like, allow_files=asked.allow_files))
    if asked.dry_run:
        print("\n".join(would_be_sent(asked, wanted, wish, rate_per_s)))
        return 0
    with Unkept() as unkept:
        with (
            wanted.caught(allowed=asked.allow_commands) as office,
            alone(target.addresses, target.port, target.url),
        ):
            found = found_at(asked, wanted, wish, rate_per_s, office, unkept)
        if asked.write is not None:
            write_stations(asked.write, found.stations_toml())
    if asked.write is None:
        print(found.stations_toml(), end="")
        return 0
    print(f"{in_words(found)}; written to {asked.write}")
    many = found.people if isinstance(found, Findings) else asked.requests + WARM_UP
    tell(f"{many:,} people were made up for it; their addresses end in @{found.id}.invalid")
    return 0


def would_be_sent(asked: Asked, wanted: Wanted, wish: Wish, rate_per_s: float) -> Iterator[str]:
    """For ``--dry-run``."""
    given = asked.servers is not None
    yield f"to {allow.in_words(wanted.target)}"
    yield from announced(
        wanted.target, wanted.requests, wish, asked.requests, rate_per_s, given=given
    )
    if asked.held_out:
        yield step.announced(wanted.requests, asked.most_per_s)


def found_at(
    asked: Asked,
    wanted: Wanted,
    wish: Wish,
    rate_per_s: float,
    office: Office | None,
    unkept: Unkept,
) -> Probe | Findings:
    """What is measured, and what a held-out step says of it, where one is asked for."""
    sharing = sharing_at(wanted.target, wanted.manners) if asked.held_out else None
    began_s = time.monotonic()
    found = measure(
        wanted.target,
        wanted.requests,
        manners=wanted.manners,
        requests=asked.requests,
        rate_per_s=rate_per_s,
        servers=asked.servers,
        waiting_room=asked.waiting_room,
        office=office,
        keys=wanted.keys,
        wish=wish.leaving(step.NEEDS_S) if asked.held_out else wish,
        unkept=unkept,
    )
    unkept.stations = found.stations_toml()
    if not asked.held_out:
        return found
    limits = Limits(most_per_s=asked.most_per_s)
    if isinstance(found, Findings):  # only a ladder keeps to a time
        left_s = wish.bounds.within_s - (time.monotonic() - began_s) - step.STARTS_S
        limits = replace(limits, within_s=left_s)
    judged = step.judged_by_a_step(
        found,
        wanted.target,
        wanted.requests,
        wanted.manners,
        office,
        wanted.keys,
        limits,
        sharing,
    )
    unkept.stations = judged.stations_toml()
    return judged


def sharing_at(target: Target, manners: Manners) -> Sharing:
    """What sending a held-out step takes of the target's cores: as a replay's prediction has it."""
    tells_of_line = prepare(target, Waitlist(), manners)
    return Sharing.of(target, keep_alive=manners.keep_alive, is_ours=tells_of_line)


def require_new(path: Path) -> None:
    """Raises UsageError before anything is measured, where the result could not be kept."""
    if path.exists():
        raise taken(path)
    require_folder(path)
