"""Where load may be sent."""

import socket
from typing import Any

import pytest

from scenarios.http.allow import ALLOW_VARIABLE, Target, check_target, connect
from scenarios.replay.child.pinned import Pinned
from simulator.errors import TargetRefused, Unreachable, UsageError
from tests.examples import examples

ADDRESSES = {
    "localhost": ["::1", "127.0.0.1"],
    "127.0.0.1": ["127.0.0.1"],
    "::1": ["::1"],
    "staging.example": ["192.0.2.7"],
    "half.example": ["127.0.0.1", "192.0.2.7"],
    "mapped.example": ["::ffff:192.0.2.7"],
}


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver with names of its own: tests ask no real one."""
    resolve_really = socket.getaddrinfo

    def resolve(host: str, port: int, *rest: int, **_: Any) -> list[Any]:
        if rest:
            return resolve_really(host, port, *rest)  # a connection to an address
        if host not in ADDRESSES:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(None, None, 0, "", (address, port)) for address in ADDRESSES[host]]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.delenv(ALLOW_VARIABLE, raising=False)


def test_loopback_needs_no_leave() -> None:
    assert check_target("http://LocalHost.:8000/") == Target(
        url="http://LocalHost.:8000", host="localhost", port=8000, addresses=("::1", "127.0.0.1")
    )


@examples("url, port",
    ("http", "http://127.0.0.1", 80),
    ("https", "https://127.0.0.1", 443),
    ("a port, IPv6 and a path", "https://[::1]:8443/app", 8443),
)  # fmt: skip
def test_the_port_is_the_schemes_unless_told(url: str, port: int) -> None:
    assert check_target(url).port == port


@examples("host",
    ("elsewhere", "staging.example"),
    ("here and elsewhere", "half.example"),
    ("elsewhere, mapped into IPv6", "mapped.example"),
)  # fmt: skip
def test_other_hosts_are_refused(host: str) -> None:
    with pytest.raises(TargetRefused, match=f"set SURGEPROOF_ALLOW={host}"):
        check_target(f"https://{host}")


@pytest.mark.parametrize("name", ["staging.example", " Staging.Example. "])
def test_a_name_that_somebody_typed_is_allowed(name: str) -> None:
    assert check_target("https://staging.example", [name]).addresses == ("192.0.2.7",)


def test_names_in_the_environment_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW_VARIABLE, "other.example, staging.example")
    assert check_target("https://staging.example").host == "staging.example"


@pytest.mark.parametrize("allowed", ["", "example", "*.example", "a.staging.example"])
def test_a_name_is_allowed_as_a_whole_only(monkeypatch: pytest.MonkeyPatch, allowed: str) -> None:
    monkeypatch.setenv(ALLOW_VARIABLE, allowed)
    with pytest.raises(TargetRefused):
        check_target("https://staging.example")


@examples("url, sentence",
    ("no scheme", "localhost:8000", "not the URL of a server"),
    ("another scheme", "ftp://localhost", "not the URL of a server"),
    ("no host", "http://", "not the URL of a server"),
    ("no such port", "http://localhost:99999", "not the URL of a server"),
    ("half a bracket", "http://[::1", "not the URL of a server"),
    ("two lines", "http://localhost/\r\nX: y", "not the URL of a server"),
    ("a letter in a circle", "http://\u24dbocalhost", "not the URL of a server"),
    ("backslash", r"http://localhost\.evil.example", "not the URL of a server"),
    ("credentials", "http://me:secret@localhost", "holds credentials"),
    ("a query", "http://localhost/?a=1", "remove everything from"),
)  # fmt: skip
def test_what_is_no_url_of_a_server(url: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence) as raised:
        check_target(url)
    assert "secret" not in str(raised.value)


def test_a_name_that_nobody_knows() -> None:
    with pytest.raises(Unreachable, match=r"nowhere\.example cannot be resolved"):
        check_target("https://nowhere.example")


def test_the_address_that_answers_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        target = Target(url="", host="localhost", port=port, addresses=("::1", "127.0.0.1"))
        assert connect(target) == "127.0.0.1"


def test_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    target = Target(url="http://localhost", host="localhost", port=port, addresses=("127.0.0.1",))
    with pytest.raises(Unreachable, match="nothing answers at http://localhost"):
        connect(target)


@pytest.mark.parametrize("name", ["launch.test", b"launch.test", "Launch.Test.", "127.0.0.1"])
def test_the_child_reaches_the_target_under_each_of_its_names(name: str | bytes) -> None:
    found = Pinned({"launch.test": "127.0.0.1"}).getaddrinfo(name, 80, type=socket.SOCK_STREAM)
    assert [entry[4] for entry in found] == [("127.0.0.1", 80)]


@pytest.mark.parametrize("name", ["localhost", "127.0.0.2", "test", "", None])
def test_the_child_reaches_nothing_else(name: str | None) -> None:
    with pytest.raises(socket.gaierror, match="is not the target"):
        Pinned({"launch.test": "127.0.0.1"}).getaddrinfo(name, 80)
