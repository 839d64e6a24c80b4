"""Servers with a line of their own, each as its makers describe it, and what they keep of it.

A gate calls people in the order in which they joined, one each ``every_s``; each enters at his first
look after that. What was said to whom is in the gate's own log, for tests to hold a replay against.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, ClassVar
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.loopback import serving

LOOK_S = 1
SERVICE_S = 0.005
CLOUDFLARE_COOKIE = "__cf_waitingroom"
SECRET = b"of the target and of its queue"


@dataclass
class Gate:
    """First come, first served."""

    every_s: float = 1 / 15
    called_s: dict[str, float] = field(default_factory=dict)
    """When each was called, in the order in which they joined."""
    waits: list[str] = field(default_factory=list)
    """Who was told to wait, as often as he was."""
    entered: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    work: threading.Lock = field(default_factory=threading.Lock)

    def lets_in(self, who: str) -> bool:
        """Whether he may enter now; who is new stands at the end."""
        now_s = time.monotonic()
        with self.lock:
            if who in self.entered:
                return True
            if who not in self.called_s:
                last_s = next(reversed(self.called_s.values()), -1e9)
                self.called_s[who] = max(now_s, last_s + self.every_s)
            is_in = self.called_s[who] <= now_s
            (self.entered if is_in else self.waits).append(who)
            return is_in

    def serve(self, email: str) -> int:
        """The number of a new account, made one after the other."""
        with self.work:
            time.sleep(SERVICE_S)
            self.accounts.append(email)
            return len(self.accounts)

    def keeps_order(self, few: int = 10) -> bool:
        """Whether the first who joined entered before the last, whom a look more or less does not turn."""
        joined = list(self.called_s)
        rank = {who: number for number, who in enumerate(self.entered)}
        return max(rank[who] for who in joined[:few]) < min(rank[who] for who in joined[-few:])


class Handler(BaseHTTPRequestHandler):
    """What the servers have in common."""

    protocol_version = "HTTP/1.1"
    gate: ClassVar[Gate]

    def log_request(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        self.take()

    def do_POST(self) -> None:
        self.take()

    def do_DELETE(self) -> None:
        self.take()

    def take(self) -> None:
        raise NotImplementedError

    def told(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length", 0))
        found = json.loads(self.rfile.read(length) or b"{}")
        return dict(found)

    def cookie(self, name: str) -> str | None:
        found = SimpleCookie(self.headers.get("Cookie", "")).get(name)
        return None if found is None else found.value

    def say(self, status: int, body: object, **headers: str) -> None:
        page = isinstance(body, str)
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if page else "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(content)

    def sign_up(self, email: str, **headers: str) -> None:
        self.say(201, {"id": self.gate.serve(email)}, **headers)


class Plain(Handler):
    """ "Wait" at the request itself, by one of three statuses, in turn; people are known by their key."""

    statuses: ClassVar[Iterator[int]]

    def take(self) -> None:
        email, who = self.told().get("email", ""), self.headers.get("Idempotency-Key", "nobody")
        if self.path != "/signup":
            self.say(404, {})
        elif self.gate.lets_in(who):
            self.sign_up(email)
        else:
            self.say(next(self.statuses), {}, Retry_After=str(LOOK_S))


class WaitingRoom(Handler):
    """Cloudflare's, with its JSON response enabled.

    https://developers.cloudflare.com/waiting-room/how-to/json-response/: who asks with exactly
    ``Accept: application/json`` has the object below while he waits, and the origin's answer when he is
    in; anybody else has a page. The place is in a cookie of each answer, here an encrypted one of which
    only the latest counts (.../waiting-room/reference/waiting-room-cookie/).
    """

    cookies: ClassVar[dict[str, str]]
    numbers: ClassVar[Iterator[int]]

    def take(self) -> None:
        told = self.told()
        if self.path != "/signup":
            return self.say(404, {})
        number = next(self.numbers)
        who = self.cookies.pop(self.cookie(CLOUDFLARE_COOKIE) or "", f"person {number}")
        renewed = hashlib.sha256(f"{number}".encode()).hexdigest()
        self.cookies[renewed] = who
        set_cookie = f"{CLOUDFLARE_COOKIE}={renewed}; path=/; HttpOnly"
        if self.gate.lets_in(who):
            return self.sign_up(told["email"], Set_Cookie=set_cookie)
        if self.headers.get("Accept") != "application/json":
            return self.say(200, "<html>You are now in line.</html>", Set_Cookie=set_cookie)
        return self.say(200, {"cfWaitingRoom": waiting()}, Set_Cookie=set_cookie)


def waiting() -> dict[str, Any]:
    """What the room says, by the names of the documentation."""
    return {
        "inWaitingRoom": True, "waitTime": 1, "waitTimeKnown": True, "waitTimeFormatted": "1 minute",
        "queueIsFull": False, "queueAll": False, "lastUpdated": "2026-11-28T16:00:00.000Z",
        "refreshIntervalSeconds": LOOK_S,
    }  # fmt: skip


class Queue(Handler):
    """A line with requests of its own, as in docs/lines.md: only who has gone through it is served."""

    numbers: ClassVar[Iterator[int]]
    held: ClassVar[dict[str, str]]

    def take(self) -> None:
        told, (_, first, *rest) = self.told(), self.path.split("/")
        if first == "signup":
            entered = self.held.get(told["email"]) in self.gate.entered
            return self.sign_up(told["email"]) if entered else self.say(403, {})
        if not rest:
            rest = [f"place {next(self.numbers)}"]
            self.held[told["mail"]] = rest[0]
        place = unquote(rest[0])
        if self.gate.lets_in(place):
            return self.say(200, {"id": place, "state": "in"})
        ahead = list(self.gate.called_s).index(place) - len(self.gate.entered)
        state = {"state": "waiting", "position": max(ahead, 0) + 1, "refresh_s": LOOK_S}
        return self.say(200, {"id": place, **state})


class QueueHost(Handler):
    """Where people wait whom a target sends there, until they are sent back with a token.

    As Queue-it's connectors describe it (github.com/queueit/KnownUser.V3.JAVA and its siblings): the
    token names the event and the queue id, has a time, and a hash that the target can check.
    """

    numbers: ClassVar[Iterator[int]]

    def take(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        who = self.cookie("Queue-it-session") or f"q{next(self.numbers)}"
        if not self.gate.lets_in(who):
            page = '<html><body data-queueit="waiting">You are in line.</body></html>'
            return self.say(200, page, Set_Cookie=f"Queue-it-session={who}; path=/")
        signed = f"e_{asked['e'][0]}~q_{who}~ts_{int(time.time()) + 240}~rt_queue"
        token = f"{signed}~h_{seal(signed)}"
        return self.say(302, "", Location=f"{asked['t'][0]}?queueittoken={quote(token)}")


class BehindAQueue(Handler):
    """A shop whose every request needs the cookie that a token of the queue is changed into."""

    queue_url: ClassVar[str]
    own_url: ClassVar[str]

    def take(self) -> None:
        told, parts = self.told(), urlsplit(self.path)
        token = parse_qs(parts.query).get("queueittoken", [""])[0]
        signed, _, found = token.rpartition("~h_")
        if found and hmac.compare_digest(found, seal(signed)):
            accepted = f"QueueITAccepted-V3_launch={signed}~h_{found}; path=/"
            return self.say(302, "", Location=f"{self.own_url}{parts.path}", Set_Cookie=accepted)
        held, _, own = (self.cookie("QueueITAccepted-V3_launch") or "").rpartition("~h_")
        if not (own and hmac.compare_digest(own, seal(held))):
            back = quote(f"{self.own_url}{parts.path}", safe="")
            return self.say(302, "", Location=f"{self.queue_url}/?c=acme&e=launch&t={back}")
        if parts.path == "/shop":
            return self.say(200, "<html><h1>The shop</h1></html>")
        return self.sign_up(told["email"])


def seal(signed: str) -> str:
    return hmac.new(SECRET, signed.encode(), hashlib.sha256).hexdigest()


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


def server(kind: type[Handler], gate: Gate, **state: Any) -> Server:
    return Server(("127.0.0.1", 0), type(kind.__name__, (kind,), {"gate": gate, **state}))


@contextmanager
def plain(gate: Gate, statuses: tuple[int, ...] = (202, 429, 503)) -> Iterator[str]:
    """Its address."""
    turns = (statuses[number % len(statuses)] for number in count())
    with serving(server(Plain, gate, statuses=turns)) as url:
        yield url


@contextmanager
def waiting_room(gate: Gate) -> Iterator[str]:
    with serving(server(WaitingRoom, gate, cookies={}, numbers=count(1))) as url:
        yield url


@contextmanager
def queue(gate: Gate) -> Iterator[str]:
    with serving(server(Queue, gate, numbers=count(1), held={})) as url:
        yield url


@contextmanager
def behind_a_queue(gate: Gate) -> Iterator[str]:
    with serving(server(QueueHost, gate, numbers=count(1))) as queue_url:
        shop = server(BehindAQueue, gate, queue_url=queue_url)
        own = f"http://127.0.0.1:{shop.server_address[1]}"
        shop.RequestHandlerClass.own_url = own  # type: ignore[attr-defined]
        with serving(shop) as url:
            yield url
