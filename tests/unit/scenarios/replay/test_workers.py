"""Who sends a replay: how many, from where, and under which secret."""

import os
import subprocess
import sys

import pytest

from scenarios.replay.workers import (
    SECRET_VARIABLE,
    Workers,
    address_of,
    secret_of_environment,
)
from simulator.errors import UsageError
from tests.examples import examples
from tests.hanging import HUNG_S
from tests.loopback import free_port


@examples("text, expected",
    ("host and port", "10.0.0.5:80", ("10.0.0.5", 80)),
    ("a host alone", "10.0.0.5", ("10.0.0.5", 5557)),
    ("a name", "master", ("master", 5557)),
    ("IPv6 and port", "[::1]:80", ("::1", 80)),
    ("IPv6 alone", "::1", ("::1", 5557)),
    ("any address", "0.0.0.0:5557", ("0.0.0.0", 5557)),
)  # fmt: skip
def test_an_address_is_read(text: str, expected: tuple[str, int]) -> None:
    assert address_of(text) == expected


@pytest.mark.parametrize("text", ["", ":80", "host:", "host:http", "host:0", "host:70000"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no HOST:PORT"):
        address_of(text)


def test_one_process_alone_needs_no_master() -> None:
    assert Workers().alone
    assert not Workers(here=2).alone
    assert not Workers(here=0, elsewhere=1).alone
    assert Workers(here=2, elsewhere=3).many == 5


def test_other_machines_need_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, "too short")
    Workers(here=4).require_usable()
    with pytest.raises(UsageError, match="16 characters or more"):
        Workers(elsewhere=1).require_usable()
    monkeypatch.setenv(SECRET_VARIABLE, "0123456789abcdef")
    Workers(elsewhere=1).require_usable()
    assert secret_of_environment() == "0123456789abcdef"


SPEAK = """
import sys
from locust.rpc import Message, rpc
from scenarios.replay.child.conducting.link.lock import lock
import gevent

role, port, secret = sys.argv[1:]
lock(secret)
if role == "master":
    server = rpc.Server("127.0.0.1", int(port))
    print("listening", flush=True)
    with gevent.Timeout(float(8), False):
        print(server.recv_from_client()[1].data, flush=True)
else:
    client = rpc.Client("127.0.0.1", int(port), "one")
    client.send(Message("said", "hello", "one"))
    gevent.sleep(2)
"""


def speaking(role: str, port: int, secret: str) -> subprocess.Popen[str]:
    """A process with one end of Locust's messages."""
    words = [sys.executable, "-c", SPEAK, role, str(port), secret]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=os.environ)


@pytest.mark.slow
@examples("secret, heard",
    ("the master's", "one secret of them all", "hello\n"),
    ("another", "another secret of theirs", ""),
)  # fmt: skip
def test_who_does_not_know_the_secret_is_not_heard(secret: str, heard: str) -> None:
    port = free_port()
    with speaking("master", port, "one secret of them all") as master:
        assert master.stdout is not None
        assert master.stdout.readline() == "listening\n"
        with speaking("worker", port, secret) as worker:
            worker.wait(HUNG_S)
        assert master.communicate(timeout=HUNG_S)[0] == heard
