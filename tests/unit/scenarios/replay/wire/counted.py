"""The same requests heard by Locust's own listener and in batches: ``python -m tests.unit.scenarios.replay.wire.counted``.

A process of its own, since Locust replaces the standard sockets. Prints one JSON object.
"""

import json
import random
import time
from collections.abc import Iterator
from typing import Any

import gevent
from locust.env import Environment

from scenarios.http.answers.answer import Answer
from scenarios.replay.child.wire.statistics import EVERY_S, Statistics

Request = tuple[str, str, float, str, int]
FAULTS = ("", "", "turned away (503)", "no answer: timed out")


def requests(many: int) -> Iterator[Request]:
    """Method, name, seconds, fault and bytes."""
    draw = random.Random(14)
    for _ in range(many):
        method, name = draw.choice([("GET", "/in"), ("POST", "/in"), ("POST", "/line")])
        yield method, name, draw.expovariate(3.0), draw.choice(FAULTS), draw.randrange(5000)


def counted(environment: Environment) -> dict[str, Any]:
    """All that Locust says of requests, but for the seconds in which it heard of them."""
    stats = environment.stats
    entries = {f"{method} {name}": entry for (name, method), entry in stats.entries.items()}
    return {
        "entries": {
            name: [
                entry.num_requests, entry.num_failures, entry.min_response_time,
                entry.max_response_time, entry.total_content_length, entry.avg_response_time,
                sorted(entry.response_times.items()), sum(entry.num_reqs_per_sec.values()),
                sum(entry.num_fail_per_sec.values()),
            ]
            for name, entry in {**entries, "total": stats.total}.items()
        },
        "errors": sorted(
            (key, error.to_name(), error.occurrences) for key, error in stats.errors.items()
        ),
    }  # fmt: skip


def played() -> Environment:
    environment = Environment()
    environment.create_local_runner()
    return environment


class Told(Statistics):
    """Counts how often it tells."""

    times = 0

    def tell(self) -> None:
        self.times += 1
        super().tell()


def rhythm() -> float:
    """How often it is told in each tenth of a second in which there are requests all the time, and once more."""
    told, began_s = Told(played()), time.monotonic()
    for _ in range(60):
        told.hear("GET", "/in", 0.1, Answer(status=200), "", 0)
        gevent.sleep(0.005)
    return told.times / (1 + (time.monotonic() - began_s) / EVERY_S)


def main() -> None:
    one_by_one, batched, listened = played(), played(), played()
    heard: list[dict[str, Any]] = []
    listened.events.request.add_listener(lambda **told: heard.append(told))  # type: ignore[no-untyped-call]
    singly, batches, firing = (Statistics(each) for each in (one_by_one, batched, listened))
    for number, (method, name, took_s, fault, n_bytes) in enumerate(requests(2_000)):
        answer = Answer(status=200, content=b"{}", asked=f"http://host{name}")
        singly.fire(method, name, took_s, answer, fault, n_bytes)
        for each in (batches, firing):
            each.hear(method, name, took_s, answer, fault, n_bytes)
        if number % 500 == 0:
            batches.tell()
    before = batched.stats.num_requests
    while batched.stats.num_requests == before:
        gevent.sleep(0.01)  # it tells by itself
    first = heard[0]
    print(json.dumps({
        "singly": counted(one_by_one), "batched": counted(batched), "listened": counted(listened),
        "rhythm": rhythm(), "heard": len(heard), "words": sorted(first), "url": first["url"], "name": first["name"],
        "response": [first["response"].status_code, first["response"].text, first["response"].ok],
    }))  # fmt: skip


if __name__ == "__main__":
    main()
