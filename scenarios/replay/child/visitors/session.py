"""One visitor's browser: a Locust user that speaks to the one target there is.

A session starts with a fresh connection, as a new phone does, and keeps it while it can. Each
request has one timeout for everything, connecting included. What counts as a failure in Locust's
statistics is what kept a visitor from getting on (:mod:`scenarios.http.answers.success`).
"""

from __future__ import annotations

import ssl
from collections.abc import Callable

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
from scenarios.http.bodies import Body
from scenarios.http.trust import trusting
from scenarios.replay.child.visitors.wire import SWITCHING_PROTOCOLS, Page, agent_of
from simulator.units import FOREVER

NEVER_S = 86_400.0
"""The transport's own timeouts stay out of the way of the one that counts."""


def ssl_context(cafile: str | None = None) -> ssl.SSLContext:  # noqa: ARG001 - whom it proposes
    """Whom all sessions trust."""
    return trusting()


class SurgeSession(FastHttpUser):
    """A user that Locust never starts itself: the conductor makes one for each visitor."""

    abstract = True
    insecure = False
    connection_timeout = NEVER_S
    network_timeout = NEVER_S

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        cookies = self.client.cookiejar
        cookies.set_policy(Sendable())
        self.client.client = agent_of(
            cookiejar=cookies,
            connection_timeout=self.connection_timeout,
            network_timeout=self.network_timeout,
            ssl_context_factory=ssl_context,
        )

    def close(self) -> None:
        self.client.client.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        name: str,
        timeout_ns: int,
        rule: Callable[[Answer], Judged] = taken_as_it_is,
        body: Body | None = None,
        key: str | None = None,
    ) -> tuple[Answer, Judged]:
        """Send one request, wait for its answer or for the timeout, and judge it."""
        timer = gevent.Timeout.start_new(None if timeout_ns >= FOREVER else timeout_ns / 1e9)
        try:
            with self.client.request(
                method,
                path,
                name=name,
                json=body,
                headers=headers()
                | {"Accept-Encoding": ACCEPTED}
                | ({} if key is None else {"Idempotency-Key": key}),
                catch_response=True,
                allow_redirects=False,
            ) as response:
                page, error = response.request_meta["response"], response.request_meta["exception"]
                if error is None and isinstance(page, Page):
                    answer = read(page)
                    response.request_meta["response_length"] = page.n_bytes
                else:
                    timed_out = timeout_ns < FOREVER and not timer.pending
                    why = "timed out" if timed_out else str(error)
                    answer = Answer(status=0, timed_out=timed_out, error=why)
                judged = rule(answer)
                if fault := complaint(answer, judged):
                    response.failure(fault)
                else:
                    response.success()
        finally:
            timer.close()
        if answer.status in (0, SWITCHING_PROTOCOLS):
            self.close()  # the next request gets a connection of its own
        return answer, judged


def read(page: Page) -> Answer:
    """What an answer says to a visitor."""
    told = page.headers or Headers()
    return Answer(
        status=page.status_code,
        content=page.content or b"",
        content_type=first(told, "content-type") or "",
        body=json_object(page.content),
        retry_after=first(told, "retry-after"),
        date=first(told, "date"),
        service_ns=durations_ns(told.getlist("server-timing")).get("service"),
    )


def first(told: Headers, name: str) -> str | None:
    """A header's value; of several the first."""
    return next(iter(told.getlist(name)), None)
