"""The processes of a replay: one that sends everybody, or a master and the workers among whom he shares them.

Workers on this machine are started here. Those on other machines come by themselves
(``surgeproof worker --master``), and must know the secret that the environment of both holds.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from scenarios.replay.generator import Child
from simulator.errors import UsageError

SECRET_VARIABLE = "SURGEPROOF_WORKERS_SECRET"  # noqa: S105 - its name
SHORTEST_SECRET = 16
HERE = "127.0.0.1"
PORT = 5557
"""Locust's own."""
HERE_S, ELSEWHERE_S = 60.0, 600.0
"""For so long master and workers wait for one another."""
TO_UNDERSTAND_S = 30.0
"""Whoever is there and understands nothing for so long has another secret, or is no master; before that he may be
something between them, as a load balancer, that has nobody yet to hand the worker on to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """How many processes send a plan, and where."""

    here: int = 1
    elsewhere: int = 0
    """Those that are waited for."""
    listen: str = f"{HERE}:{PORT}"
    """Where these come."""

    @property
    def many(self) -> int:
        return self.here + self.elsewhere

    @property
    def alone(self) -> bool:
        """Whether the only worker is this machine's, and needs no master."""
        return self.many == 1 and not self.elsewhere

    @property
    def to_come_s(self) -> float:
        """For how long they are waited for: machines and containers take their time."""
        if self.alone:
            return 0.0
        return ELSEWHERE_S if self.elsewhere else HERE_S

    def require_usable(self) -> None:
        """Raises UsageError where other machines' workers could not be told from strangers, or cannot come."""
        if self.elsewhere:
            secret_of_environment()
            require_free(*address_of(self.listen))


ALONE = Workers()


def secret_of_environment() -> str:
    """The secret of master and workers on several machines. Raises UsageError where there is none."""
    secret = os.environ.get(SECRET_VARIABLE, "")
    if len(secret) < SHORTEST_SECRET:
        found = f" (it has {len(secret)} characters)" if secret else ""
        raise UsageError(
            f"{SECRET_VARIABLE} must be set to the same {SHORTEST_SECRET} characters or more for the replay"
            f" and for each of its workers, so that nobody else can send load or rows{found}"
        )
    return secret


def address_of(text: str, port: int = PORT) -> tuple[str, int]:
    """Host and port. Raises UsageError for what is neither.

    >>> address_of("[::1]:80"), address_of("10.0.0.5")
    (('::1', 80), ('10.0.0.5', 5557))
    """
    host, colon, number = text.rpartition(":")
    if not colon or (host.count(":") and not host.startswith("[")):
        host, number = text, str(port)
    host = host.strip("[]")
    if not host or not (number.isascii() and number.isdigit()) or not 0 < int(number) < 1 << 16:
        raise UsageError(f"{text} is no HOST:PORT: write 10.0.0.5:{port}")
    return host, int(number)


@dataclass(frozen=True, slots=True)
class Team:
    """The processes of a replay that is under way."""

    first: Child
    """Who writes the end record: the master, or the only worker."""
    workers: dict[str, Child]
    """Those that a master has on this machine, by their names."""

    @property
    def senders(self) -> list[int]:
        """The processes that send load."""
        return [child.process.pid for child in self.workers.values()] or [self.first.process.pid]

    def losses(self) -> dict[str, str]:
        """How workers ended that failed, by their names; known once they have ended."""
        return {
            name: child.last_words
            for name, child in self.workers.items()
            if child.process.returncode
        }


@contextmanager
def working(
    workers: Workers,
    orders: Path,
    log: Path,
    rows: int,
    *,
    web_port: int | None = None,
    mails: int | None = None,
) -> Iterator[Team]:
    """The processes that send what is in the orders, and tell it at ``rows``; when the block ends, so have they.

    Raises NotKept where one cannot be started, UsageError where a master cannot listen.
    """
    page = [] if web_port is None else ["--web-port", str(web_port)]
    words = [str(orders.resolve()), "--rows", str(rows), *page]
    if workers.alone:
        post = [] if mails is None else ["--mails", str(mails)]
        fds = [rows] if mails is None else [rows, mails]
        with Child.of([*words, *post], log, fds) as child:
            yield Team(child, {})
        return
    host, port = address_of(workers.listen) if workers.elsewhere else (HERE, free_port())
    secret = secret_of_environment() if workers.elsewhere else secrets.token_urlsafe(32)
    environment = {SECRET_VARIABLE: secret}
    words += ["--listen", f"[{host}]:{port}", "--workers", str(workers.many)]
    words += ["--within", str(workers.to_come_s)]
    require_free(host, port)
    with ExitStack() as running:
        first = running.enter_context(Child.of(words, log, [rows], environment))
        near = HERE if is_any(host) else host
        own = {
            name: running.enter_context(
                worker(near, port, name, beside(log, number), environment, workers.to_come_s)
            )
            for number, name in enumerate(names(workers.here), start=1)
        }
        yield Team(first, own)


def worker(
    host: str,
    port: int,
    name: str,
    log: Path,
    environment: dict[str, str],
    within_s: float,
    *more: str,
) -> Child:
    """A worker of the master there, for whom it waits that long."""
    words = ["--master", f"[{host}]:{port}", "--within", str(within_s), "--called", name, *more]
    return Child.of(words, log, environment=environment)


def names(many: int) -> Collection[str]:
    """What the workers of this machine are called."""
    return [f"worker {number} on {socket.gethostname()}" for number in range(1, many + 1)]


def beside(log: Path, number: int) -> Path:
    return log.with_name(f"{log.stem}-worker-{number}{log.suffix}")


def is_any(host: str) -> bool:
    """Whether it stands for all addresses of this machine."""
    return host in ("0.0.0.0", "::", "*")  # noqa: S104 - it is compared


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


def require_free(host: str, port: int) -> None:
    """Raises UsageError where a master could not listen there."""
    try:
        with socket.create_server(("" if is_any(host) else host, port), family=family(host)):
            pass
    except OSError as error:
        raise UsageError(
            f"workers cannot be awaited at {host}:{port} ({why_of(error)}): choose another --listen HOST:PORT"
        ) from error


def why_of(error: OSError) -> str:
    """Without the address, which Python adds to some."""
    return (error.strerror or str(error)).partition(" (while attempting")[0].lower()


def family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
