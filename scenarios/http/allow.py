"""Where load may be sent: to this machine, or to a host that somebody named.

Load on somebody else's server is an attack, so the answer is no unless a person said yes. Loopback
needs no leave; any other host must be named, by its exact name, in the environment
(``SURGEPROOF_ALLOW``, names separated by commas) or by whoever calls. A name is
resolved once: whoever speaks to a target, the probe, the preparation or the replay's child, is given
the addresses that were checked, and resolves nothing itself.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from scenarios.http.trust import Trust
from simulator.errors import TargetRefused, Unreachable, UsageError

ALLOW_VARIABLE = "SURGEPROOF_ALLOW"
AUTHORIZATION_VARIABLE = "SURGEPROOF_AUTHORIZATION"
DEFAULT_PORTS = {"http": 80, "https": 443}
HERE = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}
"""This machine, to which load may go by any of its names."""
CONNECT_TIMEOUT_S = 3.0
PLAIN_URL = re.compile(r"[!-\[\]-~]+")
"""Without blanks, backslashes and letters beyond ASCII, which not all programs read alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A server that load may be sent to, its name resolved."""

    url: str
    """Scheme, host, port and perhaps a path, without a slash at its end."""
    host: str
    port: int
    addresses: tuple[str, ...]
    trust: Trust = field(default_factory=Trust)
    """Whose certificates count, and what is shown."""

    @property
    def scheme(self) -> str:
        return self.url.partition(":")[0]


def check_target(url: str | Target, allowed: Collection[str] = ()) -> Target:
    """The target behind a URL, if load may be sent there.

    One that was resolved before stays as it was: its name may mean another machine by now.
    ``allowed`` are names that a person typed; those of the environment are added.

    Raises UsageError for what is no URL of a server, Unreachable for a name that nobody knows,
    TargetRefused for a host that is neither this machine nor named.
    """
    target = url if isinstance(url, Target) else resolve(url)
    if all(ipaddress.ip_address(address).is_loopback for address in target.addresses):
        return target
    names = {*allowed, *os.environ.get(ALLOW_VARIABLE, "").split(",")}
    if target.host not in {plain(name) for name in names}:
        raise TargetRefused(
            f"{target.host} ({', '.join(target.addresses)}) is not this machine, and sending load"
            f" to it was not allowed; if you may test it, set {ALLOW_VARIABLE}={target.host}"
        )
    return target


def in_words(target: Target) -> str:
    """The target, and whether anything may be sent to it."""
    said = f"{target.url} ({', '.join(target.addresses)})"
    try:
        check_target(target)
    except TargetRefused:
        return (
            f"{said}: not this machine, and not allowed yet (with the owner's permission,"
            f" {ALLOW_VARIABLE}={target.host})"
        )
    return said


def checked(to: str | Target) -> Target:
    """A target that was checked before, or is now. Raises as :func:`check_target` does."""
    return to if isinstance(to, Target) else check_target(to)


def resolve(url: str) -> Target:
    """The target behind a URL, whether or not load may be sent there."""
    parts = split(url)
    host = plain(parts.hostname or "")
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(
            f"{url}: the name {host} cannot be resolved ({error}); is it spelt right?"
        ) from error
    return Target(
        url=f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}",
        host=host,
        port=port,
        addresses=tuple(dict.fromkeys(str(entry[4][0]) for entry in found)),
    )


def split(url: str) -> SplitResult:
    """The parts of a server's URL; raises UsageError for anything else."""
    try:
        parts = urlsplit(url)
        plainly = PLAIN_URL.fullmatch(url)
        usable = plainly and parts.scheme in DEFAULT_PORTS and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise UsageError(
            f"{url} is not the URL of a server: write http://HOST:PORT or https://HOST"
        )
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"the URL of {parts.hostname} holds credentials, which would show in logs and reports:"
            f" remove them and set {AUTHORIZATION_VARIABLE} to the value of that header"
        )
    if parts.query or parts.fragment:
        raise UsageError(
            f"{url} is not the URL of a server alone: remove everything from ? or # on"
        )
    return parts


def plain(name: str) -> str:
    """A host's name as it is compared."""
    return name.strip().rstrip(".").lower()


def headers() -> dict[str, str]:
    """What each request carries; a secret comes from the environment and goes nowhere else.

    Raises UsageError.
    """
    authorization = secret(AUTHORIZATION_VARIABLE)
    return {"User-Agent": "surgeproof"} | (
        {"Authorization": authorization} if authorization else {}
    )


def secret(variable: str) -> str | None:
    """What a variable holds, as it may stand in a header; None where it is not set.

    Raises UsageError, which does not tell it.
    """
    value = os.environ.get(variable)
    if value and not re.fullmatch("[ -~]+", value):
        raise UsageError(
            f"{variable} has characters that a header cannot hold: use printable ASCII, on one line"
        )
    return value or None


def connect(target: Target) -> str:
    """The first of the target's addresses at which somebody answers.

    Raises Unreachable where nobody does.
    """
    reason: OSError | None = None
    for address in target.addresses:
        try:
            with socket.create_connection((address, target.port), CONNECT_TIMEOUT_S):
                return address
        except OSError as error:
            reason = error
    raise Unreachable(
        f"nothing answers at {target.url} ({', '.join(target.addresses)}: {reason_in_words(reason)});"
        " is the target running, and is the port right?"
    )


def reason_in_words(error: OSError | None) -> str:
    """Why there was no connection, without the number that the system gives it."""
    return "no address" if error is None else (error.strerror or str(error)).lower()
