"""What sending takes of this machine (:mod:`simulator.plan.sharing.toll`): measured once here, and kept.

It lies in the user's folder for what can be made again, and is measured anew where the machine, its processor,
or the sources of what sends are others.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

import scenarios
from scenarios.http.manners import Manners
from scenarios.machine.here import fingerprint
from scenarios.replay.preparation import line_settings
from scenarios.replay.replay import Replay
from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from simulator.host.cache import cache_home
from simulator.host.files import write_private
from simulator.outcomes.machine import read_machine
from simulator.outcomes.store import read_part
from simulator.plan.plan import Plan
from simulator.plan.sharing.toll import SURGES, Second, Toll, plan_of, seconds_of, toll_of
from surgeproof.endings import tell
from surgeproof.progress import progress

TOLL = TypeAdapter(Toll)
SENDING = ("replay", "http", "service")
"""The packages of ``scenarios`` on whose sources a toll depends."""
LEAST_WORK = Settings(workers=1, hash_cost=1)
PART = "toll"


def toll_here(*, keep_alive: bool) -> Toll | None:
    """As it was measured on this machine before, or else now; None where the kernel does not tell.

    Raises SurgeproofError where it cannot be measured.
    """
    path = place(keep_alive=keep_alive)
    if path is not None:
        with suppress(OSError, ValidationError):
            return TOLL.validate_json(path.read_bytes())
    tell("what sending takes of this machine is measured, within half a minute, and kept")
    with progress("measuring what sending takes"):
        found = measured(keep_alive=keep_alive)
    if found is not None and path is not None:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_private(path, TOLL.dump_json(found).decode())
    return found


def measured(*, keep_alive: bool) -> Toll | None:
    """Measure it now. Raises SurgeproofError where nothing can be started, or sent."""
    seconds: list[Second] = []
    with tempfile.TemporaryDirectory(prefix="surgeproof-") as name, TargetProcess(LEAST_WORK) as to:
        for number, (waitlist, coming) in enumerate(SURGES):
            folder = Path(name) / str(number)
            folder.mkdir()
            to.set_line(line_settings(waitlist))
            seconds += sent(
                plan_of(waitlist, coming), to.url, folder, Manners(keep_alive=keep_alive)
            )
    return toll_of(seconds)


def sent(plan: Plan, url: str, folder: Path, manners: Manners) -> list[Second]:
    """The seconds of a surge that is sent now."""
    db = folder / "toll.sqlite"
    Replay(plan, target=url, folder=folder, db=db, part_name=PART, manners=manners).send()
    with closing(sqlite3.connect(db)) as store:
        rows, machine = read_part(store, PART).rows(), read_machine(store, PART)
    return seconds_of(rows, machine.strain if machine else ())


def place(*, keep_alive: bool) -> Path | None:
    """Where that of this machine lies; None where nothing tells the machine, or there is no such folder."""
    here = fingerprint()
    if not here:
        return None
    connections = "kept" if keep_alive else "fresh"
    with suppress(RuntimeError):  # an account without a home
        return cache_home() / "surgeproof" / f"toll-{here}-{sources()}-{connections}.json"
    return None


def sources() -> str:
    """Of everything that sends or answers, as hexadecimal digits."""
    digest, top = hashlib.sha256(), Path(scenarios.__file__).parent
    for package in SENDING:
        for path in sorted((top / package).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
