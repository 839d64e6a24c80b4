"""One visitor's browser: it speaks to the target, and to nobody whom it may not load.

It starts with a fresh connection, as a new phone does, and keeps it while it can; or connections are
kept and shared, where the launch says so. Its cookies are its own. Each request has one timeout for
everything, connecting and redirects included. A request is sent once; only one that may be repeated is
sent again, where the server closed the idle connection meanwhile (RFC 9112, section 9.3.1). What counts as
a failure in Locust's statistics is what kept a visitor from getting on (:mod:`scenarios.http.answers.success`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from scenarios.http.answers.answer import NOTHING, Answer, json_object
from scenarios.http.answers.success import Judged, complaint, taken_as_it_is
from scenarios.http.requests.sent import MOST_REDIRECTS, Sent, origin, to_another
from scenarios.replay.child.wire.connection import Connection, Origin
from scenarios.replay.child.wire.cookies import Cookies
from scenarios.replay.child.wire.deadline import Deadline
from scenarios.replay.child.wire.faults import HungUp, TooLate, reason_of
from scenarios.replay.child.wire.page import Page, page_of
from scenarios.replay.child.wire.wire import Wire
from scenarios.replay.child.wire.written import uri_of, written

REPEATABLE = ("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE")
"""Methods of which a second request does what the first did (RFC 9110, section 9.2.2)."""
Rule = Callable[[Answer], Judged]


class Browser:
    """A :class:`scenarios.replay.child.visitors.visit.Session`."""

    __slots__ = ("_connections", "cookies", "wire")

    def __init__(self, wire: Wire) -> None:
        self.wire, self.cookies = wire, Cookies()
        self._connections = wire.connections()

    def close(self) -> None:
        self._connections.close()

    def send(
        self, sent: Sent, *, timeout_ns: int, rule: Rule = taken_as_it_is, follow: bool = False
    ) -> tuple[Answer, Judged]:
        """Send one request, wait for its answer or for the timeout, and judge it."""
        deadline = self.wire.deadlines.begin(timeout_ns)
        try:
            url = sent.url(self.wire.base)
            answer, judged, leads = self.ask(sent, url, deadline, rule, 0, follows=follow)
            return self.follow(sent, answer, leads, deadline, rule) if leads else (answer, judged)
        finally:
            deadline.close()

    def follow(
        self, sent: Sent, answer: Answer, leads: str, deadline: Deadline, rule: Rule
    ) -> tuple[Answer, Judged]:
        """Ask where an answer leads, and where that one does, until the last."""
        services_ns, hops = [answer.service_ns], 0
        while leads:
            hops += 1
            sent, follows = sent.redirected(answer.status), hops < MOST_REDIRECTS
            answer, judged, leads = self.ask(sent, leads, deadline, rule, hops, follows=follows)
            services_ns.append(answer.service_ns)
        return answer._replace(service_ns=whole(services_ns)), judged

    def ask(
        self, sent: Sent, url: str, deadline: Deadline, rule: Rule, hops: int, *, follows: bool
    ) -> tuple[Answer, Judged, str]:
        """One request, its answer, what that came to, and where it leads: "" where it is the last."""
        wire, at_home = self.wire, hops == 0 and is_a_path(sent)
        server = wire.home if at_home else origin_of(url)
        why = "" if at_home else self.may_not_ask(server)
        if server is None or why:
            answer = Answer(status=0, error=why)
            return answer, rule(answer), ""
        began_s, n_bytes = time.perf_counter(), 0
        try:
            address = wire.prefix + sent.path if at_home else url
            page = self.page(sent, url, uri_of(address), server, deadline)
            answer, n_bytes = self.read(page, url, hops), page.n_bytes
        except OSError as error:
            late = isinstance(error, TooLate)
            answer = Answer(status=0, timed_out=late, error=reason_of(error), asked=url)
        took_s = time.perf_counter() - began_s
        leads = answer.leads_to if follows else ""
        judged = taken_as_it_is(answer) if leads else rule(answer)
        if (hearing := wire.hearing) is not None:
            name = f"{sent.name} (redirect)" if hops else sent.name
            fault = complaint(answer, judged)
            hearing.hear(sent.method, name or url, took_s, answer, fault, n_bytes)
        return answer, judged, leads

    def page(self, sent: Sent, url: str, uri: str, server: Origin, deadline: Deadline) -> Page:
        """One exchange, on a connection that is kept or on a new one. Raises what ends it."""
        wire = self.wire
        cookie = self.cookies.shown_to(url) if self.cookies else ""
        told = sent if server == wire.home else to_another(sent)
        data = written(told, uri, wire.usual(server), cookie)
        connection = self._connections.take(server)
        if connection is not None:
            try:
                return self.exchange(connection, sent.method, data, deadline)
            except HungUp:
                if sent.method not in REPEATABLE:
                    raise
        connection = wire.connect(server, deadline, self._connections.ticket(server))
        return self.exchange(connection, sent.method, data, deadline)

    def exchange(
        self, connection: Connection, method: str, data: bytes, deadline: Deadline
    ) -> Page:
        try:
            try:  # noqa: SIM105 - suppress() costs as much as to wait
                connection.send(data, deadline)
            except (ConnectionResetError, BrokenPipeError):
                pass  # who ends early may have answered before
            if self.wire.idle.left:
                self.wire.idle.hang_up()
            page = page_of(connection, method, deadline)
        except BaseException:
            connection.close()
            raise
        if page.stays:
            self._connections.give(connection)
        else:
            self._connections.remember(connection)
            connection.close()
        return page

    def may_not_ask(self, server: Origin | None) -> str:
        """Why no load may be sent to a server; empty where it may."""
        if server == self.wire.home:
            return ""
        if server is None:
            return "it leads to no address"
        scheme, host, _ = server
        if scheme not in ("http", "https") or not host:
            return "it leads to no address of a server"
        if host not in self.wire.manners.hosts:
            return "it leads to another host, which was not allowed"
        return ""

    def read(self, page: Page, url: str, redirects: int) -> Answer:
        """What an answer says to a visitor."""
        status, fields, content, _, _ = page
        content_type, retry_after, date, service_ns, sets_cookies = fields.seen
        if sets_cookies:
            self.cookies.hear(fields, url)
        cookies, body = self.cookies.held if self.cookies else NOTHING, json_object(content)
        return Answer(
            status, False, "", content, content_type, body, fields,  # noqa: FBT003 - names take twice as long
            cookies, url, redirects, retry_after, date, service_ns,
        )  # fmt: skip


def is_a_path(sent: Sent) -> bool:
    """Whether it is the launch that names the path, and so one at the target."""
    return not sent.as_told and sent.path.startswith("/")


def origin_of(url: str) -> Origin | None:
    """The server of an address; None where there is none."""
    try:
        return origin(url)
    except ValueError:
        return None


def whole(services_ns: Sequence[int | None]) -> int | None:
    """How long the server says it worked on a chain of requests; None where it does not say it of each."""
    known = [ns for ns in services_ns if ns is not None]
    return sum(known) if len(known) == len(services_ns) else None
