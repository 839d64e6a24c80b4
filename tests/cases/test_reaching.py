"""Whom we speak to, whom we trust, and what is said where nobody understands us.

After locustio/locust 524, 1104, 1137 (a staging server with a certificate of its own), and a name that
meant another machine after it had been checked.
"""

import socket
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from scenarios.http import trust
from scenarios.http.allow import ALLOW_VARIABLE, check_target
from scenarios.probe.probe import probe
from scenarios.replay.preparation import prepare, told_line
from simulator.errors import SurgeproofError, TargetRefused, UsageError
from simulator.system.line import Waitlist
from surgeproof.verbs.sending.probe import probe as verb
from surgeproof.verbs.sending.probe.asked import Asked
from tests.cases.odd_server import Odd, Server, answer
from tests.end_to_end.command import python
from tests.hanging import HUNG_S
from tests.loopback import serving

CERTIFICATE = Path(__file__).parent / "launch.test.pem"
"""Of launch.test, 127.0.0.1 and ::1, for a hundred years, and its key; nobody signed it."""


class Telling(Odd):
    """Notes to which address each request came, and for whom it was."""

    seen: set[tuple[str, str, str]]

    def answered(self, word: str, headers: dict[str, str]) -> bool:
        secret = headers.get("authorization", "")
        type(self).seen.add((self.request.getsockname()[0], headers["host"], secret))
        body = b'{"workers": 2, "queue": 64, "line": {"policy": "open"}}'
        self.wfile.write(answer(200, body, "Server-Timing: service;dur=20"))
        return True


class Plain400(socketserver.BaseRequestHandler):
    """What many servers say to who speaks plain HTTP where TLS is spoken."""

    def handle(self) -> None:
        if self.request.recv(1, socket.MSG_PEEK)[:1] != b"\x16":
            self.request.recv(65536)
            self.request.sendall(answer(400, b"Client sent an HTTP request to an HTTPS server."))
            return
        with context().wrap_socket(self.request, server_side=True):
            pass


class Silent(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(65536)


def context() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(CERTIFICATE)
    return made


class Secure(Server):
    def get_request(self) -> tuple[Any, Any]:
        sock, where = super().get_request()
        sock.settimeout(HUNG_S)
        return context().wrap_socket(sock, server_side=True), where


class Secure6(Secure):
    address_family = socket.AF_INET6


class Server6(Server):
    address_family = socket.AF_INET6


@contextmanager
def at(kind: type[Server] = Server, handler: Any = Odd, host: str = "127.0.0.1") -> Iterator[int]:
    server = kind((host, 0), handler)
    with serving(server):
        yield server.server_address[1]


def told(url: str) -> str:
    """What the preparation says of a server, and so the probe."""
    with pytest.raises(SurgeproofError) as raised:
        prepare(url, Waitlist())
    with pytest.raises(type(raised.value)) as again:
        probe(url, requests=2, servers=1, waiting_room=1)
    assert str(again.value) == str(raised.value)
    assert raised.value.exit_code == 3
    return str(raised.value).replace(url, "URL")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for variable in (trust.FILE_VARIABLE, trust.FOLDER_VARIABLE, ALLOW_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    trust.trusting.cache_clear()
    yield
    trust.trusting.cache_clear()


# Whom we trust


def test_a_certificate_that_nobody_signed_is_told_and_how_to_trust_it() -> None:
    with at(Secure) as port:
        said = told(f"https://127.0.0.1:{port}")
    assert said == (
        "the certificate of URL/healthz cannot be verified (self-signed certificate): if you trust"
        " it, set SSL_CERT_FILE to a file that holds it, or its issuer's certificate"
    )


@pytest.mark.parametrize("variable", [trust.FILE_VARIABLE, trust.FOLDER_VARIABLE])
def test_who_is_trusted_is_measured(
    variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(variable, str(trusted(variable, tmp_path)))
    with at(Secure, Telling) as port:
        Telling.seen = set()
        found = probe(f"https://127.0.0.1:{port}", requests=2, rate_per_s=1000)
    assert found.source == "reported by /healthz"


def trusted(variable: str, folder: Path) -> Path:
    """The certificate, as that variable names it; in a folder by the hash of its subject."""
    if variable == trust.FILE_VARIABLE:
        return CERTIFICATE
    (folder / "6554af50.0").write_bytes(CERTIFICATE.read_bytes())
    return folder


def test_a_certificate_of_another_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(trust.FILE_VARIABLE, str(CERTIFICATE))
    with at(Secure) as port:
        said = told(f"https://localhost:{port}")
    assert "Hostname mismatch, certificate is not valid for 'localhost'" in said
    assert said.endswith("use a name that it was issued for")


def test_the_name_is_kept_for_the_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(trust.FILE_VARIABLE, str(CERTIFICATE))
    monkeypatch.setattr(socket, "getaddrinfo", only_first("launch.test", "127.0.0.1"))
    with at(Secure, Telling) as port:
        Telling.seen = set()
        assert told_line(check_target(f"https://launch.test:{port}")) == {"policy": "open"}
    assert Telling.seen == {("127.0.0.1", f"launch.test:{port}", "")}


@pytest.mark.parametrize(("variable", "sentence"), [
    (trust.FILE_VARIABLE, "no certificates can be read"),
    (trust.FOLDER_VARIABLE, "which is not a folder"),
])  # fmt: skip
def test_a_variable_that_names_nothing_is_told(
    variable: str, sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "nothing"))
    with at() as port, pytest.raises(UsageError, match=sentence):
        prepare(f"https://127.0.0.1:{port}", Waitlist())


@pytest.mark.parametrize(
    ("variables", "result"),
    [({}, "0 certificate not trusted"), ({"SSL_CERT_FILE": str(CERTIFICATE)}, "200 ")],
)
def test_a_visitor_trusts_the_same(variables: dict[str, str], result: str) -> None:
    with at(Secure, Odd, "127.0.0.1") as port, at(Secure6, Odd, "::1") as port6:
        urls = f"https://127.0.0.1:{port}", f"https://[::1]:{port6}"
        assert visited(*urls, variables=variables) == [result, result]


def visited(*urls: str, variables: dict[str, str]) -> list[str]:
    """What a visitor's session makes of the path ``/ok`` of each."""
    program = (
        "import sys\nfrom scenarios.replay.child.wire.browser import Browser\n"
        "from scenarios.replay.child.wire.wire import Wire\n"
        "from scenarios.http.requests.sent import Sent\n"
        "for url in sys.argv[1:]:\n"
        "    found, _ = Browser(Wire(url)).send(Sent(method='GET', path='/ok'), timeout_ns=1 << 62)\n"
        "    print(found.status, found.error)"
    )
    ran = python("-c", program, *urls, cwd=Path(__file__).parents[2], env=variables)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


# Who does not understand us


@pytest.mark.parametrize("handler", [Odd, Plain400], ids=["hangs up", "says 400"])
def test_plain_http_to_a_port_that_speaks_tls(handler: type) -> None:
    kind = Server if handler is Plain400 else Secure
    with at(kind, handler) as port:
        said = told(f"http://127.0.0.1:{port}")
    assert said == "URL/healthz speaks TLS on that port: write https:// instead of http://"


def test_tls_to_a_port_that_speaks_plain_http() -> None:
    with at() as port:
        said = told(f"https://127.0.0.1:{port}")
    assert said.startswith("URL/healthz speaks plain HTTP on that port: write http:// instead")


def test_tls_to_what_speaks_neither() -> None:
    with at(Server, Silent) as port:
        said = told(f"https://127.0.0.1:{port}")
    assert said.startswith("URL/healthz answers, but not with TLS")


def test_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    assert told(f"http://127.0.0.1:{port}") == (
        "nothing answers at URL (127.0.0.1: connection refused); is the target running, and is the"
        " port right?"
    )


class Elsewhere(Odd):
    def answered(self, word: str, headers: dict[str, str]) -> bool:
        self.wfile.write(answer(308, b"", f"Location: https://launch.test/{word}"))
        return True


class Login(Odd):
    def answered(self, word: str, headers: dict[str, str]) -> bool:
        self.wfile.write(answer(302, b"", "Location: /login"))
        return True


def test_a_server_that_sends_everybody_elsewhere_is_not_rehearsed() -> None:
    with at(Server, Elsewhere) as port:
        said = told_by_preparation(f"http://127.0.0.1:{port}")
    assert said == (
        "URL/healthz answered 308, a redirect to https://launch.test/healthz, which is not followed:"
        " use the address that it leads to"
    )


def told_by_preparation(url: str) -> str:
    with pytest.raises(SurgeproofError) as raised:
        prepare(url, Waitlist())
    return str(raised.value).replace(url, "URL")


def test_a_server_that_wants_a_login_for_its_health_is_rehearsed_all_the_same() -> None:
    with at(Server, Login) as port:
        prepare(f"http://127.0.0.1:{port}", Waitlist())


# Whom we speak to


def only_first(name: str, first: str, later: str = "127.0.0.2") -> Any:
    """A resolver that changes its mind: the first look-up of a name says one thing, all later ones another."""
    really, asked = socket.getaddrinfo, []

    def look_up(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if (host.decode() if isinstance(host, bytes) else host) != name:
            return really(host, port, *rest, **more)
        asked.append(name)
        return really(first if len(asked) == 1 else later, port, *rest, **more)

    return look_up


@pytest.mark.parametrize("first", ["127.0.0.1", "::1"])
def test_what_was_checked_is_what_is_spoken_to(
    first: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Probe, preparation and health, with both secrets, and under the name that was typed."""
    monkeypatch.setattr(socket, "getaddrinfo", only_first("launch.test", first))
    monkeypatch.setenv("SURGEPROOF_AUTHORIZATION", "Bearer staging")
    monkeypatch.setenv("SURGEPROOF_TARGET_TOKEN", "admin")
    server = (Server6 if ":" in first else Server)((first, 0), Telling)
    port, Telling.seen = server.server_address[1], set()
    with serving(server), serving(Server(("127.0.0.2", port), Telling)):
        code = verb.run(Asked(target=f"http://launch.test:{port}", requests=10, rate="1000/s"))
    assert code == 0
    assert {(where, host) for where, host, _ in Telling.seen} == {(first, f"launch.test:{port}")}
    assert {secret for *_, secret in Telling.seen} == {"Bearer staging", "Bearer admin"}
    assert f"http://launch.test:{port}" in capsys.readouterr().out


def test_a_target_that_was_checked_is_not_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", only_first("launch.test", "127.0.0.1", "192.0.2.7"))
    target = check_target("http://launch.test")
    assert check_target(target) == target


def test_all_addresses_of_a_name_must_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    really = socket.getaddrinfo

    def both(host: str, port: int, **more: Any) -> Any:
        return really("127.0.0.1", port, **more) + really("192.0.2.7", port, **more)

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(TargetRefused):
        prepare("http://launch.test", Waitlist())


def test_no_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    with at(Server, Telling) as port:
        Telling.seen = set()
        assert told_line(check_target(f"http://127.0.0.1:{port}")) == {"policy": "open"}
