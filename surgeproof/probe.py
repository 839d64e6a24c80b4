"""``surgeproof probe``: what one signup costs a server, measured gently."""

from __future__ import annotations

from pathlib import Path

from scenarios.allow import check_target
from scenarios.measured import Probe
from scenarios.preparation import prepare
from scenarios.probe import RATE_PER_S, probe
from simulator.system_line import Waitlist
from surgeproof.options import rate_of
from surgeproof.progress import progress


def run(
    target: str,
    *,
    write: Path | None,
    requests: int,
    rate: str | None,
    servers: int | None,
    waiting_room: int | None,
) -> int:
    """Print what was measured as a stations file, or write one."""
    check_target(target)
    found = measure(
        target,
        requests=requests,
        rate_per_s=RATE_PER_S if rate is None else rate_of("--rate", rate),
        servers=servers,
        waiting_room=waiting_room,
    )
    if write is None:
        print(found.stations_toml(), end="")
    else:
        found.write(write)
        print(f"{in_words(found)}; written to {write}")
    return 0


def measure(
    target: str,
    *,
    requests: int = 60,
    rate_per_s: float = RATE_PER_S,
    servers: int | None = None,
    waiting_room: int | None = None,
) -> Probe:
    """Probe, with progress; the line must not be in the way, and is opened where we may."""
    prepare(target, Waitlist())
    with progress("probing the target") as step:
        return probe(
            target,
            requests=requests,
            rate_per_s=rate_per_s,
            servers=servers,
            waiting_room=waiting_room,
            progress=lambda done, of: step(done, of, f"{done} of {of} signups"),
        )


def in_words(found: Probe) -> str:
    """One sentence for a person."""
    (step,) = found.steps
    service, capacity = step.service, found.capacity
    per_s = capacity.servers * 1e9 / service.mean_ns
    return (
        f"one signup costs {service.mean_ns / 1e6:.1f} ms (± {service.standard_error_ns / 1e6:.1f} standard"
        f" error, n = {service.n}); {capacity.servers} worker(s) serve {per_s:.1f} a second"
    )
