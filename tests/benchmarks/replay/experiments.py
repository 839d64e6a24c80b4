"""What each part of the transport is worth, one at a time: ``python -m tests.benchmarks.replay.experiments``.

Requests are sent as fast as they are answered, twenty at once, in a process of its own on one core, with one thing
changed; all variants in turn, three rounds, the median of each. CPU µs a request, and times what the replay does.
Two minutes and a half.
"""

import argparse
import gc
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any
from unittest.mock import patch

from tests.benchmarks.replay.programs import GENERATOR, SERVER, on_core, server

ROUNDS, AT_ONCE, REQUESTS, FIRST = 3, 20, 3_000, 20
BODY = b'{"email": "visitor-0000000@bench.example", "name": "A Visitor"}'
HEADERS = {
    "Idempotency-Key": "1-0@run",
    "Content-Type": "application/json",
    "Accept": "application/json",
}

VARIANTS = {
    "as it is": "a fresh connection for each, the address known, garbage frozen, statistics in batches, warmed up",
    "at-once": "each connection closed as soon as its visitor has gone, and not with the next request",
    "kept": "connections kept and shared",
    "kept-anew": "the same, each connection watched anew for each answer",
    "kept-heads": "the same, the head of each answer parsed anew",
    "kept-told": "the same, Locust's statistics told with each request",
    "kept-unheard": "the same, no statistics at all",
    "looked-up": "the host looked up for each connection, in gevent's threads",
    "collected": "garbage collected as ever, with 300,000 rows in memory",
    "collected-frozen": "the same, the rows frozen before (gc.freeze)",
    "event": "Locust's event for each request",
    "unheard": "no statistics at all",
    "llhttp": "every answer read by llhttp",
    "gevent-timeout": "gevent.Timeout in the place of a timer",
    "greenlet": "a greenlet for each request",
    "fasthttp": "Locust's FastHttpUser, one a visitor",
    "fasthttp-kept": "Locust's FastHttpUser, connections shared",
}


def asked(name: str, url: str) -> Callable[[], None]:
    """One visitor's request, in one variant."""
    import gevent
    from locust.env import Environment

    from scenarios.http.manners import Manners
    from scenarios.http.requests.sent import Sent
    from scenarios.replay.child.wire.browser import Browser
    from scenarios.replay.child.wire.statistics import Statistics
    from scenarios.replay.child.wire.wire import Wire

    environment = Environment()
    environment.create_local_runner()
    if name.startswith("fasthttp"):
        return by_locust(environment, url, shared=name.endswith("kept"))
    if name == "event":
        environment.events.request.add_listener(lambda **_: None)  # type: ignore[no-untyped-call]
    hearing = None if name.endswith("unheard") else Statistics(environment)
    wire = Wire(url, Manners(keep_alive=name.startswith("kept")), hearing)
    sent = Sent(method="POST", path="/in", name="/in", body=BODY, headers=HEADERS)

    def ask() -> None:
        browser = Browser(wire)
        answer, _ = browser.send(sent, timeout_ns=10_000_000_000)
        assert answer.status == 200, answer
        browser.close()

    def looked_up() -> None:
        wire._addresses.clear()
        ask()

    def timed() -> None:
        with gevent.Timeout(10.0):
            ask()

    def told() -> None:
        ask()
        assert hearing is not None, "it hears of them"
        hearing.tell()

    changed = {"looked-up": looked_up, "gevent-timeout": timed, "kept-told": told}
    if name == "greenlet":
        return lambda: gevent.spawn(ask).join()
    return changed.get(name, ask)


def by_locust(environment: Any, url: str, *, shared: bool) -> Callable[[], None]:
    from geventhttpclient.client import HTTPClientPool
    from locust import FastHttpUser

    class Visitor(FastHttpUser):
        host = url
        client_pool = HTTPClientPool(concurrency=AT_ONCE) if shared else None

    def ask() -> None:
        user = Visitor(environment)
        assert user.client.post("/in", data=BODY.decode(), headers=HEADERS).status_code == 200
        if not shared:
            user.client.client.close()

    return ask


def spent_us(name: str, url: str) -> tuple[float, float]:
    """A request's CPU time, and that of each of the first, before anything was warm."""
    import gevent

    from scenarios.replay.child.wire import deadline, page
    from scenarios.replay.child.wire.connection import Connection
    from scenarios.replay.child.wire.connections import Idle

    ask = asked(name, url)
    if name == "at-once":

        def close(idle: Idle, connection: Connection) -> None:
            idle.remove(connection)
            connection.close()

        patch.object(Idle, "leave", close).start()
    if name == "gevent-timeout":
        patch.object(deadline, "FOREVER", 0).start()
    if name == "llhttp":
        patch.object(page, "plain_head", lambda _: None).start()
    if name == "kept-heads":
        patch.object(page, "plain_head", page.plain_head.__wrapped__).start()
    if name == "kept-anew":
        wait = deadline.Deadline.wait
        anew = lambda self, watcher, **_: wait(self, watcher)  # noqa: E731
        patch.object(deadline.Deadline, "wait", anew).start()
    before_s = time.process_time()
    many(ask, FIRST)
    first_us = (time.process_time() - before_s) / FIRST * 1e6
    many(ask, 10 * FIRST)
    rows = [(number, [number]) for number in range(300_000)] if "collected" in name else []
    gc.collect()
    if name != "collected":
        gc.freeze()
    before_s = time.process_time()
    gevent.joinall(
        [gevent.spawn(many, ask, REQUESTS // AT_ONCE) for _ in range(AT_ONCE)], raise_error=True
    )
    assert len(rows) in (0, 300_000)
    return (time.process_time() - before_s) / REQUESTS * 1e6, first_us


def many(ask: Callable[[], None], times: int) -> None:
    for _ in range(times):
        ask()


def measured() -> dict[str, list[list[float]]]:
    found: dict[str, list[list[float]]] = {name: [] for name in VARIANTS}
    with server(SERVER) as target:
        for _ in range(ROUNDS):
            for name in VARIANTS:
                words = [
                    sys.executable,
                    "-m",
                    "tests.benchmarks.replay.experiments",
                    name,
                    target.url,
                ]
                ran = subprocess.run(
                    on_core(GENERATOR, words), stdout=subprocess.PIPE, text=True, check=True
                )
                found[name].append([float(us) for us in ran.stdout.split()])
                print(name, ran.stdout.strip(), file=sys.stderr)
    return found


def table(found: dict[str, list[list[float]]]) -> Iterator[str]:
    base = median(us for us, _ in found["as it is"])
    yield f"| what is changed | CPU µs a request | times | of the first {FIRST} |"
    yield "|---|---:|---:|---:|"
    for name, each in found.items():
        us, first_us = ([pair[place] for pair in each] for place in range(2))
        spread = f"{median(us):.0f} ({min(us):.0f} to {max(us):.0f})"
        yield f"| {VARIANTS[name]} | {spread} | {median(us) / base:.2f} | {median(first_us):.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", choices=VARIANTS)
    parser.add_argument("url", nargs="?")
    words = parser.parse_args()
    if words.name:
        us, first_us = spent_us(words.name, words.url)
        print(f"{us:.2f} {first_us:.2f}")
        return
    print("\n".join(table(measured())))


if __name__ == "__main__":
    main()
