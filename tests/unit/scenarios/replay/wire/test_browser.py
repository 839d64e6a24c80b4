"""A visitor's browser against servers on this machine: which connection a request takes, and what is kept.

The servers run in threads, the browser waits in gevent's loop, in the same process.
"""

import _socket
import contextlib
import errno
import os
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import gevent
import pytest

from scenarios.http.answers.answer import Answer
from scenarios.http.manners import Manners
from scenarios.http.requests.sent import Sent
from scenarios.http.trust import Trust
from scenarios.replay.child.wire import connection
from scenarios.replay.child.wire import wire as wires
from scenarios.replay.child.wire.browser import Browser
from scenarios.replay.child.wire.connection import Secure, dialled
from scenarios.replay.child.wire.connections import Idle
from scenarios.replay.child.wire.wire import Wire
from simulator.units import FOREVER
from tests.cases.odd_server import Odd, Server, answer
from tests.end_to_end.command import python
from tests.hanging import HUNG_S
from tests.loopback import serving

CERTIFICATE = Path(__file__).parents[4] / "cases" / "launch.test.pem"
MS = 1_000_000
LARGE = bytes(8 << 20)


class Noting(Odd):
    """Answers by the path, and notes what was asked on which connection."""

    asked: ClassVar[list[tuple[str, int]]]
    """The path, and the visitor's port."""
    reused: ClassVar[list[bool | None]]
    """Of each connection with TLS, whether its server was greeted as somebody known."""
    may_go: ClassVar[threading.Event]

    def answered(self, word: str, headers: dict[str, str]) -> bool:
        kind = type(self)
        kind.asked.append((word, self.client_address[1]))
        if isinstance(self.request, ssl.SSLSocket) and len(kind.reused) < len(self.ports):
            kind.reused.append(self.request.session_reused)
        if word == "hang-up":
            return False
        if word == "reset":
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.request.detach())  # the server would say farewell first
            return False
        if word == "silence":
            kind.may_go.wait()
            return False
        more = [f"Set-Cookie: {word}=1; Path=/"] if word.startswith("cookie") else []
        more += [f"X-Seen: {headers.get('cookie', '')}"]
        self.wfile.write(answer(200, b'{"ok": 1}', *more))
        return word != "last"

    @property
    def ports(self) -> list[int]:
        """Of all connections so far."""
        return list(dict.fromkeys(port for _, port in type(self).asked))


@dataclass
class Hears:
    """What Locust would hear."""

    heard: list[tuple[str, str, str]] = field(default_factory=list)

    def hear(
        self, method: str, name: str, took_s: float, answer: Answer, fault: str, n_bytes: int
    ) -> None:
        self.heard.append((method, name, fault))


Way = Callable[..., Wire]


@pytest.fixture
def way() -> Iterator[Way]:
    """Makes the way to a server; its connections are closed afterwards."""
    made = []

    def make(*words: Any, **named: Any) -> Wire:
        made.append(Wire(*words, **named))
        return made[-1]

    yield make
    for wire in made:
        wire.close()


@pytest.fixture
def noted() -> Iterator[type[Noting]]:
    class Noted(Noting):
        asked: ClassVar[list[tuple[str, int]]] = []
        reused: ClassVar[list[bool | None]] = []
        may_go: ClassVar[threading.Event] = threading.Event()

    yield Noted
    Noted.may_go.set()


@pytest.fixture
def url(noted: type[Noting]) -> Iterator[str]:
    with serving(Server(("127.0.0.1", 0), noted)) as url:
        yield url
        noted.may_go.set()


def ask(browser: Browser, path: str, method: str = "GET", timeout_ns: int = FOREVER) -> Answer:
    sent = Sent(method=method, path=path, name=path.strip("/"))
    return browser.send(sent, timeout_ns=timeout_ns)[0]


def ports(noted: type[Noting]) -> list[int]:
    """Of the connections on which was asked, in their order, by small numbers."""
    known: dict[int, int] = {}
    return [known.setdefault(port, len(known)) for _, port in noted.asked]


def until_ended(wire: Wire) -> None:
    """The server closes a connection soon after its last answer, and we hear of it when we hear of it."""
    (connection,) = wire.idle._waiting
    while connection.is_open:
        time.sleep(0.001)


def test_a_visitor_keeps_his_connection_and_shares_it_with_nobody(
    url: str, noted: type[Noting], way: Way
) -> None:
    wire = way(url)
    browsers = Browser(wire), Browser(wire)
    assert [ask(browser, "/ok").status for browser in browsers * 2] == [200] * 4
    assert ports(noted) == [0, 1, 0, 1]
    browsers[0].close()
    ask(browsers[0], "/ok")
    assert ports(noted)[-1] == 2


def test_connections_are_shared_where_the_launch_says_so(
    url: str, noted: type[Noting], way: Way
) -> None:
    wire = way(url, Manners(keep_alive=True))
    for _ in range(3):
        browser = Browser(wire)
        ask(browser, "/ok")
        browser.close()
    assert ports(noted) == [0, 0, 0]


def test_where_the_server_ended_the_idle_connection_a_new_one_is_taken(
    url: str, noted: type[Noting], way: Way
) -> None:
    wire = way(url)
    browser = Browser(wire)
    for method in ("POST", "POST", "GET"):
        assert ask(browser, "/last", method).status == 200
        until_ended(wire)
    assert ports(noted) == [0, 1, 2]


@pytest.mark.parametrize(("method", "times"), [("GET", 2), ("PUT", 2), ("POST", 1), ("PATCH", 1)])
def test_only_what_may_be_repeated_is_sent_again_where_a_kept_connection_ends(
    method: str, times: int, url: str, noted: type[Noting], way: Way
) -> None:
    browser = Browser(way(url))
    ask(browser, "/ok")
    assert ask(browser, "/hang-up", method).error == "closed without an answer"
    assert [word for word, _ in noted.asked] == ["ok", *["hang-up"] * times]
    assert ask(browser, "/hang-up", method).error == "closed without an answer"
    assert len(noted.asked) == 2 + times  # a fresh connection that ends is the answer


@pytest.mark.parametrize(("method", "times"), [("GET", 2), ("POST", 1)])
def test_a_kept_connection_that_is_reset_has_ended_as_well(
    method: str, times: int, url: str, noted: type[Noting], way: Way
) -> None:
    """As it is where the server ends it just as the next request arrives."""
    browser = Browser(way(url))
    ask(browser, "/ok")
    assert ask(browser, "/reset", method).error == "connection reset"
    assert [word for word, _ in noted.asked] == ["ok", *["reset"] * times]


def test_an_address_that_is_none_is_an_answer_and_no_fault_of_ours(url: str, way: Way) -> None:
    answer, _ = Browser(way(url)).send(
        Sent(method="GET", path="http://[x", as_told=True), timeout_ns=FOREVER
    )
    assert (answer.status, answer.error) == (0, "it leads to no address")


def test_a_request_has_one_timeout_and_the_next_a_connection_of_its_own(
    url: str, noted: type[Noting], way: Way
) -> None:
    hears = Hears()
    browser = Browser(way(url, hearing=hears))
    ask(browser, "/ok")
    late = ask(browser, "/silence", timeout_ns=30 * MS)
    assert (late.status, late.timed_out, late.error) == (0, True, "timed out")
    assert ask(browser, "/ok").status == 200
    assert ports(noted) == [0, 0, 1]
    assert hears.heard[1] == ("GET", "silence", "")  # nobody said what a failure is


def test_nobody_connects_for_ever(way: Way) -> None:
    """The queue at the door is full: the system neither takes nor refuses a connection."""
    with contextlib.ExitStack() as open_ones:
        door = open_ones.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        where = door.getsockname()
        for _ in range(3):
            before = open_ones.enter_context(socket.socket())
            before.settimeout(0)
            before.connect_ex(where)
        late = ask(Browser(way(f"http://127.0.0.1:{where[1]}")), "/ok", timeout_ns=20 * MS)
    assert late.timed_out


def test_where_a_name_has_several_addresses_the_first_that_answers_is_taken(
    url: str, noted: type[Noting], way: Way
) -> None:
    wire = way(url)
    with socket.create_server(("127.0.0.1", 0)) as gone:
        closed = gone.getsockname()
    ((family, where),) = wire.addresses(wire.home)
    wire._addresses[wire.home] = [(family, closed), (family, where)]
    assert ask(Browser(wire), "/ok").status == 200
    wire._addresses[wire.home] = [(family, closed)] * 2
    assert ask(Browser(wire), "/ok").error == "connection refused"
    wire._addresses[wire.home] = [(family, closed)]
    assert ask(Browser(wire), "/ok").error == "connection refused"
    assert ports(noted) == [0]


def test_who_leaves_in_the_middle_takes_his_connection_along_and_nobody_hears_of_it(
    url: str, noted: type[Noting], way: Way
) -> None:
    class Leaving(BaseException):
        pass

    hears = Hears()
    browser = Browser(way(url, hearing=hears))
    with pytest.raises(Leaving), gevent.Timeout(0.03, Leaving()):
        ask(browser, "/silence", timeout_ns=FOREVER)
    assert ask(browser, "/ok").status == 200
    assert ports(noted) == [0, 1]
    assert hears.heard == [("GET", "ok", "")]


def test_cookies_are_kept_and_shown(url: str, way: Way) -> None:
    browser = Browser(way(url))
    assert [cookie.name for cookie in browser.cookies] == []
    assert ask(browser, "/cookie-a").cookies == {"cookie-a": "1"}
    assert ask(browser, "/cookie-b").headers["x-seen"] == "cookie-a=1"
    last = ask(browser, "/ok")
    assert last.headers["x-seen"].split("; ") == ["cookie-a=1", "cookie-b=1"]
    assert {cookie.name for cookie in browser.cookies} == {*last.cookies}


def test_a_header_that_cannot_be_sent_fails_the_attempt_alone(url: str, way: Way) -> None:
    browser = Browser(way(url))
    sent = Sent(method="GET", path="/ok", headers={"X": "\x7f"})
    assert browser.send(sent, timeout_ns=FOREVER)[0].error == "a header cannot hold what it should"
    assert ask(browser, "/ok").status == 200


class Early(socketserver.BaseRequestHandler):
    """Answers before it has read everything, and ends."""

    def handle(self) -> None:
        self.request.recv(1000)
        self.request.sendall(answer(413, b"{}"))
        self.request.shutdown(1)
        while self.request.recv(1 << 20):
            pass


class Slow(Early):
    """Takes everything, in small parts, and says how much it was."""

    def handle(self) -> None:
        _, _, body = self.request.recv(1000).partition(b"\r\n\r\n")
        many = len(body)
        while many < len(LARGE):
            many += len(self.request.recv(1 << 16))
        self.request.sendall(answer(200, b'{"many": %d}' % many))


@pytest.mark.parametrize(
    ("handler", "status", "body"), [(Early, 413, {}), (Slow, 200, {"many": len(LARGE)})]
)
def test_a_large_body_is_sent_as_it_is_taken(
    handler: Any, status: int, body: dict[str, int], way: Way
) -> None:
    with serving(Server(("127.0.0.1", 0), handler)) as url:
        sent = Sent(method="POST", path="/", body=LARGE)
        found, _ = Browser(way(url)).send(sent, timeout_ns=FOREVER)
    assert (found.status, found.body) == (status, body)


def test_who_has_gone_hangs_up_with_anybodys_next_request_or_a_moment_later(
    url: str, noted: type[Noting], way: Way
) -> None:
    wire = way(url)
    first, second = Browser(wire), Browser(wire)
    ask(first, "/ok")
    first.close()
    (left,) = wire.idle.left
    assert left.is_open
    ask(second, "/ok")
    assert (left.number, wire.idle.left) == (-1, [])

    second.close()
    (left,) = wire.idle.left
    with gevent.Timeout(HUNG_S):
        while left.number >= 0:
            gevent.sleep(0.001)
    assert ports(noted) == [0, 1]


# Open files


def test_when_files_run_short_who_has_gone_hangs_up_before_anybody_is_let_go(
    url: str, noted: type[Noting], way: Way
) -> None:
    wire = way(url)
    waiting, gone, third = (Browser(wire) for _ in range(3))
    ask(waiting, "/ok")
    ask(gone, "/ok")
    gone.close()
    wire.idle.most_files = 0
    ask(third, "/ok")
    assert wire.idle.let_go == 0
    wire.idle.most_files = 1 << 20
    ask(waiting, "/ok")
    assert ports(noted) == [0, 1, 2, 0]


def test_when_files_run_short_who_was_idle_longest_is_let_go(
    url: str, noted: type[Noting], way: Way
) -> None:
    wire = way(url)
    first, second, third = (Browser(wire) for _ in range(3))
    ask(first, "/ok")
    ask(second, "/ok")
    ask(first, "/ok")  # now the second has been idle longest
    wire.idle.most_files = 0
    ask(third, "/ok")
    assert wire.idle.let_go == 1
    wire.idle.most_files = 1 << 20
    for browser in (first, second, third):
        ask(browser, "/ok")
    assert ports(noted) == [0, 1, 0, 2, 0, 3, 2]


def test_where_no_file_is_left_one_is_made_free(
    url: str, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    wire, really = way(url), dialled
    waiting = Browser(wire)
    ask(waiting, "/ok")

    def short(*words: Any) -> Any:
        if not wire.idle.let_go:
            raise OSError(errno.EMFILE, "too many")
        return really(*words)

    monkeypatch.setattr(wires, "dialled", short)
    assert ask(Browser(wire), "/ok").status == 200
    assert wire.idle.let_go == 1


CROWD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (80, 80))
from scenarios.http.requests.sent import Sent
from scenarios.replay.child.wire.browser import Browser
from scenarios.replay.child.wire.wire import Wire
wire = Wire(sys.argv[1])
crowd = [Browser(wire) for _ in range(120)]
sent = Sent(method="POST", path="/ok")
found = [each.send(sent, timeout_ns=1 << 62)[0].status for each in crowd * 2]
open("/dev/null").close()
print(found == [200] * 240, wire.idle.let_go)
wire.close()
"""


def test_more_visitors_keep_connections_than_files_may_be_open(url: str) -> None:
    """A hundred and twenty in a process that may open eighty files: nobody notices, and it is told."""
    ran = python("-c", CROWD, url, cwd=Path(__file__).parents[5])
    served, let_go = ran.stdout.split()
    assert served == "True", ran.stderr
    assert 120 < int(let_go) < 240  # some are kept, and everybody came twice
    assert f"{let_go} idle connections were closed for want of open files" in ran.stderr


@pytest.mark.parametrize(("lack", "reason", "told"), [
    (errno.EMFILE, "no more files can be opened here", "raise the limit of open files"),
    (errno.ENFILE, "no more files can be opened here", "close other programs"),
    (errno.EADDRNOTAVAIL, "no more ports here", "send from more machines"),
    (errno.ENOBUFS, "no memory left here", "close other programs"),
    (errno.ECONNREFUSED, "connection refused", None),
])  # fmt: skip
def test_what_this_machine_lacks_is_told_to_who_leads_and_what_the_target_does_is_not(
    lack: int, reason: str, told: str | None, url: str, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    def never(*_: Any) -> Any:
        raise OSError(lack, "too many")

    monkeypatch.setattr(wires, "dialled", never)
    wire, lacking = way(url), list[str]()
    wire.lacking = lacking.append
    assert ask(Browser(wire), "/ok").error == reason
    assert len(lacking) == (told is not None)
    assert all(told in each for each in lacking if told)


def test_as_many_files_as_this_process_may_open_bound_it() -> None:
    assert Idle().most_files > 0


# Another system


class Connecting(_socket.socket):
    """Says while it connects what macOS says, where Linux says that it would block."""

    said = False

    def send(self, *words: Any) -> int:
        if not self.said:
            self.said = True
            raise OSError(errno.ENOTCONN, "not connected")
        return super().send(*words)


class Refused(Connecting):
    """One that could not connect."""

    def getsockopt(self, *_: Any) -> Any:
        return errno.ECONNREFUSED


@pytest.mark.parametrize(("kind", "error"), [(Connecting, ""), (Refused, "connection refused")])
def test_macos_makes_sockets_and_connects_them_in_its_own_way(
    kind: type[Connecting], error: str, url: str, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    blocks: list[float | None] = []

    def without_a_flag(address: connection.Address) -> _socket.socket:
        sock = dialled(address)
        blocks.append(sock.gettimeout())
        return sock

    named = ("SOCK_STREAM", "SOL_SOCKET", "SO_ERROR")
    macos = SimpleNamespace(socket=kind, **{name: getattr(_socket, name) for name in named})
    monkeypatch.setattr(connection, "_socket", macos)
    monkeypatch.setattr(connection, "NONBLOCK", 0)
    monkeypatch.setattr(wires, "dialled", without_a_flag)
    assert ask(Browser(way(url)), "/ok").error == error
    assert blocks == [0.0]


# TLS


class Secured(Server):
    context: ssl.SSLContext

    def get_request(self) -> tuple[Any, Any]:
        sock, where = super().get_request()
        return self.context.wrap_socket(sock, server_side=True), where


@pytest.fixture
def secure(noted: type[Noting]) -> Iterator[str]:
    Secured.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    Secured.context.load_cert_chain(CERTIFICATE)
    with serving(Secured(("127.0.0.1", 0), noted)) as url:
        yield url.replace("http:", "https:")


def test_a_browser_is_known_again_by_its_server_and_no_other_is(
    secure: str, noted: type[Noting], way: Way
) -> None:
    wire = way(secure, Manners(trust=Trust(ca_file=str(CERTIFICATE))))
    browser = Browser(wire)
    for path in ("/ok", "/last", "/ok"):
        assert ask(browser, path).status == 200
    assert ask(Browser(wire), "/ok").status == 200
    assert ports(noted) == [0, 0, 1, 2]
    assert noted.reused == [False, True, False]


def test_who_is_not_trusted_is_not_asked(secure: str, noted: type[Noting], way: Way) -> None:
    found = ask(Browser(way(secure)), "/ok")
    assert (found.status, found.error) == (0, "certificate not trusted")
    assert noted.asked == []


def test_a_large_page_and_a_large_body_go_through_tls(way: Way) -> None:
    class Echo(Noting):
        def answered(self, word: str, headers: dict[str, str]) -> bool:
            self.wfile.write(answer(200, b"x" * 500_000, "Content-Type: text/plain"))
            return True

    Secured.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    Secured.context.load_cert_chain(CERTIFICATE)
    with serving(Secured(("127.0.0.1", 0), Echo)) as url:
        wire = way(url.replace("http:", "https:"), Manners(trust=Trust(ca_file=str(CERTIFICATE))))
        browser = Browser(wire)
        sent = Sent(method="POST", path="/", body=bytes(300_000))
        for _ in range(2):
            found, _ = browser.send(sent, timeout_ns=FOREVER)
            assert (found.status, len(found.content)) == (200, 500_000)
        connection = next(iter(wire.idle._waiting))
        assert isinstance(connection, Secure)
        assert connection.is_open
