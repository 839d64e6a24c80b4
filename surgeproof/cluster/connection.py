"""The connection to a cluster that the command line named, while a command uses it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
import struct
import threading
import warnings
from collections.abc import Iterator

import distributed
import joblib
from distributed.core import rpc
from distributed.security import Security
from distributed.versions import VersionMismatchWarning

from simulator.errors import UsageError
from surgeproof.cluster.backend import Cluster, watch
from surgeproof.cluster.likeness import likeness, unlike

ADDRESS = re.compile(r"(tcp|tls)://(?P<host>[^\s:/]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})")
CONNECTS_WITHIN_S = 5
WORKERS_WITHIN_S = 30
"""So long an elastic cluster may take to start its first worker."""
CLOSES_WITHIN_S = 5


@contextlib.contextmanager
def connected(address: str) -> Iterator[None]:
    """Play the launches of this block on the workers of the cluster at an address.

    Raises UsageError where it cannot be used: nobody answers, no worker, or one of other versions.
    """
    # What it logs about connections and workers, we say in a sentence of our own.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    client = client_of(address)
    ended = threading.Event()
    try:
        refuse_unlike(client, address)
        cluster = Cluster(client, address)
        threading.Thread(target=watch, args=(cluster, ended), daemon=True).start()
        with joblib.parallel_config(backend=cluster):
            yield
    finally:
        ended.set()
        client.close(timeout=CLOSES_WITHIN_S)


def client_of(address: str) -> distributed.Client:
    """Who speaks to the scheduler.

    Raises UsageError where there is none.
    """
    refuse_silent(address)
    security = security_for(address)
    refuse_other(address, security)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VersionMismatchWarning)  # we look at more, ourselves
        return distributed.Client(
            address, timeout=CONNECTS_WITHIN_S, security=security, set_as_default=False
        )


def security_for(address: str) -> Security:
    """As Dask's own configuration says: its files, or variables DASK_....

    Raises UsageError where that is not enough.
    """
    security = Security()
    try:
        unsecured = security.get_connection_args("client")["ssl_context"] is None
    except OSError as error:  # a file that is not there, or holds no certificate
        raise UsageError(f"--cluster {address}: Dask's TLS files cannot be used: {error}") from None
    if address.startswith("tls:") and unsecured:
        raise UsageError(
            f"--cluster {address}: TLS needs Dask's configuration: distributed.comm.tls.ca-file, and"
            " client.cert and client.key below it"
        )
    return security


def refuse_silent(address: str) -> None:
    """Raises UsageError where the address is none, or nobody answers there."""
    found = ADDRESS.fullmatch(address)
    if not found or int(found["port"]) > 65_535:
        raise UsageError(
            f"--cluster {address}: write the address of a Dask scheduler, such as tcp://scheduler:8786"
        )
    try:
        socket.create_connection(
            (found["host"].strip("[]"), int(found["port"])), timeout=CONNECTS_WITHIN_S
        ).close()
    except OSError as error:
        raise UsageError(
            f"--cluster {address}: no answer ({error.strerror or error}): is the Dask scheduler"
            " running there?"
        ) from None


def refuse_other(address: str, security: Security) -> None:
    """Raises UsageError where what answers is no scheduler: Dask's client would wait for its answer for ever."""
    try:
        kind = asyncio.run(asyncio.wait_for(kind_at(address, security), CONNECTS_WITHIN_S))
    except (OSError, TimeoutError, MemoryError, ValueError, struct.error):  # whatever else speaks
        raise UsageError(
            f"--cluster {address}: what answers there is no Dask scheduler, or one that wants the other of"
            " tcp:// and tls://"
        ) from None
    if kind != "Scheduler":
        raise UsageError(
            f"--cluster {address}: a Dask {kind.lower()} answers, and not the scheduler"
        )


async def kind_at(address: str, security: Security) -> str:
    """What answers, in Dask's words: Scheduler, Worker or Nanny."""
    async with rpc(address, connection_args=security.get_connection_args("client")) as there:
        return str((await there.identity())["type"])


def refuse_unlike(client: distributed.Client, address: str) -> None:
    """Raises UsageError where there is no worker, or one that would come to other figures."""
    try:
        client.wait_for_workers(1, timeout=WORKERS_WITHIN_S)
    except TimeoutError:
        raise UsageError(
            f"--cluster {address}: it has had no worker for {WORKERS_WITHIN_S} s: start some, each with"
            f" dask worker {address}"
        ) from None
    ours = likeness()
    for worker, theirs in sorted(client.run(likeness, on_error="return").items()):
        if isinstance(theirs, BaseException):
            raise UsageError(
                f"--cluster {address}: its worker {worker} has no surgeproof that it could run"
                f" ({theirs}): install there what is installed here"
            )
        difference = unlike(theirs, ours)
        if difference:
            raise UsageError(
                f"--cluster {address}: its worker {worker} would come to other figures ({difference}):"
                " install the same versions there as here"
            )
