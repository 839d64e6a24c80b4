"""A locustfile's user who is led to another server: what is said to whom."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from geventhttpclient.useragent import UserAgent

from scenarios.http.requests.sent import REQUEST_START
from scenarios.http.requests.traced import TRACEPARENT
from scenarios.replay.child.visitors.at_home import keep_at_home
from tests.loopback import serving

LAUNCH = {"X-Api-Key": "k3y", "Accept-Language": "fr", "X-Shared": "ours"}
MARKS = {TRACEPARENT: "00-1-2-00", REQUEST_START: "t=1"}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, leads_to: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.leads_to = leads_to
        self.heard: dict[str, str] = {}


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.heard = {name.lower(): text for name, text in self.headers.items()}
        self.send_response(302 if self.server.leads_to else 200)
        if self.server.leads_to:
            self.send_header("Location", self.server.leads_to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def servers() -> Iterator[tuple[Server, Server, str]]:
    """The target, the server that it leads to, and the target's address."""
    other = Server()
    with serving(other) as elsewhere:
        target = Server(elsewhere)
        with serving(target) as home:
            yield target, other, home


def by_requests(home: str) -> None:
    session = requests.Session()
    session.headers.update(LAUNCH)
    keep_at_home(session, LAUNCH, lambda url: url.startswith(home))
    session.get(home, headers=MARKS | {"X-Own": "his", "X-Shared": "his"}, timeout=30)


def by_geventhttpclient(home: str) -> None:
    agent = UserAgent(headers=LAUNCH)
    keep_at_home(SimpleNamespace(client=agent), LAUNCH, lambda url: url.startswith(home))
    # in a thread of its own: its loop is none of this test's
    asked = threading.Thread(
        target=lambda: agent.urlopen(home, headers=MARKS | {"X-Own": "his", "X-Shared": "his"})
    )
    asked.start()
    asked.join()


@pytest.mark.parametrize("ask", [by_requests, by_geventhttpclient])
def test_another_server_hears_what_the_user_says_himself_and_nothing_of_the_launch(
    ask: Any, servers: tuple[Server, Server, str]
) -> None:
    target, other, home = servers
    ask(home)
    everything = {name.lower() for name in (*LAUNCH, *MARKS, "X-Own")}
    assert everything <= {*target.heard}
    assert everything & {*other.heard} == {"accept-language", "x-shared", "x-own"}
    assert other.heard["x-shared"] == "his"
