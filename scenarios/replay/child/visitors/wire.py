"""How a visitor's session reads answers: one attempt, one result, whatever a server sends.

geventhttpclient reads an answer without a bound and without letting others run, takes a cut or a second
answer for a fault, tries again by itself, and raises what a dozen libraries raise. Here an answer has a
bound in size, the event loop gets its turn while one is read, and whatever is wrong with one is
:class:`Broken`, with a reason in a few words. A request is sent once; only one that may be repeated is
sent again, where the server closed the idle connection meanwhile (RFC 9112, section 9.3.1).
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any

import gevent
from geventhttpclient.client import IDEMPOTENT_METHODS, HTTPClient, HTTPClientPool
from geventhttpclient.connectionpool import ConnectionPool
from geventhttpclient.response import (
    HTTPParseError,
    HTTPProtocolViolationError,
    HTTPSocketPoolResponse,
)
from geventhttpclient.url import URL
from geventhttpclient.useragent import CompatRequest
from locust.contrib.fasthttp import FastResponse, LocustUserAgent

from scenarios.http.answers.content import MOST_BYTES, BadContent, Content

MOST_HEAD_BYTES = 256 << 10
"""Of a status line and headers, what came before them (1xx) included."""
REST_BYTES = 256 << 10
"""After so many the event loop has its turn."""
BLOCK_BYTES = 16 << 10
SWITCHING_PROTOCOLS = 101


class Broken(OSError):
    """An attempt that ended without an answer that can be read; its text is the reason."""


class HungUp(Broken):
    """The server closed the connection before it sent anything."""


def rest() -> None:
    """Let everybody else run."""
    gevent.sleep(0)


class Reader(HTTPSocketPoolResponse):
    """One answer, read up to its end and no further; what follows it is nobody's."""

    def __init__(self, sock: Any, pool: ConnectionPool, method: str) -> None:
        self.code: int | None = None
        """Of the answer; None while there are only those that come before it (1xx)."""
        self.ended = False
        self.n_bytes = self.rested_at = 0
        super().__init__(sock, pool, block_size=BLOCK_BYTES, method=method)

    def get_code(self) -> int:
        return int(super().get_code()) if self.code is None else self.code

    # What the parser tells

    def _on_message_begin(self) -> None:
        if self.ended:
            raise HTTPProtocolViolationError("a second answer")
        super()._on_message_begin()

    def _on_header_field(self, string: str) -> None:
        if self.code is None:  # what comes behind a body (trailers) is no header
            super()._on_header_field(string)

    def _on_header_value(self, string: str) -> None:
        if self.code is None:
            super()._on_header_value(string)

    def _on_headers_complete(self) -> int | bool | None:
        skips_body = super()._on_headers_complete()
        code = int(super().get_code())
        if not 100 <= code < 200 or code == SWITCHING_PROTOCOLS:
            self.code = code
        return skips_body

    def _on_message_complete(self) -> None:
        self.message_complete = True
        self.ended = self.code is not None

    def feed(self, data: str | bytes) -> None:
        try:
            super().feed(data)
        except HTTPParseError:
            if not self.ended:
                raise
            self._trailing_data_dropped = True

    # Reading

    def _read_headers(self, pre_buffered: bytes = b"") -> None:  # noqa: ARG002 - there is none
        try:
            while self.code is None:
                self.take()
                if self.n_bytes > MOST_HEAD_BYTES and self.code is None:
                    raise Broken("too long a header")
            if self.code < 100:
                raise Broken("not HTTP")
            if self.ended:
                self.release()
        except BaseException:
            self.release()
            raise

    def content(self) -> Content:
        """The whole body, unpacked. Raises Broken, or what a socket raises."""
        try:
            content = Content(self._headers_index.getlist("content-encoding"), rest)
            content.add(self.taken())
            while not self.ended and self.code != SWITCHING_PROTOCOLS:
                self.take()
                content.add(self.taken())
            content.end()
        except BadContent as error:
            raise Broken(str(error)) from None
        finally:
            self.release()
        return content

    def taken(self) -> bytes:
        """What has come of the body since the last time."""
        taken = bytes(self._body_buffer)
        self._body_buffer.clear()
        return taken

    def take(self) -> None:
        """Read what comes next. Raises Broken, or what a socket raises."""
        if self._sock is None:
            raise Broken("ended in the middle")
        data = self._sock.recv(self.block_size)
        if not (data or self.n_bytes):
            raise HungUp("closed without an answer")
        self.n_bytes += len(data)
        try:
            self.feed(data)
        except HTTPParseError:
            raise Broken("not HTTP" if data else "ended in the middle") from None
        if not (data or self.ended):
            raise Broken("ended in the middle")
        if self.n_bytes > MOST_BYTES + MOST_HEAD_BYTES:
            raise Broken(f"more than {MOST_BYTES >> 20} MiB")
        if self.n_bytes - self.rested_at > REST_BYTES:
            self.rested_at = self.n_bytes
            rest()


class Client(HTTPClient):
    """Sends a request once, and reads its answer."""

    has_spoken = False

    def request(
        self,
        method: str,
        request_uri: str,
        body: Any = b"",
        headers: Any = None,
    ) -> HTTPSocketPoolResponse:
        sent = body.encode() if isinstance(body, str) else bytes(body or b"")
        head = self._build_request(method, request_uri, body=sent, headers=headers, chunked=False)
        wire = head.encode("latin-1") + sent
        try:
            answer = self.exchange(method, wire)
        except HungUp:
            if not (self.has_spoken and method in IDEMPOTENT_METHODS):
                raise
            answer = self.exchange(method, wire)
        self.has_spoken = True
        return answer

    def exchange(self, method: str, wire: bytes) -> Reader:
        pool = self._connection_pool
        sock = pool.get_socket()
        try:
            sock.sendall(wire)
        except (ConnectionResetError, BrokenPipeError):
            pass  # it may have answered before it had read everything
        except BaseException:
            pool.release_socket(sock)
            raise
        return Reader(sock, pool, method)


class Clients(HTTPClientPool):
    """A client for each server: the target, and those to which redirects lead."""

    def get_client(self, url: str | URL) -> HTTPClient:
        found = url if isinstance(url, URL) else URL(url)
        key = f"{found.scheme}://{found.host}", found.port
        if key not in self.clients:
            self.clients[key] = Client.from_url(found, **self.client_args)
        return self.clients[key]


class Page(FastResponse):
    """An answer as Locust sees it."""

    n_bytes = 0
    """How long its body is, unpacked."""

    def _content(self) -> bytes:
        reader = self._response
        assert isinstance(reader, Reader), "no other client is used"
        with faults_named():
            content = reader.content()
        self.n_bytes = content.n_bytes
        return bytes(content.kept)


class Agent(LocustUserAgent):
    """Locust's client, for which every status is an answer and every fault of a server a :class:`Broken`."""

    response_type = Page

    def _urlopen(self, request: CompatRequest) -> FastResponse:
        with faults_named():
            page: FastResponse = super()._urlopen(request)  # type: ignore[no-untyped-call]
        return page

    def _verify_status(self, status_code: int, url: Any = None) -> None:
        """Whether an answer is good is for the visitor to say."""


def agent_of(clients: Clients, cookies: CookieJar) -> Agent:
    """A client over those connections, with cookies of its own."""
    return Agent(clients, cookiejar=cookies, max_retries=0)


@contextmanager
def faults_named() -> Iterator[None]:
    """Whatever a socket raises is Broken, by its reason."""
    try:
        yield
    except Broken:
        raise
    except OSError as error:
        raise Broken(reason_of(error)) from None


REASONS = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EPIPE: "connection reset",
    errno.ENETUNREACH: "no route to host",
    errno.EHOSTUNREACH: "no route to host",
    errno.EMFILE: "no more files can be opened here",
    errno.EADDRNOTAVAIL: "no more ports here",
}


def reason_of(error: OSError) -> str:
    """Why a connection failed: one of few, so that they can be counted."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate not trusted"
    if isinstance(error, ssl.SSLError):
        return "not TLS"
    if isinstance(error, socket.gaierror):
        return "unknown host name"
    if isinstance(error, TimeoutError):
        return "connecting took too long"
    return REASONS.get(error.errno or 0, type(error).__name__)
