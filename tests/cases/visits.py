"""What visitors' sessions make of answers: ``python -m tests.cases.visits URL PATH...``, as JSON lines.

A process of its own, since Locust replaces the standard sockets. Each path is asked for twice by one
session, so that what the first answer leaves behind (cookies, a connection) meets a second request.
"""

import json
import sys
import time

import gevent

from scenarios.http.answers.answer import Answer
from scenarios.http.requests.sent import Sent
from scenarios.replay.child.wire.browser import Browser
from scenarios.replay.child.wire.wire import Wire

TIMEOUT_NS = 30_000_000_000


def told(answer: Answer, took_s: float) -> dict[str, object]:
    return {
        "status": answer.status, "error": answer.error, "timed_out": answer.timed_out,
        "body": dict(answer.body), "again_ns": answer.again_in_ns, "service_ns": answer.service_ns,
        "took_s": took_s,
    }  # fmt: skip


def ask(session: Browser, method: str, path: str, timeout_ns: int) -> dict[str, object]:
    began_s = time.monotonic()
    answer, _ = session.send(Sent(method=method, path=path, name=path), timeout_ns=timeout_ns)
    return told(answer, time.monotonic() - began_s)


def main(url: str, *paths: str) -> None:
    gevent.config.resolver = "block"
    wire = Wire(url)
    for each in paths:
        method, _, path = each.rpartition(" ")
        session = Browser(wire)
        found = [ask(session, method or "POST", path, TIMEOUT_NS) for _ in range(2)]
        session.close()
        print(json.dumps([each, *found]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
