"""What a worker's machine needs before it may take a shard; the master tells of it, and the worker looks."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from scenarios.http import allow
from scenarios.http.allow import Target, check_target
from scenarios.replay.child.conducting.link.messages import Arming
from scenarios.replay.orders import Orders
from simulator.errors import InvalidRun, TargetRefused


def files_of(orders: Orders) -> dict[str, str]:
    """The files that a worker needs beside the orders, each with its sha256."""
    trust = orders.manners.trust
    named = [orders.manners.data, trust.ca_file, trust.client_certificate]
    named += [brought.file for brought in orders.brought if brought is not None]
    return {str(name): sha256_of(name) for name in named if name is not None}


def require_same_version(masters: str) -> None:
    """Raises InvalidRun where the master is another."""
    if masters != version("surgeproof"):
        raise InvalidRun(
            f"the master is surgeproof {masters} and this worker {version('surgeproof')}: install the same"
        )


def require_allowed(orders: Orders, master: str) -> None:
    """Raises TargetRefused where load may not be sent to the orders' target from this machine as well.

    Whoever allowed it at the master's machine cannot speak for this one.
    """
    target = Target(
        url=orders.url, host=orders.host, port=0, addresses=(orders.address,),
    )  # fmt: skip
    check_target(target)
    if orders.address in allow.HERE.values() and master not in allow.HERE:
        raise TargetRefused(
            f"{orders.url} is the machine itself on each machine: name the target by a name that all"
            " workers reach"
        )
    refused = [name for name, at in orders.manners.hosts.items() if not may_load(name, at)]
    if refused:
        raise TargetRefused(
            f"{', '.join(refused)}, to which the target leads, must be allowed here as well: set"
            f" {allow.ALLOW_VARIABLE}"
        )


def may_load(host: str, address: str) -> bool:
    try:
        check_target(Target(url=f"http://{host}", host=host, port=0, addresses=(address,)))
    except TargetRefused:
        return False
    return True


def require_here(orders: Orders, arming: Arming) -> None:
    """Raises InvalidRun where a file or a secret of the launch is missing on this machine."""
    for name, sha256 in arming.files.items():
        found = ""
        with suppress(OSError):
            found = sha256_of(name)
        if found != sha256:
            raise InvalidRun(f"{name} is not here, or not the same: copy it to the same place")
    wanted = [
        *orders.manners.secrets,
        *([allow.AUTHORIZATION_VARIABLE] if arming.authorized else []),
    ]
    missing = [name for name in wanted if not os.environ.get(name)]
    if missing:
        raise InvalidRun(f"{', '.join(missing)} must be set here as well")


def sha256_of(file: str | Path) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()
