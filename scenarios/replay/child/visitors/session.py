"""One visitor's browser: a Locust user that speaks to the target, and to nobody whom it may not load.

A session starts with a fresh connection, as a new phone does, and keeps it while it can; or connections
are kept and shared, where the launch says so. Its cookies are its own. Each request has one timeout for
everything, connecting and redirects included. What counts as a failure in Locust's statistics is what kept
a visitor from getting on (:mod:`scenarios.http.answers.success`).
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import gevent
from geventhttpclient.header import Headers
from locust import FastHttpUser
from locust.env import Environment

from scenarios.http.allow import headers
from scenarios.http.answers.answer import Answer, json_object
from scenarios.http.answers.content import ACCEPTED
from scenarios.http.answers.cookies import Sendable
from scenarios.http.answers.server_timing import durations_ns
from scenarios.http.answers.success import Judged, complaint, taken_as_it_is
from scenarios.http.manners import Manners
from scenarios.http.requests.sent import MOST_REDIRECTS, Sent, origin, to_another
from scenarios.http.trust import Trust, trusting
from scenarios.replay.child.visitors.wire import SWITCHING_PROTOCOLS, Clients, Page, agent_of
from simulator.units import FOREVER

NEVER_S = 86_400.0
"""The transport's own timeouts stay out of the way of the one that counts."""


def ssl_context(trust: Trust, cafile: str | None = None) -> ssl.SSLContext:  # noqa: ARG001
    """Whom all sessions trust, whatever the library proposes."""
    return trusting(trust)


class SurgeSession(FastHttpUser):
    """A user that Locust never starts itself: the conductor makes one for each visitor."""

    abstract = True
    insecure = False
    connection_timeout = NEVER_S
    network_timeout = NEVER_S
    manners = Manners()
    """What all sessions of this process have in common; set once, before the first."""
    shared: Clients | None = None
    """Their connections, where they are kept and shared."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        cookies = self.client.cookiejar
        cookies.set_policy(Sendable())
        self.cookies = cookies
        self.base = (self.host or "").rstrip("/")
        self.client.client = agent_of(self.shared or own_clients(self.manners.trust), cookies)
        self.to_anybody = {"User-Agent": self.manners.user_agent, "Accept-Encoding": ACCEPTED}
        self.to_target = headers() | self.to_anybody

    def close(self) -> None:
        if self.shared is None:
            self.client.client.close()

    def send(
        self,
        sent: Sent,
        *,
        timeout_ns: int,
        rule: Callable[[Answer], Judged] = taken_as_it_is,
        follow: bool = False,
    ) -> tuple[Answer, Judged]:
        """Send one request, wait for its answer or for the timeout, and judge it."""
        timer = gevent.Timeout.start_new(None if timeout_ns >= FOREVER else timeout_ns / 1e9)
        url, hops, services_ns = sent.url(self.base), 0, list[int | None]()
        try:
            while True:
                follows = follow and hops < MOST_REDIRECTS
                answer, judged, leads = self.exchange(sent, url, timer, rule, hops, follows=follows)
                services_ns.append(answer.service_ns)
                if not leads:
                    return replace(answer, service_ns=whole(services_ns)), judged
                hops += 1
                sent, url = sent.redirected(answer.status), leads
        finally:
            timer.close()

    def exchange(
        self,
        sent: Sent,
        url: str,
        timer: gevent.Timeout,
        rule: Callable[[Answer], Judged],
        hops: int,
        *,
        follows: bool,
    ) -> tuple[Answer, Judged, str]:
        """One request, its answer, what that came to, and where it leads: "" where it is the last."""
        if why := self.may_not_ask(url):
            answer = Answer(status=0, error=why)
            return answer, rule(answer), ""
        at_home = origin(url) == origin(self.base)
        usual, sent = (self.to_target, sent) if at_home else (self.to_anybody, to_another(sent))
        with self.client.request(
            sent.method,
            url,
            name=f"{sent.name} (redirect)" if hops else sent.name,
            data=sent.body,  # type: ignore[arg-type]
            headers=merged(usual, sent.headers),
            catch_response=True,
            allow_redirects=False,
        ) as response:
            page, error = response.request_meta["response"], response.request_meta["exception"]
            if error is None and isinstance(page, Page):
                answer = read(page, url, self.held(), hops)
                response.request_meta["response_length"] = page.n_bytes
            else:
                timed_out = timer.seconds is not None and not timer.pending
                why = "timed out" if timed_out else str(error)
                answer = Answer(status=0, timed_out=timed_out, error=why, asked=url)
            leads = answer.leads_to if follows else ""
            judged = taken_as_it_is(answer) if leads else rule(answer)
            if fault := complaint(answer, judged):
                response.failure(fault)
            else:
                response.success()
        if answer.status in (0, SWITCHING_PROTOCOLS):
            self.close()  # the next request gets a connection of its own
        return answer, judged, leads

    def may_not_ask(self, url: str) -> str:
        """Why no load may be sent to an address; empty where it may."""
        try:
            parts = urlsplit(url)
            host, _ = (parts.hostname or "").rstrip(".").lower(), parts.port
        except ValueError:
            return "it leads to no address"
        if origin(url) == origin(self.base):
            return ""
        if parts.scheme not in ("http", "https") or not host:
            return "it leads to no address of a server"
        if host not in self.manners.hosts:
            return "it leads to another host, which was not allowed"
        return ""

    def held(self) -> Mapping[str, str]:
        """The cookies that this visitor has."""
        return {cookie.name: cookie.value or "" for cookie in self.cookies}


def whole(services_ns: Sequence[int | None]) -> int | None:
    """How long the server says it worked on a chain of requests; None where it does not say it of each."""
    known = [ns for ns in services_ns if ns is not None]
    return sum(known) if len(known) == len(services_ns) else None


def merged(common: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Headers of which a request's own win, however they are written."""
    said = {name.lower() for name in own}
    return {name: text for name, text in common.items() if name.lower() not in said} | dict(own)


def own_clients(trust: Trust, at_once: int = 1) -> Clients:
    """Connections for one visitor, or for so many."""
    return Clients(
        connection_timeout=NEVER_S,
        network_timeout=NEVER_S,
        ssl_context_factory=partial(ssl_context, trust),
        concurrency=at_once,
    )


def read(page: Page, url: str, cookies: Mapping[str, str], redirects: int) -> Answer:
    """What an answer says to a visitor."""
    told = page.headers or Headers()
    return Answer(
        status=page.status_code,
        content=page.content or b"",
        content_type=first(told, "content-type") or "",
        body=json_object(page.content),
        headers={name.lower(): text for name, text in reversed(list(told.items()))},
        cookies=cookies,
        asked=url,
        redirects=redirects,
        retry_after=first(told, "retry-after"),
        date=first(told, "date"),
        service_ns=durations_ns(told.getlist("server-timing")).get("service"),
    )


def first(told: Headers, name: str) -> str | None:
    """A header's value; of several the first."""
    return next(iter(told.getlist(name)), None)
