"""The toll of this machine as it was measured once, in the user's folder for what can be made again.

It is measured anew where the machine, its processor, or the sources of what sends are others.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

import scenarios
from scenarios.machine.here import fingerprint
from scenarios.sharing.toll import Toll, measure
from simulator.host.cache import cache_home
from simulator.host.files import write_private

TOLL = TypeAdapter(Toll)
SENDING = ("replay", "http", "service", "sharing")
"""The packages on whose sources a toll depends."""


def known(*, keep_alive: bool) -> Toll | None:
    """What was measured before; None: nothing was, or it cannot be read any more."""
    path = place(keep_alive=keep_alive)
    if path is not None:
        with suppress(OSError, ValidationError):
            return TOLL.validate_json(path.read_bytes())
    return None


def measured(*, keep_alive: bool) -> Toll | None:
    """Measure it now, and keep it where that can be; None where the kernel does not tell.

    Raises SurgeproofError.
    """
    found, path = measure(keep_alive=keep_alive), place(keep_alive=keep_alive)
    if found is not None and path is not None:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_private(path, TOLL.dump_json(found).decode())
    return found


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
