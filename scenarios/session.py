"""One visitor's browser: a Locust user that speaks to the one target there is.

A session starts with a fresh connection, as a new phone does, and keeps it while it can. Each
request has one timeout for everything, connecting included. What counts as a failure in Locust's
statistics is what kept a visitor from getting on (:mod:`scenarios.success`).
"""

from __future__ import annotations

import functools
import ssl
from collections.abc import Callable

import gevent
from locust import FastHttpUser
from locust.contrib.fasthttp import FastResponse, LocustBadStatusCode
from locust.env import Environment

from scenarios.allow import headers
from scenarios.answer import Answer, json_object, service_ns
from scenarios.bodies import Body
from simulator.draws import FOREVER

NEVER_S = 86_400.0
"""The transport's own timeouts stay out of the way of the one that counts."""


@functools.cache
def ssl_context(cafile: str | None = None) -> ssl.SSLContext:
    """One context for all sessions: making one takes 36 ms, as long as a signup."""
    return ssl.create_default_context(cafile=cafile)


class SurgeSession(FastHttpUser):
    """A user that Locust never starts itself: the conductor makes one for each visitor."""

    abstract = True
    insecure = False
    connection_timeout = NEVER_S
    network_timeout = NEVER_S
    ssl_context_factory = staticmethod(ssl_context)

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)

    def close(self) -> None:
        self.client.client.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        name: str,
        timeout_ns: int,
        wrong: Callable[[Answer], str] | None = None,
        body: Body | None = None,
        key: str | None = None,
    ) -> Answer:
        """Send one request and wait for its answer, or for the timeout."""
        timer = gevent.Timeout.start_new(None if timeout_ns >= FOREVER else timeout_ns / 1e9)
        try:
            with self.client.request(
                method,
                path,
                name=name,
                json=body,
                headers=headers() | ({} if key is None else {"Idempotency-Key": key}),
                catch_response=True,
                allow_redirects=False,
            ) as response:
                error = response.request_meta["exception"]
                if error is None or isinstance(error, LocustBadStatusCode):
                    answer = read(response)
                else:
                    timed_out = timeout_ns < FOREVER and not timer.pending
                    answer = Answer(status=0, timed_out=timed_out, error=type(error).__name__)
                fault = wrong(answer) if wrong is not None else ""
                if fault:
                    response.failure(fault)
                else:
                    response.success()
        finally:
            timer.close()
        if answer.status == 0:
            self.close()  # the next request gets a connection of its own
        return answer


def read(response: FastResponse) -> Answer:
    """What an answer says to a visitor."""
    return Answer(
        status=response.status_code,
        content=response.content or b"",
        content_type=header(response, "content-type") or "",
        body=json_object(response.content),
        retry_after=header(response, "retry-after"),
        service_ns=service_ns(header(response, "server-timing")),
    )


def header(response: FastResponse, name: str) -> str | None:
    """A header's value; of several the first."""
    found = response.headers.get(name) if response.headers else None
    return found[0] if isinstance(found, list) else found
